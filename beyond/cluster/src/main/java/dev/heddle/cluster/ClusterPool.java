package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.internal.pool.ClusterJob;
import dev.heddle.cluster.internal.pool.Dispatcher;
import dev.heddle.cluster.internal.pool.Peer;
import dev.heddle.cluster.internal.pool.Peers;
import dev.heddle.cluster.internal.pool.Placement;

import dev.heddle.cluster.internal.pool.ProgramHash;
import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Relayed;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import dev.heddle.process.internal.work.RemoteExecutor;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose bodies run in the processes of all nodes of a cluster, this one among them.
 *
 * <pre>{@code
 * try (RemotePool pool = ClusterPool.of(cluster, options)) {                  // else as ProcessPool.of(4)
 *     List<Long> all = pool.map(files, Main::count);
 * }
 * }</pre>
 *
 * <p>A body goes straight to the node that has least to do, by mutual TLS, and runs there in a child process. Deadline,
 * trace and scoped values go along. A cancel or a deadline stops it there, and kills its process if need be, also behind
 * a cut cable: a node stops the bodies that it does, its own too, when its lease ends, before it is counted as gone.
 *
 * <p>While bodies are short, a node gets many before their turn, so that tiny ones cost little. If one takes long, the
 * node gives most of those behind it back, and they are done where there is room.
 *
 * <p>Each body has one of four ends: it is done, it has failed, it is cancelled, or it is <em>lost and may have
 * begun</em>, since its node was lost before it had answered. That is a {@link BodyLostException}; with {@link #retrying}
 * such a body is tried again, and may so have run twice: {@link #attempt} tells it which try it is. A body that has
 * surely not begun goes to another node by itself.
 *
 * <p>All nodes run the same program: a node with another class path or version is refused, see {@link
 * NodeRefusedException}. Closing the pool ends the bodies of other nodes here as well, after a time for those to end.
 *
 * <p>Threads: any task or thread. What the pool does by itself is done by tasks of the loop on which it was made.
 * Cancellation: {@link #call}, {@link #run} and {@link #map} cancel their bodies and wait for their end, or until their
 * node is silent for too long. To test code that uses it, run it in the simulator.
 */
public final class ClusterPool extends RemoteExecutor {

    /**
     * The label of a node that says where it is asked, {@code host:port}: the port of its {@link ClusterPoolOptions}, at
     * a host that its certificate is for. A node without it only asks.
     */
    public static final String ADDRESS = "pool";

    /** Of what all views of a pool share. */
    private static final PartKind<Dispatcher> KIND = PartKind.<Dispatcher>of("cluster pool", ClusterPool::statistics)
            .named(Dispatcher::name)
            .until(dispatcher -> dispatcher.terminated().isSet());

    private final Dispatcher dispatcher;

    /** Of this machine. */
    private final ProcessPool processes;
    private final Placement placement;
    private final int attempts;

    private ClusterPool(
            Dispatcher dispatcher, ProcessPool processes, Marshaller marshaller,
            List<RemoteCallable<? extends ScopedValue<?>>> context) {
        super(marshaller, context, dispatcher.terminated());
        this.dispatcher = dispatcher;
        this.processes = processes;
        this.placement = Placement.ANYWHERE;
        this.attempts = 1;
    }

    /** A view of a pool. */
    private ClusterPool(ClusterPool pool, Placement placement, int attempts) {
        super(pool);
        this.dispatcher = pool.dispatcher;
        this.processes = pool.processes;
        this.placement = placement;
        this.attempts = attempts;
    }

    /**
     * Makes the pool of a node. It does bodies of others from now on, if its address is among its labels: see {@link
     * #ADDRESS}.
     *
     * <p>The pool is closed before the node leaves: then it finishes what it does, and nothing is lost.
     *
     * @throws dev.heddle.net.ListenFailedException if the port is taken
     */
    public static ClusterPool of(Cluster cluster, ClusterPoolOptions options) {
        return of(cluster.name(), cluster.self().name(), new ClusterPeers(cluster), options);
    }

    /** Makes a pool of a node. */
    static ClusterPool of(String cluster, String node, Peers peers, ClusterPoolOptions options) {
        return of(cluster, node, program(), peers, options);
    }

    /**
     * @param classes a hash of the class path
     */
    static ClusterPool of(String cluster, String node, String classes, Peers peers, ClusterPoolOptions options) {
        ProcessPoolOptions processes = options.processes();
        return of(
                new Hello(
                        Hello.VERSION, Hello.OLDEST, cluster, node, classes, processes.workers(), processes.maxBytes()),
                peers,
                options);
    }

    /**
     * @param self how the node introduces itself
     */
    static ClusterPool of(Hello self, Peers peers, ClusterPoolOptions options) {
        ProcessPoolOptions processes = options.processes();
        var network = new Dispatcher.Network() {

            @Override
            public Listener listen() {
                return options.security().listen(options.port());
            }

            @Override
            public ByteStream accept(ByteStream plain) {
                return options.security().accept(plain);
            }

            @Override
            public ByteStream connect(Peer peer) {
                return options.security().connect(peer.host(), peer.port());
            }
        };
        Marshaller marshaller = Marshaller.of(processes.maxBytes(), processes.formats());
        // What comes from others is a value in a body here.
        ProcessPool local = ProcessPool.of(processes.withMaxBytes(self.maxMessageBytes()));
        boolean begun = false;
        try {
            var dispatcher = new Dispatcher(
                    self, network, peers, local, marshaller.codec(), options.maxUnderWay(), options.patience(),
                    options.drain());
            begun = true;
            Parts.add(KIND, dispatcher);
            return new ClusterPool(dispatcher, local, marshaller, processes.context());
        } finally {
            if (!begun) {
                local.shutdown();
            }
        }
    }

    /** The numbers of the pool, as this node knows them. */
    public ClusterPoolStatistics statistics() {
        return statistics(dispatcher);
    }

    private static ClusterPoolStatistics statistics(Dispatcher of) {
        return new Statistics(of.nodes(), of.width(), of.waiting(), of.underWay());
    }

    // ---- views ----

    /**
     * This pool, for bodies that may run again: one whose node, or process, was lost is tried with another one.
     *
     * @param attempts how often it may be tried in all, at least 1
     */
    @Override
    public ClusterPool retrying(int attempts) {
        Checks.atLeast("attempts", attempts, 1);
        return new ClusterPool(this, placement, attempts);
    }

    /** This pool, for bodies that only nodes with a label do; further labels may follow. */
    public ClusterPool on(String label, String value) {
        return new ClusterPool(this, placement.with(label, value), attempts);
    }

    /**
     * This pool, for bodies that one node does as long as it is there: where a key lives. So what a body of a key leaves
     * on its machine, as in a cache, is found by the next one. When nodes come or go, few keys move.
     */
    public ClusterPool near(String key) {
        return new ClusterPool(this, placement.near(key), attempts);
    }

    /** Which try of the body this is that runs here, from 1; 1 outside of bodies of a cluster. */
    public static int attempt() {
        return Relayed.ATTEMPT.orElse(1);
    }

    /** The name of the node whose body runs here; empty outside of bodies of a cluster. */
    public static String node() {
        return Relayed.NODE.orElse("");
    }

    /**
     * What tells this program from others: a hash of its class path. Pools of nodes with another one refuse its bodies.
     * Reads all of the class path, the first time.
     *
     * <p>Cancellation: a cancelled call has no effect.
     */
    public static String program() {
        return Heddle.offload(ProgramHash::ofThis);
    }

    // ---- bodies ----

    @Override
    protected int width() {
        return dispatcher.width();
    }

    @Override
    protected <T> BodyFuture<T> future(Class<?> body, Output work, Function<@Nullable Object, T> result) {
        return new ClusterJob<>(dispatcher, body, work, marshaller, placement, attempts, result);
    }

    @Override
    protected boolean put(BodyFuture<?> future, boolean wait) {
        return dispatcher.put((ClusterJob<?>) future, wait);
    }

    @Override
    protected void putUnbounded(BodyFuture<?> future) {
        dispatcher.putUnbounded((ClusterJob<?>) future);
    }

    @Override
    protected boolean isRoomy() {
        return dispatcher.isRoomy();
    }

    // ---- the end ----

    /** Takes no more bodies; those that were submitted are still run. Idempotent, waits for nothing. */
    @Override
    public void shutdown() {
        dispatcher.shutdown();
    }

    /**
     * Takes no more bodies, gives back those that wait for a node, and has the others end, as a cancel does.
     *
     * @return what was submitted and never began: the futures, which nothing ends but who cancels them
     */
    @Override
    public List<Runnable> shutdownNow() {
        return dispatcher.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return dispatcher.isShutDown();
    }

    @Override
    protected void hurry() {
        var _ = shutdownNow();
    }

    /** Leaves the others: their bodies here have some time to end. */
    @Override
    protected void leave() {
        dispatcher.close();
        processes.close();
    }

    @Override
    public String toString() {
        return "ClusterPool[" + dispatcher + "]";
    }

    /** What the statistics are, at one moment. */
    record Statistics(int nodes, int workers, int waiting, int underWay) implements ClusterPoolStatistics {}
}
