package dev.heddle.cluster.internal.pool;

import dev.heddle.cluster.internal.wire.AnswerHead.End;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.process.internal.codec.Encoded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The bodies that this node does itself: as those of others, but for the way. */
final class LocalSession implements NodeSession {

    private final String node;
    private final Dispatcher dispatcher;
    private final BodyWorker worker;
    private final Peers peers;
    private final BodyWorker.Share share = new BodyWorker.Share();
    private final Window window;

    /** In the order in which they began, so that a simulation repeats. */
    private final Map<ClusterJob<?>, BodyWorker.Turn> turns = new LinkedHashMap<>();

    LocalSession(String node, Dispatcher dispatcher, BodyWorker worker, Peers peers) {
        this.node = node;
        this.dispatcher = dispatcher;
        this.worker = worker;
        this.peers = peers;
        this.window = new Window(dispatcher.loop()::nanoTime, worker.workers());
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public double load() {
        return peers.believes() && window.hasRoom(Math.max(worker.load(), turns.size()))
                ? (double) worker.load() / worker.workers()
                : NO_ROOM;
    }

    @Override
    public void give(ClusterJob<?> job) {
        job.heldBy(this);
        job.told = false;
        var head = new BodyHead(job.leftNanos(), job.attempt, job.name);
        try {
            turns.put(job, worker.begin(head, Encoded.of(job.work()), share, answer -> ended(job, answer)));
            window.gave(turns.size());
        } catch (RejectedExecutionException e) {
            job.heldBy(null);
            job.fail(e);
        }
    }

    private void ended(ClusterJob<?> job, @Nullable BodyAnswer answer) {
        turns.remove(job);
        job.heldBy(null);
        if (answer == null) {
            window.shrink();
            dispatcher.again(job);
        } else {
            window.answered(turns.size());
            dispatcher.answered(job, node, answer);
        }
        dispatcher.wake();
    }

    @Override
    public void unwanted(ClusterJob<?> job, boolean hurry) {
        BodyWorker.Turn turn = turns.get(job);
        if (hurry && turn != null && !turn.isStopped()) {
            turn.stop(End.GIVEN_UP);
        }
    }

    /** Stops all: another node may do them now, or what they count on may be another's. */
    void fence() {
        List.copyOf(turns.values()).forEach(turn -> turn.stop(End.STOPPED));
    }

    @Override
    public void hurry() {
        List.copyOf(turns.keySet()).forEach(job -> unwanted(job, true));
    }
}
