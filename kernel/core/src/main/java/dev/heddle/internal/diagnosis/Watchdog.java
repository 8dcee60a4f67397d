package dev.heddle.internal.diagnosis;

import dev.heddle.Config;
import dev.heddle.FailureHandler;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.internal.Affinity;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.Durations;
import dev.heddle.internal.RunQueueWait;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.Unclosed;
import dev.heddle.internal.loop.Schedulable;
import dev.heddle.internal.sight.Kernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The detector of starved loops: looks from outside whether a task holds its loop for too long, and says which, with
 * its stack; whether an engine does not come back that was woken; and whether a guest holds up its host. One daemon
 * thread for all loops of the process.
 *
 * <p>The loops do nothing for it but count: a loop that shows the same count and the same fiber at two looks was held
 * in between. While all loops sleep, so does the watchdog, but for rare looks of its {@link DeadlockWatch} and at
 * {@code OpenCancels}.
 */
@AsksSystem("it watches in real time, whatever the loop takes for time")
public final class Watchdog extends Thread {

    private static final DiagnosisAccess KERNEL = DiagnosisAccess.get();

    /** Looks within the limit. */
    private static final int LOOKS = 4;

    /** The shortest pause between two looks, however small the limit. */
    private static final long MIN_PAUSE_NANOS = 1_000_000;

    /**
     * How long the process counts as new, from its first loop on. It loads classes and interprets then, which no task
     * can help.
     */
    private static final long NEW_NANOS = Duration.ofSeconds(3).toNanos();

    /** How long a task may hold its loop for classes to be loaded and initialized, which comes once and is no habit. */
    private static final long LOADING_NANOS = Duration.ofSeconds(5).toNanos();

    /** The limit meanwhile, unless somebody has chosen one. */
    private static final long NEW_LIMIT_NANOS = Duration.ofMillis(500).toNanos();

    /** As many times as a task may hold its loop, an engine may take to come back when it should. */
    private static final int LATE_LIMITS = 50;

    /** Most of what waits for such an engine that is named. */
    private static final int MAX_NAMED = 5;

    /** Most reports of a loop that wait for its failure handler. */
    public static final int MAX_UNHEARD = 16;

    /** Of threads that call code of users. */
    private static final ThreadFactory REPORTERS = Thread.ofPlatform().daemon().name("heddle-report").factory();

    private static final long STARTED = System.nanoTime();

    private static final Object LOCK = new Object();
    private static final List<Watched> LOOPS = new ArrayList<>();
    private static volatile @Nullable Watchdog running;

    /**
     * Set while it sleeps because all loops do; a loop that wakes up then wakes it. Not shared with one that is on its
     * way out.
     */
    private volatile boolean dozing;

    public Watchdog() {
        super("heddle-watchdog");
        setDaemon(true);
    }

    public static void watch(Loop loop) {
        Duration limit = loop.config().blockedAfter();
        if (limit.isZero() || loop.engine().isSimulated()) {
            return;
        }
        synchronized (LOCK) {
            LOOPS.add(new Watched(loop, limit));
            if (running == null) {
                running = new Watchdog();
                running.start();
            } else {
                LockSupport.unpark(running); // it may be about to doze, and has not seen this loop
            }
        }
    }

    public static void unwatch(Loop loop) {
        synchronized (LOCK) {
            LOOPS.removeIf(watched -> watched.loop == loop);
            if (LOOPS.isEmpty() && running != null) {
                LockSupport.unpark(running);
                running = null;
            }
        }
    }

    /** A loop has something to do after it slept. Any thread; free while the watchdog is awake. */
    public static void loopAwake() {
        Watchdog watchdog = running;
        if (watchdog != null && watchdog.dozing) {
            watchdog.dozing = false;
            LockSupport.unpark(watchdog);
        }
    }

    @Override
    public void run() {
        Affinity.unpin();
        var deadlocks = new DeadlockWatch(System::nanoTime);
        while (true) {
            List<Watched> all;
            synchronized (LOCK) {
                if (running != this) {
                    return;
                }
                all = List.copyOf(LOOPS);
            }
            List<Loop> loops = new ArrayList<>(all.size());
            long pause = Long.MAX_VALUE;
            for (Watched watched : all) {
                loops.add(watched.loop);
                watched.look();
                KERNEL.lookAtHost(watched.loop);
                pause = Math.min(pause, watched.pauseNanos);
            }
            Unclosed.look();
            long nanos = untilNextLook(loops, deadlocks);
            for (Watched watched : all) {
                nanos = Math.min(nanos, watched.lookAtEngine()); // behind it, as what comes last there
            }
            rest(nanos, pause);
        }
    }

