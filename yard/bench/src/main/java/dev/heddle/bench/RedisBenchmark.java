package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The report of redis-benchmark on a server: values of three bytes are set, then got, over 50 connections.
 *
 * @param commands answers that it got
 * @param perSecond answers for each second
 */
record RedisBenchmark(long commands, double perSecond) {

    static final Need NEED = new Need("apt-get install redis-tools", () -> Need.find("redis-benchmark").isPresent());

    private static final int CONNECTIONS = 50;
    private static final Pattern TEST = Pattern.compile("(?m)^\"(SET|GET)\",\"([0-9.]+)\"");
    private static final int TESTS = 2;

    /**
     * Runs it on the second processor.
     *
     * @param atOnce commands that a connection sends before it waits for their answers
     * @param count how many values are set, and got
     * @throws IOException if it fails
     * @throws IllegalArgumentException if the server does
     */
    static RedisBenchmark run(int port, int atOnce, int count) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Wrk.PIN.stream(), Stream.of(
                "redis-benchmark", "-h", "127.0.0.1", "-p", Integer.toString(port), "-t", "set,get", "--csv", "-c",
                Integer.toString(CONNECTIONS), "-P", Integer.toString(atOnce), "-n", Integer.toString(count))).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("redis-benchmark failed: " + output);
        }
        return parse(output, count);
    }

    /**
     * Reads what it prints.
     *
     * @param count commands of each of its tests
     * @throws IllegalArgumentException if a test is missing, or had an error
     */
    static RedisBenchmark parse(String output, int count) {
        double seconds = 0;
        int tests = 0;
        Matcher matcher = TEST.matcher(output);
        while (matcher.find()) {
            seconds += count / Double.parseDouble(matcher.group(2));
            tests++;
        }
        if (tests != TESTS || output.contains("Error from server")) {
            throw new IllegalArgumentException("redis-benchmark did not end both of its tests:\n" + output);
        }
        return new RedisBenchmark((long) tests * count, tests * count / seconds);
    }
}
