package dev.heddle.cluster.zookeeper;

import dev.heddle.CancelledException;
import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.cluster.store.internal.StoreTree;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.AsyncCallback.StringCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * A session with ZooKeeper.
 *
 * <p>What it sends it sends only while it is connected, as far as it knows: so what is not sent is known not to be.
 * What was given to the client is unknown if the answer is missing, whatever ZooKeeper calls the error: "session
 * expired" is also what the client says of requests that a server may have got.
 *
 * <p>Two answers of ZooKeeper are weaker than they look, since a server that was cut off or asleep gives them, too:
 *
 * <ul>
 *   <li>{@code sync} asks the leader only, and one that is no longer the leader does not know it yet. So a fresh read
 *       stands behind an empty commit, which a majority must have agreed on.
 *   <li>A read is answered by the server here alone, so it proves nothing about the session. {@code sync} does, as long
 *       as the session was heard of in the last third of its timeout: another leader begins with full timeouts, so that
 *       an owner who believes in itself for two thirds more is done before. After a longer silence only a commit
 *       proves it.
 * </ul>
 *
 * <p>Threads: any; what is sent is sent behind the monitor, in the order of the calls; answers and events come on
 * ZooKeeper's thread for events.
 */
final class ZooKeeperSession implements Store {

    private static final CommitOutcome NOT_CONNECTED = new CommitOutcome.NotSent("not connected with ZooKeeper");

    private static final StoreState.Lost CLOSED = new StoreState.Lost("closed");

    /**
     * The pause between calls that only show that the session lives, as a part of its timeout. A server tells its
     * leader up to half a tick late of whom it has heard, so this is less than the seam's sixth.
     */
    private static final int HEARTBEATS = 10;

    /** Most entries of a directory that are asked for at a time. */
    private static final int MAX_READS = 64;

    private final NodePaths paths;
    private final List<ACL> access;
    private final ZooKeeperClient client;
    private final Promise<@Nullable Void> connected = new Promise<>();
    private final Promise<@Nullable Void> closed = new Promise<>();
    private final List<Consumer<? super StoreState>> stateListeners = new CopyOnWriteArrayList<>();
    private final AtomicLong heardAt = new AtomicLong(System.nanoTime());

    /** Directories that are there, unless the server has removed an empty one; behind the monitor. */
    private final Set<String> made = new HashSet<>();

    /** By directory; behind the monitor. */
    private final Map<String, DirectoryWatch> watches = new HashMap<>();

    /** Commits that were given to the client; behind the monitor. */
    private long commits;

    /** Whether the end was sent; behind the monitor. */
    private boolean closing;

    private volatile StoreState state = new StoreState.Silent(System.nanoTime());
    private volatile @Nullable Session session;

    /** Begins to connect. */
    ZooKeeperSession(String servers, ZKClientConfig config, NodePaths paths, List<ACL> access, Duration timeout)
            throws IOException {
        this.paths = paths;
        this.access = access;
        client = new ZooKeeperClient(servers, (int) timeout.toMillis(), this::onEvent, config);
    }

    // ---- opening ----

    /** Shows the server who this is. */
    void authenticate(String scheme, byte[] secret) {
        client.addAuthInfo(scheme, secret);
    }

    /** Waits for the connection, makes the nodes that all stand in, and begins to show that it lives. */
    void awaitOpen() {
        connected.join();
        Promise<@Nullable Void> begun = new Promise<>();
        synchronized (this) {
            for (String path : paths.roots()) {
                StringCallback callback = (error, _, _, _) -> made(path, ZooKeeperClient.codeOf(error), begun);
                client.create(path, new byte[0], access, CreateMode.PERSISTENT, callback, null);
            }
            long sentAt = System.nanoTime();
            barrier((error, _, _) -> {
                if (error == Code.OK) {
                    heard(sentAt);
                    begun.tryComplete(null);
                } else {
                    begun.tryFail(failure(error));
                }
            });
        }
        begun.join();
        session = new Session(client.getSessionId(), Duration.ofMillis(client.getSessionTimeout()));
        Thread.ofVirtual().name("zookeeper heartbeat").start(this::beat);
    }

