package dev.heddle.process;

import dev.heddle.Waiter;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Unyielding;
import dev.heddle.internal.WaitLine;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.sync.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a pool's jobs: those that wait for a worker, and who has the others.
 *
 * <pre>
 *   OPEN ──shutdown()──▶ SHUT_DOWN ──queue empty, last worker gone──▶ terminated
 * </pre>
 *
 * <p>Submitters come with a job each, from anywhere. Workers come once for a batch: they say how many jobs they have
 * done, and take as many new ones. That is also when there is room for submitters who wait, in the order in which they
 * came. A new worker is wanted only for a job that finds no idle one left.
 *
 * <p>Threads: any. Its monitor is the lock of all that a pool shares, held for a few steps. On the loop of the workers it
 * is taken without letting the loop's other tasks run: see {@link Unyielding}.
 */
@AsksSystem("processes live in real time")
final class JobQueue {

    /** What a worker does next. */
    enum Next {
        WORK,
        WAIT,
        END
    }

    /** Who does jobs. On the loop of the crew, but for what it has of the queue. */
    abstract static class Worker {

        /** What it has taken and not said to have ended; behind the lock. */
        private final ArrayDeque<RemoteJob<?>> jobs = new ArrayDeque<>();

        private boolean busy;

        /** How many of its jobs are over, of which the queue has not heard yet. */
        private int over() {
            return (int) jobs.stream().filter(RemoteJob::isOver).count();
        }

        /** Has it do a job, after it had none. */
        abstract void begin(RemoteJob<?> job);

        /** There are no more jobs. */
        abstract void end();
    }

    /** A call that waits for room. */
    private static final class Submission extends WaitLine.Call<Submission> {
        final RemoteJob<?> job;
        boolean refused;

        Submission(RemoteJob<?> job, Waiter waiter) {
            super(waiter);
            this.job = job;
        }
    }

    private final ProcessPoolOptions options;
    private final Runnable crew;
    private final LinkedHashSet<RemoteJob<?>> queue = new LinkedHashSet<>();
    private final WaitLine<Submission> submissions = new WaitLine<>();
    private final LinkedHashSet<Worker> idle = new LinkedHashSet<>();
    private final Set<Worker> workers = new HashSet<>();
    private final Event terminated;
    private boolean shutDown;

    /** After {@link #drain}: nothing waits any more. */
    private boolean drained;

    /** Whether the crew was called and has not come yet. */
    private boolean called;

    private int busy;

    /** Jobs that workers have, those before their turn included. */
    private int taken;

    private long done;

    /**
     * @param crew has jobs {@linkplain #assign assigned} soon; called behind the lock, by any thread
     */
    JobQueue(ProcessPoolOptions options, Runnable crew) {
        this.options = options;
        this.crew = crew;
        this.terminated = Event.named("the end of " + options.name());
    }

    // ---- jobs come in ----

    /**
     * Takes a job in.
     *
     * @param wait whether to wait for room; a cancelled wait has not left the job
     * @return false if there is no room
     * @throws RejectedExecutionException after shutdown
     */
    boolean admit(RemoteJob<?> job, boolean wait) {
        Submission submission;
        synchronized (this) {
            requireOpen();
            if (isRoomy()) {
                enqueue(job);
                return true;
            }
            if (!wait) {
                return false;
            }
            submission = new Submission(job, new Waiter("a place in the queue of " + options.name()));
            submissions.add(submission);
        }
        try {
            submission.waiter.await();
        } catch (Throwable e) {
            synchronized (this) {
                submissions.remove(submission);
            }
            throw e;
        }
        if (submission.refused) {
            throw refusal();
        }
        return true;
    }

    /** Takes a job in past the bound. */
    synchronized void admitUnbounded(RemoteJob<?> job) {
        requireOpen();
        enqueue(job);
    }

    private void enqueue(RemoteJob<?> job) {
        job.queuedNanos = System.nanoTime();
        queue.add(job);
        try {
            callCrew();
        } catch (Throwable e) { // as when there is no thread to be had
            queue.remove(job);
            throw e;
        }
    }

    /** Whether a job would be taken in at once. */
    synchronized boolean isRoomy() {
        return submissions.isEmpty() && hasRoom();
    }

    synchronized void requireOpen() {
        if (shutDown) {
            throw refusal();
        }
    }

    private RejectedExecutionException refusal() {
        return new RejectedExecutionException(options.name() + " is shut down; it takes no more work");
    }

    /** Takes a job back that nobody wants; whether it still waited. */
    synchronized boolean forget(RemoteJob<?> job) {
        boolean waited = queue.remove(job);
        serveSubmissions();
        return waited;
    }

