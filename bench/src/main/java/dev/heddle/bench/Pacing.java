package dev.heddle.bench;

import java.util.List;

/**
 * How long a message takes when all servers get the same number of them each second: a part of what the slowest can do. A server that is merely given less to do looks quick.
 */
final class Pacing implements Workload {

    private static final double PART = 0.7;
    private static final int BYTES = 64;
    private static final int SOME = 64;
    private static final int TEN_THOUSAND = 10_000;
    private static final double FULL_SECONDS = Counts.isQuick() ? 0.2 : 0.4;
    private static final double PACED_SECONDS = Counts.isQuick() ? 0.3 : 1.2;

    private final EchoProcess server;
    private final int connections;

    private Pacing(EchoServer server, int connections) {
        this.server = EchoProcess.start(server);
        this.connections = connections;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "echo-latency",
                        "64 bytes over 64 connections, at 70 % of what the slowest of these servers can do",
                        SOME,
                        2,
                        4,
                        EchoServer.allBut(EchoServer.ASYNCIO, EchoServer.GEVENT)),
                benchmark(
                        "c10k",
                        "10,000 clients at once, 64 bytes by turns, at 70 % of what the slowest of these servers can do",
                        TEN_THOUSAND,
                        1,
                        3,
                        EchoServer.allBut()));
    }

    private static Benchmark benchmark(
            String name, String what, int connections, int warmUps, int rounds, List<EchoServer> servers) {
        return new Benchmark(
                name,
                what,
                Counts.rounds(warmUps),
                Counts.rounds(rounds),
                List.of(
                        new Measure("messages at full speed", "/s"),
                        new Measure("messages at the pace of all", "/s"),
                        new Measure("CPU of a message at that pace, server only", "us"),
                        new Measure("median latency", "us"),
                        new Measure("99th percentile", "us"),
                        new Measure("99.9th percentile", "us")),
                EchoServer.sides(servers, server -> new Pacing(server, connections)));
    }

    @Override
    public double[] round() throws Exception {
        double full = Load.run(server, new Load.Plan(connections, BYTES, FULL_SECONDS)).perSecond();
        return paced(full, full);
    }

    @Override
    public double[] round(double slowest) throws Exception {
        if (Double.isNaN(slowest)) {
            return round();
        }
        return paced(Load.run(server, new Load.Plan(connections, BYTES, FULL_SECONDS)).perSecond(), slowest);
    }

    private double[] paced(double full, double slowest) throws Exception {
        Load load = Load.run(server, new Load.Plan(connections, 0, BYTES, PACED_SECONDS, PART * slowest));
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
        server.close();
    }
}
