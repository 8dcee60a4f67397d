package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.Protocol;

/** Many small pages from one nginx, a hundred at a time. */
final class Fetching implements Workload {

    private static final int PAGES = 20_000;
    private static final int AT_ONCE = 100;
    private static final String EACH = Integer.toString(AT_ONCE);
    private static final String PAGE = "A page of a few words, as small as pages get. ".repeat(10);
    private static final double TWICE_AS_FAST = 0.5;
    private static final Need NGINX = Need.program("nginx");

    /** Fetches all pages. */
    private interface Client {

        /** Gives CPU time and time on the wall, both nanoseconds for each page. */
        double[] fetch(Nginx nginx, List<String> urls) throws Exception;
    }

    /** Fetches all pages in this JVM. */
    private interface Library {

        /** Gives the total of the bytes of all bodies. */
        long fetch(List<String> urls) throws Exception;
    }

    private final Nginx nginx;
    private final List<String> urls;
    private final Client client;

    private Fetching(Nginx nginx, Client client) {
        this.nginx = nginx;
        this.urls = IntStream.range(0, PAGES).mapToObj(i -> nginx.address() + "/page/" + i).toList();
        this.client = client;
    }

    static List<Benchmark> benchmarks() {
        String pages = "20,000 pages of 460 bytes from a local nginx with one worker, 100 at a time, ";
        return List.of(
                new Benchmark(
                        "fetch",
                        pages + "with a new client each round; h2load only counts what comes",
                        Counts.warmUps(4),
                        9,
                        measures(Target.atMostTimesFloor(TWICE_AS_FAST)),
                        List.of(
                                peer("java.net.http, virtual threads",
                                        inThisJvm(urls -> JdkFetch.fetch(urls, AT_ONCE))),
                                peer("OkHttp, virtual threads",
                                        inThisJvm(urls -> OkHttpFetch.fetch(urls, AT_ONCE, Protocol.HTTP_1_1))),
                                peer("aiohttp on uvloop", Fetching::aiohttp)
                                        .needing(Python.need("aiohttp"))
                                        .needing(Python.need("uvloop")),
                                peer("h2load by HTTP/1.1", Fetching::h2load).needing(H2Load.NEED),
                                Side.ours("Heddle HttpClient", () -> new Fetching(
                                        Nginx.start(PAGE), inThisJvm(urls -> heddle(urls, HttpClient.builder()))))
                                        .needing(NGINX))),
                new Benchmark(
                        "fetch-2",
                        pages + "over one connection of HTTP/2, a new one each round; h2load only counts what comes",
                        4,
                        9,
                        measures(Target.none()),
                        List.of(
                                peer2("h2load", (nginx, urls) -> h2load(urls, "-c", "1", "-m", EACH))
                                        .needing(H2Load.NEED),
                                peer2("OkHttp, virtual threads", inThisJvm(
                                        urls -> OkHttpFetch.fetch(urls, AT_ONCE, Protocol.H2_PRIOR_KNOWLEDGE))),
                                Side.ours("Heddle HttpClient", () -> new Fetching(
                                        Nginx.startHttp2(PAGE), inThisJvm(urls -> heddle(
                                                urls, HttpClient.builder().http2PriorKnowledge()))))
                                        .needing(NGINX))));
    }

    private static List<Measure> measures(Target time) {
        return List.of(new Measure("CPU of a page, client only", "ns"), new Measure("time of a page", "ns", time));
    }

    private static Side peer(String name, Client client) {
        return Side.peer(name, () -> new Fetching(Nginx.start(PAGE), client)).needing(NGINX);
    }

    private static Side peer2(String name, Client client) {
        return Side.peer(name, () -> new Fetching(Nginx.startHttp2(PAGE), client)).needing(NGINX);
    }

    private static long heddle(List<String> urls, HttpClient.Builder options) {
        return Heddle.run(Loops.PATIENT, () -> {
            try (HttpClient http = options.build()) {
                List<Integer> lengths = Heddle.map(urls, AT_ONCE, url -> http.get(url).bytes().length);
                return lengths.stream().mapToLong(Integer::longValue).sum();
            }
        });
    }

    private static Client inThisJvm(Library library) {
        return (nginx, urls) -> Clock.processNanosPer(PAGES, () -> {
            try {
                check(library.fetch(urls));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static double[] aiohttp(Nginx nginx, List<String> urls) throws IOException {
        List<String> command = Python.command(
                "fetch_pages.py", nginx.address(), Integer.toString(PAGES), EACH);
        double[] numbers = Versions.lines(command)
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (numbers.length != 3) {
            throw new IOException(command + " failed");
        }
        check((long) numbers[2]);
        return DoubleStream.of(numbers).limit(2).toArray();
    }

    private static double[] h2load(Nginx nginx, List<String> urls) throws IOException, InterruptedException {
        return h2load(urls, "--h1", "-c", EACH);
    }

    private static double[] h2load(List<String> urls, String... options) throws IOException, InterruptedException {
        Path list = Files.createTempFile("heddle-bench", ".txt");
        try {
            Files.write(list, urls);
            long cpu = Clock.childrenCpuNanos();
            long start = System.nanoTime();
            H2Load load = H2Load.run(List.of(), Stream.concat(
                    Stream.of(options), Stream.of("-n", Integer.toString(PAGES), "-i", list.toString())).toList());
            double nanos = System.nanoTime() - start;
            check(load.bodyBytes());
            return new double[]{(double) (Clock.childrenCpuNanos() - cpu) / PAGES, nanos / PAGES};
        } finally {
            Files.delete(list);
        }
    }

    private static void check(long bytes) {
        if (bytes != (long) PAGES * PAGE.length()) {
            throw new IllegalStateException("got " + bytes + " bytes");
        }
    }

    @Override
    public double[] round() throws Exception {
        return client.fetch(nginx, urls);
    }

    @Override
    public void close() {
        nginx.close();
    }
}
