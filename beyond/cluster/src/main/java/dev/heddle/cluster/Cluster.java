package dev.heddle.cluster;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Facts;
import dev.heddle.cluster.internal.ImmutableTree;
import dev.heddle.cluster.internal.Instances;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.internal.Piece;
import dev.heddle.cluster.internal.PieceRegistry;
import dev.heddle.cluster.internal.StoreRestoredException;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.ReportLog;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartDetail.Holder;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Subscription;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The membership of this program in a cluster, as a node: who else is there, and the way to everything that they share.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", ZooKeeperStore.connect("zk1:2181")))) {
 *     cluster.members().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>What a node owns, a lock or its place among the members, it owns under a lease that its session with the store
 * renews. When the store has not answered for two thirds of the session's timeout, the node gives up its lease by
 * itself, before the others may take over, and joins again, as a new member, as soon as the store answers:
 *
 * <pre>
 *   joining ──▶ JOINED ── no answer for too long, or the store took the session ──▶ APART ── joins again ──▶ JOINED
 *                 └── close ──▶ LEFT ◀── close ──────────────────────────────────────┘
 * </pre>
 *
 * <p>Threads: any task of any loop, and platform threads. What the node does by itself is done by tasks of the loop on
 * which it has joined; when that loop ends, the node leaves.
 */
public final class Cluster implements AutoCloseable {

    static final String MEMBERS = "members";

    private static final BoundedLog LOG = new BoundedLog(new ReportLog("dev.heddle.cluster", Cluster.class));

    /** How often a node that was never joined tries, where its sessions end meanwhile. */
    private static final int MAX_FIRST_JOINS = 5;

    /**
     * Timeouts that a name is waited for: a predecessor's session may begin anew when the leader of the store changes.
     */
    private static final int TIMEOUTS_FOR_NAME = 3;

    /** How often in a timeout it is looked whether the store is heard. */
    private static final int LOOKS_FOR_NAME = 2;

    private static final PartKind<Cluster> KIND = PartKind.<Cluster, ClusterStatistics>of(
            "cluster", Cluster::statistics, (cluster, now) -> now.isJoined() ? Double.NaN : 1)
            .named(cluster -> cluster.name() + " as " + cluster.self().name())
            .onLoop(cluster -> cluster.loop)
            .detailed(Cluster::detail)
            .until(cluster -> cluster.life.isDone());

    private final ClusterOptions options;
    private final Loop loop;
    private final Broadcast<MemberEvent> events = Broadcast.create();

    /** This node under its lease; open while it is apart. */
    private final AtomicReference<Promise<Joined>> joined = new AtomicReference<>(new Promise<>());

    /** The highest that this node has seen of the store, under all its leases; of the task that joins. */
    private Token newest = Lease.NOTHING_SEEN;

    /** How often the store was heard while this node has waited for its name; 0 if it does not. Of the same task. */
    private int heardForName;

    private volatile ImmutableTree<Member> members = ImmutableTree.empty();
    private volatile Member self;
    private volatile Lease lastLease;
    private final Task<Void> life;

    /** What tasks of the loop do for pieces of the cluster; they end when the node leaves. */
    private final Set<Task<Void>> services = new ConcurrentSkipListSet<>(Comparator.comparingLong(Task::id));

    private final PieceRegistry pieces = new PieceRegistry();
    private final Node node = new ThisNode();
    private final Instances<ClusterMutex> mutexes = new Instances<>();
    private final Instances<ClusterSemaphore> semaphores = new Instances<>();
    private final Instances<ClusterLeader> leaders = new Instances<>();
    private final Instances<ClusterCounter> counters = new Instances<>();
    private final Instances<ClusterBarrier> barriers = new Instances<>();
    private final Instances<Jobs> jobs = new Instances<>();
    private final Instances<ClusterMap> maps = new Instances<>();
    private final Instances<ClusterTopic> topics = new Instances<>();
    private final Instances<ClusterRateLimiter> limiters = new Instances<>();

    private Cluster(ClusterOptions options) {
        this.options = options;
        this.loop = Heddle.currentLoop();
        Joined first = joinFirst();
        this.self = first.self();
        this.lastLease = first.lease();
        show(first);
        this.life = loop.spawn("a node of the cluster " + options.cluster(), () -> live(first));
        Parts.add(KIND, this);
    }

