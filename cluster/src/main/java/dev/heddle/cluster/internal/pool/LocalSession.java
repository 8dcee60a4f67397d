package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.wire.AnswerHead.End;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.cluster.internal.wire.Message;
import dev.heddle.process.internal.codec.Encoded;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** The bodies that this node does itself: as those of others, but for the way. */
final class LocalSession implements NodeSession {

    private static final BodyAnswer STOPPED = new BodyAnswer(End.STOPPED, Message.NOTHING);
    private static final BodyAnswer GIVEN_UP = new BodyAnswer(End.GIVEN_UP, Message.NOTHING);

    private final String node;
    private final Dispatcher dispatcher;
    private final BodyWorker worker;
    private final Peers peers;
    private final BodyWorker.Share share = new BodyWorker.Share();
    private final Window window;
    private final Map<ClusterJob<?>, Task<Void>> tasks = new HashMap<>();

    /** Those that this node had to stop, though somebody waits for them. */
    private final Set<ClusterJob<?>> fenced = new HashSet<>();

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
        return (double) worker.load() / worker.workers();
    }

    @Override
    public boolean hasRoom() {
        return peers.believes() && window.hasRoom(Math.max(worker.load(), tasks.size()));
    }

    @Override
    public void give(ClusterJob<?> job) {
        job.heldBy(this);
        job.told = false;
        var head = new BodyHead(job.leftNanos(), job.attempt, job.name);
        Encoded work = Encoded.of(job.work());
        tasks.put(job, Heddle.spawn(job.name, () -> live(job, head, work)));
        window.gave(tasks.size());
    }

    private void live(ClusterJob<?> job, BodyHead head, Encoded work) {
        try {
            BodyAnswer answer = worker.work(head, work, share);
            tasks.remove(job);
            if (answer == null) {
                window.shrink();
                dispatcher.again(job);
                return;
            }
            window.answered(tasks.size());
            boolean stopped = fenced.contains(job) && answer.end() != End.RESULT;
            dispatcher.answered(job, node, stopped ? STOPPED : answer);
        } catch (CancelledException e) {
            dispatcher.answered(job, node, fenced.contains(job) ? STOPPED : GIVEN_UP);
            throw e;
        } catch (RejectedExecutionException e) {
            job.fail(e);
        } finally {
            tasks.remove(job);
            fenced.remove(job);
            job.heldBy(null);
            dispatcher.wake();
        }
    }

    @Override
    public void unwanted(ClusterJob<?> job, boolean hurry) {
        Task<Void> task = tasks.get(job);
        if (hurry && task != null) {
            task.cancel("nobody waits for it any more");
        }
    }

    /** Stops all: another node may do them now, or what they count on may be another's. */
    void fence() {
        fenced.addAll(tasks.keySet());
        tasks.values().forEach(task -> task.cancel(node + " is cut off from the cluster"));
    }

    @Override
    public void hurry() {
        Set.copyOf(tasks.keySet()).forEach(job -> unwanted(job, true));
    }
}