    /**
     * Looks for deadlocks and cancels that are overdue. While all loops sleep it dozes from then on, until the next
     * {@link #rest}.
     *
     * @return the nanoseconds until the next look
     */
    public long untilNextLook(List<Loop> loops, DeadlockWatch deadlocks) {
        long nanos = deadlocks.look(loops);
        if (allAsleep(loops)) {
            dozing = true;
            if (!allAsleep(loops) || deadlocks.isOutdated(loops)) {
                return 0;
            }
        }
        // Last: what a loop does behind this wakes a dozing watchdog, and one that is awake comes back soon.
        for (Loop loop : loops) {
            nanos = Math.min(nanos, KERNEL.lookAtCancels(loop));
        }
        return nanos;
    }

    private void rest(long nanos, long mostAwake) {
        LockSupport.parkNanos(this, dozing ? nanos : Math.min(nanos, mostAwake));
        dozing = false;
    }

    /**
     * How long a task may hold its loop now.
     *
     * @param configured what the loop's configuration says
     * @param ageNanos how long ago the first loop of the process began
     */
    public static Duration limit(Duration configured, long ageNanos) {
        boolean chosen = !configured.equals(Config.DEFAULT.blockedAfter());
        return chosen || ageNanos >= NEW_NANOS ? configured : Duration.ofNanos(NEW_LIMIT_NANOS);
    }

