package dev.heddle.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** A path whose processor time is looked at: what runs there, and how it is had to work. */
enum Flame {
    SWITCH_WAKE("switch-wake", "Two tasks of one loop wake each other and wait", "switch") {
        @Override
        Work start() {
            return new Rounds("switch-wake", "Heddle Waiter");
        }
    },
    ECHO_EPOLL("echo-epoll", "A message of 64 bytes is echoed on epoll, 64 connections", "message") {
        @Override
        Work start() {
            return new Echo(EchoServer.HEDDLE_EPOLL, SMALL);
        }
    },
    ECHO_IO_URING("echo-io_uring", "A message of 64 bytes is echoed on io_uring, 64 connections", "message") {
        @Override
        Work start() {
            return new Echo(EchoServer.HEDDLE_IO_URING, SMALL);
        }
    },
    ECHO_LARGE("echo-large", "A message of 16 KiB is echoed on epoll, 64 connections", "message") {
        @Override
        Work start() {
            return new Echo(EchoServer.HEDDLE_EPOLL, LARGE);
        }
    },
    HTTP_EPOLL("http-epoll", "A page of 13 bytes over HTTP/1.1 on epoll, 64 connections", "request") {
        @Override
        Work start() {
            return new Pages(SiteServer.HEDDLE_EPOLL, SiteMode.PLAIN);
        }
    },
    HTTP_IO_URING("http-io_uring", "A page of 13 bytes over HTTP/1.1 on io_uring, 64 connections", "request") {
        @Override
        Work start() {
            return new Pages(SiteServer.HEDDLE_IO_URING, SiteMode.PLAIN);
        }
    },
    HTTP_TLS("http-tls", "A page of 13 bytes over HTTP/1.1 under TLS 1.3 on epoll, 64 connections", "request") {
        @Override
        Work start() {
            return new Pages(SiteServer.HEDDLE_EPOLL, SiteMode.TLS);
        }
    },
    HTTP_HOP("http-hop", "A page of 1 KiB through the gateway on epoll, 64 connections", "request") {
        @Override
        Work start() {
            return new Pages(Fronting.hop(Fronting.Engine.EPOLL), Site.KIB_PATH, false);
        }
    },
    HTTP_HOP_LARGE("http-hop-large", "A page of 100 KiB through the gateway on epoll, 64 connections", "request") {
        @Override
        Work start() {
            return new Pages(Fronting.hop(Fronting.Engine.EPOLL), Site.LARGE_PATH, false);
        }
    },
    HTTP_HOP_TLS("http-hop-tls", "A page of 1 KiB through the gateway under TLS 1.3 on epoll, 64 connections",
            "request") {
        @Override
        Work start() {
            return new Pages(Fronting.hopUnderTls("jdk"), Site.KIB_PATH, true);
        }
    },
    HTTP_FILES("http-files", "A file of 1 KiB on epoll, 64 connections", "request") {
        @Override
        Work start() {
            return new Pages(Fronting.ofFiles(Fronting.Engine.EPOLL), Site.KIB_PATH, false);
        }
    },
    HTTP_FAN_OUT("http-fan-out", "A message of 64 bytes to 5,000 WebSockets on epoll", "delivery") {
        @Override
        Work start() {
            return new Room(FanningOut.process("Heddle on epoll", "epoll"));
        }
    };

    private static final int CONNECTIONS = 64;

    /** A young JVM does not finish 64 handshakes in a round. */
    private static final int FEW = 8;

    private static final double NANOS_OF_A_MICRO = 1e3;
    private static final int SMALL = 64;
    private static final int LARGE = 16 * 1024;
    private static final int SECONDS = Counts.isQuick() ? 1 : 2;

    /** Under TLS a JVM on one processor compiles for 80 seconds. */
    private static final int WARM_UPS = Counts.isQuick() ? 1 : 20;

    private static final int MEASURED = 3;

    /** Rounds of a benchmark that are shorter than those of a load. */
    private static final int SHORT_ROUNDS = 8;

    private static final long PROFILED_NANOS = Counts.isQuick() ? 2_000_000_000L : 10_000_000_000L;

