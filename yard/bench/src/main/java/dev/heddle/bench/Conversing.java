package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The benchmark of what a message of a WebSocket costs a server that echoes it, when each connection sends one anew as soon as it has
 * the last.
 */
final class Conversing implements Workload {

    private static final double NANOS_OF_A_MICRO = 1e3;
    private static final double MICROS_OF_A_MILLI = 1e3;
    private static final double MEGA = 1e6;
    private static final double SECONDS = Counts.isQuick() ? 0.5 : 1;
    private static final Load.Plan PLAN = new Load.Plan(64, 64, SECONDS);

    private final SiteProcess server;

    private Conversing(SiteServer server) {
        this.server = SiteProcess.start(server, SiteMode.WEB_SOCKET);
    }

    static List<Benchmark> benchmarks() {
        List<Measure> measures = new ArrayList<>();
        for (String kind : List.of("text", "binary")) {
            measures.add(new Measure("CPU of a message, server only, " + kind, "us"));
            measures.add(new Measure("messages, " + kind, "/s"));
            measures.add(new Measure("99th percentile, " + kind, "ms"));
        }
        measures.add(new Measure("memory after it", "MB"));
        List<Side> sides = SiteServer
                .sides(SiteServer.all(SiteMode.WEB_SOCKET), SiteMode.WEB_SOCKET, Conversing::new)
                .stream()
                .map(side -> side.needing(CProgram.COMPILER))
                .toList();
        return List.of(new Benchmark(
                "http-websocket",
                "Messages of " + PLAN.bytes() + " bytes are echoed over " + PLAN.connections()
                        + " kept WebSockets; the server has one processor, the load the other",
                Counts.rounds(6),
                Counts.rounds(5),
                measures,
                sides));
    }

    @Override
    public double[] round() throws Exception {
        List<Load> loads = List.of(
                Load.runWebSockets(server, Site.ECHO_PATH, true, PLAN),
                Load.runWebSockets(server, Site.ECHO_PATH, false, PLAN));
        double[] numbers = new double[3 * loads.size() + 1];
        for (int i = 0; i < loads.size(); i++) {
            numbers[3 * i] = loads.get(i).serverCpuNanos() / NANOS_OF_A_MICRO;
            numbers[3 * i + 1] = loads.get(i).perSecond();
            numbers[3 * i + 2] = loads.get(i).p99Micros() / MICROS_OF_A_MILLI;
        }
        numbers[3 * loads.size()] = server.residentBytes() / MEGA;
        return numbers;
    }

    @Override
    public void close() {
        server.close();
    }
}
