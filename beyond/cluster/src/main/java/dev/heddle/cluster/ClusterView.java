package dev.heddle.cluster;

import dev.heddle.Action;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Line;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.internal.Piece;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Supervised;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A look into a cluster from outside: who is there, who has what, and its queues of jobs. Who looks is no member; the
 * others do not hear of it.
 *
 * <p>Every call asks the store, and what it gives was true then. Locks and queues are known while some node uses them,
 * of which each tells of its first thousand.
 *
 * <p>Threads: tasks of the loop on which it was opened. Cancellation: a cancelled call has changed nothing.
 */
public final class ClusterView implements AutoCloseable {

    /** Kinds of lines, by the place of their entries. */
    private static final Map<String, String> LINES = Map.of("mutexes", "mutex", "semaphores", "semaphore", "leaders",
            "leader");

    private final ClusterOptions options;
    private final Loop loop = Heddle.currentLoop();
    private final Lease lease;
    private final Node node = new Onlooker();

    private ClusterView(ClusterOptions options) {
        this.options = options;
        this.lease = Lease.open(options.store(), options.session(), options.backoff(), Lease.NOTHING_SEEN);
    }

    /**
     * Opens one, with the cluster, the store and the timeout of the options.
     *
     * @throws StoreUnavailableException if the store cannot be reached
     */
    public static ClusterView open(ClusterOptions options) {
        return new ClusterView(options);
    }

    /** The members by name. */
    public List<Member> members() {
        return entries(Cluster.MEMBERS).stream().flatMap(entry -> Cluster.memberOf(lease, entry).stream())
                .sorted(Comparator.comparing(Member::name)).toList();
    }

    /** What the pools of nodes had to do a few seconds ago, by node; several on one node are added up. */
    public List<NodeLoad> loads() {
        return List.copyOf(entries(LoadEntry.DIRECTORY).stream().map(LoadEntry::decode).flatMap(Optional::stream)
                .collect(Collectors.toMap(
                        NodeLoad::node, load -> load,
                        (a, b) -> new NodeLoad(a.node(), a.bodies() + b.bodies(), a.workers() + b.workers()),
                        TreeMap::new))
                .values());
    }

    /** The mutexes, semaphores and leaderships that nodes use. */
    public List<LockQueueInfo> lines() {
        return pieces().stream().filter(piece -> LINES.containsKey(piece.kind())).map(this::line).toList();
    }

    private LockQueueInfo line(Piece piece) {
        List<String> nodes = Line.nodes(entries(piece.directory()));
        int held = Math.min(piece.places(), nodes.size());
        return new LockQueueInfo(
                LINES.getOrDefault(piece.kind(), piece.kind()), piece.name(), nodes.subList(0, held),
                nodes.subList(held, nodes.size()));
    }

    /** The names of the queues of jobs that nodes use. */
    public List<String> queues() {
        return pieces().stream().filter(piece -> piece.kind().equals("jobs")).map(Piece::name).toList();
    }

    /** A queue of jobs, whether nodes use it or not: to look into it, and to do what a person decides. */
    public Jobs jobs(String name) {
        return new Jobs(node, name, JobsOptions.DEFAULT);
    }

    /** By kind and name, each once. */
    private Collection<Piece> pieces() {
        return entries(Piece.DIRECTORY).stream().map(Piece::decode).flatMap(Optional::stream)
                .collect(Collectors.toMap(Piece::directory, piece -> piece, (first, _) -> first, TreeMap::new))
                .values();
    }

    private List<Entry> entries(String directory) {
        return lease.store().list(directory, ReadConsistency.FRESH).join().entries();
    }

    /** Ends its session with the store. Idempotent. Cancellation: does not heed it. */
    @Override
    public void close() {
        lease.close();
    }

    /** What queues are made with. */
    private final class Onlooker implements Node {

        @Override
        public String cluster() {
            return options.cluster();
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public Lease lease() {
            requireOpen();
            return lease;
        }

        @Override
        public Lease lastLease() {
            return lease();
        }

        @Override
        public String engine() {
            return options.store().getClass().getSimpleName();
        }

        @Override
        public Supervised supervised(String what) {
            return new Supervised(what, options.backoff(), Lease::isOfStore);
        }

        @Override
        public boolean isJoined() {
            return lease.isTrusted();
        }

        @Override
        public void requireOpen() {
            if (lease.over().isDone()) {
                throw new ClosedException("the look into the cluster " + options.cluster() + " is over: "
                        + lease.over().join());
            }
        }

        @Override
        public void serve(String name, Action body) {
            lease.serve(name, body);
        }

        @Override
        public void uses(Piece piece) {
            // It only looks.
        }
    }
}
