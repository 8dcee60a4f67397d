package dev.heddle.bench;

import java.util.List;

/**
 * How long a message or a request takes when all servers get the same number of them each second: a part of what the
 * slowest can do. A server that is merely given less to do looks quick.
 */
final class Pacing implements Workload {

    private static final double PART = 0.7;
    private static final int BYTES = 64;
    private static final int SOME = 64;
    private static final int TEN_THOUSAND = 10_000;
    /** Where the machine is busy with something else, nothing at all may come through in so short a time. */
    private static final int TRIES = 5;

    private static final double FULL_SECONDS = Counts.isQuick() ? 0.2 : 0.4;
    private static final double PACED_SECONDS = Counts.isQuick() ? 0.3 : 1.2;

    /** Loads a server that runs. */
    private interface Loading {

        Load run(Load.Plan plan) throws Exception;
    }

    private final AutoCloseable server;
    private final Loading loading;
    private final int connections;

    private Pacing(EchoProcess server, int connections) {
        this(server, plan -> Load.run(server, plan), connections);
    }

    private Pacing(SiteProcess server, int connections) {
        this(server, plan -> Load.run(server, Site.TEXT_PATH, plan), connections);
    }

    private Pacing(AutoCloseable server, Loading loading, int connections) {
        this.server = server;
        this.loading = loading;
        this.connections = connections;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "echo-latency",
                        "64 bytes over 64 connections, at 70 % of what the slowest of these servers can do",
                        "message",
                        2,
                        4,
                        echoing(SOME, EchoServer.allBut(EchoServer.ASYNCIO, EchoServer.GEVENT))),
                benchmark(
                        "c10k",
                        "10,000 clients at once, 64 bytes by turns, at 70 % of what the slowest of these servers can do",
                        "message",
                        1,
                        3,
                        echoing(TEN_THOUSAND, EchoServer.allBut())),
                benchmark(
                        "http-latency",
                        "A page of 13 bytes over 64 kept connections, at 70 % of what the slowest of these servers can do",
                        "request",
                        8,
                        4,
                        SiteServer.sides(
                                SiteServer.quick(),
                                SiteMode.PLAIN,
                                server -> new Pacing(SiteProcess.start(server, SiteMode.PLAIN), SOME))
                                .stream()
                                .map(side -> side.needing(CProgram.COMPILER))
                                .toList()));
    }

    private static List<Side> echoing(int connections, List<EchoServer> servers) {
        return EchoServer.sides(servers, server -> new Pacing(EchoProcess.start(server), connections));
    }

    private static Benchmark benchmark(
            String name, String what, String unit, int warmUps, int rounds, List<Side> sides) {
        return new Benchmark(
                name,
                what,
                Counts.rounds(warmUps),
                Counts.rounds(rounds),
                List.of(
                        new Measure(unit + "s at full speed", "/s"),
                        new Measure(unit + "s at the pace of all", "/s"),
                        new Measure("CPU of a " + unit + " at that pace, server only", "us"),
                        new Measure("median latency", "us"),
                        new Measure("99th percentile", "us"),
                        new Measure("99.9th percentile", "us")),
                sides);
    }

    @Override
    public double[] round() throws Exception {
        double full = fullSpeed();
        return paced(full, full);
    }

    @Override
    public double[] round(double slowest) throws Exception {
        if (Double.isNaN(slowest)) {
            return round();
        }
        return paced(fullSpeed(), slowest);
    }

    private double fullSpeed() throws Exception {
        for (int i = 0; i < TRIES; i++) {
            double perSecond = loading.run(new Load.Plan(connections, BYTES, FULL_SECONDS)).perSecond();
            if (perSecond > 0) {
                return perSecond;
            }
        }
        throw new IllegalStateException("no answer in " + TRIES + " loads of " + FULL_SECONDS + " s");
    }

    private double[] paced(double full, double slowest) throws Exception {
        Load load = loading.run(new Load.Plan(connections, 0, BYTES, PACED_SECONDS, PART * slowest));
        return new double[]{
                full,
                load.perSecond(),
                load.serverCpuNanos() / 1e3,
                load.p50Micros(),
                load.p99Micros(),
                load.p999Micros()
        };
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
