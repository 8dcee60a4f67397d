package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.internal.GroupCommits;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.zookeeper.ZooKeeperStore;
import dev.heddle.io.ByteStream;
import dev.heddle.process.ProcessPool;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * Work and coordination over the nodes of a cluster, all on this machine: processes of their own around one ZooKeeper
 * server.
 */
final class Clustering {

    private static final int NODES = 3;
    private static final int BODIES = Counts.of(6_000, 60_000);

    /** Enough for peers that take milliseconds for each. */
    private static final int PEER_BODIES = 200;

    private static final int BYTES = 100_000_000;

    /** Some seconds of work, until what moves the bytes is compiled in all processes on their way. */
    private static final int BYTES_WARM_UPS = 40;

    /** Until seven JVMs have compiled what they do. */
    private static final int TINY_WARM_UPS = 25;

    private static final int COMMITS = Counts.of(2_000, 10_000);
    private static final int OUTSTANDING = 64;
    private static final int VALUE_BYTES = 100;
    private static final int HAND_OVERS = Counts.of(50, 200);

    private static final double FOUR_FIFTHS = 1.25;
    private static final double SEVEN_TENTHS = 1 / 0.7;
    private static final double NINE_TENTHS = 1 / 0.9;
    private static final double TWO_ROUND_TRIPS = 2;
    private static final double JOIN_MILLIS = 3000;
    private static final double LOCAL_MILLIS = 50;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * Until the other one waits surely. Threads and processors that have slept so long are slower to answer: so what is
     * held against it sleeps as long.
     */
    private static final Duration PATIENCE = Duration.ofMillis(30);

