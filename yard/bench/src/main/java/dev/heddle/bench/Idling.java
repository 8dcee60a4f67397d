package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/**
 * The benchmark of what an idle connection costs: the slope over several numbers of them, each of which has had a message echoed. In a
 * new server each round, since a process keeps the memory that it has had; one that has worked a little before, since
 * the frames of a waiting thread shrink when its code is compiled.
 *
 * <p>The heap of a JVM is made and touched as a whole at the start, so that what the process grows by is not heap.
 */
final class Idling implements Workload {

    private static final int[] CONNECTIONS = Counts.isQuick()
            ? new int[]{500, 1500, 2500}
            : new int[]{1000, 7000, 13_000, 19_000};

    /**
     * The work before: many connections that come and go, and many messages. The JIT compiles for good what has run
     * some thousands of times, and what a connection does first runs once for each.
     */
    private static final List<Load.Plan> WORK = Counts.isQuick()
            ? List.of(new Load.Plan(64, 64, 0.2))
            : List.of(new Load.Plan(64, 64, 1), new Load.Plan(6_000, 64, 0.5), new Load.Plan(6_000, 64, 0.5),
                    new Load.Plan(6_000, 64, 0.5));

    private static final String[] WHOLE_HEAP = {"-Xms768m", "-Xmx768m", "-XX:+AlwaysPreTouch"};

    /** 64 GB for ten million. */
    private static final double BUDGET = 6_400;

    /** What is seen of the kernel is both ends of each connection, which are alike. */
    private static final int ENDS = 2;

    private final EchoServer server;

    private Idling(EchoServer server) {
        this.server = server;
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "idle",
                "Idle connections to one server that has worked before, 1,000 to 19,000: what one more costs",
                0,
                Counts.rounds(2),
                List.of(
                        new Measure("an idle connection, heap after a collection", "bytes"),
                        new Measure("an idle connection, rest of the process", "bytes"),
                        new Measure("an idle connection, this end in the kernel", "bytes"),
                        new Measure("an idle connection, all", "bytes", Target.atMost(BUDGET))),
                EchoServer.sides(EchoServer.allBut(), Idling::new)));
    }

    @Override
    public double[] round() throws Exception {
        try (EchoProcess process = EchoProcess.start(server, WHOLE_HEAP)) {
            for (Load.Plan plan : WORK) {
                Load.run(process, plan);
            }
            return costs(process);
        }
    }

    private static double[] costs(EchoProcess process) throws IOException {
        try (Holder holder = new Holder(process)) {
            double[] count = new double[CONNECTIONS.length];
            double[] heap = new double[CONNECTIONS.length];
            double[] rest = new double[CONNECTIONS.length];
            double[] kernel = new double[CONNECTIONS.length];
            for (int i = 0; i < CONNECTIONS.length; i++) {
                holder.growTo(CONNECTIONS[i]);
                count[i] = CONNECTIONS[i];
                heap[i] = process.heapBytes();
                rest[i] = Memory.ofProcess(process.pid());
                kernel[i] = Memory.ofKernel();
            }
            double heapOfOne = Slope.of(count, heap);
            double restOfOne = Slope.of(count, rest);
            double kernelOfOne = Slope.of(count, kernel) / ENDS;
            return new double[]{heapOfOne, restOfOne, kernelOfOne, heapOfOne + restOfOne + kernelOfOne};
        }
    }

    /** Holds idle connections open, in a process of its own. */
    private static final class Holder implements AutoCloseable {

        private final Process process;
        private final Writer requests;
        private final BufferedReader answers;

        Holder(EchoProcess server) throws IOException {
            process = new ProcessBuilder(Load.holding(server))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            requests = process.outputWriter();
            answers = process.inputReader();
        }

        void growTo(int connections) throws IOException {
            requests.write(connections + "\n");
            requests.flush();
            if (answers.readLine() == null) {
                throw new IOException("the load failed; see its message above");
            }
        }

        /** Returns when all connections are closed, or they would be seen in the next round. */
        @Override
        public void close() throws IOException {
            requests.close();
            process.onExit().join();
        }
    }
}
