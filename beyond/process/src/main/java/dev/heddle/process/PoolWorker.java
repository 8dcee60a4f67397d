package dev.heddle.process;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.internal.Unyielding;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a pool: a task that has a child, and another one if that has died or has done enough.
 *
 * <pre>
 *   a job waits ──▶ STARTING a child ──▶ WORKING ◀──▶ idle
 *        ▲                │ fails            │ the child ends
 *        │                ▼                  │
 *        │              gone                 │
 *        └───────────────────────────────────┴──▶ gone, if there is no other job
 * </pre>
 *
 * <p>Confined to the loop of the pool, whose other tasks do not run while this one waits for the lock of the queue:
 * they would find it in the middle of a step.
 */
final class PoolWorker extends JobQueue.Worker {

    private final WorkerProcesses pool;
    private final JobQueue queue;
    private final ProcessPoolOptions options;
    private final Loop loop = Heddle.currentLoop();

    /** The job that waits for a child. */
    private @Nullable RemoteJob<?> first;

    /** Around the start that the first job waits for. */
    private @Nullable CancelScope starting;

    private @Nullable WorkerProcess child;
    private boolean idle;
    private long idleNanos;
    private @Nullable Handle idleAlarm;

    /** Jobs of a child that is gone, of which the queue has not heard. */
    private int ended;

    PoolWorker(WorkerProcesses pool, JobQueue queue, ProcessPoolOptions options) {
        this.pool = pool;
        this.queue = queue;
        this.options = options;
    }

    // ---- told by the pool ----

    @Override
    void begin(RemoteJob<?> job) {
        WorkerProcess mine = child;
        idle = false;
        if (mine == null) {
            first = job;
            pool.spawn(this::live);
        } else if (!mine.isAlive() || mine.isKilled()) {
            first = job;
        } else if (mine.jobs() < options.bodiesPerWorker()) {
            mine.give(job);
            settle(mine);
        } else {
            first = job;
            mine.end();
        }
    }

    /** Whether a job waits here for a child. */
    boolean isFirst(RemoteJob<?> job) {
        return first == job;
    }

    /** Has it end what it does: a start, or the end of a child that a job waits for, at once. */
    void hurry() {
        if (starting != null) {
            starting.cancel("the work was given up");
        } else if (first != null && child != null) {
            child.kill();
        }
        if (child != null) {
            child.hurry();
        }
    }

    /** Ends its child in order. */
    @Override
    void end() {
        idle = false;
        if (child != null) {
            child.end();
        }
    }

    // ---- between jobs ----

    private void settle(WorkerProcess mine) {
        switch (mine.settle()) {
            case WORK -> {}
            case WAIT -> beginIdle();
            case END -> end();
        }
    }

    private void beginIdle() {
        idle = true;
        idleNanos = loop.nanoTime();
        if (idleAlarm == null) {
            idleAlarm = loop.callLater(options.idleLimit(), this::lookIdle);
        }
    }

    private void lookIdle() {
        idleAlarm = null;
        if (!idle) {
            return;
        }
        long left = options.idleLimit().toNanos() - (loop.nanoTime() - idleNanos);
        if (left > 0) {
            idleAlarm = loop.callLater(Duration.ofNanos(left), this::lookIdle);
        } else if (Unyielding.call(() -> queue.retire(this))) {
            end();
        }
    }

    // ---- its life ----

    private void live() {
        try {
            while (first != null) {
                RemoteJob<?> job = first;
                boolean barred = !pool.mayStart();
                Throwable failure = barred ? null : work(job);
                if (first == job && (barred || failure != null)) {
                    first = null;
                    leave(job, failure);
                } else if (first == null) {
                    int done = ended;
                    ended = 0;
                    first = Unyielding
                            .<@Nullable RemoteJob<?>, RuntimeException>call(() -> queue.nextOrLeave(this, done));
                }
            }
        } finally {
            if (idleAlarm != null) {
                idleAlarm.cancel();
            }
            pool.left(this);
        }
    }

    /**
     * Starts a child for a job, and has that and others done until the child ends.
     *
     * @return why no child has come for it; null if one has
     */
    private @Nullable Throwable work(RemoteJob<?> job) {
        try {
            Optional<WorkerProcess> started = unlessUnwanted(job, pool::start);
            if (started.isEmpty()) {
                return JobPipeline.neverBegun();
            }
            WorkerProcess up = started.get();
            child = up;
            return up.<@Nullable Throwable>during(() -> serve(up, job));
        } catch (CancelledException e) {
            throw e;
        } catch (Exception | Error e) {
            return e;
        } finally {
            pool.forget(child);
            child = null;
        }
    }

    /** Runs a body that a cancel of the job cuts off; empty if it did. */
    private <T> Optional<T> unlessUnwanted(RemoteJob<?> job, Callable<T> body) {
        return job.isUnwanted() ? Optional.empty() : CancelScope.open(scope -> {
            starting = scope;
            try {
                return body.call();
            } finally {
                starting = null;
            }
        });
    }

    private @Nullable Throwable serve(WorkerProcess up, RemoteJob<?> job) {
        Optional<Outcome<?>> prepared = unlessUnwanted(job, () -> pool.prepare(up));
        if (prepared.isEmpty()) {
            return JobPipeline.neverBegun();
        }
        if (prepared.get() instanceof Outcome.Failure<?>(Throwable why)) {
            return why;
        }
        up.open(queue, this, options.bodiesPerWorker());
        first = null;
        up.give(job);
        Throwable end;
        do {
            settle(up);
            end = up.receive();
        } while (end == null);
        idle = false;
        Unyielding.call(() -> queue.retire(this));
        RemoteJob<?> lost = up.lose();
        ended += up.takeEnded();
        if (lost != null) {
            if (up.isKilled()) {
                pool.hasKilled(up);
            } else {
                pool.hasLost(up);
            }
            // It was killed for the one that was told to end. That one may have answered meanwhile.
            lost(lost, up.isKilled() && lost.told
                    ? new InterruptedException(
                            "the work was given up, and " + up.name() + " killed, since it did not end by itself")
                    : up.died(end));
        } else if (!up.isEnding() && !up.isKilled()) {
            pool.hasLost(up);
        }
        return null;
    }

    /** The job in whose turn a child has ended is tried again, or fails. */
    private void lost(RemoteJob<?> job, Exception why) {
        boolean again = mayBeTriedAgain(job, why);
        if (!again) {
            ended++;
        }
        if (!again || !Unyielding.call(() -> queue.putBack(this, job))) {
            job.fail(why);
        }
    }

    private static boolean mayBeTriedAgain(RemoteJob<?> job, Throwable why) {
        return why instanceof WorkerDiedException && --job.attempts > 0 && !job.isUnwanted();
    }

    /**
     * No child has come for a job, so this is a worker no more. The job goes to another worker; if there is none it is
     * tried again, or fails.
     *
     * @param why null if none was started, since none may be now
     */
    private void leave(RemoteJob<?> job, @Nullable Throwable why) {
        if (why == null || Unyielding.call(queue::hasSeveralWorkers) || mayBeTriedAgain(job, why)) {
            queue.giveBack(this, job);
        } else {
            ended++;
            job.fail(why);
        }
        int done = ended;
        Unyielding.run(() -> queue.leave(this, done));
    }
}
