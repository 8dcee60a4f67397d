package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;

/** The benchmarks of how much CPU a message costs, and how many go through, as connections and messages grow. */
final class Echoing implements Workload {

    private static final double MICROS = 1e3;
    private static final int SMALL = 64;
    private static final int LARGE = 16 * 1024;
    private static final List<Integer> CONNECTIONS = Counts.isGate()
            ? List.of(64)
            : Counts.isQuick() ? List.of(64, 1000) : List.of(1, 64, 1000, 8000);

    /**
     * What a connection does first runs once for each, and the JIT compiles for good what has run some thousands of
     * times.
     */
    private static final int WARM_UPS = 3;

    private static final double SECONDS = Counts.isQuick() ? 0.2 : 0.4;

    private final EchoProcess server;
    private final int bytes;

    private Echoing(EchoServer server, int bytes) {
        this.server = EchoProcess.start(server);
        this.bytes = bytes;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark("echo", "64 bytes", SMALL),
                benchmark("echo-large", "16 KiB", LARGE));
    }

    private static Benchmark benchmark(String name, String size, int bytes) {
        List<EchoServer> servers = new ArrayList<>(EchoServer.allBut());
        servers.add(EchoServer.HEDDLE_TWO_LOOPS);
        return new Benchmark(
                name,
                "Messages of " + size
                        + " are echoed, each connection sends one when it has the last one back; the server has one"
                        + " processor, the load the other",
                Counts.warmUps(WARM_UPS),
                Counts.rounds(3),
                measures(),
                EchoServer.sides(servers, server -> new Echoing(server, bytes)));
    }

    private static List<Measure> measures() {
        List<Measure> measures = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            String over = String.format(", %,d connections", connections);
            measures.add(new Measure("CPU of a message, server only" + over, "us"));
            measures.add(new Measure("messages" + over, "/s"));
        }
        return measures;
    }

    @Override
    public double[] round() throws Exception {
        double[] numbers = new double[2 * CONNECTIONS.size()];
        for (int i = 0; i < CONNECTIONS.size(); i++) {
            Load load = Load.run(server, new Load.Plan(CONNECTIONS.get(i), bytes, SECONDS));
            numbers[2 * i] = load.serverCpuNanos() / MICROS;
            numbers[2 * i + 1] = load.perSecond();
        }
        return numbers;
    }

    @Override
    public void close() {
        server.close();
    }
}
