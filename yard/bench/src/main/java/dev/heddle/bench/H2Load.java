package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The report of h2load, of nghttp2, on a server.
 *
 * @param requests good answers that it got, all of status 2xx
 * @param requestsPerSecond answers for each second
 * @param bodyBytes the total of the bytes of all bodies
 */
record H2Load(long requests, double requestsPerSecond, long bodyBytes) {

    static final Need NEED = new Need("apt-get install nghttp2-client", () -> Need.find("h2load").isPresent());

    private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");
    private static final Pattern REQUESTS = Pattern.compile(
            "(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern SUCCESSES = Pattern.compile("status codes: (\\d+) 2xx");
    private static final Pattern TRAFFIC = Pattern.compile("\\((\\d+)\\) data");

    /**
     * Runs it.
     *
     * @param pin the start of the command: which processors it has
     * @param options all of its options, and what it is to fetch
     * @throws IOException if it fails
     * @throws IllegalArgumentException if the server does
     */
    static H2Load run(List<String> pin, List<String> options) throws IOException, InterruptedException {
        List<String> command = Stream.of(pin, List.of("h2load"), options).flatMap(List::stream).toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Without TLS nobody looks at it.
        builder.environment().putAll(OpenSsl.client());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("h2load failed: " + output);
        }
        return parse(output);
    }

    /**
     * Reads what it prints.
     *
     * @throws IllegalArgumentException if there were errors or something is missing
     */
    static H2Load parse(String output) {
        Matcher requests = find(REQUESTS, output);
        long succeeded = Long.parseLong(requests.group(2));
        if (succeeded == 0 || succeeded != Long.parseLong(requests.group(1))
                || succeeded != Long.parseLong(find(SUCCESSES, output).group(1))) {
            throw new IllegalArgumentException("the server failed under load:\n" + output);
        }
        return new H2Load(
                succeeded, Double.parseDouble(find(RATE, output).group(1)),
                Long.parseLong(find(TRAFFIC, output).group(1)));
    }

    private static Matcher find(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("h2load did not say " + pattern + ":\n" + output);
        }
        return matcher;
    }
}