    /** A JVM that works on demand. */
    interface Work extends AutoCloseable {

        long pid();

        /** Works for a while, so that everything is compiled. */
        default void warmUp() throws IOException, InterruptedException {
            round();
        }

        /** Works for a while, and gives what each operation has cost, in nanoseconds of CPU. */
        double round() throws IOException, InterruptedException;

        @Override
        void close();
    }

    private final String title;
    private final String heading;
    private final String operation;

    Flame(String title, String heading, String operation) {
        this.title = title;
        this.heading = heading;
        this.operation = operation;
    }

    abstract Work start();

    static List<String> names() {
        return Arrays.stream(values()).map(flame -> flame.title).toList();
    }

    /**
     * @throws IllegalArgumentException if there is none of that name
     */
    static Flame find(String name) {
        return Arrays.stream(values())
                .filter(flame -> flame.title.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no flame " + name));
    }

    /**
     * Has it work, first to warm up, then to see what an operation costs, then under the profiler.
     *
     * @throws IllegalStateException if it does not start
     */
    FlamesPage.Section burn() throws IOException {
        try (Work work = start()) {
            for (int i = 0; i < WARM_UPS; i++) {
                work.warmUp();
            }
            double[] costs = new double[MEASURED];
            for (int i = 0; i < MEASURED; i++) {
                costs[i] = work.round();
            }
            double cost = DoubleStream.of(costs).sorted().toArray()[MEASURED / 2];
            Profiler profiler = Profiler.start(work.pid());
            long begin = System.nanoTime();
            do {
                work.round();
            } while (System.nanoTime() - begin < PROFILED_NANOS);
            List<Stack> stacks = profiler.stop().stream().map(Stack::parse).toList();
            return new FlamesPage.Section(title, heading, operation, cost, stacks, Machine.circumstances());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A side of a benchmark, whose first measure is the CPU of an operation in nanoseconds. */
    private static final class Rounds implements Work {

        private final Peer peer;

        Rounds(String benchmark, String side) {
            peer = Peer.start(Suite.find(benchmark), Suite.find(benchmark).side(side));
        }

        @Override
        public long pid() {
            return peer.pid();
        }

        @Override
        public double round() {
            return DoubleStream.generate(() -> peer.round(Double.NaN)[0]).limit(SHORT_ROUNDS).average().orElseThrow();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    private static final class Echo implements Work {

        private final EchoProcess server;
        private final int bytes;

        Echo(EchoServer server, int bytes) {
            this.server = EchoProcess.start(server);
            this.bytes = bytes;
        }

        @Override
        public long pid() {
            return server.pid();
        }

        @Override
        public double round() throws IOException, InterruptedException {
            return Load.run(server, new Load.Plan(CONNECTIONS, bytes, SECONDS)).serverCpuNanos();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static final class Pages implements Work {

        private final SiteProcess server;
        private final String path;
        private final boolean secure;

        Pages(SiteServer server, SiteMode mode) {
            this(SiteProcess.start(server, mode), Site.TEXT_PATH, mode == SiteMode.TLS);
        }

        Pages(SiteProcess server, String path, boolean secure) {
            this.server = server;
            this.path = path;
            this.secure = secure;
        }

        @Override
        public long pid() {
            return server.pid();
        }

        @Override
        public void warmUp() throws IOException, InterruptedException {
            if (secure) {
                Wrk.run(server.url(path), FEW, SECONDS, List.of(Serving.CLOSE));
            }
            round();
        }

        @Override
        public double round() throws IOException, InterruptedException {
            long cpu = server.cpuNanos();
            Wrk load = Wrk.run(server.url(path), CONNECTIONS, SECONDS, List.of());
            return (double) (server.cpuNanos() - cpu) / load.requests();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static final class Room implements Work {

        private final SiteProcess server;
        private final FanningOut room;

        Room(SiteProcess server) {
            this.server = server;
            this.room = new FanningOut(server);
        }

        @Override
        public long pid() {
            return server.pid();
        }

        @Override
        public double round() throws IOException {
            return room.round()[0] * NANOS_OF_A_MICRO;
        }

        @Override
        public void close() {
            room.close();
        }
    }
}
