package dev.heddle.bench;

import dev.heddle.bench.NameClient.Answered;
import dev.heddle.bench.NameClient.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** The benchmark of many names that are looked up, at a name server that answers all or loses some questions. */
final class LookingUp implements Workload {

    private static final int NAMES = Counts.isQuick() ? 400 : 2_000;
    private static final int THREADS = 16;
    private static final int LOSS_PERCENT = 5;
    private static final double NANOS_OF_A_MICRO = 1e3;
    private static final double NANOS_OF_A_MILLI = 1e6;

    static final String LOOPBACK = "127.0.0.1";
    private static final String AT_ONCE = Integer.toString(NameClient.AT_ONCE);
    private static final String NODE = "node";

    private final ServerProcess server;
    private final NameClient client;
    private final ProcessClock clock;
    private int rounds;

    private LookingUp(ServerProcess server, Function<InetSocketAddress, NameClient> client) {
        this.server = server;
        try {
            this.client = client.apply(addressOf(server));
            this.clock = new ProcessClock(this.client.pid());
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark("names-lossless", "a name server that answers all", 0, 9),
                benchmark(
                        "names-lossy",
                        "a name server that never sees the first question about " + LOSS_PERCENT + " % of them",
                        LOSS_PERCENT,
                        3));
    }

    private static Benchmark benchmark(String name, String server, int percent, int rounds) {
        List<Side> sides = List.of(
                Side.peer("Netty on NIO", () -> inJvm(percent, NettyNames::onNio), Peer.ONE_PROCESSOR),
                Side.peer("Netty on epoll", () -> inJvm(percent, NettyNames::onEpoll), Peer.ONE_PROCESSOR),
                Side.peer("c-ares", () -> program(percent, LookingUp::cAres))
                        .asSteady()
                        .needing(new Need("apt-get install libc-ares-dev",
                                () -> Files.exists(Path.of("/usr/include/ares.h")))),
                Side.peer("c-ares in Node.js", () -> program(percent, LookingUp::node)).needing(Need.program(NODE)),
                Side.peer("getaddrinfo, " + THREADS + " threads", () -> system(percent))
                        .asSteady()
                        .needing(SystemNameServer.NEED),
                Side.ours("Heddle on NIO", () -> inJvm(percent, HeddleNames::new), Peer.ONE_PROCESSOR,
                        "-Dheddle.engine=nio"),
                Side.ours("Heddle on epoll", () -> inJvm(percent, HeddleNames::new), Peer.ONE_PROCESSOR,
                        "-Dheddle.engine=epoll"));
        return new Benchmark(
                name,
                String.format("%,d names are looked up, their addresses of IPv4, at most %d at once, at %s; it has one"
                        + " processor, the client the other", NAMES, NameClient.AT_ONCE, server),
                Counts.warmUps(60),
                Counts.rounds(rounds),
                List.of(
                        new Measure("CPU of a name, client only", "us"),
                        new Measure("time of all", "ms"),
                        new Measure("99th percentile", "ms")),
                sides.stream()
                        .map(side -> side.needing(CProgram.COMPILER)
                                .needing(Need.program("taskset"))
                                .needing(Need.secondProcessor("for the client")))
                        .toList());
    }

    private static LookingUp inJvm(int percent, Function<InetSocketAddress, NameClient> client) {
        Peer.pin(ProcessHandle.current().pid(), Load.PIN, "this JVM");
        return program(percent, client);
    }

    private static LookingUp program(int percent, Function<InetSocketAddress, NameClient> client) {
        return new LookingUp(server(LOOPBACK, 0, percent), client);
    }

    private static LookingUp system(int percent) {
        return new LookingUp(
                server(SystemNameServer.ADDRESS, SystemNameServer.PORT, percent),
                _ -> new NameProgram(SystemNameServer.command(
                        List.of(CProgram.command("names_libc"), Integer.toString(THREADS)))));
    }

    private static NameClient cAres(InetSocketAddress server) {
        return new NameProgram(List.of(CProgram.command("names_cares", "-lcares"), text(server), AT_ONCE));
    }

    private static NameClient node(InetSocketAddress server) {
        return new NameProgram(List.of(Need.find(NODE).orElseThrow().toString(),
                Home.NODE_SOURCES.resolve("names_peer.mjs").toString(), text(server), AT_ONCE));
    }

    static InetSocketAddress addressOf(ServerProcess server) {
        return new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), server.port());
    }

    private static String text(InetSocketAddress server) {
        return server.getAddress().getHostAddress() + ":" + server.getPort();
    }

    /** A name server on the first processor; see name_server.c. */
    static ServerProcess server(String address, int port, int percent) {
        return ServerProcess.start(
                "name server",
                List.of(CProgram.command("name_server"), address, Integer.toString(port), Integer.toString(percent)),
                true,
                "");
    }

    /** Nothing is lost in a warm-up: it would take minutes, of which the compiler had nothing. */
    @Override
    public double[] round(double pace) throws IOException {
        return round(Double.isNaN(pace) ? Names.WARM : Names.LOSSY);
    }

    @Override
    public double[] round() throws IOException {
        return round(Names.LOSSY);
    }

    private double[] round(char letter) throws IOException {
        var names = new Names(letter, rounds++, NAMES);
        long cpu = clock.nanos();
        Answered answered = client.ask(names);
        return new double[]{
                (clock.nanos() - cpu) / NANOS_OF_A_MICRO / NAMES,
                answered.nanos() / NANOS_OF_A_MILLI,
                answered.mostNanos() / NANOS_OF_A_MILLI};
    }

    @Override
    public void close() {
        try (server) {
            client.close();
        }
    }
}
