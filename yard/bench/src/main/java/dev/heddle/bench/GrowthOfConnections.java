package dev.heddle.bench;

import java.io.IOException;
import java.util.List;

/** The benchmarks of what a message and a request cost a server that has few connections, many, and as many as the machine can have. */
final class GrowthOfConnections implements Workload {

    private static final double MICROS = 1e3;
    private static final int BYTES = 64;
    private static final int MANY = 1_000;
    private static final int MAX = Counts.isQuick() ? 2_000 : Descriptors.forConnections();
    private static final List<Integer> SIZES = List.of(10, MANY, MAX);
    private static final double SECONDS = Counts.isQuick() ? 0.2 : 0.5;

    /** Longer, so that each has some. */
    private static final double SECONDS_OF_THE_MOST = Counts.isQuick() ? 0.2 : 1;

    /** A load on a server that runs. */
    private interface Loading {

        Load load(Load.Plan plan) throws Exception;
    }

    /** Waits until a server has nothing left to do. */
    private interface Resting {

        void awaitRest() throws InterruptedException;
    }

    /** A server that runs, and is loaded. */
    private record Server(Loading loading, Resting resting, Runnable end) {}

    private final Server server;

    private GrowthOfConnections(Server server) {
        this.server = server;
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "growth-echo",
                        "Messages of 64 bytes are echoed, each connection sends one when it has the last one back",
                        1,
                        Counts.rounds(3),
                        measures("CPU of a message, server only"),
                        EchoServer.sides(
                                List.of(EchoServer.C_EPOLL, EchoServer.C_IO_URING, EchoServer.HEDDLE_NIO,
                                        EchoServer.HEDDLE_EPOLL, EchoServer.HEDDLE_IO_URING,
                                        EchoServer.HEDDLE_TWO_LOOPS),
                                server -> new GrowthOfConnections(echo(server)))),
                new Benchmark(
                        "growth-http",
                        "A page of 13 bytes, each connection asks for it anew when it has it",
                        1,
                        Counts.rounds(3),
                        measures("CPU of a request, server only"),
                        SiteServer.sides(
                                List.of(SiteServer.NGINX, SiteServer.NETTY_EPOLL, SiteServer.HEDDLE_NIO,
                                        SiteServer.HEDDLE_EPOLL, SiteServer.HEDDLE_IO_URING),
                                SiteMode.PLAIN,
                                server -> new GrowthOfConnections(site(server)))
                                .stream()
                                .map(side -> side.needing(CProgram.COMPILER))
                                .toList()));
    }

    private static List<Measure> measures(String what) {
        return Growth.measures(what, "us", SIZES, ", %,d connections");
    }

    private static Server echo(EchoServer server) {
        EchoProcess process = EchoProcess.start(server);
        return new Server(plan -> Load.run(process, plan), process::awaitRest, process::close);
    }

    private static Server site(SiteServer server) {
        SiteProcess process = SiteProcess.start(server, SiteMode.PLAIN, MAX);
        return new Server(plan -> Load.run(process, Site.TEXT_PATH, plan), process::awaitRest, process::close);
    }

    @Override
    public double[] round() throws Exception {
        double[] micros = new double[SIZES.size()];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = micros(SIZES.get(i));
        }
        return Growth.numbers(micros);
    }

    private double micros(int connections) throws Exception {
        double seconds = connections > MANY ? SECONDS_OF_THE_MOST : SECONDS;
        try {
            Load load = server.loading.load(new Load.Plan(connections, BYTES, seconds));
            return load.perSecond() > 0 ? load.serverCpuNanos() / MICROS : CANNOT;
        } catch (IOException e) {
            // The load has said what.
            return CANNOT;
        } finally {
            // The end of so many connections is work, too.
            server.resting.awaitRest();
        }
    }

    @Override
    public void close() {
        server.end.run();
    }
}