    private static void made(String path, Code error, Promise<@Nullable Void> begun) {
        if (error != Code.OK && error != Code.NODEEXISTS) {
            begun.tryFail(new StoreUnavailableException("ZooKeeper does not let " + path + " be made: " + error));
        }
    }

    @Override
    public Session session() {
        Session opened = session;
        if (opened == null) {
            throw new IllegalStateException("the session is not open yet");
        }
        return opened;
    }

    // ---- commits ----

    @Override
    public Promise<CommitOutcome> commit(List<Op> ops) {
        List<Op> commit = StoreTree.requireCommit(ops);
        Promise<CommitOutcome> outcome = new Promise<>();
        synchronized (this) {
            switch (closing ? CLOSED : state) {
                case StoreState.Connected _ -> send(commit, outcome, false);
                case StoreState.Silent _ -> outcome.complete(NOT_CONNECTED);
                case StoreState.Lost _ -> outcome.complete(new CommitOutcome.SessionLost());
            }
        }
        return outcome;
    }

    /** Sends it behind what makes its directories. */
    private void send(List<Op> commit, Promise<CommitOutcome> outcome, boolean again) {
        for (Op op : commit) {
            if (op instanceof Op.Create && made.add(op.key().directory())) {
                make(op.key().directory());
            }
        }
        long number = ++commits;
        long sentAt = System.nanoTime();
        client.commit(NodeOps.of(commit, paths, access), (error, stamp, results) -> {
            switch (error) {
                case OK -> {
                    heard(sentAt);
                    outcome.complete(new CommitOutcome.Committed(stamp));
                }
                case NODEEXISTS, NONODE, BADVERSION -> {
                    heard(sentAt);
                    int index = NodeOps.refusedIndex(results);
                    if (error == Code.NONODE && commit.get(index) instanceof Op.Create create) {
                        directoryIsGone(create.key().directory(), commit, outcome, number, again);
                    } else {
                        outcome.complete(NodeOps.refused(index, error));
                    }
                }
                case SESSIONMOVED, THROTTLEDOP -> outcome.complete(new CommitOutcome.NotSent("refused: " + error));
                case NOAUTH -> outcome.fail(failure(error));
                default -> outcome.complete(new CommitOutcome.Unknown("no answer from ZooKeeper: " + error));
            }
        });
    }

    private void make(String directory) {
        StringCallback callback = (error, _, _, _) -> {
            Code code = ZooKeeperClient.codeOf(error);
            if (code != Code.OK && code != Code.NODEEXISTS) {
                forget(directory);
            }
        };
        client.create(paths.of(directory), new byte[0], access, CreateMode.CONTAINER, callback, null);
    }

    private synchronized void forget(String directory) {
        made.remove(directory);
    }

    /**
     * The server removes empty directories after a while. Only if nothing was sent since may the commit be sent again.
     */
    private void directoryIsGone(
            String directory, List<Op> commit, Promise<CommitOutcome> outcome, long number, boolean again) {
        synchronized (this) {
            made.remove(directory);
            if (!again && number == commits && state instanceof StoreState.Connected) {
                send(commit, outcome, true);
                return;
            }
        }
        outcome.complete(new CommitOutcome.NotSent("the directory " + directory + " was removed meanwhile"));
    }

    // ---- reads ----

