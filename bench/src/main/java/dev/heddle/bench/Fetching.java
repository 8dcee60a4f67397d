package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.http.HttpClient;
import java.util.List;
import java.util.stream.IntStream;

/** Many small pages from one nginx, a hundred at a time. */
final class Fetching implements Workload {

    private static final int PAGES = 20_000;
    private static final int AT_ONCE = 100;
    private static final String PAGE = "A page of a few words, as small as pages get. ".repeat(10);
    private static final double TWICE_AS_FAST = 0.5;
    private static final Need NGINX = Need.program("nginx");

    /** Fetches all URLs. */
    private interface Client {

        /** Gives the total of the bytes of all bodies. */
        long fetch(List<String> urls) throws Exception;
    }

    private final Nginx nginx = Nginx.start(PAGE);
    private final List<String> urls = IntStream.range(0, PAGES).mapToObj(i -> nginx.address() + "/page/" + i).toList();
    private final Client client;

    private Fetching(Client client) {
        this.client = client;
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "fetch",
                "20,000 pages of 460 bytes from a local nginx with one worker, 100 at a time, with a new client each round",
                4,
                9,
                List.of(
                        new Measure("CPU of a page, client only", "ns"),
                        new Measure("time of a page", "ns", Target.atMostTimesFloor(TWICE_AS_FAST))),
                List.of(
                        Side.peer("java.net.http, virtual threads", () -> new Fetching(Fetching::jdk)).needing(NGINX),
                        Side.ours("Heddle HttpClient", () -> new Fetching(Fetching::heddle)).needing(NGINX))));
    }

    private static long jdk(List<String> urls) throws Exception {
        return JdkFetch.fetch(urls, AT_ONCE);
    }

    private static long heddle(List<String> urls) {
        return Heddle.run(Loops.PATIENT, () -> {
            try (HttpClient http = HttpClient.create()) {
                List<Integer> lengths = Heddle.map(urls, AT_ONCE, url -> http.get(url).bytes().length);
                return lengths.stream().mapToLong(Integer::longValue).sum();
            }
        });
    }

    @Override
    public double[] round() {
        return Clock.processNanosPer(PAGES, () -> {
            long bytes;
            try {
                bytes = client.fetch(urls);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (bytes != (long) PAGES * PAGE.length()) {
                throw new IllegalStateException("got " + bytes + " bytes");
            }
        });
    }

    @Override
    public void close() {
        nginx.close();
    }
}