    // ---- behind the lock ----

    private int ahead() {
        return taken - busy;
    }

    private boolean hasRoom() {
        return queue.size() + ahead() < (long) options.maxQueued() + options.workers() - busy;
    }

    private void serveSubmissions() {
        while (!shutDown && !submissions.isEmpty() && hasRoom()) {
            Submission first = submissions.wakeFirst();
            if (first != null) {
                first.job.queuedNanos = System.nanoTime();
                queue.add(first.job);
                callCrew();
            }
        }
    }

    private boolean isAssignable() {
        return !queue.isEmpty() && (!idle.isEmpty() || workers.size() < options.workers());
    }

    private boolean isCrewNeeded() {
        return isAssignable() || (shutDown && !idle.isEmpty());
    }

    private void callCrew() {
        if (!called && isCrewNeeded()) {
            crew.run();
            called = true;
        }
    }

    private void give(Worker worker) {
        RemoteJob<?> job = queue.removeFirst();
        job.givenNanos = System.nanoTime();
        worker.jobs.add(job);
        taken++;
        count(worker);
    }

    private void count(Worker worker) {
        boolean now = !worker.jobs.isEmpty();
        if (now != worker.busy) {
            worker.busy = now;
            busy += now ? 1 : -1;
        }
    }

    // ---- workers; on their loop ----

    /**
     * Assigns what waits to idle workers and new ones, and after a shutdown tells idle ones to end.
     *
     * @param hire makes a worker, behind the lock; null while there must be none
     * @return whether there may be more: to be called until there is not
     */
    boolean assign(Supplier<? extends @Nullable Worker> hire) {
        Worker worker = null;
        RemoteJob<?> job = null;
        boolean more;
        synchronized (this) {
            called = false;
            serveSubmissions();
            if (isAssignable()) {
                worker = idle.isEmpty() ? hire.get() : idle.removeFirst();
                if (worker != null) {
                    workers.add(worker);
                    job = queue.getFirst();
                    give(worker);
                }
            } else if (shutDown && !idle.isEmpty()) {
                worker = idle.removeFirst();
            }
            more = isCrewNeeded();
        }
        if (worker == null) {
            return false;
        }
        if (job == null) {
            worker.end();
        } else {
            worker.begin(job);
        }
        return more;
    }

    /**
     * A worker has done jobs, those that it took first, and takes others: the next one if it has none, and further ones
     * if they may be given before their turn and no other worker is free for them.
     *
     * @param most how many to take
     * @param into where they go
     */
    synchronized Next exchange(Worker worker, int count, int most, List<RemoteJob<?>> into) {
        ended(worker, count);
        while (into.size() < most && !queue.isEmpty() && (!worker.busy || isForAnybody())) {
            into.add(queue.getFirst());
            give(worker);
        }
        serveSubmissions();
        if (worker.busy) {
            return Next.WORK;
        }
        if (shutDown && queue.isEmpty()) {
            return Next.END;
        }
        idle.add(worker);
        callCrew();
        return Next.WAIT;
    }

    private void ended(Worker worker, int count) {
        for (int i = 0; i < count; i++) {
            worker.jobs.removeFirst();
        }
        taken -= count;
        done += count;
        count(worker);
        serveSubmissions();
    }

    private boolean isForAnybody() {
        return queue.size() > options.workers() - busy && queue.getFirst().isLight();
    }

    /**
     * A worker has not begun a job, which is the next of all if somebody still wants it.
     *
     * @return false if nobody does
     */
    synchronized boolean putBack(Worker worker, RemoteJob<?> job) {
        worker.jobs.removeLastOccurrence(job);
        taken--;
        count(worker);
        boolean wanted = !drained && !job.isUnwanted();
        if (wanted) {
            queue.addFirst(job);
        }
        serveSubmissions();
        callCrew();
        return wanted;
    }

    /** As {@link #putBack}, in one piece on the loop; a job that nobody wants is cancelled. */
    void giveBack(Worker worker, RemoteJob<?> job) {
        if (!Unyielding.call(() -> putBack(worker, job))) {
            job.cancel("it was given up before it began");
        }
    }

    /** Takes a worker from the idle ones; whether it was idle. */
    synchronized boolean retire(Worker worker) {
        return idle.remove(worker);
    }

    /** A worker has done jobs and takes the next one; if there is none, which is null, it is a worker no more. */
    synchronized @Nullable RemoteJob<?> nextOrLeave(Worker worker, int count) {
        ended(worker, count);
        if (queue.isEmpty()) {
            leave(worker, 0);
            return null;
        }
        RemoteJob<?> next = queue.getFirst();
        give(worker);
        serveSubmissions();
        return next;
    }

