package dev.heddle.internal.pool;

import dev.heddle.BrokenException;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.WorkerPoolStatistics;
import dev.heddle.internal.Affinity;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartDetail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a {@link WorkerPool} and the jobs that wait for them.
 *
 * <pre>
 *   OPEN ──shutdown()──▶ SHUT_DOWN ──queue empty, last worker gone──▶ terminated
 *     └────────an initializer failed────────▶ BROKEN ──last worker gone──▶ terminated
 * </pre>
 *
 * <p>A worker that has not begun a job counts as idle, also a new one. A new one is started only for a job that finds
 * no idle worker left. Whoever makes room in the queue puts the job of the longest waiting submitter there.
 *
 * <p>Not built on {@code ThreadPoolExecutor}: that starts new threads while others are idle, refuses instead of
 * waiting, keeps the place of a cancelled future, and knows no initializer.
 */
@AsksSystem("its threads live in real time")
public final class WorkerThreads {

    private static final TaskAccess TASKS = TaskAccess.get();

    private enum State {
        OPEN,
        SHUT_DOWN,
        BROKEN
    }

    private final WorkerPoolOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final LinkedHashSet<Job<?>> queue = new LinkedHashSet<>();
    private final LinkedHashSet<Submission> submissions = new LinkedHashSet<>();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet(); // changed behind the lock
    public final Termination termination;
    private State state = State.OPEN;
    private @Nullable Throwable initializerFailure;
    private int busy;

    /** Workers that take no more jobs and clean up. */
    private int leaving;

    private long ended;
    private long named;

    public WorkerThreads(WorkerPoolOptions options) {
        this.options = options;
        this.termination = new Termination(lock, options.name(),
                () -> state != State.OPEN && workers.isEmpty() && leaving == 0, () -> List.copyOf(workers));
    }

    // ---- jobs come in ----

    /**
     * Takes a job in.
     *
     * @param wait whether to wait for room; a cancelled wait has not left the job
     * @return false if there is no room
     * @throws RejectedExecutionException after shutdown
     * @throws BrokenException if an initializer failed
     */
    public boolean admit(Job<?> job, boolean wait) {
        Submission submission;
        lock.lock();
        try {
            requireOpen();
            if (submissions.isEmpty() && hasRoom()) {
                enqueue(job);
                return true;
            }
            if (!wait) {
                return false;
            }
            submission = new Submission(job, new Waiter("a place in the queue of " + options.name()));
            submissions.add(submission);
        } finally {
            lock.unlock();
        }
        boolean done = false;
        try {
            submission.waiter.await();
            done = true;
        } finally {
            if (!done) {
                withdraw(submission);
            }
        }
        if (submission.refused) {
            throw refusal();
        }
        return true;
    }

