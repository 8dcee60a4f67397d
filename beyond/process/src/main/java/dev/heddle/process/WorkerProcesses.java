package dev.heddle.process;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.FailureHandler;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.TaskGroup;
import dev.heddle.Waiter;
import dev.heddle.internal.Unyielding;
import dev.heddle.internal.sight.Events;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool, and the loop that they live on: one with a thread of its own, that is there while there are
 * workers or jobs. So a program does not end before its jobs, nor later than the last worker that has been idle for
 * long.
 *
 * <p>Threads: any, but what is said to be the loop's.
 */
final class WorkerProcesses {

    /** It starts while the JVM may be starting too. */
    private static final Duration BLOCKED_AFTER = Duration.ofSeconds(1);

    private static final long STACK_BYTES = 256 * 1024;

    private static final PartKind<WorkerProcesses> KIND = PartKind.<WorkerProcesses, ProcessPoolStatistics>of(
            "process pool", WorkerProcesses::statistics, WorkerProcesses::pressure)
            .named(pool -> pool.options.name())
            .detailed(pool -> pool.queue.detail())
            .until(pool -> pool.queue.terminated().isSet());

    private final ProcessPoolOptions options;
    private final Marshaller marshaller;
    private final JobQueue queue;
    private final StartLimit starts;

    private final Set<WorkerProcess> children = ConcurrentHashMap.newKeySet();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong died = new AtomicLong();
    private final AtomicLong killed = new AtomicLong();
    private volatile boolean terminated;

    /** Changed behind the lock of the queue. */
    private volatile @Nullable Home home;

    WorkerProcesses(ProcessPoolOptions options) {
        this.options = options;
        this.marshaller = Marshaller.of(options.maxBytes(), options.formats());
        this.queue = new JobQueue(options, this::call);
        this.starts = new StartLimit(options.name());
        Parts.add(KIND, this);
    }

    Marshaller marshaller() {
        return marshaller;
    }

    JobQueue queue() {
        return queue;
    }

    // ---- the loop ----

    /** Where the workers are, from the first job until the last worker has gone. */
    private final class Home implements Runnable {

        private final Set<PoolWorker> workers = new HashSet<>();
        private final Waiter deserted = new Waiter("the last worker of " + options.name());
        private volatile @Nullable Loop loop;
        private @Nullable TaskGroup tasks;

        /** When a worker may be started again, while none may. */
        private @Nullable Handle startAlarm;

        void open() {
            new Thread(null, this, options.name(), STACK_BYTES, false).start();
        }

        @Override
        public void run() {
            Config config = Config.DEFAULT
                    .withName(options.name())
                    .withSignals(false)
                    .withBlockedAfter(BLOCKED_AFTER);
            try {
                Heddle.run(config, this::live);
            } catch (Throwable e) {
                comeDown(this, e);
            }
        }

        private void live() {
            Heddle.group(group -> {
                tasks = group;
                loop = Heddle.currentLoop();
                assign();
                deserted.await();
            });
        }

        /** Has something done, if it is up: it assigns when it comes up. */
        void call(Runnable action) {
            Loop up = loop;
            try {
                if (up != null) {
                    up.callFromThread(action);
                }
            } catch (IllegalStateException e) {
                // It is coming down, and fails what waits.
            }
        }

        private void assign() {
            if (home == this) {
                while (Unyielding.call(() -> queue.assign(WorkerProcesses.this::hire))) {
                    // The next.
                }
                if (starts.pause().isPositive()) {
                    waitForStarts();
                }
                if (workers.isEmpty()) { // else the last that leaves looks
                    closeIfDeserted(this);
                }
            }
        }

        /** No worker may be started now: what nobody is left for fails, and the rest is assigned when one may be. */
        private void waitForStarts() {
            Unyielding.call(queue::takeHopeless).forEach(job -> job.fail(starts.broken()));
            if (startAlarm == null) {
                startAlarm = Heddle.currentLoop().callLater(starts.pause(), () -> {
                    startAlarm = null;
                    assign();
                });
            }
        }
    }

    /** Has the loop assign jobs soon, which begins if need be. Behind the lock of the queue. */
    private void call() {
        Home here = home;
        if (here != null) {
            here.call(here::assign);
            return;
        }
        var next = new Home();
        home = next;
        try {
            next.open();
        } catch (Throwable e) {
            home = null;
            throw e;
        }
    }

    private void closeIfDeserted(Home which) {
        Unyielding.run(() -> {
            synchronized (queue) {
                if (home == which && queue.isDeserted()) {
                    home = null;
                    which.deserted.complete();
                }
            }
        });
    }

    private void comeDown(Home which, Throwable why) {
        synchronized (queue) {
            if (home == which) {
                home = null;
            }
        }
        queue.abandon(why);
    }

