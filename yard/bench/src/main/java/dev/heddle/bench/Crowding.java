package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The benchmark of what a message costs while more and more other connections are idle: nothing more, if a server looks only at what is
 * ready.
 */
final class Crowding implements Workload {

    private static final double MICROS = 1e3;
    private static final double FLAT = 1.1;
    private static final int BYTES = 64;
    private static final int ACTIVE = 64;
    private static final double SECONDS = Counts.isQuick() ? 0.2 : 0.6;
    private static final List<Integer> IDLE = Counts.isQuick() ? List.of(0, 2000) : List.of(0, 6000, 18_000);

    private final EchoProcess server;

    private Crowding(EchoServer server) {
        this.server = EchoProcess.start(server);
    }

    static List<Benchmark> benchmarks() {
        List<Measure> measures = new ArrayList<>();
        for (int idle : IDLE) {
            measures.add(new Measure(String.format("CPU of a message, server only, beside %,d idle", idle), "us"));
        }
        measures.add(new Measure("the last to the first", "times", Target.atMost(FLAT)));
        return List.of(new Benchmark(
                "active",
                "Messages of 64 bytes over 64 active connections beside idle ones",
                1,
                Counts.rounds(3),
                measures,
                // One of each kind of waiting is enough.
                EchoServer.sides(
                        EchoServer.allBut(
                                EchoServer.NETTY_NIO,
                                EchoServer.ASYNCIO,
                                EchoServer.GEVENT),
                        Crowding::new)));
    }

    @Override
    public double[] round() throws Exception {
        double[] numbers = new double[IDLE.size() + 1];
        for (int i = 0; i < IDLE.size(); i++) {
            Load load = Load.run(server, new Load.Plan(ACTIVE, IDLE.get(i), BYTES, SECONDS, 0));
            numbers[i] = load.serverCpuNanos() / MICROS;
        }
        numbers[IDLE.size()] = numbers[IDLE.size() - 1] / numbers[0];
        return numbers;
    }

    @Override
    public void close() {
        server.close();
    }
}
