package dev.heddle.cluster.internal.pool;

import dev.heddle.Backoff;
import dev.heddle.DeadlineExceededException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.cluster.BodyLostException;
import dev.heddle.cluster.NodeRefusedException;
import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TlsException;
import dev.heddle.net.Listener;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of one node, from where they are submitted to where they are done.
 *
 * <pre>
 *   waiting ──placed──▶ on a node ──▶ answered
 *      ▲                  │  │  └── may have begun, and the node is lost ──▶ tried again, or lost
 *      └──not begun───────┘  └── cancelled ──▶ told, and given up after a while if the node says nothing
 * </pre>
 *
 * <p>Threads: any, but what is said to be the loop's. One task does what the dispatcher does by itself.
 */
public final class Dispatcher {

    /** The parts of a pool that differ between a network and a test. */
    public interface Network {

        /** Listens where the others expect this node. */
        Listener listen();

        /** Makes sure that who has connected is a node. */
        ByteStream accept(ByteStream plain);

        /** Connects to another node, and makes sure that it is one. */
        ByteStream connect(Peer peer);
    }

    private static final Backoff REST = Backoff.DEFAULT
            .withDelays(Duration.ofMillis(50), Duration.ofSeconds(2));

    /** How long a certificate that was refused is taken to be still there: a node renews its own while it runs. */
    static final Duration CERTIFICATE_REST = Duration.ofSeconds(30);

    private static final int MAX_CONNECTIONS = 10_000;

    /** A node that may get bodies, and those that it has: looked up once for many bodies. */
    private static final class Candidate {
        final Peer peer;

        /** Null until it gets one. */
        @Nullable NodeSession session;

        Candidate(Peer peer, @Nullable NodeSession session) {
            this.peer = peer;
            this.session = session;
        }

        double load() {
            return session == null ? 0 : session.load();
        }
    }

    /** By how much the clock of another node may be ahead in the life of a body. */
    private static final Duration CLOCKS_APART = Duration.ofSeconds(1);

    /** How late a caller may hear of his own deadline, as his loop may be held. */
    private static final Duration CALLERS_PATIENCE = Duration.ofSeconds(10);

    private final Hello self;
    private final Network network;
    private final Peers peers;
    private final BodyWorker worker;
    private final Duration patience;
    private final Duration drain;
    private final Loop loop = Heddle.currentLoop();
    private final BoundedSemaphore room;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Event terminated = Event.named("the end of the bodies in the cluster");
    private final ConcurrentLinkedDeque<ClusterJob<?>> waiting = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile boolean shutDown;
    private volatile boolean drained;
    private volatile int nodes = 1;
    private final Task<Void> life;

    // ---- the loop's ----

    private final WaitSlot work = new WaitSlot("bodies for the cluster");

    /** In the order in which they began, so that a simulation repeats. */
    private final Map<Peer, RemoteSession> sessions = new LinkedHashMap<>();
    private final LocalSession local;
    private final Map<Peer, NodeRefusedException> refused = new HashMap<>();

    /** Why those are refused, or were the last time, as people have read. */
    private final Map<Peer, String> told = new HashMap<>();

    private final Map<Peer, Integer> failures = new HashMap<>();
    private final Map<Peer, Long> resting = new HashMap<>();
    private boolean pending;
    private boolean leaving;

    /**
     * Starts it on the loop of the calling task, and listens.
     *
     * @param processes of this machine
     * @param maxUnderWay most bodies that are submitted and have not ended
     * @param patience how long a node has to answer a cancel
     * @param drain how long bodies of others have to end when this node leaves
     */
    public Dispatcher(
            Hello self, Network network, Peers peers, ProcessPool processes, Codec codec, int maxUnderWay,
            Duration patience, Duration drain) {
        this.self = self;
        this.network = network;
        this.peers = peers;
        this.worker = new BodyWorker(self.node(), processes, self.workers(), codec);
        this.patience = patience;
        this.drain = drain;
        this.room = BoundedSemaphore.named("a place among the bodies in the cluster", maxUnderWay);
        this.local = new LocalSession(self.node(), this, worker, peers);
        Listener listener = network.listen();
        this.life = loop.spawn("the pool of the cluster " + self.cluster(), () -> live(listener));
    }

    Loop loop() {
        return loop;
    }

    Hello self() {
        return self;
    }

    Duration patience() {
        return patience;
    }

    /** The cluster, and this node in it. */
    public String name() {
        return self.cluster() + " as " + self.node();
    }

    /** How many nodes there are, as far as is known. */
    public int nodes() {
        return nodes;
    }

