package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of wrk on a server.
 *
 * @param requests answers that it got
 * @param requestsPerSecond answers for each second
 * @param p99Millis the time within which 99 of 100 answers came
 */
record Wrk(long requests, double requestsPerSecond, double p99Millis) {

    static final Need NEED = Need.program("wrk");

    /** It has the second processor to itself. */
    static final List<String> PIN = List.of("taskset", "-c", "1");

    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1000.0);

    /**
     * Loads a server on one thread.
     *
     * @param seconds how long, its connecting included
     * @param options further options of wrk
     * @throws IOException if wrk fails
     * @throws IllegalArgumentException if the server does
     */
    static Wrk run(String url, int connections, int seconds, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(PIN);
        command.addAll(List.of(
                "wrk", "--latency", "-t", "1", "-c", Integer.toString(connections), "-d", seconds + "s", "--timeout",
                "20s"));
        command.addAll(options);
        command.add(url);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Without TLS nobody looks at it.
        builder.environment().putAll(OpenSsl.client());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk failed: " + output);
        }
        return parse(output);
    }

    /**
     * Reads what wrk prints.
     *
     * @throws IllegalArgumentException if there were errors or something is missing
     */
    static Wrk parse(String output) {
        if (output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IllegalArgumentException("the server failed under load:\n" + output);
        }
        Matcher p99 = find(P99, output);
        long requests = Long.parseLong(find(TOTAL, output).group(1));
        if (requests == 0) {
            throw new IllegalArgumentException("the server answered nothing:\n" + output);
        }
        return new Wrk(
                requests, Double.parseDouble(find(RATE, output).group(1)),
                Double.parseDouble(p99.group(1)) * MILLIS.getOrDefault(p99.group(2), 1.0));
    }

    private static Matcher find(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("wrk did not say " + pattern + ":\n" + output);
        }
        return matcher;
    }
}
