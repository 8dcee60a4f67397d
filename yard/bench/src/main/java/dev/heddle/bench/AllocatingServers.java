package dev.heddle.bench;

import java.util.List;
import java.util.function.LongSupplier;

/** The benchmarks of how much of its heap a server takes for a message or a request, its connections not counted. */
final class AllocatingServers implements Workload {

    private static final int CONNECTIONS = 64;
    private static final int BYTES = 64;
    private static final double SHORT = Counts.isQuick() ? 0.2 : 0.3;
    private static final double LONG = Counts.isQuick() ? 0.5 : 1;

    /** The same library twice. */
    private record Servers(EchoServer echo, SiteServer site) {}

    private static final List<Servers> SERVERS = List.of(
            new Servers(EchoServer.NETTY_EPOLL, SiteServer.NETTY_EPOLL),
            new Servers(EchoServer.NETTY_IO_URING, SiteServer.NETTY_IO_URING),
            new Servers(EchoServer.HEDDLE_NIO, SiteServer.HEDDLE_NIO),
            new Servers(EchoServer.HEDDLE_EPOLL, SiteServer.HEDDLE_EPOLL),
            new Servers(EchoServer.HEDDLE_IO_URING, SiteServer.HEDDLE_IO_URING));

    private interface Loading {

        Load run(Load.Plan plan) throws Exception;
    }

    private final EchoProcess echo;
    private final SiteProcess site;

    private AllocatingServers(Servers servers) {
        echo = EchoProcess.start(servers.echo());
        site = SiteProcess.start(servers.site(), SiteMode.PLAIN);
    }

    static Benchmark benchmark() {
        return new Benchmark(
                "allocation-net",
                "What a message and a request take of the server's heap, over 64 connections, which are not counted",
                3,
                Counts.rounds(3),
                List.of(
                        new Measure("a message of 64 bytes, echoed", "bytes"),
                        new Measure("a request for a page of 13 bytes", "bytes")),
                SERVERS.stream().map(AllocatingServers::side).toList());
    }

    private static Side side(Servers servers) {
        Side side = EchoServer.sides(List.of(servers.echo()), _ -> new AllocatingServers(servers)).getFirst();
        for (Need need : SiteServer.sides(List.of(servers.site()), SiteMode.PLAIN, _ -> () -> new double[0])
                .getFirst().needs()) {
            side = side.needing(need);
        }
        return side;
    }

    @Override
    public double[] round() throws Exception {
        return new double[]{
                bytes(plan -> Load.run(echo, plan), echo::allocatedBytes),
                bytes(plan -> Load.run(site, Site.TEXT_PATH, plan), site::allocatedBytes)
        };
    }

    /** What connecting takes falls out of the difference of a long load and a short one. */
    private static double bytes(Loading loading, LongSupplier allocated) throws Exception {
        long start = allocated.getAsLong();
        long few = loading.run(new Load.Plan(CONNECTIONS, BYTES, SHORT)).answers();
        long middle = allocated.getAsLong();
        long many = loading.run(new Load.Plan(CONNECTIONS, BYTES, LONG)).answers();
        long end = allocated.getAsLong();
        if (many <= few) {
            // On a machine that is busy with something else.
            return CANNOT;
        }
        return Math.max(0, (double) ((end - middle) - (middle - start)) / (many - few));
    }

    @Override
    public void close() {
        echo.close();
        site.close();
    }
}