    /** How many bodies may run at a time on all nodes, if they are as this one. */
    public int width() {
        return (int) Math.min(Integer.MAX_VALUE, (long) worker.workers() * Math.max(1, nodes));
    }

    /** How many bodies are submitted and have not ended. */
    public int underWay() {
        return underWay.get();
    }

    /** How many bodies no node has been given yet; counts them. */
    public int waiting() {
        return waiting.size();
    }

    @Override
    public String toString() {
        return self.node() + " in " + self.cluster() + ", " + underWay + " bodies under way";
    }

    // ---- bodies come in; any thread ----

    /**
     * Takes a body in.
     *
     * @param wait whether to wait for room; a cancelled wait has not left the body
     * @return false if there is no room
     * @throws RejectedExecutionException after shutdown
     */
    public boolean put(ClusterJob<?> job, boolean wait) {
        requireOpen();
        if (!wait) {
            if (!room.tryAcquire()) {
                return false;
            }
        } else {
            room.acquire();
        }
        enqueue(job, true);
        return true;
    }

    /** Takes a body in past the bound. */
    public void putUnbounded(ClusterJob<?> job) {
        requireOpen();
        enqueue(job, false);
    }

    public boolean isRoomy() {
        return room.statistics().available() > 0;
    }

    private void requireOpen() {
        if (shutDown) {
            throw new RejectedExecutionException(
                    "the pool of the cluster " + self.cluster() + " is shut down; it takes no more work");
        }
    }

    private void enqueue(ClusterJob<?> job, boolean bounded) {
        underWay.incrementAndGet();
        job.onEnd(() -> {
            leave(job);
            if (bounded) {
                room.release();
            }
        });
        waiting.addLast(job);
        call();
    }

    /** A body has ended, or was given back. */
    private void leave(ClusterJob<?> job) {
        if (job.left.compareAndSet(false, true) && underWay.decrementAndGet() == 0 && shutDown) {
            terminated.set();
        }
    }

    private void call() {
        if (called.compareAndSet(false, true)) {
            onLoop(() -> {
                called.set(false);
                wake();
            });
        }
    }

    private void onLoop(Runnable action) {
        try {
            loop.callFromThread(action);
        } catch (IllegalStateException e) {
            end("the loop of the pool has ended");
        }
    }

    /** Nobody wants a body any more. */
    void unwanted(ClusterJob<?> job, boolean hurry) {
        if (waiting.remove(job)) {
            job.cancel("it was given up before it began");
        } else {
            onLoop(() -> {
                NodeSession holder = job.holder;
                if (job.held != null) {
                    endHeld(job);
                } else if (holder != null) {
                    holder.unwanted(job, hurry);
                } else if (waiting.remove(job)) {
                    job.cancel("it was given up before it began");
                }
            });
        }
    }

    // ---- the loop's ----

    /** Has what waits placed soon. */
    void wake() {
        pending = true;
        work.wake();
    }

    void after(Duration time, Runnable action) {
        var _ = loop.callLater(time, action);
    }

    ByteStream connect(Peer peer) {
        return network.connect(peer);
    }

    private void live(Listener listener) {
        var server = new BodyServer(self, worker, peers);
        try (listener) {
            Task<Void> serving = Heddle.spawn("bodies of other nodes", () -> new Supervised(
                    "serving the bodies of other nodes", REST, _ -> false)
                    .run(() -> listener.serve(MAX_CONNECTIONS, plain -> {
                        ByteStream stream = network.accept(plain);
                        server.serve(stream);
                        stream.close();
                    }), () -> leaving));
            Task<Void> following = Heddle.spawn("nodes of the pool", () -> peers.follow(this::changed, () -> {
                server.fence();
                local.fence();
            }));
            Task<Void> telling = Heddle.spawn(
                    "the load of the pool", () -> peers.tellLoad(worker::load, worker.workers()));
            var assigning = new Supervised("giving bodies to the nodes of the cluster " + self.cluster(), REST,
                    _ -> false);
            while (!leaving) {
                if (!pending) {
                    work.await();
                }
                pending = false;
                tryToAssign(assigning);
            }
            server.leave(Kernel.withinStop(drain));
            serving.cancel("the pool is closed");
            following.cancel("the pool is closed");
            telling.cancel("the pool is closed");
            sessions.values().forEach(session -> session.close("the pool is closed"));
        } finally {
            end("the pool has ended");
        }
    }

    private void changed() {
        List<Peer> now = peers.now();
        nodes = now.size();
        new LinkedHashMap<>(sessions).forEach((peer, session) -> {
            if (!now.contains(peer)) {
                sessions.remove(peer);
                session.close(peer.name() + " has left the cluster, or was not heard of for too long");
            }
        });
        refused.keySet().retainAll(now);
        told.keySet().retainAll(now);
        failures.keySet().retainAll(now);
        resting.keySet().retainAll(now);
        wake();
    }

