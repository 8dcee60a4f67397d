package dev.heddle.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The benchmarks of what a request costs an HTTP server, and how many go through, when each connection asks anew as soon as it is
 * answered.
 */
final class Serving implements Workload {

    private static final double MICROS = 1e3;
    private static final double MEGA = 1e6;
    private static final int SOME = 64;

    private static final int MANY = 4096;

    /** The gate looks at the first alone. */
    private static final List<Integer> MORE_AND_MORE = Stream.of(SOME, 512, MANY)
            .filter(connections -> connections <= (Counts.isGate() ? SOME : Descriptors.forConnections()))
            .toList();

    private static final int SECONDS = 1;

    /** Longer, so that 64 handshakes weigh little. */
    private static final int SECONDS_OF_TLS = Counts.isQuick() ? 2 : 4;

    private static final int WARM_UPS = 6;

    /** Under TLS a JVM on one processor compiles for 80 seconds, at first with a third of it; this is the most of them. */
    private static final int WARM_UPS_OF_TLS = 12;

    private static final int ROUNDS = 5;

    /** Fewer, as they are longer. */
    private static final int ROUNDS_OF_TLS = 3;

    /** Longer, so that the making of so many connections weighs little; their first round is only to have been there. */
    private static final int SECONDS_OF_MANY = Counts.isQuick() ? 1 : 3;

    /** What has wrk make a connection for each request. */
    static final String[] CLOSE = {"-H", "Connection: close"};

    /** How a load asks. */
    interface Asking {

        Answers ask(SiteProcess server, boolean inWarmUp) throws Exception;
    }

    /**
     * What a load saw.
     *
     * @param p99Millis NaN if it does not tell
     */
    record Answers(long count, double perSecond, double p99Millis) {}

    /** Of a load under which the server failed. */
    private static final double[] FAILED = {CANNOT, CANNOT, CANNOT};

    private final String who;
    private final SiteProcess server;
    private final List<Asking> loads;

    private Serving(SiteServer server, SiteMode mode, int connections, List<Asking> loads) {
        this(server.toString(), SiteProcess.start(server, mode, connections), loads);
    }

