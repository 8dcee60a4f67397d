package dev.heddle;

import dev.heddle.internal.BoundedLog;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.loop.Schedulable;
import dev.heddle.internal.pool.Termination;
import dev.heddle.internal.sight.LoopRecorder;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The thread of a loop that has one of its own: drives it to its end, then ends it in order. */
final class LoopThread extends Thread {

    /**
     * Tasks run on the stack of their loop's thread, and the JDK needs as much again to put a deep stack aside. The
     * system takes real memory only as far as it is used.
     */
    private static final long STACK_BYTES = 8 << 20;

    /** How long a loop may take to answer, once its time is over, until it counts as held. */
    static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Loop loop;
    private final BooleanSupplier end;
    private final Termination termination;
    private final AtomicBoolean limited = new AtomicBoolean();

    private volatile boolean stopRequested;
    private volatile boolean overdue;
    private volatile boolean ended;

    /** The task for whose result somebody waits, who hears at once why the end came; null if nobody does. */
    final @Nullable Task<?> awaited;

    LoopThread(Loop loop, BooleanSupplier end, @Nullable Task<?> awaited) {
        super(null, null, loop.name(), STACK_BYTES);
        this.loop = loop;
        this.end = end;
        this.awaited = awaited;
        this.termination = new Termination(new ReentrantLock(), loop.name(), () -> ended, this::holders);
        setDaemon(true);
    }

    /** The recorder of the loop of the calling code, if it has both, hears what that makes ready on another. */
    static void tellLeft(Loop other, Schedulable item) {
        LoopRecorder there = other.recorder;
        if (there != null && VirtualThreads.currentCarrier() instanceof LoopThread here && here.loop.recorder != null) {
            here.loop.recorder.readyElsewhere(there, item.traceId());
        }
    }

    @Override
    public void run() {
        try {
            drive();
        } finally {
            ended = true;
            termination.check();
        }
    }

    private void drive() {
        try {
            loop.driveUntil(() -> stopRequested || overdue || end.getAsBoolean());
        } catch (Throwable e) {
            loop.failed(e);
        } finally {
            finish();
        }
    }

    private void finish() {
        try {
            loop.finish();
        } catch (Throwable e) {
            loop.failed(e);
        }
    }

    private List<Thread> holders() {
        Thread main = awaited == null ? null : awaited.thread();
        return main == null ? List.of() : List.of(main);
    }

    void requestStop() {
        stopRequested = true;
        loop.scheduler.inLoop(() -> {});
    }

    /**
     * Bounds the end of the loop, if nothing has before: at three quarters of its shutdown timeout it begins, whether or
     * not the main task has ended, and what has not ended at the bound is named and left behind, also a task that holds
     * the loop. Any thread.
     *
     * @param latest when, on the engine's clock
     */
    void limitEnd(long latest) {
        if (!loop.engine().isSimulated() && !ended) {
            loop.end.begin(latest);
            if (limited.compareAndSet(false, true)) {
                Thread.ofPlatform().daemon().name("shutdown of " + loop.name()).start(this::endInTime);
            }
        }
    }

    /** Bounds the end behind that of another loop by what that one has left of the time for both, or by the reserve. */
    void limitEndBehind(LoopThread first) {
        long reserved = loop.nanoTime() + loop.end.reserve();
        Long left = first.loop.end.latest();
        limitEnd(left == null ? reserved : Math.max(left, reserved));
    }

    private void endInTime() {
        try {
            if (ends(left() - loop.end.reserve())) {
                return;
            }
            overdue = true;
            do {
                if (!answers(Math.max(HELD_NANOS, left()))) {
                    leaveBehind();
                    return;
                }
            } while (!ends(Math.max(HELD_NANOS, left())));
        } catch (InterruptedException e) {
            // Only a debugger has this thread; the loop then ends in its own time.
        }
    }

    private long left() {
        return loop.end.begin() - loop.nanoTime();
    }

    private boolean ends(long nanos) throws InterruptedException {
        return termination.awaitWithin(nanos, TimeUnit.NANOSECONDS);
    }

    private boolean answers(long nanos) throws InterruptedException {
        var answer = new CountDownLatch(1);
        return loop.scheduler.inLoop(answer::countDown) ? answer.await(nanos, TimeUnit.NANOSECONDS) : ends(nanos);
    }

    private void leaveBehind() throws InterruptedException {
        reportHeld(loop, this);
        ended = true;
        termination.check();
    }

    /**
     * Tells who holds a loop that is left behind.
     *
     * @param driver the thread that should drive it, for when it is none of its tasks; null if that is not known
     */
    static void reportHeld(Loop loop, @Nullable Thread driver) throws InterruptedException {
        Fiber held = loop.scheduler.runningAsSeenElsewhere();
        Object who = held == null || held.task == null ? "a callback or its thread" : held.task;
        Thread holder = held == null ? driver : held.thread;
        var failure = new IllegalStateException("the stack of what holds the loop");
        failure.setStackTrace(holder == null ? new StackTraceElement[0] : StackTraces.of(holder));
        String what = loop.name() + " is held by " + who + " and left behind";
        // What holds the loop may hold a lock of the log too.
        Thread report = Thread.ofPlatform()
                .name("heddle-report")
                .daemon()
                .start(() -> BoundedLog.report(loop.config().failureHandler(), what, failure));
        report.join(TimeUnit.NANOSECONDS.toMillis(HELD_NANOS));
    }

    /** Stops the loop and waits for its end, which has a bound. */
    void stopAndJoin() {
        requestStop();
        limitEnd(loop.end.fromNow());
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
