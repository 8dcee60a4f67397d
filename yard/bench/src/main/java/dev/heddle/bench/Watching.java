package dev.heddle.bench;

import dev.heddle.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The benchmarks of what it costs a program that somebody may look into it, and what it costs when somebody does. */
final class Watching implements Workload {

    private static final double NO_MORE = 1.01;
    private static final double RECORDED = 1.05;
    private static final double PERCENT_OF_A_PROCESSOR = 1;
    private static final double MILLIS_MORE = 2;

    private static final Need PIN = Need.program("taskset");
    private static final int CONNECTIONS = 64;
    private static final int IDLE = 5_000;
    private static final int PARKED = 100_000;
    private static final int PER_SECOND = 20_000;
    private static final int BYTES = 64;
    private static final double SECONDS = Counts.isQuick() ? 0.3 : 4;
    private static final double SECONDS_AFRESH = Counts.isQuick() ? 0.3 : 1.5;

    /** Until who looks has begun: their JVM starts, and all tasks that wait already are counted. */
    private static final Duration BEGIN = Duration.ofSeconds(2);

    /** A program goes on with its clocks for five seconds after the last look. */
    private static final long END_NANOS = Duration.ofMillis(5_500).toNanos();

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MICROS_PER_MILLI = 1e3;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double PERCENT = 100;

    private final SiteProcess server;
    private final int idle;
    private final List<String> looks;
    private long lookedAt = System.nanoTime() - END_NANOS;

