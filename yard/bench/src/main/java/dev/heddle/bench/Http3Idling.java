package dev.heddle.bench;

import java.util.List;

/**
 * The benchmark of what an idle connection of HTTP/3 costs a server: the slope over several numbers of them, each of which
 * has had a page. In a new server each round, since a process keeps the memory that it has had.
 *
 * <p>The heap of a JVM is made and touched as a whole at the start, so that what the process grows by is not heap.
 */
final class Http3Idling implements Workload {

    private static final int[] CONNECTIONS = Counts.isQuick()
            ? new int[]{100, 300, 500}
            : new int[]{100, 1_000, 3_000, 5_000};

    /** Pages before it, over one connection: the frames of a waiting thread shrink when its code is compiled. */
    private static final int WORK = Counts.isQuick() ? 2_000 : 20_000;

    private static final String[] WHOLE_HEAP = {"-Xms768m", "-Xmx768m", "-XX:+AlwaysPreTouch"};

    private final String kind;

    private Http3Idling(String kind) {
        this.kind = kind;
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "http3-idle",
                "Idle connections of HTTP/3 to one server that has worked before, 100 to 5,000: what one more costs",
                0,
                Counts.rounds(2),
                List.of(
                        new Measure("an idle connection, heap after a collection", "bytes"),
                        new Measure("an idle connection, rest of the process", "bytes"),
                        new Measure("an idle connection, all", "bytes"),
                        new Measure("resident memory with all of them", "MB")),
                List.of(
                        Side.peer("Netty by HTTP/3", () -> new Http3Idling("netty-3")),
                        Side.ours("Heddle by HTTP/3", () -> new Http3Idling("heddle-3")))));
    }

    @Override
    public double[] round() throws Exception {
        try (var pages = new Http3Pages(kind, true, WHOLE_HEAP)) {
            pages.ask((client, url) -> {
                pages.loadSmall(client, url, WORK);
                return new double[0];
            });
            return costs(pages.server());
        }
    }

    private static double[] costs(ServerProcess server) throws Exception {
        try (var holder = new Http3Holder(server.port())) {
            double[] count = new double[CONNECTIONS.length];
            double[] heap = new double[CONNECTIONS.length];
            double[] rest = new double[CONNECTIONS.length];
            for (int i = 0; i < CONNECTIONS.length; i++) {
                holder.growTo(CONNECTIONS[i]);
                count[i] = CONNECTIONS[i];
                heap[i] = Double.parseDouble(server.ask(EchoMain.HEAP));
                rest[i] = Memory.ofProcess(server.pid());
            }
            double heapOfOne = Slope.of(count, heap);
            double restOfOne = Slope.of(count, rest);
            return new double[]{heapOfOne, restOfOne, heapOfOne + restOfOne,
                    Memory.residentOf(server.pid()) / Memory.BYTES_PER_MEGABYTE};
        }
    }
}