    /** A lease and this node under it. */
    private record Joined(Lease lease, Member self) {}

    /**
     * Joins a cluster, and waits until the others can see this node, and it sees them: {@link #members()} has all.
     *
     * <p>Cancellation: a cancelled call has not joined.
     *
     * @throws StoreUnavailableException if the store cannot be reached, or has ended one session after another
     *     meanwhile
     * @throws NodeNameTakenException if a node of this name is there, and still is after three of the session's
     *     timeouts in which the store has answered
     */
    public static Cluster join(ClusterOptions options) {
        return new Cluster(options);
    }

    /** A cluster of this node alone, in the memory of this JVM, at once: for tests and laptops. */
    public static Cluster local() {
        return join(ClusterOptions.local());
    }

    /**
     * A cluster in a file of SQLite, which is made if it is not there: of all processes of this machine that name it.
     * What is durable, such as {@linkplain Jobs jobs}, is there after a crash and a loss of power.
     *
     * <p>Cancellation: a cancelled call has not joined.
     *
     * @param file in a directory that is there, on a disk of this machine
     * @throws IllegalStateException if the artifact {@code heddle-cluster-sqlite} is not on the path
     * @throws StoreUnavailableException if the file cannot be opened, and why
     */
    public static Cluster local(Path file) {
        StoreEngine store = StoreAddress.of("sqlite:" + file.toAbsolutePath()).connect();
        return join(ClusterOptions.of("local", store));
    }

    /** The name of the cluster. */
    public String name() {
        return options.cluster();
    }

    /** This node as the others see it; while it is apart, as they saw it last. */
    public Member self() {
        return self;
    }

    /** The members by name, as this node has last heard; itself among them, but while it is apart. */
    public List<Member> members() {
        return List.copyOf(members.values());
    }

    /**
     * Tells of members that come and go from now on. While this node is apart from the others it hears nothing; then it
     * is told what has changed. Close it when it is no longer needed.
     *
     * @param capacity how many events may wait to be received; then the subscription is ended
     */
    public Subscription<MemberEvent> memberEvents(int capacity) {
        return events.subscribe(capacity, Overflow.DISCONNECT);
    }

    /** Whether the node is joined, and may believe in what it owns. */
    public boolean isJoined() {
        Promise<Joined> now = joined.get();
        return now.isDone() && now.failure().isEmpty() && now.join().lease().isTrusted();
    }

    /** The numbers of the node. */
    public ClusterStatistics statistics() {
        return new Statistics(members.size(), isJoined());
    }

    /** The members are those who have it. */
    private PartDetail detail() {
        return new PartDetail(members.keySet().stream().limit(PartDetail.MAX_HOLDERS)
                .map(name -> new Holder("node " + name, 0, -1, null)).toList(), -1);
    }

    /**
     * Leaves: gives up what this node owns, so that the others see it at once, and waits for that. Does nothing if it
     * has left.
     *
     * <p>Cancellation: does not heed it.
     */
    @Override
    public void close() {
        life.cancel("the node leaves the cluster");
        Heddle.shield(() -> {
            life.awaitOutcome();
            for (Task<Void> service : services) {
                service.awaitOutcome();
            }
        });
    }

    /**
     * The mutex of a name, over the cluster.
     *
     * @param name any text that {@link Names} can write
     */
    public ClusterMutex mutex(String name) {
        return mutexes.get(name, () -> new ClusterMutex(node, name));
    }

    /** A queue of jobs, see {@link #jobs(String, JobsOptions)}. */
    public Jobs jobs(String name) {
        return jobs(name, JobsOptions.DEFAULT);
    }

    /** A queue of jobs that all nodes share. Does not wait; give it the same options everywhere. */
    public Jobs jobs(String name, JobsOptions options) {
        return jobs.get(List.of(name, options), () -> new Jobs(node, name, options));
    }

    /**
     * The semaphore of a name, over the cluster.
     *
     * @param name any text that {@link Names} can write
     * @param permits how many may be in at the same time, at least 1; as {@linkplain ClusterSemaphore all nodes say}
     * @throws IllegalArgumentException if this node has used the name with another number
     */
    public ClusterSemaphore semaphore(String name, int permits) {
        ClusterSemaphore semaphore = semaphores.get(name, () -> new ClusterSemaphore(node, name, permits));
        if (semaphore.statistics().permits() != permits) {
            throw new IllegalArgumentException(semaphore + " has another number of permits than " + permits);
        }
        return semaphore;
    }

