package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The benchmark of what a command costs a server that speaks the protocol of Redis: an example of fifty lines beside Redis itself. */
final class Commanding implements Workload {

    private static final double MICROS = 1e3;

    /** The example, whose file has no package. */
    private static final String EXAMPLE = "RespServer";

    private static final List<Integer> AT_ONCE = List.of(1, 16);
    private static final int COUNT = Counts.isQuick() ? 20_000 : 100_000;

    /** A command is cheaper where more come at once, so there are more. */
    private static final int TIMES_AT_ONCE = 10;

    private static final int TRIES = 500;
    private static final long TRY_EVERY_MILLIS = 20;
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final int port;
    private final ProcessClock clock;

    private Commanding(String engine) {
        try {
            port = Ports.free();
            List<String> command = new ArrayList<>(ServerProcess.PIN);
            command.addAll(engine.isEmpty() ? redis(port) : example(port));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            if (!engine.isEmpty()) {
                builder.environment().put(ServerProcess.ENGINE, engine);
            }
            process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            clock = new ProcessClock(process.pid());
            awaitReachable();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static List<Benchmark> benchmarks() {
        List<Measure> measures = new ArrayList<>();
        for (String together : List.of("", ", sixteen at once")) {
            measures.add(new Measure("CPU of a command, server only" + together, "us", Target.atMostTimesFloor(1.05)));
            measures.add(new Measure("commands" + together, "/s"));
        }
        return List.of(new Benchmark(
                "resp",
                "redis-benchmark sets and gets over 50 connections, of Redis and of the example `RespServer`; the server has one"
                        + " processor, the load the other",
                Counts.rounds(3),
                Counts.rounds(5),
                measures,
                List.of(
                        Side.peer("redis-server", () -> new Commanding("")).needing(Need.program("redis-server"))
                                .needing(RedisBenchmark.NEED),
                        ours("Heddle on NIO", "nio"),
                        ours("Heddle on epoll", "epoll"),
                        ours("Heddle on io_uring", "io_uring"))));
    }

    private static Side ours(String title, String engine) {
        return Side.ours(title, () -> new Commanding(engine)).needing(RedisBenchmark.NEED);
    }

    /** It keeps nothing on the disk, as the example does. */
    private static List<String> redis(int port) {
        String program = Need.find("redis-server").orElseThrow().toString();
        return List.of(program, "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                "no");
    }

    private static List<String> example(int port) {
        try {
            Class<?> example = Class.forName(EXAMPLE, false, Commanding.class.getClassLoader());
            return Peer.java(List.of(), example, Integer.toString(port));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the examples are not on the path", e);
        }
    }

    private void awaitReachable() throws IOException, InterruptedException {
        for (int i = 0; i < TRIES && process.isAlive(); i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                Thread.sleep(TRY_EVERY_MILLIS);
            }
        }
        process.destroy();
        throw new IOException("nobody answers on port " + port);
    }

    @Override
    public double[] round() throws Exception {
        double[] numbers = new double[2 * AT_ONCE.size()];
        for (int i = 0; i < AT_ONCE.size(); i++) {
            int atOnce = AT_ONCE.get(i);
            long cpu = clock.nanos();
            RedisBenchmark load = RedisBenchmark.run(port, atOnce, atOnce == 1 ? COUNT : TIMES_AT_ONCE * COUNT);
            numbers[2 * i] = (clock.nanos() - cpu) / MICROS / load.commands();
            numbers[2 * i + 1] = load.perSecond();
        }
        return numbers;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(EXIT_LIMIT)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