    /** A worker has done jobs and is a worker no more. */
    synchronized void leave(Worker worker, int count) {
        ended(worker, count);
        workers.remove(worker);
        callCrew();
        checkEnd();
    }

    /** Whether a worker that leaves is not the last one. */
    synchronized boolean hasSeveralWorkers() {
        return workers.size() > 1;
    }

    /** While none can be hired: the jobs that would wait for a worker though none is left, but for those that may. */
    synchronized List<RemoteJob<?>> takeHopeless() {
        List<RemoteJob<?>> hopeless = workers.isEmpty()
                ? queue.stream().filter(job -> job.attempts <= 1).toList()
                : List.of();
        hopeless.forEach(queue::remove);
        serveSubmissions();
        return hopeless;
    }

    /**
     * Whether there is neither a worker nor a job, so that the crew may go home: it will be called again. The end of all
     * if it is shut down, also where the last job was given up before a worker came.
     */
    synchronized boolean isDeserted() {
        boolean deserted = workers.isEmpty() && queue.isEmpty();
        called &= !deserted;
        checkEnd();
        return deserted;
    }

    /** The crew has come down: fails all that it had, and calls it again for who waits for room. */
    void abandon(Throwable why) {
        for (Throwable current = why; current != null;) {
            Throwable because = current;
            takeAll().forEach(job -> job.fail(because));
            current = callAgain();
        }
    }

    private synchronized List<RemoteJob<?>> takeAll() {
        List<RemoteJob<?>> all = new ArrayList<>(queue);
        workers.forEach(worker -> all.addAll(worker.jobs));
        queue.clear();
        workers.clear();
        idle.clear();
        busy = 0;
        taken = 0;
        called = false;
        return all;
    }

    /** Gives why the crew cannot be called, as when there is no thread to be had; null if all is well. */
    private synchronized @Nullable Throwable callAgain() {
        try {
            serveSubmissions();
            callCrew();
            checkEnd();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    // ---- the end ----

    synchronized void shutdown() {
        shutDown = true;
        for (Submission each = submissions.first(); each != null; each = each.next()) {
            each.refused = true;
        }
        submissions.wakeAll();
        callCrew();
        checkEnd();
    }

    /**
     * Shuts down and gives what has not begun: what waits and what workers have before its turn. To be followed by
     * {@link #checkEnd}, when they are told.
     */
    synchronized List<RemoteJob<?>> drain() {
        shutdown();
        drained = true;
        List<RemoteJob<?>> left = new ArrayList<>(queue);
        queue.clear();
        for (Worker worker : workers) {
            // The turn is that of the first which is not over, though it may be cancelled.
            worker.jobs.stream().dropWhile(RemoteJob::isOver).skip(1).filter(job -> !job.isDone()).forEach(left::add);
        }
        return left;
    }

    synchronized void checkEnd() {
        if (shutDown && queue.isEmpty() && workers.isEmpty()) {
            terminated.set();
        }
    }

    synchronized boolean isShutDown() {
        return shutDown;
    }

    /** Set when all has ended. */
    Event terminated() {
        return terminated;
    }

    /** The jobs that children have had longest of those whose turn it is, and how long the first in the queue has waited. */
    synchronized PartDetail detail() {
        long now = System.nanoTime();
        List<PartDetail.Holder> longest = workers.stream()
                .flatMap(worker -> worker.jobs.stream().filter(job -> !job.isOver()).limit(1))
                .sorted(Comparator.comparingLong(job -> job.givenNanos - now))
                .limit(PartDetail.MAX_HOLDERS)
                .map(job -> job.asHolder(now))
                .toList();
        return new PartDetail(longest, queue.isEmpty() ? -1 : now - queue.getFirst().queuedNanos);
    }

    /** The counts, with those of the children. */
    synchronized ProcessPoolStatistics statistics(int alive, long started, long died, long killed) {
        int over = workers.stream().mapToInt(Worker::over).sum();
        int working = (int) workers.stream().filter(worker -> worker.over() < worker.jobs.size()).count();
        int waiting = queue.size() + taken - over - working;
        return new Statistics(alive, working, waiting, done + over, started, died, killed);
    }

    /** What the statistics are, at one moment. */
    record Statistics(int alive, int busy, int queued, @Counter long done, @Counter long started, @Counter long died,
            @Counter long killed) implements ProcessPoolStatistics {}
}
