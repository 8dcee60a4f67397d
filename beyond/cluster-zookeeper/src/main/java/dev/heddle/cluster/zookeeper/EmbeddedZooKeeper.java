package dev.heddle.cluster.zookeeper;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A ZooKeeper server in this JVM, one of an ensemble whose servers are the nodes themselves: nothing to install.
 *
 * <pre>
 *   first start of the first servers   found(options)     each of them with the same servers
 *   a server more, at run time         join(options)      with some of those that run
 *   one for another that is lost       replace(id, options)
 *   each start after that              restart(options)
 *   off for a while                    close()            the others wait for it
 *   off for good                       leave()            the others forget it
 * </pre>
 *
 * <p>The nodes of a cluster talk to their own server only, on the loopback with a password that nobody else knows; between
 * machines there are the two ports of the servers, under mutual TLS. The price: when the server of this JVM is out, its
 * sessions are. A pause of this JVM is one of the ensemble, if it leads: let busy nodes be observers.
 *
 * <p>A start is checked: it ends when the server serves clients, or with an error that says how far it came. ZooKeeper's
 * wish to end the JVM ends the server instead, see {@link #state()}. Its log and snapshots are removed when they are old,
 * its page for administrators and its four-letter words are off. It is configured by system properties beside others, so
 * there is one at a time in a JVM.
 *
 * <p>Threads: the methods that wait are called in tasks, several at a time if need be.
 */
public final class EmbeddedZooKeeper implements StoreEngine, AutoCloseable {

    private static final AtomicReference<@Nullable EmbeddedZooKeeper> RUNNING = new AtomicReference<>();

    /** The id of no server. */
    private static final int NOBODY = 0;

    private final EmbeddedOptions options;
    private final PeerDirectory directory;
    private final PeerAccess access;
    private final EmbeddedPeer peer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whether the file in the directory is this server's, and not that of another which has the directory. */
    private volatile boolean isDoorOpen;

    private EmbeddedZooKeeper(EmbeddedOptions options, PeerDirectory directory, EmbeddedPeer peer) {
        this.options = options;
        this.directory = directory;
        this.peer = peer;
        access = PeerAccess.OF_THIS_JVM;
    }

    // ---- starting ----

    /**
     * Starts one of the servers with which an ensemble begins, and waits until more than half of its voters are there. If
     * it was started before, it is started again.
     *
     * <p>Only for the first time: a founder that has lost its directory begins to forget what it has promised, which only
     * {@link #restart} can notice.
     *
     * <p>Cancellation: a cancelled call has stopped the server; its directory stays.
     *
     * @throws EmbeddedZooKeeperException if it does not serve within the patience of the options
     * @throws IllegalStateException if there is one in this JVM
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static EmbeddedZooKeeper found(EmbeddedOptions options) {
        return start(options, directory -> {
            if (directory.isNew()) {
                directory.beginFounding();
            } else {
                directory.beginAgain();
            }
        });
    }

    /**
     * Starts a server and adds it to an ensemble that runs. If it was added before, it is only started.
     *
     * <p>Cancellation and errors: as {@link #found}; one that was not added yet is added by the next call.
     *
     * @throws EmbeddedZooKeeperException also if the others know a server of this id already
     */
    public static EmbeddedZooKeeper join(EmbeddedOptions options) {
        return replace(NOBODY, options);
    }

    /**
     * Starts a server and adds it to an ensemble that runs, which forgets another one in the same change: one whose
     * machine or data are lost for good, and which must never run again. So a lost voter's vote is not missed.
     *
     * <p>Cancellation and errors: as {@link #join}.
     *
     * @param lost the id of the other one; it may be forgotten already
     */
    public static EmbeddedZooKeeper replace(int lost, EmbeddedOptions options) {
        return start(options, lost, directory -> {
            if (directory.isNew()) {
                directory.beginJoining();
            } else {
                directory.beginAgain();
            }
        });
    }

    /**
     * Starts a server that was started before.
     *
     * <p>Cancellation and errors: as {@link #found}.
     *
     * @throws EmbeddedZooKeeperException also if its directory is empty, another's, or has lost its data
     */
    public static EmbeddedZooKeeper restart(EmbeddedOptions options) {
        return start(options, directory -> {
            if (directory.isNew()) {
                throw new EmbeddedZooKeeperException("server " + options.self().id() + " was never in "
                        + options.directory()
                        + ", or its data are gone. If it was, let one with an id that was never used take its"
                        + " place (heddle node init --replace)");
            }
            directory.beginAgain();
        });
    }

    /**
     * The server that runs in another JVM of this machine, for tools that look into a cluster. While it runs, its
     * directory has a file with its port and password, which only the user may read that runs it.
     *
     * @throws EmbeddedZooKeeperException if none runs there, or another user's
     */
    public static StoreEngine at(Path directory) {
        return PeerDoor.of(directory).engine();
    }

    private interface Preparation {
        void prepare(PeerDirectory directory) throws IOException;
    }

    private static EmbeddedZooKeeper start(EmbeddedOptions options, Preparation preparation) {
        return start(options, NOBODY, preparation);
    }

    private static EmbeddedZooKeeper start(EmbeddedOptions options, int lost, Preparation preparation) {
        QuietLog.choose();
        return Heddle.offload(() -> {
            PeerDirectory directory = new PeerDirectory(options);
            EmbeddedZooKeeper made = prepared(options, directory, preparation);
            boolean started = false;
            try {
                made.run(lost);
                started = true;
                return made;
            } finally {
                if (!started) {
                    made.stop();
                }
            }
        });
    }

    private static EmbeddedZooKeeper prepared(
            EmbeddedOptions options, PeerDirectory directory, Preparation preparation) throws IOException {
        if (RUNNING.get() != null) {
            throw new IllegalStateException("this JVM has a ZooKeeper server already");
        }
        preparation.prepare(directory);
        PeerAccess.OF_THIS_JVM.set(directory.properties());
        QuorumPeerConfig config = new QuorumPeerConfig();
        try {
            config.parse(directory.configuration().toString());
        } catch (ConfigException e) {
            throw new EmbeddedZooKeeperException("ZooKeeper refuses " + directory.configuration(), e);
        }
        EmbeddedZooKeeper made = new EmbeddedZooKeeper(options, directory, new EmbeddedPeer(config, directory::isFull));
        if (!RUNNING.compareAndSet(null, made)) {
            throw new IllegalStateException("this JVM has a ZooKeeper server already");
        }
        return made;
    }

    /** Starts it, waits until it serves, and is added if it is new, in place of one that is lost. */
    private void run(int lost) throws InterruptedException {
        requireFree(options.self().quorumPort());
        requireFree(options.self().electionPort());
        long begin = System.nanoTime();
        peer.start();
        while (!peer.isServing()) {
            if (peer.failure() != null) {
                throw failure();
            }
            if (System.nanoTime() - begin > options.patience().toNanos()) {
                throw new EmbeddedZooKeeperException(this + " does not serve within " + options.patience()
                        + ": are there more than half of " + others() + ", reachable, with certificates of the same"
                        + " signer?");
            }
            Thread.sleep(10);
        }
        if (directory.isJoining()) {
            change(known -> {
                List<ZooKeeperPeer> next = new ArrayList<>(known);
                if (known.stream().anyMatch(other -> other.id() == options.self().id())) {
                    if (known.contains(options.self())) {
                        return known;
                    }
                    throw new EmbeddedZooKeeperException(
                            "the others know a server " + options.self().id() + " already, which is not this one");
                }
                next.removeIf(other -> other.id() == lost);
                next.add(options.self());
                return next;
            });
            directory.joined();
        }
        PeerDoor.of(options.directory()).open(peer.clientPort(), access);
        isDoorOpen = true;
    }

    /** ZooKeeper would lead, and give up three seconds later, or try again for ever. */
    private void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(options.self().host(), port));
        } catch (IOException e) {
            throw new EmbeddedZooKeeperException("cannot listen at " + options.self().host() + ':' + port, e);
        }
    }

    private String others() {
        return options.all().map(ZooKeeperPeer::line).toList().toString();
    }

    private EmbeddedZooKeeperException failure() {
        return new EmbeddedZooKeeperException(this + " does not run: " + peer.failure(), peer.cause());
    }

    // ---- sessions ----

    /** {@inheritDoc} */
    @Override
    public Store open(SessionOptions options) {
        if (peer.failure() != null) {
            throw failure();
        }
        return access.engine(peer.clientPort()).open(options);
    }

    /** Where its clients are, on the loopback; another one at each start. */
    int clientPort() {
        return peer.clientPort();
    }

    EmbeddedPeer peer() {
        return peer;
    }

    // ---- who is in it ----

    /** The servers, as this one knows them: its own role may be about to change. */
    public List<ZooKeeperPeer> peers() {
        return peer.peers();
    }

    /**
     * What it does: {@code leading}, {@code following}, {@code observing}, {@code looking} for the others, or
     * {@code not running} and why; that its disk is full, if so.
     */
    public String state() {
        String failure = peer.failure();
        String state = failure == null ? peer.state() : "not running: " + failure;
        boolean out = failure != null || state.equals("looking");
        return out && directory.isFull() ? state + ", and no room is left at " + directory : state;
    }

    /**
     * Takes a server out of the ensemble, for example one whose machine is gone for good. Never remove one that is merely
     * off: with fewer servers fewer may be lost.
     *
     * <p>Cancellation: a cancelled call may have removed it.
     *
     * @throws EmbeddedZooKeeperException if the others do not agree within the patience of the options
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void remove(int id) {
        Heddle.offload(() -> change(known -> {
            List<ZooKeeperPeer> next = new ArrayList<>(known);
            next.removeIf(other -> other.id() == id);
            return next;
        }));
    }

    /**
     * Takes this server out of the ensemble and stops it. Its id is not to be used again.
     *
     * <p>Cancellation: as {@link #remove}; the server still runs.
     *
     * @throws EmbeddedZooKeeperException if the others do not agree; the server still runs
     */
    public void leave() {
        remove(options.self().id());
        close();
    }

    private void change(UnaryOperator<List<ZooKeeperPeer>> wanted) throws InterruptedException {
        access.change(peer.clientPort(), options.patience(), wanted);
    }

    // ---- its end ----

    /** Stops it; the others wait for it. Its sessions end when the others see no more of them. Never throws. */
    @Override
    public void close() {
        Heddle.shield(() -> Heddle.offload(this::stop));
    }

    private void stop() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            peer.stop(options.patience().toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (isDoorOpen) {
                PeerDoor.of(options.directory()).close();
            }
            access.clear();
            RUNNING.set(null);
        }
    }

    @Override
    public String toString() {
        return "ZooKeeper server " + options.self().id() + " (" + state() + ")";
    }
}
