package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.wire.BodyHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** The bodies that this node does itself: as those of others, but for the way. */
final class LocalSession implements NodeSession {

    private final String node;
    private final Dispatcher dispatcher;
    private final BodyWorker worker;
    private final Map<ClusterJob<?>, Task<Void>> tasks = new HashMap<>();

    LocalSession(String node, Dispatcher dispatcher, BodyWorker worker) {
        this.node = node;
        this.dispatcher = dispatcher;
        this.worker = worker;
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
        return worker.load() < AHEAD * worker.workers() && tasks.size() < AHEAD * worker.workers();
    }

    @Override
    public void give(ClusterJob<?> job) {
        job.heldBy(this);
        job.told = false;
        var head = new BodyHead(job.leftNanos(), job.attempt, job.name);
        byte[] work = job.work().toBytes();
        tasks.put(job, Heddle.spawn(job.name, () -> live(job, head, work)));
    }

    private void live(ClusterJob<?> job, BodyHead head, byte[] work) {
        try {
            BodyAnswer answer = worker.work(head, work);
            tasks.remove(job);
            dispatcher.answered(job, node, answer);
        } catch (CancelledException e) {
            job.fail(Dispatcher.stopped(node));
            throw e;
        } catch (RejectedExecutionException e) {
            job.fail(e);
        } finally {
            tasks.remove(job);
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

    @Override
    public void hurry() {
        Set.copyOf(tasks.keySet()).forEach(job -> unwanted(job, true));
    }
}