    /** Loads a server that runs, and ends it. */
    Serving(String who, SiteProcess server, List<Asking> loads) {
        this.who = who;
        this.server = server;
        this.loads = loads;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "http-plaintext",
                        "A page of 13 bytes over kept connections",
                        SiteMode.PLAIN,
                        MORE_AND_MORE.getLast(),
                        Wrk.NEED,
                        MORE_AND_MORE.stream()
                                .map(connections -> String.format(", %,d connections", connections))
                                .toList(),
                        MORE_AND_MORE.stream().map(Serving::wrkForText).toList()),
                benchmark(
                        "http-floor",
                        "A page of 13 bytes over 64 kept connections, beside what the kernel alone takes for it",
                        SiteServer.nearTheFloor(),
                        SiteMode.PLAIN,
                        SOME,
                        Wrk.NEED,
                        List.of(""),
                        List.of(wrk(Site.TEXT_PATH, SOME))),
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
                        List.of(wrk(Site.TEXT_PATH, SOME, CLOSE))),
                benchmark(
                        "http-large",
                        "A page of 100 KiB over 64 kept connections",
                        List.of(""),
                        List.of(wrk(Site.LARGE_PATH, SOME))),
                benchmark(
                        "http-tls",
                        "A page of 13 bytes over 64 kept connections under " + TlsCertificate.CIPHER_SUITE,
                        SiteMode.TLS,
                        SOME,
                        Wrk.NEED,
                        List.of(""),
                        List.of(Serving::tls)),
                benchmark(
                        "http-2",
                        "A page of 13 bytes by HTTP/2, sixteen streams at once on each of 64 connections",
                        SiteMode.HTTP_2,
                        SOME,
                        H2Load.NEED,
                        List.of(""),
                        List.of(h2load(Site.TEXT_PATH, SOME))));
    }

    private static Benchmark benchmark(String name, String what, List<String> over, List<Asking> loads) {
        return benchmark(name, what, SiteMode.PLAIN, SOME, Wrk.NEED, over, loads);
    }

    private static Benchmark benchmark(
            String name, String what, SiteMode mode, int connections, Need load, List<String> over,
            List<Asking> loads) {
        return benchmark(name, what, SiteServer.all(mode), mode, connections, load, over, loads);
    }

    private static Benchmark benchmark(
            String name, String what, List<SiteServer> servers, SiteMode mode, int connections, Need load,
            List<String> over, List<Asking> loads) {
        List<Side> sides = SiteServer
                .sides(servers, mode, server -> new Serving(server, mode, connections, loads))
                .stream()
                .map(side -> side.needing(load))
                .toList();
        return new Benchmark(
                name,
                what + "; the server has one processor, the load the other",
                Counts.warmUps(mode == SiteMode.TLS ? WARM_UPS_OF_TLS : WARM_UPS),
                Counts.rounds(mode == SiteMode.TLS ? ROUNDS_OF_TLS : ROUNDS),
                measures(over),
                sides);
    }

    /** What {@link #round} tells. */
    static List<Measure> measures(List<String> over) {
        List<Measure> measures = new ArrayList<>();
        for (String each : over) {
            measures.add(new Measure("CPU of a request, server only" + each, "us"));
            measures.add(new Measure("requests" + each, "/s"));
            measures.add(new Measure("99th percentile" + each, "ms"));
        }
        measures.add(new Measure("memory after it", "MB"));
        return measures;
    }

    private static Asking wrkForText(int connections) {
        return connections < MANY
                ? wrk(Site.TEXT_PATH, connections)
                : (server, inWarmUp) -> wrk(Site.TEXT_PATH, connections, inWarmUp ? 1 : SECONDS_OF_MANY)
                        .ask(server, inWarmUp);
    }

    static Asking wrk(String path, int connections, String... options) {
        return wrk(path, connections, SECONDS, options);
    }

    private static Asking wrk(String path, int connections, int seconds, String... options) {
        return (server, _) -> {
            Wrk load = Wrk.run(server.url(path), connections, seconds, List.of(options));
            return new Answers(load.requests(), load.requestsPerSecond(), load.p99Millis());
        };
    }

    /**
     * Whole connections before the kept ones, in the warm-up: a JVM that sees 64 handshakes in some seconds has not
     * compiled their code after 50, and spends a seventh of the processor on it.
     */
    private static Answers tls(SiteProcess server, boolean inWarmUp) throws Exception {
        if (inWarmUp) {
            wrk(Site.TEXT_PATH, SOME, SECONDS_OF_TLS / 2, CLOSE).ask(server, inWarmUp);
        }
        return wrk(Site.TEXT_PATH, SOME, inWarmUp ? SECONDS_OF_TLS / 2 : SECONDS_OF_TLS).ask(server, inWarmUp);
    }

    /** Sixteen streams at once on each of some connections. */
    static Asking h2load(String path, int connections) {
        return (server, _) -> {
            H2Load load = H2Load.run(Wrk.PIN, List.of("-c", Integer.toString(connections), "-m", "16", "-D",
                    Integer.toString(SECONDS), server.url(path)));
            return new Answers(load.requests(), load.requestsPerSecond(), Double.NaN);
        };
    }

    @Override
    public double[] round() throws Exception {
        return round(false);
    }

    @Override
    public double[] round(double pace) throws Exception {
        return round(Double.isNaN(pace));
    }

    private double[] round(boolean inWarmUp) throws Exception {
        double[] numbers = new double[3 * loads.size() + 1];
        for (int i = 0; i < loads.size(); i++) {
            System.arraycopy(measured(loads.get(i), inWarmUp), 0, numbers, 3 * i, 3);
        }
        numbers[3 * loads.size()] = server.residentBytes() / MEGA;
        return numbers;
    }

    /** One who fails under a load has its numbers under the others. */
    private double[] measured(Asking load, boolean inWarmUp) throws Exception {
        long cpu = server.cpuNanos();
        try {
            Answers answers = load.ask(server, inWarmUp);
            double micros = (server.cpuNanos() - cpu) / MICROS / answers.count();
            return new double[]{micros, answers.perSecond(), answers.p99Millis()};
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(who + ": " + e.getMessage());
            return FAILED;
        } finally {
            // A slow one has still to answer what nobody waits for any more, on the processor of the others.
            server.awaitRest();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
