package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.ThreadFacts;
import dev.heddle.internal.diagnosis.Watchdog;
import dev.heddle.internal.pool.Termination;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The driver of a loop inside a foreign one, such as that of a user interface (Trio's guest mode).
 *
 * <pre>
 *   host thread     turn ──▶ something is ready: post the next turn
 *                    │ ▲
 *    nothing ready   ▼ │     post a turn
 *   helper thread   poll     waits for I/O, timers and wakes
 * </pre>
 *
 * <p>The two alternate strictly, so the loop has one driver at a time. Whoever drives holds the lock, which matters to
 * a {@code close} on the host's thread only: it cannot wait for turns that just this thread could run.
 */
final class GuestMode {

    private final Loop loop;
    private final Executor host;
    private final ExecutorService helper;
    private final Termination termination;
    private volatile boolean ended;

    /** Nobody waits for its end any more; it ends all the same if the host gives it another turn. */
    private volatile boolean leftBehind;

    private volatile boolean stopRequested;
    private volatile @Nullable Thread hostThread;
    private volatile @Nullable Thread helperThread;

    /** What was seen to hold up the host at the last look, see {@link #firstBefore}; of the thread that watches. */
    private @Nullable Thread suspect;

    private final ReentrantLock driving = new ReentrantLock();

    /** Behind the lock: whether the tasks were told of the end. */
    private boolean ending;

    GuestMode(Loop loop, Executor host) {
        this.loop = loop;
        this.host = host;
        this.termination = new Termination(new ReentrantLock(), loop.name(), () -> ended || leftBehind);
        this.helper = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("poll of " + loop.name()).factory());
    }

    void start() {
        Watchdog.watch(loop);
        post();
    }

    private void post() {
        try {
            host.execute(this::turn);
        } catch (Throwable e) { // a host says in its own way that it is gone
            comeDown("the host of " + loop.name() + " takes no more turns", e);
        }
    }

    private void pollElsewhere() {
        try {
            helper.execute(this::poll);
        } catch (Throwable e) { // its thread cannot be had
            comeDown("no thread waits for " + loop.name(), e);
        }
    }

    private void comeDown(String what, Throwable cause) {
        drive(() -> {
            throw new IllegalStateException(what, cause);
        });
    }

    /** On the host's thread. */
    private void turn() {
        hostThread = Thread.currentThread();
        boolean goesOn = drive(() -> {
            loop.scheduler.drive(() -> loop.scheduler.turn(0, () -> false));
            if (stopRequested && isTimeToEnd()) {
                end();
            }
        });
        if (goesOn) {
            if (loop.scheduler.readyItems() > 0) {
                post();
            } else {
                pollElsewhere();
            }
        }
    }

    /** On the helper's thread. */
    private void poll() {
        helperThread = Thread.currentThread();
        boolean goesOn = drive(() -> {
            long longest = ending ? Math.max(0, loop.end.begin() - loop.nanoTime()) : Long.MAX_VALUE;
            loop.scheduler.drive(() -> loop.scheduler.poll(longest));
        });
        if (goesOn) {
            post();
        }
    }

    /**
     * Does a part of the driving, unless the loop has ended.
     *
     * @return whether it goes on
     */
    private boolean drive(Runnable part) {
        driving.lock();
        try {
            if (!ended) {
                part.run();
            }
        } catch (Throwable e) {
            loop.failed(e);
            end();
        } finally {
            driving.unlock();
        }
        return !ended;
    }

    /**
     * Looks whether the host or the helper stands in line for a lock or a monitor behind a task that only a turn could
     * move, which then never comes. If so at two looks, the task runs beside the host.
     */
    void lookForDeadlock() {
        Thread behind = hostThread;
        Thread first = firstBefore(behind);
        if (first == null) {
            behind = helperThread;
            first = firstBefore(behind);
        }
        if (first != null && first == suspect) {
            standIn(first, Objects.requireNonNull(behind));
        }
        suspect = first;
    }

    /**
     * The first in the line for a lock in which a thread stands, if that is a task's and waits for a turn. In the line for
     * a monitor, which names nobody, it is the thread itself.
     */
    private @Nullable Thread firstBefore(@Nullable Thread thread) {
        if (thread == null || driving.isLocked()) {
            return null;
        }
        AbstractQueuedSynchronizer lock = ThreadFacts.lockOf(thread);
        Thread first = lock == null || !lock.isQueued(thread) ? null : lock.getFirstQueuedThread();
        Fiber fiber = first == null || first.getState() != Thread.State.RUNNABLE ? null : Fiber.of(first);
        if (fiber != null && fiber.loop == loop) {
            return first;
        }
        return thread.getState() == Thread.State.BLOCKED ? thread : null;
    }

    private void standIn(Thread first, Thread behind) {
        boolean atMonitor = first == behind;
        var stack = new IllegalStateException("the stack of the thread that waits behind it");
        stack.setStackTrace(StackTraces.of(behind));
        String what = (atMonitor ? " may have been the next for a monitor" : " was the next for a lock")
                + " that the host of " + loop.name() + " waits for, and has run beside it until its next wait";
        Thread.ofPlatform().daemon().name("stand-in of " + loop.name())
                .start(() -> drive(() -> loop.scheduler.drive(() -> {
                    Fiber ran = loop.scheduler.runFirst(
                            each -> atMonitor ? ThreadFacts.isUnblocked(each.thread) : each.thread == first);
                    if (ran != null) {
                        loop.scheduler.schedule(new LoopCallback(loop, () -> loop.report(ran.what() + what, stack)));
                    }
                })));
    }

    /** The end is spread over turns too, so that the host's own work goes on during it. */
    private boolean isTimeToEnd() {
        if (!ending) {
            ending = true;
            loop.end.begin();
            loop.scheduler.drive(() -> loop.tasks.scope().cancelHere("the loop ends"));
        }
        if (loop.tasks.isServed()) {
            loop.scheduler.drive(() -> loop.tasks.cancelServices("the loop ends"));
        }
        boolean idle = loop.tasks.isEmpty() && loop.callbacks.isIdle() && loop.scheduler.readyItems() == 0;
        return idle || loop.end.begin() - loop.nanoTime() <= 0;
    }

    private void end() {
        try {
            loop.finish();
        } catch (Throwable e) {
            loop.failed(e);
        } finally {
            ended = true;
            termination.check();
            helper.shutdown();
        }
    }

    /** Before the first turn no task has begun and none will, so any thread may; but that turn may just have come. */
    private void endHere() {
        Thread seen = hostThread;
        if (seen == null || seen == Thread.currentThread()) {
            end();
        }
    }

    /** Any thread. */
    void requestStop() {
        stopRequested = true;
        loop.scheduler.inLoop(() -> {});
    }

    /** Whether the calling code is the host's, or a task's. */
    boolean isHostHere() {
        return Thread.currentThread() == hostThread;
    }

    /** A host that gives its guest no more turns, or a task that keeps them, is left behind with all else. */
    private void endInTime() {
        try {
            long longest = Durations.toNanos(loop.config().shutdownTimeout()) + 2 * LoopThread.HELD_NANOS;
            if (!termination.awaitWithin(longest, TimeUnit.NANOSECONDS)) {
                LoopThread.reportHeld(loop, hostThread);
                Watchdog.unwatch(loop);
                LiveLoops.remove(loop);
                leftBehind = true;
                termination.check();
            }
        } catch (InterruptedException e) {
            // Only a debugger has this thread; the loop then ends in its own time.
        }
    }

    /**
     * Ends the loop and waits for that; on the host's thread right here, else by its turns, for which there is a bound.
     */
    void close() {
        requestStop();
        Thread seen = hostThread;
        if (seen == null || seen == Thread.currentThread()) {
            drive(this::endHere);
        }
        if (!ended && !loop.engine().isSimulated()) {
            Thread.ofPlatform().daemon().name("shutdown of " + loop.name()).start(this::endInTime);
        }
        termination.awaitDespiteCancel(() -> {});
        loop.throwFailure();
    }
}