    /** Takes a job in past the bound of the queue. */
    public void admitUnbounded(Job<?> job) {
        lock.lock();
        try {
            requireOpen();
            enqueue(job);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a job in if a worker is free for it: for workers that wait for its end, and must not all wait for each
     * other.
     */
    public boolean admitToIdle(Job<?> job) {
        lock.lock();
        try {
            requireOpen();
            boolean idle = queue.size() < options.workers() - busy;
            if (idle) {
                enqueue(job);
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    private void withdraw(Submission submission) {
        lock.lock();
        try {
            submissions.remove(submission);
        } finally {
            lock.unlock();
        }
    }

    public void requireOpen() {
        lock.lock();
        try {
            if (state != State.OPEN) {
                throw refusal();
            }
        } finally {
            lock.unlock();
        }
    }

    private RuntimeException refusal() {
        return state == State.BROKEN
                ? broken()
                : new RejectedExecutionException(options.name() + " is shut down; it takes no more work");
    }

    /** One for each job: an exception that several threads get would mix their stacks. */
    private BrokenException broken() {
        return new BrokenException(options.name() + " is broken: its initializer failed", initializerFailure);
    }

    /** Takes a job back that was cancelled; whether it was still queued. */
    public boolean forget(Job<?> job) {
        lock.lock();
        try {
            boolean queued = queue.remove(job);
            serveSubmissions();
            return queued;
        } finally {
            lock.unlock();
        }
    }

    // ---- behind the lock ----

    private boolean hasRoom() {
        return queue.size() < (long) options.maxQueued() + options.workers() - busy;
    }

    private void enqueue(Job<?> job) {
        job.queuedNanos = System.nanoTime();
        queue.add(job);
        callWorker(job);
    }

    private void callWorker(Job<?> job) {
        if (queue.size() > workers.size() - busy && workers.size() < options.workers()) {
            startWorker(job);
        } else {
            work.signal();
        }
    }

    private void startWorker(Job<?> job) {
        var worker = new Worker(options.name() + "-" + ++named);
        workers.add(worker);
        try {
            worker.start();
        } catch (OutOfMemoryError e) { // no thread to be had; with others alive the job just waits longer
            workers.remove(worker);
            if (workers.isEmpty()) {
                queue.remove(job);
                throw e;
            }
        }
    }

    private void serveSubmissions() {
        while (state == State.OPEN && hasRoom() && !submissions.isEmpty()) {
            Submission first = submissions.removeFirst();
            if (first.waiter.complete()) {
                enqueue(first.job);
            }
        }
    }

    private void end(State end) {
        state = end;
        for (Submission submission : submissions) {
            submission.refused = true;
            submission.waiter.complete();
        }
        submissions.clear();
        work.signalAll();
        termination.check();
    }

    private List<Job<?>> drain() {
        List<Job<?>> left = List.copyOf(queue);
        queue.clear();
        return left;
    }

    // ---- the end ----

    public void shutdown() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                end(State.SHUT_DOWN);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Shuts down, interrupts what runs, and gives back what is queued. */
    public List<Runnable> shutdownNow() {
        List<Runnable> given = new ArrayList<>();
        for (Job<?> job : stop()) {
            if (job.awaited) {
                job.cancel(false);
            }
            given.add(job.given);
        }
        return given;
    }

    /** Shuts down, interrupts what runs, and cancels what is queued. */
    public void cancel() {
        stop().forEach(job -> job.cancel(false));
    }

    private List<Job<?>> stop() {
        shutdown();
        lock.lock();
        try {
            for (Worker worker : workers) {
                worker.interrupt();
            }
            return drain();
        } finally {
            lock.unlock();
        }
    }

    private void breakDown(Throwable failure) {
        List<Job<?>> left;
        lock.lock();
        try {
            if (initializerFailure == null) {
                initializerFailure = failure;
            }
            left = drain();
            end(State.BROKEN);
        } finally {
            lock.unlock();
        }
        left.forEach(job -> job.fail(broken()));
    }

    public boolean isShutDown() {
        lock.lock();
        try {
            return state != State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    // ---- facts ----

    /** Whether the calling code runs on one of these workers. */
    public boolean isHere() {
        return Thread.currentThread() instanceof Worker worker && worker.threads() == this;
    }

    public WorkerPoolStatistics statistics() {
        lock.lock();
        try {
            return new Statistics(workers.size(), busy, queue.size(), submissions.size(), ended);
        } finally {
            lock.unlock();
        }
    }

    /** The bodies that have run longest, and how long the first in the queue has waited. */
    public PartDetail detail() {
        long now = System.nanoTime();
        List<Worker> longest;
        long waited;
        lock.lock();
        try {
            longest = workers.stream()
                    .filter(worker -> worker.busy)
                    .sorted(Comparator.comparingLong(worker -> worker.begunNanos - now))
                    .limit(PartDetail.MAX_HOLDERS)
                    .toList();
            waited = queue.isEmpty() ? -1 : now - queue.getFirst().queuedNanos;
        } finally {
            lock.unlock();
        }
        return new PartDetail(
                longest.stream()
                        .map(worker -> PartDetail.Holder.of(worker.getName(), worker, now - worker.begunNanos))
                        .toList(),
                waited);
    }

    /** Adds the threads of the bodies that run, with the tasks that have submitted them. */
    public void addBodies(Map<Thread, Task<?>> bodies) {
        for (Worker worker : workers) {
            Job<?> job = worker.job;
            Task<?> submitter = job == null ? null : job.submitter;
            if (submitter != null) {
                bodies.put(worker, submitter);
            }
        }
    }

    // ---- the workers ----

    /** The next job for a worker; null if it is to end. */
    private @Nullable Job<?> next(Worker worker, boolean wasBusy) {
        lock.lock();
        try {
            if (wasBusy) {
                worker.busy = false;
                busy--;
                ended++;
                serveSubmissions();
            }
            long left = Durations.toNanos(options.idleLimit());
            while (queue.isEmpty()) {
                if (state != State.OPEN || left <= 0) {
                    leave(worker);
                    return null;
                }
                try {
                    left = work.awaitNanos(left);
                } catch (InterruptedException e) {
                    // From shutdownNow, or late from a future that was cancelled: look again.
                }
            }
            busy++;
            worker.busy = true;
            worker.begunNanos = System.nanoTime();
            return queue.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Worker worker) {
        lock.lock();
        try {
            workers.remove(worker);
            leaving++;
        } finally {
            lock.unlock();
        }
    }

    private void gone() {
        lock.lock();
        try {
            leaving--;
            termination.check();
        } finally {
            lock.unlock();
        }
    }

    /** A call that waits for room. */
    private static final class Submission {
        final Job<?> job;
        final Waiter waiter;
        boolean refused;

        Submission(Job<?> job, Waiter waiter) {
            this.job = job;
            this.waiter = waiter;
        }
    }

    /** Runs a job's body, which the calling thread, if it is a worker, is about meanwhile. */
    public static void about(Job<?> job, Runnable body) {
        if (!(Thread.currentThread() instanceof Worker worker)) {
            body.run();
            return;
        }
        Job<?> before = worker.job;
        worker.turnTo(job);
        try {
            body.run();
        } finally {
            worker.turnTo(before);
        }
    }

    /** The task whose code has submitted what the calling thread is about; null if that is no worker. */
    public static @Nullable Task<?> submitter() {
        Job<?> job = Thread.currentThread() instanceof Worker worker ? worker.job : null;
        return job == null ? null : job.submitter;
    }

    private final class Worker extends Thread {

        /** Whether it runs a body. Guarded by the lock. */
        boolean busy;

        /** When it began its last body. Written under the lock. */
        volatile long begunNanos;

        /** What it is about; changed before a watch hears of it. */
        private volatile @Nullable Job<?> job;

        /** Thread locals of the submitter, even inheritable ones, do not come along; scoped values do. */
        Worker(String name) {
            super(null, null, name, 0, false);
            setDaemon(false);
        }

        WorkerThreads threads() {
            return WorkerThreads.this;
        }

        private void turnTo(@Nullable Job<?> next) {
            Job<?> before = job;
            job = next;
            tell(before, false);
            tell(next, true);
        }

        private void tell(@Nullable Job<?> its, boolean runs) {
            Task<?> submitter = its == null ? null : its.submitter;
            if (submitter != null) {
                TASKS.works(submitter, this, runs);
            }
        }

        @Override
        public void run() {
            Affinity.unpin();
            try {
                options.initializer().run();
            } catch (Throwable e) {
                breakDown(e);
                leave(this);
                gone();
                return;
            }
            boolean wasBusy = false;
            while (workNext(wasBusy)) {
                wasBusy = true;
            }
            try {
                options.finalizer().run();
            } catch (Throwable e) {
                BoundedLog.report(options.failureHandler(), "the finalizer of " + getName() + " failed", e);
            } finally {
                gone();
            }
        }

        /** Does the next job, if there will be one. A method of its own: while idle, no variable holds the last one. */
        private boolean workNext(boolean wasBusy) {
            Job<?> job = next(this, wasBusy);
            if (job == null) {
                return false;
            }
            job.work();
            Thread.interrupted(); // whatever interrupted this body is not meant for the next
            return true;
        }
    }

    /** What the statistics are, at one moment. */
    public record Statistics(int workers, int busy, int queued, int waitingSubmitters,
            @Counter long ended) implements WorkerPoolStatistics {}
}