    private Clustering() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "cluster-tiny",
                        "Many bodies that add one to a number, submitted one by one to three worker processes, and all results awaited",
                        TINY_WARM_UPS,
                        11,
                        List.of(new Measure("time of a body", "ns", Target.atMostTimesFloor(FOUR_FIFTHS))),
                        List.of(
                                Side.peer("one node's process pool", ProcessesOfOne::new),
                                Side.peer("bare ways to three children", () -> new BareRelay(BODIES, NODES, 0)),
                                Side.peer("bare ways, two through a relay", () -> new BareRelay(BODIES, 1, NODES - 1)),
                                Python.cluster("dask", "distributed", PEER_BODIES),
                                Python.cluster("celery", "celery", PEER_BODIES)
                                        .needing(Python.need("redis"))
                                        .needing(Need.program("redis-server")),
                                Side.ours("Heddle, three nodes", ThreeNodes::new))),
                new Benchmark(
                        "cluster-bytes",
                        "An array of 100 MB goes to another process over mutual TLS on the loopback, which answers shortly",
                        BYTES_WARM_UPS,
                        11,
                        List.of(new Measure("time until the answer", "ms", Target.atMostTimesFloor(SEVEN_TENTHS))),
                        List.of(
                                Side.peer("a bare TLS stream", BareStream::new),
                                Side.peer("a bare TLS stream, passed on to a child", BareWay::new),
                                Side.ours("a body on another node", BytesToANode::new))),
                new Benchmark(
                        "cluster-commits",
                        "Values of 100 bytes are set, 64 at a time, on one ZooKeeper server",
                        3,
                        11,
                        List.of(new Measure("time of a commit", "ns", Target.atMostTimesFloor(NINE_TENTHS))),
                        List.of(
                                Side.peer("ZooKeeper's client", RawCommits::new),
                                Side.ours("a node's group commits", NodeCommits::new))),
                new Benchmark(
                        "cluster-handover",
                        "A mutex goes from a node to another one that waits for it, on one ZooKeeper server; before each hand-over, and each commit, nothing happens for a while",
                        2,
                        11,
                        List.of(new Measure("time of a hand-over", "us", Target.atMostTimesFloor(TWO_ROUND_TRIPS))),
                        List.of(
                                Side.peer("one commit of ZooKeeper's client", RawRoundTrips::new),
                                Side.ours("Heddle's mutex", HandOvers::new))),
                new Benchmark(
                        "cluster-join",
                        "A node joins a cluster on one ZooKeeper server, and leaves",
                        2,
                        11,
                        List.of(new Measure("time until it has joined", "ms", Target.atMost(JOIN_MILLIS))),
                        List.of(
                                Side.peer("ZooKeeper's client, and an entry", RawJoins::new),
                                Side.ours("Heddle", Joins::new))),
                new Benchmark(
                        "cluster-local",
                        "A cluster of one node in memory is made",
                        2,
                        11,
                        List.of(new Measure("time until it is there", "ms", Target.atMost(LOCAL_MILLIS))),
                        List.of(
                                Side.peer("a ZooKeeper server, and its client", () -> Clustering::serverOfOne),
                                Side.ours("Heddle", () -> Clustering::local))));
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a result is wrong");
        }
    }

    // ---- bodies ----

    private static final class ProcessesOfOne implements Workload {

        private final ProcessPool pool = ProcessPool.of(ClusterNode.lasting(NODES));

        @Override
        public double[] round() throws Exception {
            return Delegating.tiny(pool, BODIES);
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** This process as the first node, and others around it. */
    private static final class ThreeNodes implements Workload {

        private final ServerProcess zooKeeper = zooKeeper();
        private final List<ServerProcess> others = new ArrayList<>();
        private final ClusterNode node = new ClusterNode(zooKeeper.port(), "node-1");

        ThreeNodes() {
            for (int i = 2; i <= NODES; i++) {
                others.add(node(zooKeeper, "node-" + i));
            }
        }

        @Override
        public double[] round() throws Exception {
            return Delegating.tiny(node.pool(), BODIES);
        }

        @Override
        public void close() {
            node.close();
            others.forEach(ServerProcess::close);
            zooKeeper.close();
        }
    }

    private static final class BytesToANode implements Workload {

        private final ServerProcess zooKeeper = zooKeeper();
        private final ServerProcess other = node(zooKeeper, "node-2");
        private final ClusterNode node = new ClusterNode(zooKeeper.port(), "node-1");
        private final byte[] much = new byte[BYTES];

        @Override
        public double[] round() {
            ClusterPool there = node.pool().on("name", "node-2");
            byte[] sent = much;
            long start = System.nanoTime();
            int length = there.call(() -> sent.length);
            double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            check(length == BYTES);
            return new double[]{millis};
        }

        @Override
        public void close() {
            node.close();
            other.close();
            zooKeeper.close();
        }
    }

    /** The same bytes over the same transport. */
    private abstract static class BareBytes implements Workload {

        private final ServerProcess server;
        private final byte[] much = new byte[BYTES];

        BareBytes(Class<?> program) {
            server = ServerProcess.start(
                    "server", Peer.java(List.of(), program, Integer.toString(BYTES)), false, "");
        }

        /** Has the connection made. */
        abstract void begin(ByteStream stream);

        @Override
        public double[] round() {
            double[] millis = new double[1];
            Heddle.run(() -> {
                try (ByteStream stream = ClusterNode.connect(server.port())) {
                    begin(stream);
                    long start = System.nanoTime();
                    stream.write(much);
                    stream.readExactly(1);
                    millis[0] = (System.nanoTime() - start) / NANOS_PER_MILLI;
                }
            });
            return millis;
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** Nothing is done with them. */
    private static final class BareStream extends BareBytes {

        BareStream() {
            super(TlsSinkMain.class);
        }

        @Override
        void begin(ByteStream stream) {
            stream.write(new byte[1]);
            stream.readExactly(1);
        }
    }

    /** They go on to a child, as bodies do, which has them in an array. */
    private static final class BareWay extends BareBytes {

        BareWay() {
            super(RelayMain.class);
        }

        @Override
        void begin(ByteStream stream) {}
    }

    // ---- the store ----

    private static ServerProcess zooKeeper() {
        return ServerProcess.start("ZooKeeper", Peer.java(List.of(), ZooKeeperMain.class), false, "");
    }

    private static ServerProcess node(ServerProcess zooKeeper, String name) {
        return ServerProcess.start(
                name, Peer.java(List.of(), ClusterNode.class, Integer.toString(zooKeeper.port()), name), false, "");
    }

    /** ZooKeeper's own client, with entries to set. */
    private abstract static class Raw implements Workload {

        private final ServerProcess server = zooKeeper();
        final ZooKeeper client;

        Raw() {
            try {
                client = new ZooKeeper("127.0.0.1:" + server.port(), 10_000, _ -> {});
                for (int i = 0; i < OUTSTANDING; i++) {
                    client.create(path(i), new byte[VALUE_BYTES], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                }
            } catch (IOException | KeeperException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        static String path(int number) {
            return "/entry-" + number;
        }

        @Override
        public void close() {
            try {
                client.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            server.close();
        }
    }

    private static final class RawCommits extends Raw {

        @Override
        public double[] round() throws InterruptedException {
            var room = new Semaphore(OUTSTANDING);
            var failed = new AtomicInteger();
            long start = System.nanoTime();
            for (int i = 0; i < COMMITS; i++) {
                room.acquire();
                client.setData(path(i % OUTSTANDING), new byte[VALUE_BYTES], -1, (code, _, _, _) -> {
                    failed.addAndGet(code == 0 ? 0 : 1);
                    room.release();
                }, null);
            }
            room.acquire(OUTSTANDING);
            check(failed.get() == 0);
            return new double[]{(double) (System.nanoTime() - start) / COMMITS};
        }
    }

    /** What a node's maps, counters and queues commit by: each with a known outcome, several of them on one way. */
    private static final class NodeCommits implements Workload {

        private final ServerProcess server = zooKeeper();
        private final Event end = Event.create();
        private final Promise<Lease> lease = new Promise<>();
        private final Thread thread = Thread.ofPlatform().start(() -> {
            try {
                Heddle.run(this::live);
            } catch (Throwable e) {
                lease.tryFail(e);
            }
        });

        private void live() {
            StoreEngine engine = ZooKeeperStore.connect("127.0.0.1:" + server.port());
            try (Lease opened = Lease.open(engine, SessionOptions.of("bench"),
                    ClusterOptions.of("bench", engine).backoff(), Lease.NOTHING_SEEN)) {
                for (int i = 0; i < OUTSTANDING; i++) {
                    opened.commits().commit(List.of(new Op.Create(key(i), value(), Lifetime.DURABLE)));
                }
                lease.complete(opened);
                end.await();
            }
        }

        private static Key key(int number) {
            return new Key("entries", "entry-" + number);
        }

        private static Bytes value() {
            return Bytes.of(new byte[VALUE_BYTES]);
        }

        @Override
        public double[] round() throws InterruptedException {
            GroupCommits commits = lease.join().groupCommits();
            var room = new Semaphore(OUTSTANDING);
            var failed = new AtomicInteger();
            long start = System.nanoTime();
            for (int i = 0; i < COMMITS; i++) {
                room.acquire();
                Op set = new Op.Set(key(i % OUTSTANDING), value(), Op.ANY_VERSION);
                var _ = commits.start(List.of(set)).toCompletableFuture().whenComplete((outcome, _) -> {
                    failed.addAndGet(outcome instanceof CommitOutcome.Committed ? 0 : 1);
                    room.release();
                });
            }
            room.acquire(OUTSTANDING);
            check(failed.get() == 0);
            return new double[]{(double) (System.nanoTime() - start) / COMMITS};
        }

        @Override
        public void close() {
            end.set();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            server.close();
        }
    }

    private static final class RawRoundTrips extends Raw {

        @Override
        public double[] round() throws KeeperException, InterruptedException {
            long total = 0;
            for (int i = 0; i < HAND_OVERS; i++) {
                Thread.sleep(PATIENCE);
                long start = System.nanoTime();
                client.setData(path(0), new byte[VALUE_BYTES], -1);
                total += System.nanoTime() - start;
            }
            return new double[]{total / NANOS_PER_MICRO / HAND_OVERS};
        }
    }

    /** Two nodes in this process, with a session each. */
    private static final class HandOvers implements Workload {

        private final ServerProcess server = zooKeeper();
        private long total;
        private int count;

        /** When the last one gave it up while the other one waited. */
        private long released;

        @Override
        public double[] round() {
            double[] micros = new double[1];
            Heddle.run(() -> {
                try (Cluster one = join(server, "one"); Cluster other = join(server, "other")) {
                    Heddle.group(group -> {
                        group.spawn(() -> take(one.mutex("bench")));
                        group.spawn(() -> take(other.mutex("bench")));
                    });
                    micros[0] = (double) total / NANOS_PER_MICRO / count;
                }
            });
            total = 0;
            count = 0;
            released = 0;
            return micros;
        }

        /** Takes it again and again, and gives it up when the other one waits for it. */
        private void take(ClusterMutex mutex) {
            for (int i = 0; i < HAND_OVERS / 2; i++) {
                mutex.acquire();
                if (released != 0) {
                    total += System.nanoTime() - released;
                    count++;
                }
                Heddle.sleep(PATIENCE);
                released = i == HAND_OVERS / 2 - 1 ? 0 : System.nanoTime();
                mutex.release();
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static Cluster join(ServerProcess server, String name) {
        return Cluster.join(ClusterOptions.of("bench", ZooKeeperStore.connect("127.0.0.1:" + server.port()))
                .withNode(name));
    }

    private static final class Joins implements Workload {

        private final ServerProcess server = zooKeeper();
        private int nodes;

        @Override
        public double[] round() {
            double[] millis = new double[1];
            Heddle.run(() -> {
                long start = System.nanoTime();
                try (Cluster joined = join(server, "node-" + ++nodes)) {
                    check(joined.isJoined());
                    millis[0] = (System.nanoTime() - start) / NANOS_PER_MILLI;
                }
            });
            return millis;
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** ZooKeeper's own client: a session, and an entry that is there as long as it is. */
    private static final class RawJoins implements Workload {

        private final ServerProcess server = zooKeeper();

        @Override
        public double[] round() throws IOException, KeeperException, InterruptedException {
            return new double[]{rawJoin(server, System.nanoTime())};
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static double rawJoin(ServerProcess server, long start)
            throws IOException, KeeperException, InterruptedException {
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + server.port(), 10_000, _ -> {});
        try {
            client.create("/member", new byte[VALUE_BYTES], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            return (System.nanoTime() - start) / NANOS_PER_MILLI;
        } finally {
            client.close();
        }
    }

    /** What a cluster on this machine takes without one in memory. */
    private static double[] serverOfOne() throws IOException, KeeperException, InterruptedException {
        long start = System.nanoTime();
        try (ServerProcess server = zooKeeper()) {
            return new double[]{rawJoin(server, start)};
        }
    }

    private static double[] local() {
        double[] millis = new double[1];
        Heddle.run(() -> {
            long start = System.nanoTime();
            try (Cluster made = Cluster.local()) {
                check(made.isJoined());
                millis[0] = (System.nanoTime() - start) / NANOS_PER_MILLI;
            }
        });
        return millis;
    }
}
