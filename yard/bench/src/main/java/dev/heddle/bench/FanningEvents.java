package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The benchmark of what it costs to send one event to all who read a stream of them, and what those cost who do not. */
final class FanningEvents implements Workload {

    private static final int SERVERS = 2;
    private static final int MEMBERS = Counts.isQuick() ? 500 : Math.min(5_000, Descriptors.forConnections() / SERVERS);
    private static final int STALLED = MEMBERS / 100;
    private static final double NANOS_OF_A_MICRO = 1e3;
    private static final double NANOS_OF_A_MILLI = 1e6;
    private static final double MEGA = 1e6;
    private static final long ROUND_NANOS = 1_000_000_000;

    /** A server, and who reads from it. */
    private record Room(SiteProcess server, EventsLoad load) {

        static Room open(Supplier<SiteProcess> start, int stalled) {
            SiteProcess server = start.get();
            try {
                return new Room(server, new EventsLoad(server.port(), MEMBERS - stalled, stalled));
            } catch (IOException e) {
                server.close();
                throw new UncheckedIOException(e);
            }
        }

        double[] round() throws IOException {
            load.connectAnew();
            long cpu = server.cpuNanos();
            long start = System.nanoTime();
            long events = 0;
            long nanos;
            do {
                load.speak();
                events++;
                nanos = System.nanoTime() - start;
            } while (nanos < ROUND_NANOS);
            return new double[]{
                    (server.cpuNanos() - cpu) / NANOS_OF_A_MICRO / events / load.count(),
                    nanos / NANOS_OF_A_MILLI / events,
                    server.residentBytes() / MEGA};
        }

        void close() {
            // It would complain of connections that end.
            server.close();
            try {
                load.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final List<Room> rooms = new ArrayList<>();

    private FanningEvents(Supplier<SiteProcess> start) {
        for (int stalled : List.of(0, STALLED)) {
            try {
                rooms.add(Room.open(start, stalled));
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    static Benchmark benchmark() {
        List<Side> sides = List.of(
                Side.peer("Node.js", () -> new FanningEvents(FanningEvents::node)).needing(Need.program("node")),
                Side.peer("aiohttp on uvloop", () -> new FanningEvents(FanningEvents::aiohttp))
                        .asSteady()
                        .needing(Python.need("aiohttp"))
                        .needing(Python.need("uvloop")),
                ours("Heddle on NIO", "nio"),
                ours("Heddle on epoll", "epoll"),
                ours("Heddle on io_uring", "io_uring"));
        List<Measure> measures = new ArrayList<>();
        for (String when : List.of("", ", 1 % stalled")) {
            measures.add(new Measure("CPU of a delivery, server only" + when, "us"));
            measures.add(new Measure("time until all who read have it" + when, "ms"));
            measures.add(new Measure("memory after it" + when, "MB"));
        }
        return new Benchmark(
                "http-fan-out-events",
                String.format("A server-sent event of 64 bytes to %,d readers, the next when all have it; none of them"
                        + " is stalled, or %,d are; the server has one processor, the load the other",
                        MEMBERS, STALLED),
                Counts.warmUps(6),
                Counts.rounds(5),
                measures,
                sides.stream()
                        .map(side -> side.needing(Need.program("taskset"))
                                .needing(Need.secondProcessor("for the load")))
                        .toList());
    }

    private static Side ours(String name, String engine) {
        Supplier<SiteProcess> process = () -> SiteProcess.ofOurs(name, engine, EventsMain.class,
                Integer.toString(MEMBERS), () -> {});
        return Side.ours(name, () -> new FanningEvents(process))
                .needing(new Need("the engine " + engine + " to work here", () -> FanningOut.works(process, engine)));
    }

    static SiteProcess node() {
        return SiteProcess.of("Node.js", List.of(Need.find("node").orElseThrow().toString(),
                Home.NODE_SOURCES.resolve("events_server.mjs").toString(), Site.EVENTS_PATH, Site.SAY_PATH));
    }

    static SiteProcess aiohttp() {
        return SiteProcess.of("aiohttp", Python.command("events_server.py", Site.EVENTS_PATH, Site.SAY_PATH));
    }

    @Override
    public double[] round() throws Exception {
        List<Double> numbers = new ArrayList<>();
        for (Room room : rooms) {
            for (double number : room.round()) {
                numbers.add(number);
            }
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public void close() {
        rooms.forEach(Room::close);
    }
}