    private void tryToAssign(Supervised assigning) {
        try {
            assign();
        } catch (RuntimeException | Error e) {
            after(assigning.failed(e), this::wake);
        }
    }

    /** Gives what waits to nodes with room, in its order. */
    private void assign() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Candidate> usable = usable();
        // Each view of a pool has one placement, so that what waits for the same is passed over at once.
        Set<Placement> full = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Iterator<ClusterJob<?>> jobs = waiting.iterator(); jobs.hasNext();) {
            ClusterJob<?> job = jobs.next();
            if (full.contains(job.placement)) {
                continue;
            }
            Candidate node = choose(job, usable);
            if (node == null) {
                if (job.placement.equals(Placement.ANYWHERE)) {
                    return; // nobody has room for those behind it
                }
                full.add(job.placement);
            } else if (waiting.remove(job)) {
                if (job.isUnwanted()) {
                    job.cancel("it was given up before it began");
                } else {
                    session(node).give(job);
                }
            }
        }
    }

    private List<Candidate> usable() {
        List<Candidate> usable = new ArrayList<>();
        long now = loop.nanoTime();
        for (Peer peer : peers.now()) {
            Long until = resting.get(peer);
            if (!refused.containsKey(peer) && (until == null || until - now <= 0)) {
                usable.add(new Candidate(peer, session(peer)));
            }
        }
        return usable;
    }

    private NodeSession session(Candidate node) {
        if (node.session == null) {
            node.session = open(node.peer);
        }
        return node.session;
    }

    private @Nullable Candidate choose(ClusterJob<?> job, List<Candidate> usable) {
        Candidate best = job.placement.key() == null ? leastLoaded(job.placement, usable) : home(job.placement, usable);
        if (best == null) {
            failIfRefused(job);
        }
        return best;
    }

    /** Of those with room. Each body comes by here, so nothing is sorted. */
    private static @Nullable Candidate leastLoaded(Placement placement, List<Candidate> usable) {
        Candidate best = null;
        double least = NodeSession.NO_ROOM;
        for (Candidate node : usable) {
            double load = node.load();
            if (load < least && placement.fits(node.peer)) {
                best = node;
                least = load;
            }
        }
        return best;
    }

    private @Nullable Candidate home(Placement placement, List<Candidate> usable) {
        for (Peer peer : placement.order(peers.now(), this::load)) {
            for (Candidate node : usable) {
                if (node.peer.equals(peer) && node.load() < NodeSession.NO_ROOM) {
                    return node;
                }
            }
        }
        return null;
    }

    /** A body that every node refuses would wait for ever. */
    private void failIfRefused(ClusterJob<?> job) {
        if (refused.isEmpty()) {
            return;
        }
        List<Peer> fit = job.placement.order(peers.now(), this::load);
        if (!fit.isEmpty() && refused.keySet().containsAll(fit) && waiting.remove(job)) {
            job.fail(refused.getOrDefault(fit.getFirst(), new NodeRefusedException("refused")));
        }
    }

    /** Null while it has none, and there is no connection to it. */
    private @Nullable NodeSession session(Peer peer) {
        return peer.name().equals(self.node()) ? local : sessions.get(peer);
    }

    private double load(Peer peer) {
        NodeSession session = session(peer);
        return session == null ? 0 : session.load();
    }

    private NodeSession open(Peer peer) {
        var session = new RemoteSession(this, peer);
        sessions.put(peer, session);
        session.start();
        return session;
    }

    /** A node gets nothing for a while. */
    void rest(Peer peer) {
        Duration time = REST.delay(failures.merge(peer, 1, Integer::sum));
        resting.put(peer, loop.nanoTime() + time.toNanos());
        after(time, this::wake);
    }

    /** A node has said hello. */
    void ready(Peer peer) {
        told.remove(peer);
        failures.remove(peer);
        wake();
    }

    /**
     * The connection to a node has ended.
     *
     * @param back what has surely not begun
     * @param begun what may have
     */
    void ended(RemoteSession session, Peer peer, Throwable why, List<ClusterJob<?>> back, List<ClusterJob<?>> begun) {
        if (sessions.remove(peer, session)) {
            if (why instanceof NodeRefusedException refusal) {
                refuse(peer, refusal);
            } else {
                rest(peer);
            }
        }
        back.reversed().forEach(this::again);
        begun.forEach(job -> lost(job, peer.name(), why));
        wake();
    }

    private void refuse(Peer peer, NodeRefusedException refusal) {
        refused.put(peer, refusal);
        String why = String.valueOf(refusal.getMessage());
        if (!why.equals(told.put(peer, why))) {
            FailureHandler.LOG.failed("the node " + peer.name() + " gets no bodies", refusal);
        }
        if (refusal.getCause() instanceof TlsException) {
            after(CERTIFICATE_REST, () -> {
                refused.remove(peer, refusal);
                wake();
            });
        }
    }

    /** A body has not begun: another node gets it. */
    void again(ClusterJob<?> job) {
        if (drained || job.isUnwanted()) {
            job.cancel("it was given up before it began");
        } else {
            waiting.addFirst(job);
            wake();
        }
    }

    /** A body may have begun, and its end is not known. */
    void lost(ClusterJob<?> job, String node, Throwable why) {
        if (!tryAgain(job)) {
            job.fail(new BodyLostException(node, job.attempt, Throwables.describe(why), why));
        }
    }

    private boolean tryAgain(ClusterJob<?> job) {
        boolean again = job.attempt < job.attempts && !job.isUnwanted() && !drained;
        if (again) {
            job.attempt++;
            waiting.addFirst(job);
            wake();
        }
        return again;
    }

    /** A node has answered. */
    void answered(ClusterJob<?> job, String node, BodyAnswer answer) {
        switch (answer.end()) {
            case RESULT -> answer(job, MessageKind.RESULT, node, answer);
            case FAILURE -> answer(job, MessageKind.FAILURE, node, answer);
            case TOO_LONG -> answer(job, MessageKind.TOO_LONG, node, answer);
            case CANNOT_TRAVEL -> answer(job, MessageKind.CANNOT_TRAVEL, node, answer);
            case PROCESS_DIED -> {
                if (!tryAgain(job)) {
                    answer(job, MessageKind.FAILURE, node, answer);
                }
            }
            case GIVEN_UP -> givenUp(job, node);
            case STOPPED -> lost(job, node, new NodeRefusedException("the node has stopped it by itself"));
        }
    }

    /**
     * A node has ended it. By the deadline of its caller perhaps, which has travelled with it: then the caller is about
     * to hear of that from his own scope, and must not take what the node says for an interrupt of his own.
     */
    private void givenUp(ClusterJob<?> job, String node) {
        long left = job.leftNanos();
        InterruptedException stopped = stopped(node);
        if (job.isUnwanted() || left > CLOCKS_APART.toNanos()) {
            job.fail(stopped);
            return;
        }
        job.held = stopped;
        job.patience = loop.callLater(
                Duration.ofNanos(left).plus(CALLERS_PATIENCE),
                () -> job.fail(
                        new DeadlineExceededException("the deadline that has travelled with the work has passed on"
                                + " the node " + node, stopped)));
    }

    private static void endHeld(ClusterJob<?> job) {
        Objects.requireNonNull(job.patience).cancel();
        job.fail(Objects.requireNonNull(job.held));
    }

    private static void answer(ClusterJob<?> job, MessageKind kind, String node, BodyAnswer answer) {
        job.answer(new Frame(kind, job.number, answer.content()), "a process of the node " + node);
    }

    static InterruptedException stopped(String node) {
        return new InterruptedException("the work was given up, and has ended on the node " + node);
    }

    // ---- the end ----

    public void shutdown() {
        shutDown = true;
        if (underWay.get() == 0) {
            terminated.set();
        }
    }

    public boolean isShutDown() {
        return shutDown;
    }

    /** Set when all bodies have ended after a shutdown. */
    public Event terminated() {
        return terminated;
    }

    /** Shuts down, and has what is under way end; gives what has not begun and nobody waits for. */
    public List<Runnable> shutdownNow() {
        drained = true;
        shutdown();
        List<Runnable> unbegun = new ArrayList<>();
        for (ClusterJob<?> job = waiting.poll(); job != null; job = waiting.poll()) {
            unbegun.add(job);
            if (job.withdraw()) {
                leave(job);
            } else {
                job.cancel("the pool was shut down before the body began");
            }
        }
        onLoop(() -> {
            local.hurry();
            sessions.values().forEach(NodeSession::hurry);
        });
        return unbegun;
    }

    /** Leaves the cluster as a node that does bodies, and waits for that. */
    public void close() {
        onLoop(() -> {
            leaving = true;
            wake();
        });
        life.awaitOutcome();
    }

    /** Nobody will do what is left. */
    private void end(String why) {
        shutDown = true;
        drained = true;
        for (ClusterJob<?> job = waiting.poll(); job != null; job = waiting.poll()) {
            job.cancel(why);
        }
        terminated.set();
    }
}
