package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of load.c on a server.
 *
 * @param perSecond messages that were answered each second
 * @param serverCpuNanos CPU time of the server for a message
 * @param p50Micros the time within which half of the messages were answered
 * @param p99Micros the time for 99 of 100
 * @param p999Micros the time for 999 of 1,000
 * @param answers how many messages it has answered in all, also before and behind the time that was measured
 */
record Load(
        double perSecond, double serverCpuNanos, double p50Micros, double p99Micros, double p999Micros, long answers) {

    private static final String PROGRAM = "load";

    /** Puts a program on the second processor. */
    static final List<String> PIN = List.of("taskset", "-c", "1");

    private static final double WARM_SECONDS = 0.1;
    private static final double WARM_SECONDS_OF_A_CONNECTION = 20e-6;

    /**
     * What to do to a server.
     *
     * @param connections how many are active, at least 1
     * @param idle how many are open besides
     * @param bytes the length of a message
     * @param seconds how long it is measured
     * @param perSecond how many messages are sent each second; 0 for as many as are answered
     */
    record Plan(int connections, int idle, int bytes, double seconds, double perSecond) {

        /** As many messages as are answered, without idle connections. */
        Plan(int connections, int bytes, double seconds) {
            this(connections, 0, bytes, seconds, 0);
        }
    }

    /**
     * Loads a server. The load has the second processor to itself, unless the server has all.
     *
     * @throws IOException if the server fails under the load, or echoes something else
     */
    static Load run(EchoProcess server, Plan plan) throws IOException, InterruptedException {
        return run(command(server), server.pid(), plan, "-s", Integer.toString(plan.bytes()));
    }

    /**
     * Loads a server with requests for a page, of which the plan need not know the length.
     *
     * @throws IOException if the server fails under the load
     */
    static Load run(SiteProcess server, String path, Plan plan) throws IOException, InterruptedException {
        return run(command(true, server.port()), server.pid(), plan, "-g", path);
    }

    /**
     * Loads a server with messages of WebSockets, which it echoes.
     *
     * @param text whether they are texts
     * @throws IOException if the server fails under the load, or echoes something else
     */
    static Load runWebSockets(SiteProcess server, String path, boolean text, Plan plan)
            throws IOException, InterruptedException {
        List<String> command = command(true, server.port());
        if (text) {
            command.add("-t");
        }
        return run(command, server.pid(), plan, "-W", path, "-s", Integer.toString(plan.bytes()));
    }

    private static Load run(List<String> command, long pid, Plan plan, String... message)
            throws IOException, InterruptedException {
        command.addAll(List.of(message));
        command.addAll(List.of(
                "-P",
                Long.toString(pid),
                "-c",
                Integer.toString(plan.connections()),
                "-i",
                Integer.toString(plan.idle()),
                "-w",
                Double.toString(WARM_SECONDS + plan.connections() * WARM_SECONDS_OF_A_CONNECTION),
                "-d",
                Double.toString(plan.seconds()),
                "-r",
                Double.toString(plan.perSecond())));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the load failed; see its message above");
        }
        return parse(output);
    }

    /** The command that opens connections and holds them; see load.c. */
    static List<String> holding(EchoProcess server) {
        List<String> command = command(server);
        command.add("-H");
        return command;
    }

    private static List<String> command(EchoProcess server) {
        return command(server.server().isPinned(), server.port());
    }

    private static List<String> command(boolean pinned, int port) {
        List<String> command = new ArrayList<>(pinned ? PIN : List.of());
        command.addAll(List.of(CProgram.command(PROGRAM), "-p", Integer.toString(port)));
        return command;
    }

    /**
     * Reads what the program prints.
     *
     * @throws IllegalArgumentException if something is missing
     */
    static Load parse(String line) {
        return new Load(
                number("per_second", line),
                number("server_cpu_ns", line),
                number("p50_us", line),
                number("p99_us", line),
                number("p999_us", line),
                (long) number("answers", line));
    }

    private static double number(String name, String line) {
        Matcher matcher = Pattern.compile("\"" + name + "\":([0-9.]+)").matcher(line);
        if (!matcher.find()) {
            throw new IllegalArgumentException("the load did not say " + name + ": " + line);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
