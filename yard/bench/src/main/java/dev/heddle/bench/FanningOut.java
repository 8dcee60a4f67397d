package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Supplier;

/** The benchmark of what it costs to send one message to all who listen. */
final class FanningOut implements Workload {

    private static final int MEMBERS = Counts.isQuick() ? 500 : Math.min(5_000, Descriptors.forConnections());
    private static final double NANOS_OF_A_MICRO = 1e3;
    private static final double NANOS_OF_A_MILLI = 1e6;
    private static final double MEGA = 1e6;
    private static final long ROUND_NANOS = 1_000_000_000;
    private static final String PACKAGE = "ws";

    private final SiteProcess server;
    private final RoomLoad load;

    /** Takes a server over, and fills its room. */
    FanningOut(SiteProcess server) {
        this.server = server;
        try {
            this.load = new RoomLoad(server.port(), MEMBERS);
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        }
    }

    static List<Benchmark> benchmarks() {
        List<Side> sides = List.of(
                Side.peer("Node.js with ws", () -> new FanningOut(node()))
                        .needing(Need.program("node"))
                        .needing(new Need(
                                "the package ws, which yard/bench/run fetches when it finds npm and a network",
                                () -> Files.isDirectory(Home.NODE_MODULES.resolve("node_modules").resolve(PACKAGE)))),
                ours("Heddle on NIO", "nio"),
                ours("Heddle on epoll", "epoll"),
                ours("Heddle on io_uring", "io_uring"));
        return List.of(new Benchmark(
                "http-fan-out",
                String.format("A message of 64 bytes to %,d WebSockets, the next when all have it; the server has one"
                        + " processor, the load the other", MEMBERS),
                Counts.warmUps(6),
                Counts.rounds(5),
                List.of(
                        new Measure("CPU of a delivery, server only", "us"),
                        new Measure("time until all have it", "ms"),
                        new Measure("memory after it", "MB")),
                sides.stream()
                        .map(side -> side.needing(Need.program("taskset"))
                                .needing(Need.secondProcessor("for the load")))
                        .toList()),
                FanningEvents.benchmark());
    }

    private static Side ours(String name, String engine) {
        Supplier<SiteProcess> process = () -> process(name, engine);
        return Side.ours(name, () -> new FanningOut(process.get()))
                .needing(new Need("the engine " + engine + " to work here", () -> works(process, engine)));
    }

    static SiteProcess process(String name, String engine) {
        return SiteProcess.ofOurs(name, engine, RoomMain.class, Integer.toString(MEMBERS), () -> {});
    }

    /** Whether a server waits with what it was to. */
    static boolean works(Supplier<SiteProcess> server, String engine) {
        try (SiteProcess process = server.get()) {
            return process.engine().equals(engine);
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }

    private static SiteProcess node() {
        return SiteProcess.of("Node.js", List.of(Need.find("node").orElseThrow().toString(),
                Home.NODE_SOURCES.resolve("room_server.mjs").toString(), Home.NODE_MODULES.toString(), Site.ROOM_PATH));
    }

    @Override
    public double[] round() throws IOException {
        long cpu = server.cpuNanos();
        long start = System.nanoTime();
        long messages = 0;
        long nanos;
        do {
            load.speak();
            messages++;
            nanos = System.nanoTime() - start;
        } while (nanos < ROUND_NANOS);
        double deliveries = (double) messages * MEMBERS;
        return new double[]{
                (server.cpuNanos() - cpu) / NANOS_OF_A_MICRO / deliveries,
                nanos / NANOS_OF_A_MILLI / messages,
                server.residentBytes() / MEGA};
    }

    @Override
    public void close() {
        try (server) {
            load.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
