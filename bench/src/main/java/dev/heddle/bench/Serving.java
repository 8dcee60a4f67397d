package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a request costs an HTTP server, and how many go through, when each connection asks anew as soon as it is
 * answered.
 */
final class Serving implements Workload {

    private static final double MICROS = 1e3;
    private static final double MEGA = 1e6;
    private static final int SOME = 64;
    private static final int MANY = 512;
    private static final int SECONDS = Counts.isQuick() ? 1 : 2;

    /** Longer, so that 64 handshakes weigh little. */
    private static final int SECONDS_OF_TLS = 4;

    /** How a load asks. */
    private interface Asking {

        Answers ask(SiteProcess server) throws Exception;
    }

    /**
     * What a load saw.
     *
     * @param p99Millis NaN if it does not tell
     */
    private record Answers(long count, double perSecond, double p99Millis) {}

    private final SiteProcess server;
    private final List<Asking> loads;

    private Serving(SiteServer server, SiteMode mode, List<Asking> loads) {
        this.server = SiteProcess.start(server, mode);
        this.loads = loads;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "http-plaintext",
                        "A page of 13 bytes over kept connections",
                        List.of(", 64 connections", ", 512 connections"),
                        List.of(wrk(Site.TEXT_PATH, SOME), wrk(Site.TEXT_PATH, MANY))),
                benchmark(
                        "http-pipelined",
                        "A page of 13 bytes, asked for sixteen times at once over each of 64 kept connections",
                        List.of(""),
                        List.of(wrk(Site.TEXT_PATH, SOME, "-s", Home.LUA_SOURCES.resolve("pipeline.lua").toString()))),
                benchmark(
                        "http-json",
                        "A small JSON document, made anew by each request, over 64 kept connections",
                        List.of(""),
                        List.of(wrk(Site.JSON_PATH, SOME))),
                benchmark(
                        "http-short",
                        "A page of 13 bytes, a connection for each, 64 at a time",
                        List.of(""),
                        List.of(wrk(Site.TEXT_PATH, SOME, "-H", "Connection: close"))),
                benchmark(
                        "http-large",
                        "A page of 100 KiB over 64 kept connections",
                        List.of(""),
                        List.of(wrk(Site.LARGE_PATH, SOME))),
                benchmark(
                        "http-tls",
                        "A page of 13 bytes over 64 kept connections under " + TlsCertificate.CIPHER_SUITE,
                        SiteMode.TLS,
                        Wrk.NEED,
                        List.of(""),
                        List.of(wrk(Site.TEXT_PATH, SOME, SECONDS_OF_TLS))),
                benchmark(
                        "http-2",
                        "A page of 13 bytes by HTTP/2, sixteen streams at once on each of 64 connections",
                        SiteMode.HTTP_2,
                        H2Load.NEED,
                        List.of(""),
                        List.of(Serving::http2)));
    }

    private static Benchmark benchmark(String name, String what, List<String> over, List<Asking> loads) {
        return benchmark(name, what, SiteMode.PLAIN, Wrk.NEED, over, loads);
    }

    private static Benchmark benchmark(
            String name, String what, SiteMode mode, Need load, List<String> over, List<Asking> loads) {
        List<Measure> measures = new ArrayList<>();
        for (String connections : over) {
            measures.add(new Measure("CPU of a request, server only" + connections, "us"));
            measures.add(new Measure("requests" + connections, "/s"));
            measures.add(new Measure("99th percentile" + connections, "ms"));
        }
        measures.add(new Measure("memory after it", "MB"));
        List<Side> sides = SiteServer.sides(SiteServer.all(mode), mode, server -> new Serving(server, mode, loads))
                .stream()
                .map(side -> side.needing(load))
                .toList();
        return new Benchmark(
                name,
                what + "; the server has one processor, the load the other",
                Counts.rounds(3),
                Counts.rounds(5),
                measures,
                sides);
    }

    private static Asking wrk(String path, int connections, String... options) {
        return wrk(path, connections, SECONDS, options);
    }

    private static Asking wrk(String path, int connections, int seconds, String... options) {
        return server -> {
            Wrk load = Wrk.run(server.url(path), connections, seconds, List.of(options));
            return new Answers(load.requests(), load.requestsPerSecond(), load.p99Millis());
        };
    }

    private static Answers http2(SiteProcess server) throws Exception {
        H2Load load = H2Load.run(Wrk.PIN, List.of(
                "-c", Integer.toString(SOME), "-m", "16", "-D", Integer.toString(SECONDS), server.url(Site.TEXT_PATH)));
        return new Answers(load.requests(), load.requestsPerSecond(), Double.NaN);
    }

    @Override
    public double[] round() throws Exception {
        double[] numbers = new double[3 * loads.size() + 1];
        for (int i = 0; i < loads.size(); i++) {
            long cpu = server.cpuNanos();
            Answers answers = loads.get(i).ask(server);
            numbers[3 * i] = (server.cpuNanos() - cpu) / MICROS / answers.count();
            numbers[3 * i + 1] = answers.perSecond();
            numbers[3 * i + 2] = answers.p99Millis();
        }
        numbers[3 * loads.size()] = server.residentBytes() / MEGA;
        return numbers;
    }

    @Override
    public void close() {
        server.close();
    }
}
