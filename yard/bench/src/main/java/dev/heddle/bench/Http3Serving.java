package dev.heddle.bench;

import dev.heddle.bench.Http3Pages.Cost;
import java.util.List;

/** The benchmark of what a response costs a server by HTTP/3, beside the same by HTTP/2 and by Netty; our client asks. */
final class Http3Serving implements Workload {

    static final int AT_ONCE = 50;
    static final int LARGE_AT_ONCE = 4;

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
                List.of(
                        Side.peer("Netty by HTTP/3", () -> new Http3Serving("netty-3", true)),
                        Side.peer("Heddle by HTTP/2", () -> new Http3Serving("heddle-2", false)),
                        Side.ours("Heddle by HTTP/3", () -> new Http3Serving("heddle-3", true)))));
    }

    @Override
    public double[] round() {
        return pages.ask((client, url) -> {
            Cost small = pages.load(client, url + Http3Main.SMALL_PATH, SMALL_PAGES, AT_ONCE, Http3Main.SMALL_BYTES);
            Cost large = pages.load(client, url + Http3Main.LARGE_PATH, LARGE_PAGES, LARGE_AT_ONCE,
                    Http3Main.LARGE_BYTES);
            return new double[]{small.cpuMicros(), small.percentileMillis(), large.cpuMicros()};
        });
    }

    @Override
    public void close() {
        pages.close();
    }
}
