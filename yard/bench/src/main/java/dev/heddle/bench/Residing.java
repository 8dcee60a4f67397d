package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** The memory of a server of files: when it has just started, and when it has worked. */
final class Residing implements Workload {

    private static final double MICROS = 1e3;
    private static final double SMALL_MEGABYTES = 60;
    private static final double WORKED_MEGABYTES = 100;
    private static final String PAGE = "index.html";
    private static final int CONNECTIONS = 64;
    private static final int SECONDS = Counts.isQuick() ? 1 : 4;
    private static final Duration REST = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration TRY_EVERY = Duration.ofMillis(2);

    /** Something that serves, and what its processes are. */
    private interface Server extends AutoCloseable {

        String address();

        List<Long> pids();

        @Override
        void close();
    }

    /** Starts a server. */
    private interface Start {

        Server server() throws IOException, InterruptedException;
    }

    private final Start start;

    private Residing(Start start) {
        this.start = start;
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "resident",
                "A server of files, from its start through a load of 64 connections to a rest of three seconds",
                0,
                5,
                List.of(
                        new Measure("resident memory after the start", "MB", Target.atMost(SMALL_MEGABYTES)),
                        new Measure("resident memory after the load", "MB", Target.atMost(WORKED_MEGABYTES)),
                        new Measure("CPU of a request", "us"),
                        new Measure("requests per second", "")),
                List.of(
                        Side.peer("nginx", () -> new Residing(Residing::nginx)).needing(Need.program("nginx"))
                                .needing(Wrk.NEED),
                        Side.ours("heddle serve", () -> new Residing(HeddleServe::new)).needing(Wrk.NEED))));
    }

    /** A directory of one page. */
    private static Path files() throws IOException {
        Path directory = Files.createTempDirectory("heddle-bench");
        // nginx's worker may be another user than this one.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve(PAGE), "A page of a few words.");
        return directory;
    }

    private static void delete(Path directory) {
        try {
            Files.delete(directory.resolve(PAGE));
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server nginx() throws IOException {
        Path directory = files();
        Nginx nginx = Nginx.startFiles(directory);
        return new Server() {
            @Override
            public String address() {
                return nginx.address();
            }

            @Override
            public List<Long> pids() {
                return nginx.pids();
            }

            @Override
            public void close() {
                nginx.close();
                delete(directory);
            }
        };
    }

    @Override
    public double[] round() throws IOException, InterruptedException {
        try (Server server = start.server()) {
            Thread.sleep(REST);
            double started = resident(server);
            Wrk.run(server.address(), CONNECTIONS, SECONDS, List.of());
            long cpu = cpu(server);
            Wrk worked = Wrk.run(server.address(), CONNECTIONS, SECONDS, List.of());
            double each = (cpu(server) - cpu) / (double) worked.requests() / MICROS;
            Thread.sleep(REST);
            return new double[]{started, resident(server), each, worked.requestsPerSecond()};
        }
    }

    private static double resident(Server server) throws IOException {
        long bytes = 0;
        for (long pid : server.pids()) {
            bytes += Memory.residentOf(pid);
        }
        return bytes / Memory.BYTES_PER_MEGABYTE;
    }

    private static long cpu(Server server) {
        return server.pids().stream().mapToLong(pid -> new ProcessClock(pid).nanos()).sum();
    }

    /** The command, by its launcher: it has become the JVM by the time that it serves. */
    private static final class HeddleServe implements Server {

        private final Path directory;
        private final int port;
        private final Process process;

        HeddleServe() throws IOException, InterruptedException {
            directory = files();
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            String launcher = System.getProperty("heddle.launcher");
            if (launcher == null) {
                throw new IllegalStateException(
                        "-Dheddle.launcher does not say where the heddle command is; use yard/bench/run");
            }
            process = new ProcessBuilder(launcher, "serve", directory.toString(), "-p", Integer.toString(port))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            awaitOpen();
        }

        private void awaitOpen() throws IOException, InterruptedException {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                try {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return;
                } catch (IOException e) {
                    if (!process.isAlive() || System.nanoTime() - end > 0) {
                        close();
                        throw new IOException("heddle serve does not open its port", e);
                    }
                    Thread.sleep(TRY_EVERY);
                }
            }
        }

        @Override
        public String address() {
            return "http://127.0.0.1:" + port;
        }

        @Override
        public List<Long> pids() {
            return List.of(process.pid());
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
            delete(directory);
        }
    }
}
