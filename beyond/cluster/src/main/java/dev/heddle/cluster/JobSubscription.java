package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.jobs.HandlerSlots;
import dev.heddle.internal.sight.PartDetail.Holder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A node's handling of the jobs of a name, until it is closed.
 *
 * <pre>
 *   TAKING ── drain ──▶ DRAINING ── its last job ends ──▶ CLOSED
 *     └── close ──▶ CLOSING ── its jobs are given back ────▲
 * </pre>
 *
 * <p>Threads: tasks of any loop.
 */
public final class JobSubscription implements AutoCloseable {

    private final Jobs jobs;
    private final String name;
    private final int limit;
    private final JobHandlerOptions options;
    private final JobHandler handler;
    private final Map<String, Task<Void>> running = new ConcurrentHashMap<>();
    private final HandlerSlots slots;
    private final Promise<Boolean> idle = new Promise<>();
    private volatile boolean taking = true;

    JobSubscription(Jobs jobs, String name, int limit, JobHandlerOptions options, JobHandler handler) {
        this.jobs = jobs;
        this.name = name;
        this.limit = limit;
        this.options = options;
        this.handler = options.around(handler);
        this.slots = new HandlerSlots(name, limit);
    }

    /** The name of the jobs. */
    public String name() {
        return name;
    }

    /** How many jobs this node does at a time. */
    public int limit() {
        return limit;
    }

    /** How many jobs of this name the node is doing, or is about to do. */
    public int running() {
        return running.size();
    }

    /**
     * Begins with no more jobs on this node, and waits until those that it does have ended.
     *
     * <p>Cancellation: a cancelled call leaves the node draining.
     *
     * @throws IllegalStateException if one of those jobs calls it, which would wait for itself
     */
    public void drain() {
        requireOther();
        beginDrain();
        idle.join();
    }

    /**
     * Cancels what this node does of it, gives those jobs back to the queue, and waits for that. It does not count as a
     * failed attempt. Does nothing if it is closed.
     *
     * <p>Cancellation: does not heed it.
     *
     * @throws IllegalStateException if one of those jobs calls it, which would wait for itself
     */
    @Override
    public void close() {
        requireOther();
        stop(true);
        Heddle.shield(() -> {
            idle.join();
        });
    }

    private void requireOther() {
        if (Task.ofThread(Thread.currentThread()).filter(running::containsValue).isPresent()) {
            throw new IllegalStateException("a job " + name + " cannot wait for the end of all jobs " + name
                    + " of its node: have another task do it");
        }
    }

    /** Begins with no more jobs on this node; does not wait. */
    void beginDrain() {
        stop(false);
    }

    /** What runs, for reports. */
    Stream<Holder> holders() {
        return running.keySet().stream().map(id -> new Holder("job " + name + " " + Names.decode(id), 0, -1, null));
    }

    JobHandlerOptions options() {
        return options;
    }

    HandlerSlots slots() {
        return slots;
    }

    JobHandler handler() {
        return handler;
    }

    boolean isTaking() {
        return taking;
    }

    /** A job is begun; on the node's loop. */
    void begin(String job, Task<Void> task) {
        running.put(job, task);
    }

    /** A job is over; on the node's loop. */
    void end(String job) {
        running.remove(job);
        endIfIdle();
    }

    private void stop(boolean cancelling) {
        jobs.onLoop(() -> {
            taking = false;
            if (cancelling) {
                running.values().forEach(task -> task.cancel("the node no longer handles the jobs " + name));
            }
            endIfIdle();
        });
    }

    private void endIfIdle() {
        if (!taking && running.isEmpty() && idle.tryComplete(true)) {
            jobs.ended(this);
        }
    }
}