    /**
     * The leadership of a name, over the cluster.
     *
     * @param name any text that {@link Names} can write
     */
    public ClusterLeader leader(String name) {
        return leaders.get(name, () -> new ClusterLeader(node, name));
    }

    /**
     * The counter of a name, over the cluster; it begins with 0 and stays when all have left.
     *
     * @param name any text that {@link Names} can write
     */
    public ClusterCounter counter(String name) {
        return counters.get(name, () -> new ClusterCounter(node, name));
    }

    /**
     * The barrier of a name, over the cluster; it stays when all have left.
     *
     * @param name any text that {@link Names} can write
     * @param parties how many wait for each other, at most {@value ClusterBarrier#MAX_PARTIES}; those that wait for each
     *     other say the same number
     */
    public ClusterBarrier barrier(String name, int parties) {
        return barriers.get(List.of(name, parties), () -> new ClusterBarrier(node, name, parties));
    }

    /**
     * The limiter of a name, over the cluster, for how often something begins.
     *
     * @param name any text that {@link Names} can write
     * @param perSecond how many turns there are in a second, above 0 and at most
     *     {@value ClusterRateLimiter#MAX_RATE_FOR_BURST} times the burst; as {@linkplain
     *     ClusterRateLimiter all nodes say}
     * @param burst how many may be taken at once, at least 1; as the rate
     * @throws IllegalArgumentException if this node has used the name with another limit
     */
    public ClusterRateLimiter limiter(String name, double perSecond, int burst) {
        ClusterRateLimiter limiter = limiters.get(name, () -> new ClusterRateLimiter(node, name, perSecond, burst));
        if (!limiter.isOf(perSecond, burst)) {
            throw new IllegalArgumentException(limiter + " has another limit than " + perSecond + " and " + burst);
        }
        return limiter;
    }

    /**
     * The map of a name, over the cluster; it stays when all have left.
     *
     * @param name any text that {@link Names} can write
     * @param capacity how many entries it may have, at most {@value ClusterMap#MAX_CAPACITY}; each node adds as far as
     *     its own capacity goes
     */
    public ClusterMap map(String name, int capacity) {
        return maps.get(List.of(name, capacity), () -> new ClusterMap(node, name, capacity));
    }

    /**
     * The topic of a name, over the cluster; its last messages stay when all have left.
     *
     * @param name any text that {@link Names} can write
     * @param capacity how many messages it keeps, at most {@value ClusterTopic#MAX_CAPACITY}; what a node publishes takes
     *     away what is beyond its own capacity
     */
    public ClusterTopic topic(String name, int capacity) {
        return topics.get(List.of(name, capacity), () -> new ClusterTopic(node, name, capacity));
    }

    /**
     * The lease of now; waits for the next one while the node is apart.
     *
     * @throws ClosedException if the node has left
     */
    Lease lease() {
        while (true) {
            Promise<Joined> now = joined.get();
            Lease lease = now.join().lease();
            if (!lease.over().isDone()) {
                return lease;
            }
            joined.compareAndSet(now, new Promise<>()); // whoever was to do it has not yet
        }
    }

    /** What the pieces are made with. */
    private final class ThisNode implements Node {

        @Override
        public String cluster() {
            return options.cluster();
        }

        @Override
        public String name() {
            return self.name();
        }

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public Lease lease() {
            return Cluster.this.lease();
        }

        @Override
        public Lease lastLease() {
            requireOpen();
            return lastLease;
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
            return Cluster.this.isJoined();
        }

        @Override
        public void requireOpen() {
            if (hasLeft()) {
                throw new ClosedException("the node has left the cluster " + options.cluster());
            }
        }

        @Override
        public void serve(String name, Action body) {
            var supervised = supervised(name);
            Task<Void> service = loop.spawn(name, () -> supervised.run(body, Cluster.this::hasLeft));
            services.add(service);
            service.onDone(services::remove);
        }

        @Override
        public void uses(Piece piece) {
            pieces.add(piece);
        }
    }

    private boolean hasLeft() {
        return joined.get().failure().isPresent() || loop.isClosed();
    }

