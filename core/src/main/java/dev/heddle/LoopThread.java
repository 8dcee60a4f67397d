package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.Throwables;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The thread of a loop that has one of its own: drives it to its end, then ends it in order. */
final class LoopThread extends Thread {

    /**
     * Tasks run on the stack of their loop's thread, and the JDK needs as much again to put a deep stack aside. The
     * system takes real memory only as far as it is used.
     */
    private static final long STACK_BYTES = 8 << 20;

    /** How long a loop may take to answer, once its time is over, until it counts as held. */
    private static final long HELD_SECONDS = 1;

    private final Loop loop;
    private final BooleanSupplier end;
    private final Termination termination;
    private final AtomicBoolean limited = new AtomicBoolean();
    private volatile boolean stopRequested;
    private volatile boolean overdue;
    private volatile boolean ended;

    /** Whether somebody waits for its end, and hears at once why it came. */
    final boolean awaited;

    LoopThread(Loop loop, BooleanSupplier end, boolean awaited) {
        super(null, null, loop.name(), STACK_BYTES);
        this.loop = loop;
        this.end = end;
        this.awaited = awaited;
        this.termination = new Termination(new ReentrantLock(), loop.name(), () -> ended);
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            loop.driveUntil(() -> stopRequested || overdue || end.getAsBoolean());
        } catch (Throwable e) {
            loop.failed(e);
        }
        try {
            loop.finish(overdue ? loop.nanoTime() : loop.shutdownDeadline());
        } catch (Throwable e) {
            loop.failed(e);
        } finally {
            ended = true;
            termination.check();
        }
    }

    void requestStop() {
        stopRequested = true;
        loop.scheduler.inLoop(() -> {});
    }

    /**
     * Gives the loop its shutdown timeout to begin its end, from the first call on: what has not ended by then is named
     * and left behind, also a task that holds the loop. An end that has begun in time has limits of its own. Any thread.
     */
    void limitEnd() {
        if (!loop.engine().isSimulated() && limited.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("shutdown of " + loop.name()).start(this::endInTime);
        }
    }

    private void endInTime() {
        try {
            if (termination.awaitWithin(Durations.toNanos(loop.config().shutdownTimeout()), TimeUnit.NANOSECONDS)) {
                return;
            }
            overdue = true;
            var answer = new CountDownLatch(1);
            if (loop.scheduler.inLoop(answer::countDown) && !answer.await(HELD_SECONDS, TimeUnit.SECONDS)) {
                leaveBehind();
            }
        } catch (InterruptedException e) {
            // Only a debugger has this thread; the loop then ends in its own time.
        }
    }

    private void leaveBehind() throws InterruptedException {
        Fiber held = loop.scheduler.runningAsSeenElsewhere();
        Object who = held == null || held.task == null ? "a callback" : held.task;
        var failure = new IllegalStateException("the stack of what holds the loop");
        failure.setStackTrace(held == null ? getStackTrace() : StackTraces.of(held.thread));
        String what = loop.name() + " is held by " + who + " and left behind";
        // What holds the loop may hold a lock of the log too.
        Thread report = Thread.ofPlatform()
                .name("heddle-report")
                .daemon()
                .start(() -> Throwables.report(loop.config().failureHandler(), what, failure));
        report.join(TimeUnit.SECONDS.toMillis(HELD_SECONDS));
        ended = true;
        termination.check();
    }

    /** Stops the loop and waits for its end. */
    void stopAndJoin() {
        requestStop();
        awaitEnd(() -> {});
    }

    /**
     * Waits until the loop has ended.
     *
     * @param interrupted called when the waiting thread is interrupted or the task cancelled, which goes on waiting
     */
    void awaitEnd(Runnable interrupted) {
        termination.awaitDespiteCancel(interrupted);
        loop.throwFailure();
    }
}
