package dev.heddle.bench;

import java.util.List;

/** The benchmarks of what TLS 1.3 costs a server: for a message on a connection that lasts, and for a connection that has but one. */
final class Securing implements Workload {

    private static final double MICROS = 1e3;
    private static final double WARM_SECONDS = Counts.isQuick() ? 0.3 : 0.5;

    /** Longer, since a connection runs more code than a message, and fewer go through. */
    private static final double WARM_SECONDS_OF_HANDSHAKES = Counts.isQuick() ? 0.3 : 2;

    private static final double SECONDS = Counts.isQuick() ? 0.3 : 1;
    private static final int CONNECTIONS = 64;
    private static final int CONNECTIONS_THAT_PASS = 16;
    private static final int SMALL = 64;
    private static final int LARGE = 16 * 1024;

    private final EchoProcess server;
    private final TlsLoadProcess load;
    private final List<TlsLoad.Plan> plans;

    private Securing(EchoServer server, List<TlsLoad.Plan> plans) {
        this.server = EchoProcess.start(server);
        this.load = TlsLoadProcess.start(this.server);
        this.plans = plans;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "tls-echo",
                        "Messages are echoed under " + TlsCertificate.CIPHER_SUITE
                                + " over 64 connections, each sends one when it has"
                                + " the last one back; the server has one processor, the load the other",
                        List.of(
                                new Measure("CPU of a message of 64 bytes, server only", "us"),
                                new Measure("messages of 64 bytes", "/s"),
                                new Measure("CPU of a message of 16 KiB, server only", "us"),
                                new Measure("messages of 16 KiB", "/s")),
                        List.of(lasting(SMALL), lasting(LARGE))),
                benchmark(
                        "handshakes",
                        "Clients connect, 16 at a time, agree on TLS 1.3 in full, have one message of 64 bytes echoed and end"
                                + " the connection; the server has one processor, the load the other",
                        List.of(
                                new Measure("CPU of a connection, server only", "us"),
                                new Measure("connections", "/s")),
                        List.of(new TlsLoad.Plan(CONNECTIONS_THAT_PASS, SMALL, 1, WARM_SECONDS_OF_HANDSHAKES,
                                SECONDS))));
    }

    private static TlsLoad.Plan lasting(int bytes) {
        return new TlsLoad.Plan(CONNECTIONS, bytes, 0, WARM_SECONDS, SECONDS);
    }

    private static Benchmark benchmark(String name, String what, List<Measure> measures, List<TlsLoad.Plan> plans) {
        return new Benchmark(
                name,
                what,
                Counts.rounds(4),
                Counts.rounds(5),
                measures,
                EchoServer.sides(EchoServer.withTls(), server -> new Securing(server, plans)));
    }

    @Override
    public double[] round() throws Exception {
        double[] numbers = new double[2 * plans.size()];
        for (int i = 0; i < plans.size(); i++) {
            TlsLoad.Answer answer = load.run(plans.get(i));
            numbers[2 * i] = answer.serverCpuNanos() / MICROS;
            numbers[2 * i + 1] = answer.perSecond();
        }
        return numbers;
    }

    @Override
    public void close() {
        load.close();
        server.close();
    }
}