    private void live(Joined first) {
        Joined now = first;
        Supervised joining = node.supervised("joining the cluster " + options.cluster());
        try {
            while (true) {
                long since = loop.nanoTime();
                try (Lease lease = now.lease()) {
                    lease.serve("what a node uses", () -> pieces.tell(lease));
                    String why = lease.over().join();
                    since = loop.nanoTime(); // the store may be away until long after
                    LOG.log(Level.WARNING, title() + " is apart from the others, and gives up what it owns: " + why,
                            null);
                } catch (CancelledException e) {
                    throw e;
                } catch (RuntimeException | Error e) {
                    joining.failed("the end of a lease of the cluster " + options.cluster(), e);
                }
                saw(now.lease());
                now = joinAgain(joining);
                self = now.self();
                lastLease = now.lease();
                show(now);
                LOG.log(Level.WARNING, title() + " is with the others again, after "
                        + Durations.words(Duration.ofNanos(loop.nanoTime() - since)), null);
            }
        } finally {
            Promise<Joined> never = new Promise<>();
            never.fail(new ClosedException("the node has left the cluster " + options.cluster()));
            joined.getAndSet(never).tryFail(never.failure().orElseThrow());
            events.close();
        }
    }

    private String title() {
        return "node " + self.name() + " of the cluster " + options.cluster();
    }

    /** Follows the members under the lease, and gives it to who asks for one, until it is over. */
    private void show(Joined now) {
        DirectoryView view = now.lease().view(MEMBERS);
        var seen = new MembersSeen(now.lease());
        view.onPicture(seen);
        view.picture().ifPresent(seen);
        Promise<Joined> promise = joined.updateAndGet(old -> old.isDone() ? new Promise<>() : old);
        promise.complete(now);
        var _ = now.lease().over().toCompletableFuture()
                .thenAccept(_ -> joined.compareAndSet(promise, new Promise<>()));
    }

    /**
     * Nothing of the user's has begun yet: where a session ends meanwhile, of a busy machine for example, the next may
     * not. A node that waits for its predecessor's end waits for a store that is silent meanwhile, too.
     */
    private Joined joinFirst() {
        for (int tries = 1;; tries++) {
            try {
                return join();
            } catch (StoreUnavailableException e) {
                if (heardForName == 0) {
                    throw e;
                }
                Heddle.sleep(options.backoff().delay(tries));
            } catch (SessionLostException | OutcomeUnknownException e) {
                if (heardForName == 0 && tries >= MAX_FIRST_JOINS) {
                    throw new StoreUnavailableException("the session with the store has ended " + tries
                            + " times before the node had joined, the last time: " + e.getMessage(), e);
                }
                Heddle.sleep(options.backoff().delay(tries));
            }
        }
    }

    private Joined joinAgain(Supervised joining) {
        for (int tries = 1;; tries++) {
            try {
                return join();
            } catch (StoreRestoredException e) {
                refuse(e);
                Heddle.sleep(options.backoff().delay(tries));
            } catch (StoreUnavailableException
                    | SessionLostException
                    | OutcomeUnknownException
                    | NodeNameTakenException _) {
                Heddle.sleep(options.backoff().delay(tries));
            } catch (RuntimeException | Error e) {
                Heddle.sleep(joining.failed(e));
            }
        }
    }

    /** Joins under a new lease, and waits until this node is among the members that it sees. */
    private Joined join() {
        Lease lease = Lease.open(options.store(), options.session(), options.backoff(), newest);
        boolean done = false;
        try {
            Joined now = new Joined(lease, enter(lease));
            String entry = Names.encode(now.self().name());
            lease.view(MEMBERS).await(picture -> picture.entries().containsKey(entry));
            done = true;
            return now;
        } finally {
            if (!done) {
                lease.close();
                saw(lease);
            }
        }
    }

    /** Stays away from a store that has gone back until it is begun anew: by and by it would reach where it was. */
    private void refuse(StoreRestoredException restored) {
        if (newest.order() < Long.MAX_VALUE) {
            newest = new Token(newest.incarnation(), Long.MAX_VALUE);
            FailureHandler.LOG.failed("the node stays apart from its cluster", restored);
        }
    }

    private void saw(Lease lease) {
        Token last = lease.newest();
        newest = last.compareTo(newest) > 0 ? last : newest;
    }

