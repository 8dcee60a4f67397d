package dev.heddle;

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

    private final Loop loop;
    private final BooleanSupplier end;
    private final Termination termination;
    private volatile boolean stopRequested;
    private volatile boolean ended;
    private volatile @Nullable Throwable crash;

    LoopThread(Loop loop, BooleanSupplier end) {
        super(null, null, loop.name(), STACK_BYTES);
        this.loop = loop;
        this.end = end;
        this.termination = new Termination(new ReentrantLock(), loop.name(), () -> ended);
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            loop.driveUntil(() -> stopRequested || end.getAsBoolean());
        } catch (Throwable e) {
            crash = e;
        }
        try {
            loop.finish();
        } catch (Throwable e) {
            crash = crash == null ? e : crash;
        } finally {
            ended = true;
            termination.check();
        }
    }

    void requestStop() {
        stopRequested = true;
        loop.scheduler.inLoop(() -> {});
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
        throwCrash(loop, crash);
    }

    /** Tells whoever closes a loop why it had ended by itself; null if it had not. */
    static void throwCrash(Loop loop, @Nullable Throwable cause) {
        if (cause instanceof DeadlockException deadlock) {
            throw deadlock;
        }
        if (cause != null) {
            throw new LoopFailedException(loop.name() + " failed below its tasks: " + cause, cause);
        }
    }
}
