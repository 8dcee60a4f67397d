package dev.heddle;

import dev.heddle.internal.Affinity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks from outside whether a task holds its loop for too long, and says which, with its stack. One daemon thread for all
 * loops of the process.
 *
 * <p>The loops do nothing for it but count: a loop that shows the same count and the same fiber at two looks was held in
 * between. While all loops sleep, so does the watchdog, but for rare looks of its {@link DeadlockWatch}.
 */
final class Watchdog extends Thread {

    /** Looks within the limit. */
    private static final int LOOKS = 4;

    /** The shortest pause between two looks, however small the limit. */
    private static final long SHORTEST_PAUSE_NANOS = 1_000_000;

    private static final Object LOCK = new Object();
    private static final List<Watched> LOOPS = new ArrayList<>();
    private static volatile @Nullable Watchdog running;

    /** Set while it sleeps because all loops do; a loop that wakes up then wakes it. Not shared with one that is on its way out. */
    private volatile boolean dozing;

    private Watchdog() {
        super("heddle-watchdog");
        setDaemon(true);
    }

    static void watch(Loop loop) {
        Duration limit = loop.config().blockedAfter();
        if (limit.isZero() || loop.engine().isSimulated()) {
            return;
        }
        synchronized (LOCK) {
            LOOPS.add(new Watched(loop, Durations.toNanos(limit)));
            if (running == null) {
                running = new Watchdog();
                running.start();
            } else {
                LockSupport.unpark(running); // it may be about to doze, and has not seen this loop
            }
        }
    }

    static void unwatch(Loop loop) {
        synchronized (LOCK) {
            LOOPS.removeIf(watched -> watched.loop == loop);
            if (LOOPS.isEmpty() && running != null) {
                LockSupport.unpark(running);
                running = null;
            }
        }
    }

    /** A loop has something to do after it slept. Any thread; free while the watchdog is awake. */
    static void loopAwake() {
        Watchdog watchdog = running;
        if (watchdog != null && watchdog.dozing) {
            watchdog.dozing = false;
            LockSupport.unpark(watchdog);
        }
    }

    @Override
    public void run() {
        Affinity.unpin();
        DeadlockWatch deadlocks = new DeadlockWatch(System::nanoTime);
        while (true) {
            List<Watched> loops;
            synchronized (LOCK) {
                if (running != this) {
                    return;
                }
                loops = List.copyOf(LOOPS);
            }
            long pause = Long.MAX_VALUE;
            for (Watched watched : loops) {
                watched.look();
                pause = Math.min(pause, watched.pauseNanos);
            }
            long untilNextLook = deadlocks.look(loops.stream().map(watched -> watched.loop).toList());
            if (allAsleep(loops)) {
                dozing = true;
                if (allAsleep(loops)) {
                    LockSupport.parkNanos(this, untilNextLook);
                }
                dozing = false;
            } else {
                LockSupport.parkNanos(this, Math.min(pause, untilNextLook));
            }
        }
    }

    private static boolean allAsleep(List<Watched> loops) {
        for (Watched watched : loops) {
            if (!watched.loop.turns.isAsleep()) {
                return false;
            }
        }
        return true;
    }

    /** What the watchdog saw of one loop. */
    private static final class Watched {
        final Loop loop;
        final long limitNanos;

        /** From one look to the next. */
        final long pauseNanos;

        private long beat = -1;
        private long since;
        private long lastLook;
        private int looks;
        private boolean reported;

        Watched(Loop loop, long limitNanos) {
            this.loop = loop;
            this.limitNanos = limitNanos;
            this.pauseNanos = Math.max(SHORTEST_PAUSE_NANOS, limitNanos / LOOKS);
        }

        void look() {
            long now = System.nanoTime();
            long seen = loop.turns.beatAsSeenElsewhere();
            Fiber held = loop.turns.runningAsSeenElsewhere();
            boolean late = now - lastLook > 2 * pauseNanos; // then the machine is too busy to blame a task
            lastLook = now;
            if (held == null || seen != beat || late) {
                reported &= seen == beat;
                beat = seen;
                since = now;
                looks = 0;
                return;
            }
            looks++; // counted too, because a pause of the whole process is no task's fault
            if (!reported && looks >= LOOKS && now - since >= limitNanos) {
                reported = true;
                report(held);
            }
        }

        private void report(Fiber held) {
            String who = held.task == null ? "a callback" : held.task.toString();
            BlockedLoopException stack = new BlockedLoopException(held.thread.getStackTrace());
            try {
                loop.config()
                        .failureHandler()
                        .failed(
                                who + " holds " + loop.name() + " for more than "
                                        + Durations.words(Duration.ofNanos(limitNanos))
                                        + ", so no other task of it runs; use offload(...) for long work, or checkpoint()",
                                stack);
            } catch (Throwable e) {
                FailureHandler.LOG.failed("the failure handler failed", e);
            }
        }
    }

    /** Carries the stack of a task that holds its loop. */
    private static final class BlockedLoopException extends HeddleException {
        private static final long serialVersionUID = 1L;

        BlockedLoopException(StackTraceElement[] stack) {
            super("the stack of the task that holds its loop");
            setStackTrace(stack);
        }
    }
}