    /** Whether classes are being loaded, linked or initialized somewhere on a stack. */
    public static boolean isLoading(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (frame.getMethodName().equals("<clinit>")
                    || type.equals("java.lang.ClassLoader")
                    || type.startsWith("jdk.internal.loader.")
                    || type.equals("java.lang.invoke.MethodHandleNatives")
                    || type.startsWith("java.util.ServiceLoader")) {
                return true;
            }
        }
        return false;
    }

    private static boolean allAsleep(List<Loop> loops) {
        for (Loop loop : loops) {
            if (!KERNEL.isAsleep(loop)) {
                return false;
            }
        }
        return true;
    }

    /** What the watchdog saw of one loop. */
    @AsksSystem("it watches in real time, whatever the loop takes for time")
    private static final class Watched {
        final Loop loop;
        final Duration configured;

        /** From one look to the next. */
        final long pauseNanos;

        /** Of the loop's own thread; it is that which begins to watch. */
        private final RunQueueWait runQueueWait;

        private final Reports reports;

        private long beat = -1;
        private long since;

        /** When the hold began that is looked at; some of it may have been excused since. */
        private long heldSince;

        /** What the loop's thread had waited for a processor by then. */
        private long waitedBefore;

        private long lastLook;
        private int looks;
        private boolean reported;

        /** The turn in which the loop was seen to ask its engine; -1 if it did not. */
        private long polled = -1;

        private long polledSince;

        /** Since when its engine should be back, while it should. */
        private @Nullable Late late;

        private boolean lateReported;

        Watched(Loop loop, Duration configured) {
            this.loop = loop;
            this.configured = configured;
            this.reports = new Reports(loop);
            this.runQueueWait = KERNEL.isLoopsOwn(Thread.currentThread())
                    ? RunQueueWait.ofThisThread()
                    : RunQueueWait.none();
            this.pauseNanos = Math.max(MIN_PAUSE_NANOS, Durations.toNanos(configured) / LOOKS);
        }

        void look() {
            long now = System.nanoTime();
            long seen = KERNEL.beat(loop);
            Thread held = KERNEL.running(loop);
            boolean late = now - lastLook > 2 * pauseNanos; // then the machine is too busy to blame a task
            lastLook = now;
            if (held == null || seen != beat || late) {
                reported &= seen == beat;
                beat = seen;
                heldSince = now;
                begin(now);
                return;
            }
            if (reported) {
                return;
            }
            if (looks == 0) {
                waitedBefore = runQueueWait.nanos();
            }
            looks++; // counted too, because a pause of the whole process is no task's fault
            StackTraceElement[] stack = StackTraces.of(held);
            if (now - heldSince < LOADING_NANOS && isLoading(stack)) {
                begin(now);
                return;
            }
            Duration limit = limit(configured, now - STARTED);
            long heldFor = now - since - (runQueueWait.nanos() - waitedBefore);
            if (looks >= LOOKS && heldFor >= Durations.toNanos(limit)) {
                reported = true;
                report(held, stack, limit);
            }
        }

        /**
         * Looks for an engine that does not come back, though it was woken or its time is over.
         *
         * @return the nanoseconds until the next look
         */
        long lookAtEngine() {
            long now = System.nanoTime();
            boolean asleep = KERNEL.isAsleep(loop);
            long turn = KERNEL.turnPolling(loop);
            long most = KERNEL.pollLimit(loop);
            if (turn != polled) {
                polled = turn;
                polledSince = now;
                late = null;
                lateReported = false;
            }
            if (turn < 0 || lateReported) {
                return Long.MAX_VALUE;
            }
            long left = most - (now - polledSince);
            if (asleep && left > 0) {
                late = null; // a guest's loop asks twice in a turn
                return Math.min(left, Durations.FOREVER) + pauseNanos; // then it is back, and wakes who dozes
            }
            boolean woken = most > 0 && !asleep;
            if (late == null || late.woken != woken) {
                late = new Late(woken, now, runQueueWait.nanos());
            }
            late.looks++; // a pause of the whole process is no engine's fault
            long lateFor = now - late.sinceNanos;
            long limit = Durations.toNanos(configured) * LATE_LIMITS;
            if (late.looks > LOOKS && lateFor - (runQueueWait.nanos() - late.waitedBefore) >= limit) {
                lateReported = true;
                reportLate(
                        woken ? "was woken" : "was to wait for " + words(most) + " at most, which was over",
                        limit,
                        woken
                                ? "has lost the wake-up, and what others have left for it"
                                : "oversleeps, and what is due");
            }
            return pauseNanos;
        }

        private static String words(long nanos) {
            return Durations.words(Duration.ofNanos(nanos));
        }

        private void reportLate(String why, long limit, String what) {
            List<Schedulable> left = KERNEL.left(loop, MAX_NAMED);
            reports.add(
                    loop.name() + " " + why + " more than " + words(limit) + " ago, but poll() of its engine "
                            + loop.engine().getClass().getName() + " has not come back: it " + what + " waits"
                            + (left.isEmpty() ? "" : ": ")
                            + left.stream().map(Schedulable::what).collect(Collectors.joining(", ")),
                    new StuckException("the stack of the thread that drives the loop",
                            KERNEL.driverStack(loop)));
        }

        private void begin(long now) {
            since = now;
            looks = 0;
        }

        private void report(Thread held, StackTraceElement[] trace, Duration limit) {
            boolean pinned = StackTraces.isPinned(trace);
            String why = pinned
                    ? "native code or a class initializer on its stack or an earlier StackOverflowError pins it"
                    : "use offload(...) for long work, or checkpoint()";
            reports.add(
                    KERNEL.what(held) + (pinned ? " waits without leaving " : " holds ") + loop.name()
                            + " for more than "
                            + Durations.words(limit) + ", so no other task of it runs; " + why,
                    new StuckException("the stack of the task that holds its loop", trace));
        }
    }

    /** What was seen of an engine that should be back. */
    private static final class Late {

        /** Whether since it was woken; else since its time was over. */
        final boolean woken;

        final long sinceNanos;

        /** What the loop's thread had waited for a processor by then. */
        final long waitedBefore;

        int looks;

        Late(boolean woken, long sinceNanos, long waitedBefore) {
            this.woken = woken;
            this.sinceNanos = sinceNanos;
            this.waitedBefore = waitedBefore;
        }
    }

    /**
     * The reports of one loop on their way to its failure handler, in order. They have a thread of their own while there
     * are any: the handler is code of users, and one that blocks must not keep the watchdog from the other loops.
     */
    private static final class Reports {
        private final Loop loop;

        /** Made with the first report, which few programs come to. */
        private @Nullable ThreadPoolExecutor thread;

        /** The thread that the handler was called on last. */
        private volatile @Nullable Thread reporter;

        private boolean stuckTold;

        Reports(Loop loop) {
            this.loop = loop;
        }

        void add(String what, StuckException stack) {
            try {
                thread().execute(() -> {
                    reporter = Thread.currentThread();
                    Kernel.trouble(what);
                    BoundedLog.report(loop.config().failureHandler(), what, stack);
                });
            } catch (OutOfMemoryError e) {
                // No thread can be had now; it waits, and goes with the next.
            }
        }

        private ThreadPoolExecutor thread() {
            ThreadPoolExecutor known = thread;
            if (known == null) {
                known = new ThreadPoolExecutor(
                        0, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_UNHEARD), REPORTERS,
                        (dropped, full) -> tellOfStuckHandler());
                thread = known;
            }
            return known;
        }

        /** Once, and by the log, on a thread of its own too: its handlers may be what blocks. */
        private void tellOfStuckHandler() {
            Thread stuck = reporter;
            if (stuckTold || stuck == null) {
                return;
            }
            stuckTold = true;
            String what = "the failure handler of " + loop.name() + " does not come back, and " + MAX_UNHEARD
                    + " reports of the watchdog wait for it; those that find no room are dropped";
            var stack = new StuckException("the stack of the failure handler", StackTraces.of(stuck));
            REPORTERS.newThread(() -> FailureHandler.LOG.failed(what, stack)).start();
        }
    }

    /** Carries the stack of what does not go on, or does not let others go on. */
    private static final class StuckException extends HeddleException {
        private static final long serialVersionUID = 1L;

        StuckException(String message, StackTraceElement[] stack) {
            super(message);
            setStackTrace(stack);
        }
    }
}