    /** Whether the calling code runs on the loop of the workers. */
    boolean isHere() {
        Home here = home;
        try {
            return here != null && here.loop == Heddle.currentLoop();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Does something on the loop, if there is one. */
    private void onLoop(Consumer<Home> action) {
        synchronized (queue) { // so that the loop is there until it is called
            Home here = home;
            if (here != null) {
                here.call(() -> action.accept(here));
            }
        }
    }

    // ---- the loop's ----

    private @Nullable PoolWorker hire() {
        if (starts.pause().isPositive()) {
            return null;
        }
        var worker = new PoolWorker(this, queue, options);
        here().workers.add(worker);
        return worker;
    }

    private Home here() {
        return Objects.requireNonNull(home);
    }

    void spawn(Action life) {
        Objects.requireNonNull(here().tasks).spawn("a worker of " + options.name(), life);
    }

    void left(PoolWorker worker) {
        Home here = here();
        here.workers.remove(worker);
        closeIfDeserted(here);
    }

    /** Whether a child may be started now, which the caller then does. */
    boolean mayStart() {
        return starts.tryStart();
    }

    /** Starts a child. */
    WorkerProcess start() {
        try {
            WorkerProcess child = WorkerProcess.start(
                    WorkerProcess.Start.of(
                            options.name() + "-" + started.incrementAndGet(),
                            options.jvmArguments(),
                            marshaller,
                            options.output(),
                            options.grace()),
                    launched -> tell(launched.process().pid(), "started"));
            children.add(child);
            if (terminated) {
                child.kill();
            }
            return child;
        } catch (Throwable e) {
            startFailed(e);
            throw e;
        }
    }

    private void startFailed(Throwable why) {
        if (!(why instanceof CancelledException)) {
            if (starts.failed(why) && here().workers.size() > 1) {
                FailureHandler.LOG.failed("no further worker of the pool " + options.name() + " gets ready; it goes on"
                        + " with fewer, and tries one each second", why);
            }
            if (why instanceof WorkerDiedException) {
                died.incrementAndGet();
            }
        }
    }

    /**
     * Makes a child ready for jobs.
     *
     * @return how the initializer has ended
     * @throws WorkerDiedException if the child dies in it
     */
    Outcome<?> prepare(WorkerProcess child) {
        Outcome<?> end = new Outcome.Success<>(true);
        if (options.initializer() != ProcessPoolOptions.DEFAULT.initializer()) {
            Output work = marshaller.encode(
                    "the initializer", new Work(options.initializer(), List.of(), List.of()));
            try {
                end = child.run(work);
            } catch (Throwable e) {
                startFailed(e);
                throw e;
            }
        }
        if (end instanceof Outcome.Failure<?>(Throwable why)) {
            startFailed(why);
            return end;
        }
        starts.succeeded();
        Objects.requireNonNull(here().tasks).spawn("a start cache", () -> Heddle.offload(() -> {
            StartCache cache = StartCache.of(options.jvmArguments());
            if (cache != null) {
                cache.makeInBackground();
            }
        }));
        return end;
    }

    /** A child has died with a job, or without one that it was asked to end. */
    void hasLost(WorkerProcess child) {
        died.incrementAndGet();
        tell(child.pid(), "died");
    }

    void hasKilled(WorkerProcess child) {
        killed.incrementAndGet();
        tell(child.pid(), "killed");
    }

    private void tell(long pid, String what) {
        Events heard = Events.heard();
        if (heard != null) {
            heard.process(options.name(), pid, what);
        }
    }

    void forget(@Nullable WorkerProcess child) {
        if (child != null) {
            children.remove(child);
        }
    }

    // ---- for others ----

    /**
     * Nobody wants a job any more: it is not done if it has not begun.
     *
     * @param hurry whether it must end soon if it has begun
     */
    void unwanted(RemoteJob<?> job, boolean hurry) {
        if (queue.forget(job)) {
            job.cancel("it was given up before it began");
            return;
        }
        onLoop(here -> {
            JobPipeline holder = job.holder;
            if (holder != null) {
                holder.unwanted(job, hurry);
            } else if (hurry) {
                here.workers.stream().filter(worker -> worker.isFirst(job)).findAny().ifPresent(PoolWorker::hurry);
            }
        });
    }

    /** As {@link BodyFuture#takeBack}. */
    boolean takeBack(RemoteJob<?> job) {
        boolean waited = queue.forget(job);
        if (waited) {
            job.cancel("it was taken back before it began");
        }
        return waited;
    }

    /**
     * Has what runs end, and cancels of what has not begun that for which a call of the pool waits.
     *
     * @return what has not begun
     */
    List<RemoteJob<?>> shutdownNow() {
        List<RemoteJob<?>> left = queue.drain();
        left.stream().filter(job -> !job.withdraw()).forEach(WorkerProcesses::cancelUnbegun);
        queue.checkEnd();
        onLoop(here -> {
            List.copyOf(here.workers).forEach(PoolWorker::hurry);
            closeIfDeserted(here);
        });
        return left;
    }

    /** Has what runs end, and cancels what has not begun. */
    void cancel() {
        shutdownNow().forEach(WorkerProcesses::cancelUnbegun);
    }

    private static void cancelUnbegun(RemoteJob<?> job) {
        job.cancel("the pool was shut down before the body began");
    }

    /** Kills all. */
    void terminate() {
        terminated = true;
        cancel();
        children.forEach(WorkerProcess::kill);
    }

    private static double pressure(WorkerProcesses pool, ProcessPoolStatistics now) {
        return PartKind.fullness(now.busy(), pool.options.workers(), now.queued(), pool.options.maxQueued());
    }

    ProcessPoolStatistics statistics() {
        return queue.statistics(children.size(), started.get(), died.get(), killed.get());
    }
}
