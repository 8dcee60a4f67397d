package dev.heddle.cluster.zookeeper;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.security.sasl.SaslException;
import org.apache.zookeeper.server.ExitCode;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.apache.zookeeper.util.ServiceUtils;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's own server program, in a thread of this JVM, which it may not end.
 *
 * <p>Threads: any.
 */
final class EmbeddedPeer extends QuorumPeerMain {

    private final QuorumPeerConfig config;
    private final BooleanSupplier isFull;
    private final DataPurge purge;
    private final Thread thread = new Thread(this::run, "zookeeper peer");
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable QuorumPeer peer;
    private volatile @Nullable String failure;
    private volatile @Nullable Throwable cause;

    /**
     * @param isFull whether no room is left for what it must write
     */
    EmbeddedPeer(QuorumPeerConfig config, BooleanSupplier isFull) {
        this.config = config;
        this.isFull = isFull;
        purge = new DataPurge(config.getDataDir(), config.getDataLogDir());
        thread.setDaemon(true);
    }

    void start() {
        ServiceUtils.setSystemExitProcedure(this::exit);
        purge.start();
        thread.start();
    }

    private void run() {
        try {
            runFromConfig(config);
            fail("it has ended", null);
        } catch (Exception | LinkageError e) {
            fail("it cannot run: " + e.getMessage(), e);
        } finally {
            ended.countDown();
        }
    }

    /** What would have ended the JVM ends the server. */
    private void exit(int code) {
        String name = "code " + code;
        for (ExitCode each : ExitCode.values()) {
            if (each.getValue() == code) {
                name = each.name();
            }
        }
        giveUp(name);
    }

    private void giveUp(String why) {
        fail("it gives up: " + why, null);
        // Not here: the caller may be a thread that the end waits for.
        Thread.ofVirtual().start(this::close);
    }

    private synchronized void fail(String why, @Nullable Throwable by) {
        if (failure == null) {
            cause = by;
            failure = why;
        }
    }

    @Override
    protected QuorumPeer getQuorumPeer() throws SaslException {
        QuorumPeer made = new Candidate();
        peer = made;
        return made;
    }

    /** Who cannot write stands for no election: the others might choose it, and it could not lead. */
    private final class Candidate extends QuorumPeer {

        Candidate() throws SaslException {}

        @Override
        public synchronized void setPeerState(ServerState state) {
            super.setPeerState(state);
            if (state == ServerState.LOOKING && isFull.getAsBoolean()) {
                giveUp("it has no room to write");
            }
        }
    }

    /** Why it no longer runs. */
    @Nullable String failure() {
        return failure;
    }

    @Nullable Throwable cause() {
        return cause;
    }

    /** {@code leading}, {@code following}, {@code observing}, {@code looking} for the others, or {@code starting}. */
    String state() {
        QuorumPeer made = peer;
        return made == null ? "starting" : made.getPeerState().name().toLowerCase(Locale.ROOT);
    }

    /** Whether it answers clients, as far as it knows. */
    boolean isServing() {
        ZooKeeperServer server = server();
        return failure == null && server != null && server.isRunning() && clientPort() > 0;
    }

    @Nullable ZooKeeperServer server() {
        QuorumPeer made = peer;
        return made == null ? null : made.getActiveServer();
    }

    int clientPort() {
        QuorumPeer made = peer;
        return made == null ? -1 : made.getClientPort();
    }

    List<ZooKeeperPeer> peers() {
        QuorumPeer made = peer;
        if (made == null) {
            return List.of();
        }
        return made.getView().values().stream()
                .map(server -> ZooKeeperPeer.parse("server." + server.id + '=' + server))
                .toList();
    }

    /** Stops it and waits for its threads, or at most for a time. */
    boolean stop(long millis) throws InterruptedException {
        fail("it was stopped", null);
        purge.stop();
        close();
        return thread.getState() == Thread.State.NEW || ended.await(millis, TimeUnit.MILLISECONDS);
    }
}