    /**
     * @param idle connections that are open besides
     * @param looks what is asked for each second, as {@link WatchMain} takes it; nothing for a program that cannot be
     *     looked into
     */
    private Watching(int idle, List<String> looks) {
        this.server = SiteProcess.start(SiteServer.HEDDLE_EPOLL, SiteMode.PLAIN);
        this.idle = idle;
        this.looks = looks;
        try {
            Load.run(server, Site.TEXT_PATH, new Load.Plan(CONNECTIONS, BYTES, SECONDS));
        } catch (IOException | InterruptedException e) {
            server.close();
            throw new IllegalStateException("the server could not be warmed up", e);
        }
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                afresh(
                        "sight-switch",
                        "Two tasks of one loop give way to each other",
                        new Measure("CPU of a switch", "ns", Target.atMostTimesFloor(NO_MORE)),
                        "time of a switch",
                        () -> new Afresh("switch-yield", "Heddle checkpoint")),
                afresh(
                        "sight-spawn",
                        "A task spawns an empty task and joins it",
                        new Measure("CPU of a life", "ns", Target.atMostTimesFloor(NO_MORE)),
                        "time of a life",
                        () -> new Afresh("spawn", "Heddle spawn and join")),
                afresh(
                        "sight-http",
                        "A page of 13 bytes over 64 kept connections",
                        new Measure("CPU of a request, server only", "us", Target.atMostTimesFloor(NO_MORE)),
                        "time of a request",
                        () -> Watching::requests,
                        CProgram.COMPILER,
                        PIN),
                afresh(
                        "sight-echo",
                        "64 bytes are echoed over 64 connections",
                        new Measure("CPU of a message, server only", "us", Target.atMostTimesFloor(NO_MORE)),
                        "time of a message",
                        () -> Watching::messages,
                        CProgram.COMPILER,
                        PIN),
                new Benchmark(
                        "sight-recorder",
                        "Two tasks of one loop give way to each other, each round in a new JVM",
                        0,
                        Counts.rounds(15),
                        List.of(
                                new Measure("CPU of a switch", "ns", Target.atMostTimesFloor(RECORDED)),
                                new Measure("time of a switch", "ns")),
                        List.of(
                                Side.peer("recorder off", () -> new Afresh("switch-yield", Switching.KEPT)),
                                Side.ours("recorder on", () -> new Afresh("switch-yield", Switching.RECORDED)))),
                looked("sight-top", "heddle top", 0, "top"),
                looked("sight-page", "heddle page with its view of tasks", 0, "page", "top"),
                looked("sight-pools", "heddle pools", 0, "pools"),
                looked("sight-connections", "heddle connections, with 5,000 idle ones besides,", IDLE, "connections"));
    }

    private static Benchmark afresh(
            String name, String what, Measure cpu, String time, Supplier<? extends Workload> workload, Need... needs) {
        return new Benchmark(
                name,
                what + ", each round in a new JVM; nobody looks",
                0,
                Counts.rounds(12),
                List.of(cpu, new Measure(time, cpu.unit())),
                needing(List.of(needs), Side.unobservable(workload), Side.ours("module present", workload)));
    }

    private static Benchmark looked(String name, String command, int idle, String... looks) {
        String parked = "-D" + SiteHeddle.PARKED + "=" + PARKED;
        return new Benchmark(
                name,
                "20,000 requests a second over 64 kept connections, while 100,000 tasks wait, and " + command
                        + " looks each second or not, by turns",
                1,
                Counts.rounds(5),
                List.of(
                        new Measure("CPU of a request, nobody looks", "us"),
                        new Measure("CPU of a request, looked at", "us"),
                        new Measure("CPU more, percent of a processor", "%", Target.atMost(PERCENT_OF_A_PROCESSOR)),
                        new Measure("99th percentile, nobody looks", "ms"),
                        new Measure("99th percentile, looked at", "ms"),
                        new Measure("99th percentile more", "ms", Target.atMost(MILLIS_MORE))),
                needing(
                        List.of(CProgram.COMPILER, PIN),
                        Side.unobservable(() -> new Watching(idle, List.of()), parked),
                        Side.ours("module present", () -> new Watching(idle, List.of(looks)), parked)));
    }

    private static List<Side> needing(List<Need> needs, Side... sides) {
        return Stream.of(sides)
                .map(side -> {
                    Side needy = side;
                    for (Need need : needs) {
                        needy = needy.needing(need);
                    }
                    return needy;
                })
                .toList();
    }

    private static double[] requests() throws Exception {
        try (SiteProcess server = SiteProcess.start(SiteServer.HEDDLE_EPOLL, SiteMode.PLAIN)) {
            var plan = new Load.Plan(CONNECTIONS, BYTES, SECONDS_AFRESH);
            Load.run(server, Site.TEXT_PATH, plan);
            return costs(Load.run(server, Site.TEXT_PATH, plan));
        }
    }

    private static double[] messages() throws Exception {
        try (EchoProcess server = EchoProcess.start(EchoServer.HEDDLE_EPOLL)) {
            var plan = new Load.Plan(CONNECTIONS, BYTES, SECONDS_AFRESH);
            Load.run(server, plan);
            return costs(Load.run(server, plan));
        }
    }

    private static double[] costs(Load load) {
        return new double[]{load.serverCpuNanos() / NANOS_PER_MICRO,
                NANOS_PER_SECOND / NANOS_PER_MICRO / load.perSecond()};
    }

    @Override
    public double[] round() throws Exception {
        Thread.sleep(Duration.ofNanos(Math.max(0, lookedAt + END_NANOS - System.nanoTime())));
        Load alone = load();
        if (looks.isEmpty()) {
            return numbers(alone, new Load(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0));
        }
        try (Looking _ = new Looking(server.pid(), looks)) {
            Thread.sleep(BEGIN);
            return numbers(alone, load());
        } finally {
            lookedAt = System.nanoTime();
        }
    }

    private Load load() throws IOException, InterruptedException {
        return Load.run(server, Site.TEXT_PATH, new Load.Plan(CONNECTIONS, idle, BYTES, SECONDS, PER_SECOND));
    }

    private static double[] numbers(Load alone, Load watched) {
        double alonePercent = alone.serverCpuNanos() * alone.perSecond() / NANOS_PER_SECOND * PERCENT;
        double watchedPercent = watched.serverCpuNanos() * watched.perSecond() / NANOS_PER_SECOND * PERCENT;
        return new double[]{
                alone.serverCpuNanos() / NANOS_PER_MICRO,
                watched.serverCpuNanos() / NANOS_PER_MICRO,
                watchedPercent - alonePercent,
                alone.p99Micros() / MICROS_PER_MILLI,
                watched.p99Micros() / MICROS_PER_MILLI,
                (watched.p99Micros() - alone.p99Micros()) / MICROS_PER_MILLI
        };
    }

    @Override
    public void close() {
        server.close();
    }

    /** Somebody who looks, on the processor of the load, when the load has nothing to do. */
    private static final class Looking implements AutoCloseable {

        private final List<Process> processes = new ArrayList<>();

        Looking(long pid, List<String> looks) {
            for (String look : looks) {
                List<String> command = new ArrayList<>(List.of("nice", "-n", "19", "taskset", "-c", "1"));
                command.addAll(look.equals("page")
                        ? Peer.java(List.of(), Main.class, "page", Long.toString(pid))
                        : Peer.java(List.of(), WatchMain.class, Long.toString(pid), look));
                try {
                    processes.add(new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
                } catch (IOException e) {
                    close();
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
