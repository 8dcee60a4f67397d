package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The benchmarks of how long a message or a request takes when all servers get the same number of them each second: a part of what one of
 * them can do at its best. A server that is merely given less to do looks quick.
 */
final class Pacing implements Workload {

    private static final List<Double> OF_THE_SLOWEST = List.of(0.7);
    private static final List<Double> OF_THE_FLOOR = List.of(0.5, 0.7, 0.9);

    /** Who does less than this part of what it is asked for falls behind, and its latencies grow as long as it is. */
    private static final double HOLDS = 0.97;

    /** The numbers of one pace. */
    private static final int NUMBERS = 5;

    private static final double BELOW_THE_FLOOR = 0.9;
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
    private final List<Double> paces;

    private Pacing(EchoProcess server, int connections) {
        this(server, plan -> Load.run(server, plan), connections, OF_THE_SLOWEST);
    }

    private Pacing(SiteProcess server, int connections) {
        this(server, plan -> Load.run(server, Site.TEXT_PATH, plan), connections, OF_THE_FLOOR);
    }

    private Pacing(AutoCloseable server, Loading loading, int connections, List<Double> paces) {
        this.server = server;
        this.loading = loading;
        this.connections = connections;
        this.paces = paces;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "echo-latency",
                        "64 bytes over 64 connections, at 70 % of what the slowest of these servers can do",
                        ofMessages(),
                        5,
                        4,
                        echoing(SOME, EchoServer.allBut(EchoServer.ASYNCIO, EchoServer.GEVENT))),
                benchmark(
                        "c10k",
                        "10,000 clients at once, 64 bytes by turns, at 70 % of what the slowest of these servers can do",
                        ofMessages(),
                        3,
                        3,
                        echoing(TEN_THOUSAND, EchoServer.allBut())),
                benchmark(
                        "http-latency",
                        "A page of 13 bytes over 64 kept connections, at 50, 70 and 90 % of what nginx can do",
                        ofRequests(),
                        8,
                        4,
                        SiteServer.sides(
                                SiteServer.quick(),
                                SiteMode.PLAIN,
                                server -> new Pacing(SiteProcess.start(server, SiteMode.PLAIN), SOME))
                                .stream()
                                .map(side -> side.needing(CProgram.COMPILER))
                                .toList())
                        .atPaceOfFloor());
    }

    private static List<Side> echoing(int connections, List<EchoServer> servers) {
        return EchoServer.sides(servers, server -> new Pacing(EchoProcess.start(server), connections));
    }

    private static Benchmark benchmark(
            String name, String what, List<Measure> measures, int warmUps, int rounds, List<Side> sides) {
        return new Benchmark(name, what, Counts.rounds(warmUps), Counts.rounds(rounds), measures, sides);
    }

    private static List<Measure> ofMessages() {
        return List.of(
                new Measure("messages at full speed", "/s"),
                new Measure("messages at the pace of all", "/s"),
                new Measure("CPU of a message at that pace, server only", "us"),
                new Measure("median latency", "us"),
                new Measure("99th percentile", "us"),
                new Measure("99.9th percentile", "us"));
    }

    private static List<Measure> ofRequests() {
        List<Measure> measures = new ArrayList<>();
        measures.add(new Measure("requests at full speed", "/s"));
        for (double pace : OF_THE_FLOOR) {
            String at = String.format(Locale.ROOT, " at %.0f %%", 100 * pace);
            measures.add(new Measure("requests" + at, "/s"));
            measures.add(new Measure("CPU of a request" + at + ", server only", "us"));
            measures.add(new Measure("median latency" + at, "us"));
            measures.add(new Measure("99th percentile" + at, "us", Target.atMostTimesFloor(BELOW_THE_FLOOR)));
            measures.add(new Measure("99.9th percentile" + at, "us"));
        }
        return measures;
    }

    @Override
    public double[] round() throws Exception {
        double full = fullSpeed();
        paced(OF_THE_SLOWEST.getFirst() * full);
        return new double[]{full};
    }

    @Override
    public double[] round(double best) throws Exception {
        if (Double.isNaN(best)) {
            return round();
        }
        double[] numbers = new double[1 + NUMBERS * paces.size()];
        numbers[0] = fullSpeed();
        for (int i = 0; i < paces.size(); i++) {
            System.arraycopy(paced(paces.get(i) * best), 0, numbers, 1 + NUMBERS * i, NUMBERS);
        }
        return numbers;
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

    private double[] paced(double perSecond) throws Exception {
        Load load = loading.run(new Load.Plan(connections, 0, BYTES, PACED_SECONDS, perSecond));
        boolean holds = load.perSecond() >= HOLDS * perSecond;
        return new double[]{
                load.perSecond(),
                load.serverCpuNanos() / 1e3,
                holds ? load.p50Micros() : CANNOT,
                holds ? load.p99Micros() : CANNOT,
                holds ? load.p999Micros() : CANNOT
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
