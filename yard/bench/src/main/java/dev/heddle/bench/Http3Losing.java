package dev.heddle.bench;

import dev.heddle.bench.Http3Pages.Cost;
import dev.heddle.http.client.HttpClient;
import java.util.ArrayList;
import java.util.List;

/**
 * The benchmark of pages over a path that loses packets, by HTTP/3, where a loss holds up one stream, and by HTTP/2, where
 * it holds up all. The connection is there before the first is lost.
 */
final class Http3Losing implements Workload {

    private static final List<Integer> PERCENTS = List.of(0, 1, 5);
    private static final int SMALL_PAGES = Counts.isQuick() ? 1_000 : 10_000;
    private static final int LARGE_PAGES = Counts.isQuick() ? 8 : 60;
    private static final int NUMBERS = 4;

    private final Http3Pages pages;

    private Http3Losing(String kind, boolean http3) {
        pages = new Http3Pages(kind, http3);
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "http3-loss",
                "Pages of 1 KiB, 50 at a time, and of 1 MiB, 4 at a time, over one connection, on whose path none, 1 % or"
                        + " 5 % of the packets are lost; the server has one processor",
                Counts.warmUps(4),
                Counts.rounds(5),
                measures(),
                Http3Serving.sides(Http3Losing::new).stream().map(Http3Losing::lossy).toList()));
    }

    private static Side lossy(Side side) {
        return side.launchedBy(LossyNetwork.LAUNCHER).needing(LossyNetwork.NEED).needing(Need.program("taskset"));
    }

    private static List<Measure> measures() {
        List<Measure> measures = new ArrayList<>();
        for (int percent : PERCENTS) {
            String loss = ", " + (percent == 0 ? "no" : percent + " %") + " loss";
            measures.add(new Measure("CPU of a page of 1 KiB" + loss, "us"));
            measures.add(new Measure("median of it" + loss, "ms"));
            measures.add(new Measure("99th percentile of it" + loss, "ms"));
            measures.add(new Measure("CPU of a page of 1 MiB" + loss, "us"));
        }
        return measures;
    }

    @Override
    public double[] round() {
        return pages.ask((client, url) -> {
            double[] numbers = new double[PERCENTS.size() * NUMBERS];
            int at = 0;
            for (int percent : PERCENTS) {
                LossyNetwork.lose(percent);
                for (double number : load(client, url)) {
                    numbers[at++] = number;
                }
                if (percent > 0 && LossyNetwork.lost() == 0) {
                    throw new IllegalStateException("nothing was lost");
                }
            }
            LossyNetwork.lose(0);
            return numbers;
        });
    }

    private double[] load(HttpClient client, String url) {
        Cost small = pages.loadSmall(client, url, SMALL_PAGES);
        Cost large = pages.loadLarge(client, url, LARGE_PAGES);
        return new double[]{small.cpuMicros(), small.medianMillis(), small.percentileMillis(), large.cpuMicros()};
    }

    @Override
    public void close() {
        pages.close();
    }
}