    @Override
    public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
        Promise<Optional<Entry>> answer = new Promise<>();
        DataCallback callback = (error, _, _, value, stat) -> {
            switch (ZooKeeperClient.codeOf(error)) {
                case OK -> answer.tryComplete(Optional.of(NodeOps.entry(key, value, stat)));
                case NONODE -> answer.tryComplete(Optional.empty());
                default -> answer.tryFail(failure(ZooKeeperClient.codeOf(error)));
            }
        };
        ask(answer, freshness, () -> client.getData(paths.of(key), false, callback, null));
        return answer;
    }

    @Override
    public Promise<Listing> list(String directory, ReadConsistency freshness) {
        String path = paths.of(Key.requireDirectory(directory));
        Promise<Listing> answer = new Promise<>();
        ask(answer, freshness, () -> client.children(path, (error, stamp, names) -> {
            switch (error) {
                case OK -> readAll(directory, names, stamp, answer);
                case NONODE -> answer.tryComplete(new Listing(List.of(), stamp));
                default -> answer.tryFail(failure(error));
            }
        }));
        return answer;
    }

    private void readAll(String directory, List<String> names, long stamp, Promise<Listing> answer) {
        List<Key> keys = new ArrayList<>(names.size());
        names.forEach(name -> NodePaths.key(directory, name).ifPresent(keys::add));
        new Reading(keys, stamp, answer).begin();
    }

    /**
     * A reading of all entries of a directory, some at a time. A server answers a session in the order of its
     * questions: what the node sends meanwhile, such as what shows that it lives, waits for those few only. Lives on
     * ZooKeeper's thread for events.
     */
    private final class Reading {

        private final Iterator<Key> left;
        private final long stamp;
        private final Promise<Listing> answer;
        private final List<Entry> entries;
        private int asked;

        Reading(List<Key> keys, long stamp, Promise<Listing> answer) {
            this.left = keys.iterator();
            this.stamp = stamp;
            this.answer = answer;
            this.entries = new ArrayList<>(keys.size());
        }

        void begin() {
            while (left.hasNext() && asked < MAX_READS) {
                readNext();
            }
            if (asked == 0) {
                end();
            }
        }

        private void readNext() {
            Key key = left.next();
            asked++;
            DataCallback callback = (error, _, _, value, stat) -> {
                asked--;
                switch (ZooKeeperClient.codeOf(error)) {
                    case OK -> entries.add(NodeOps.entry(key, value, stat));
                    case NONODE -> {
                        // Deleted meanwhile.
                    }
                    default -> answer.tryFail(failure(ZooKeeperClient.codeOf(error)));
                }
                if (answer.isDone()) {
                    return; // a failure, or nobody waits any more
                }
                if (left.hasNext()) {
                    readNext();
                } else if (asked == 0) {
                    end();
                }
            };
            client.getData(paths.of(key), false, callback, null);
        }

        private void end() {
            entries.sort(Comparator.comparing(Entry::key));
            answer.tryComplete(new Listing(entries, stamp));
        }
    }

    /** Sends a question, behind an empty commit if the answer must be fresh. */
    private synchronized void ask(Promise<?> answer, ReadConsistency freshness, Runnable question) {
        StoreState now = closing ? CLOSED : state;
        if (!(now instanceof StoreState.Connected)) {
            answer.tryFail(
                    now instanceof StoreState.Lost(String cause) ? lost(cause) : failure(Code.CONNECTIONLOSS));
            return;
        }
        if (freshness == ReadConsistency.FRESH) {
            long sentAt = System.nanoTime();
            barrier((error, _, _) -> {
                if (error == Code.OK) {
                    heard(sentAt);
                } else {
                    answer.tryFail(failure(error));
                }
            });
        }
        question.run();
    }

    /** An empty commit: when it is answered, the leader that did it was the leader. */
    private void barrier(ZooKeeperClient.Answer<OpResult> answer) {
        client.commit(List.of(org.apache.zookeeper.Op.check(paths.root(), -1)), answer);
    }

    // ---- watches ----

    @Override
    public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
        Key.requireDirectory(directory);
        Promise<Watch> answer = new Promise<>();
        ask(answer, ReadConsistency.LOCAL, () -> {
            DirectoryWatch watch = watches.computeIfAbsent(directory,
                    _ -> new DirectoryWatch(directory, paths.of(directory)));
            watch.users++;
            Listening listening = new Listening(listener, leaving -> leave(watch, leaving));
            VoidCallback callback = (error, _, _) -> {
                Code code = ZooKeeperClient.codeOf(error);
                if (code == Code.OK) {
                    watch.add(listening);
                    answer.complete(listening);
                } else {
                    leave(watch, listening);
                    answer.fail(failure(code));
                }
            };
            client.addWatch(watch.path(), watch, AddWatchMode.PERSISTENT_RECURSIVE, callback, null);
        });
        return answer;
    }

    private void leave(DirectoryWatch watch, Listening listening) {
        VoidCallback callback = (_, _, _) -> {
            watch.remove(listening);
            listening.tell(new WatchEvent.Closed());
        };
        synchronized (this) {
            if (--watch.users == 0) {
                watches.remove(watch.directory());
                client.removeAllWatches(watch.path(), WatcherType.Any, true, callback, null);
            } else {
                // Only so that the last signal comes on the thread for events.
                client.sync(paths.root(), (error, _, _) -> callback.processResult(error, null, null), null);
            }
        }
    }

    private void tellAll(WatchEvent signal) {
        Collection<DirectoryWatch> all;
        synchronized (this) {
            all = List.copyOf(watches.values());
        }
        all.forEach(watch -> watch.tell(signal));
    }

    // ---- the life of the session ----

    private void onEvent(WatchedEvent event) {
        switch (event.getState()) {
            case SyncConnected -> {
                if (event.getType() == EventType.None && change(new StoreState.Connected())) {
                    connected.tryComplete(null);
                    tellAll(new WatchEvent.Gap());
                }
            }
            case Disconnected -> change(new StoreState.Silent(System.nanoTime()));
            case Expired ->
                lose(new StoreState.Lost("ZooKeeper has ended the session, or did not answer for as long as it lasts"));
            case AuthFailed -> lose(new StoreState.Lost("ZooKeeper refused our credentials"));
            case Closed -> lose(CLOSED);
            default -> {
                // Read-only servers and SASL are not asked for.
            }
        }
    }

    /** Takes a state, if it is another one, and tells of it. */
    private boolean change(StoreState next) {
        synchronized (this) {
            if (state instanceof StoreState.Lost || state.getClass() == next.getClass()) {
                return false;
            }
            state = next;
        }
        stateListeners.forEach(listener -> Listeners.tell(listener, next));
        return true;
    }

    private void lose(StoreState.Lost lost) {
        if (change(lost)) {
            connected.tryFail(new StoreUnavailableException(lost.cause()));
            tellAll(new WatchEvent.Closed());
            end();
        }
    }

    @Override
    public StoreState state() {
        return state;
    }

    @Override
    public void onState(Consumer<? super StoreState> listener) {
        stateListeners.add(listener);
    }

    @Override
    public long heardAt() {
        return heardAt.get();
    }

    private void heard(long sentAt) {
        heardAt.accumulateAndGet(sentAt, (known, sent) -> sent - known > 0 ? sent : known);
    }

    private void beat() {
        try {
            beatUntilLost();
        } catch (RuntimeException | Error e) {
            lose(new StoreState.Lost("its heartbeat failed: " + e));
        }
    }

    private void beatUntilLost() {
        long timeout = session().timeout().toNanos();
        while (!(state instanceof StoreState.Lost)) {
            long sentAt = System.nanoTime();
            if (state instanceof StoreState.Connected) {
                if (sentAt - heardAt.get() < timeout / 3) {
                    client.sync(paths.root(), (error, _, _) -> heardIf(ZooKeeperClient.codeOf(error), sentAt), null);
                } else {
                    barrier((error, _, _) -> heardIf(error, sentAt));
                }
            }
            try {
                TimeUnit.NANOSECONDS.sleep(timeout / HEARTBEATS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void heardIf(Code error, long sentAt) {
        if (error == Code.OK) {
            heard(sentAt);
        }
    }

    // ---- its end ----

    @Override
    public void close() {
        end();
        try {
            closed.join();
        } catch (CancelledException _) {
            // The end is on its way.
        }
    }

    /** Sends the end of the session; once. */
    void end() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        Thread.ofVirtual().name("zookeeper close").start(() -> {
            try {
                client.close(client.getSessionTimeout());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                lose(CLOSED);
                closed.tryComplete(null);
            }
        });
    }

    private RuntimeException failure(Code error) {
        return switch (error) {
            case SESSIONEXPIRED -> lost("ZooKeeper has ended the session");
            case NOAUTH, AUTHFAILED ->
                new StoreUnavailableException("ZooKeeper does not let us at " + paths.root() + ": " + error);
            default -> new StoreUnavailableException("no answer from ZooKeeper: " + error);
        };
    }

    private static SessionLostException lost(String cause) {
        return new SessionLostException("the session is over: " + cause);
    }
}
