package dev.heddle.bench;

import dev.heddle.bench.Http3Pages.Cost;
import java.util.List;
import java.util.function.BiFunction;

/** The benchmark of what a response costs a server by HTTP/3, beside the same by HTTP/2 and by Netty; our client asks. */
final class Http3Serving implements Workload {

    private static final int SMALL_PAGES = Counts.isQuick() ? 2_000 : 20_000;
    private static final int LARGE_PAGES = Counts.isQuick() ? 20 : 200;

    private final Http3Pages pages;

    private Http3Serving(String kind, boolean http3) {
        pages = new Http3Pages(kind, http3);
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "http3",
                "Pages of 1 KiB, 50 at a time, and of 1 MiB, 4 at a time, over one connection; the server has one"
                        + " processor, the client, Heddle's, the other",
                Counts.warmUps(4),
                Counts.rounds(5),
                List.of(
                        new Measure("CPU of a page of 1 KiB, server only", "us", Target.atMostTimesFloor(1)),
                        new Measure("99th percentile of it", "ms"),
                        new Measure("CPU of a page of 1 MiB, server only", "us", Target.atMostTimesFloor(1))),
                sides(Http3Serving::new)));
    }

    /** The three servers, each with a workload of its own: it gets what {@link Http3Main} calls the server, and if by HTTP/3. */
    static List<Side> sides(BiFunction<String, Boolean, Workload> workload) {
        return List.of(
                Side.peer("Netty by HTTP/3", () -> workload.apply("netty-3", true)),
                Side.peer("Heddle by HTTP/2", () -> workload.apply("heddle-2", false)),
                Side.ours("Heddle by HTTP/3", () -> workload.apply("heddle-3", true)));
    }

    @Override
    public double[] round() {
        return pages.ask((client, url) -> {
            Cost small = pages.loadSmall(client, url, SMALL_PAGES);
            Cost large = pages.loadLarge(client, url, LARGE_PAGES);
            return new double[]{small.cpuMicros(), small.percentileMillis(), large.cpuMicros()};
        });
    }

    @Override
    public void close() {
        pages.close();
    }
}