    /** Makes the entry of this node; waits for one that a predecessor of the same name has left, until it expires. */
    private Member enter(Lease lease) {
        String name = options.node().isEmpty() ? "node-" + lease.uniqueName() : options.node();
        Key key = new Key(MEMBERS, Names.encode(name));
        List<Op> create = List.of(new Op.Create(key, Facts.encode(options.labels()), Lifetime.EPHEMERAL));
        CommitOutcome outcome = lease.commits().commit(create);
        if (outcome instanceof CommitOutcome.Refused) {
            outcome = enterAfter(lease, key, create)
                    .orElseThrow(() -> new NodeNameTakenException(name, options.cluster()));
        }
        long stamp = ((CommitOutcome.Committed) outcome).stamp();
        return new Member(name, lease.token(stamp), options.labels());
    }

    /**
     * Enters when the entry of the predecessor is gone; empty if it is still there when the store has been heard for so
     * long, under this lease and those before: while the store is silent it lets nobody's session expire.
     */
    private Optional<CommitOutcome> enterAfter(Lease lease, Key key, List<Op> create) {
        Duration timeout = lease.store().session().timeout();
        Duration look = timeout.dividedBy(LOOKS_FOR_NAME);
        for (heardForName = Math.max(1, heardForName); heardForName <= TIMEOUTS_FOR_NAME * LOOKS_FOR_NAME;) {
            long begin = lease.loop().nanoTime();
            boolean free = Heddle.moveOnAfter(look, () -> lease.view(MEMBERS)
                    .await(picture -> !picture.entries().containsKey(key.name()))).isPresent();
            if (free && lease.commits().commit(create) instanceof CommitOutcome.Committed entered) {
                heardForName = 0;
                return Optional.of(entered);
            }
            if (lease.over().isDone()) {
                throw new SessionLostException(lease.over().join());
            }
            heardForName += lease.store().heardAt() - begin >= 0 ? 1 : 0;
        }
        heardForName = 0;
        return Optional.empty();
    }

    /** What a node sees of the members under one lease; on its loop. */
    private final class MembersSeen implements Consumer<Picture> {

        private final Lease lease;
        private @Nullable Picture last;

        private MembersSeen(Lease lease) {
            this.lease = lease;
        }

        /** Tells what is new. */
        @Override
        public void accept(Picture picture) {
            ImmutableTree<Member> old = members;
            ImmutableTree<Member> now = take(picture, old);
            members = now;
            List<Member> gone = new ArrayList<>();
            List<Member> up = new ArrayList<>();
            now.changesSince(old, gone::add, up::add);
            up.forEach(member -> {
                Member before = old.get(member.name());
                if (before != null) {
                    gone.add(before);
                }
            });
            gone.stream().sorted(Comparator.comparing(Member::name))
                    .forEach(member -> events.send(new MemberEvent.Gone(member)));
            up.stream().sorted(Comparator.comparing(Member::token))
                    .forEach(member -> events.send(new MemberEvent.Up(member)));
        }

        private ImmutableTree<Member> take(Picture picture, ImmutableTree<Member> old) {
            Picture before = last;
            last = picture;
            List<Entry> gone = new ArrayList<>();
            List<Entry> others = new ArrayList<>();
            picture.entries()
                    .changesSince(before == null ? ImmutableTree.empty() : before.entries(), gone::add, others::add);
            ImmutableTree<Member> now = before == null ? ImmutableTree.empty() : old;
            for (Entry entry : gone) {
                now = now.without(Names.decode(entry.key().name()));
            }
            for (Entry entry : others) {
                Optional<Member> member = memberOf(lease, entry);
                if (member.isEmpty()) {
                    lease.skip(entry.key());
                    continue;
                }
                String name = member.get().name();
                Member known = old.get(name);
                // What a node says of itself is said once.
                now = now.with(name, known != null && known.token().equals(member.get().token())
                        ? known
                        : member.get());
            }
            return now;
        }
    }

    /** Empty if it is none that this version can read. */
    static Optional<Member> memberOf(Lease lease, Entry entry) {
        return Facts.decode(entry.value()).map(labels -> new Member(
                Names.decode(entry.key().name()), lease.token(entry.created()), labels));
    }

    /** What the statistics are, at one moment. */
    record Statistics(int members, boolean isJoined) implements ClusterStatistics {}
}
