package dev.heddle.cluster.internal;

import dev.heddle.CancelScope;
import dev.heddle.Task;
import dev.heddle.cluster.LockLostException;
import dev.heddle.cluster.Token;
import dev.heddle.internal.Throwables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A place of a {@link Line} that somebody of this node has: from when it is given until it is released, which it must be
 * also if it was lost before.
 *
 * <p>Threads: any.
 */
public final class Grant {

    private final String what;
    private final Lease lease;
    private final Token token;
    private final Thread holder;

    /** What is to be done when it is lost; null when that is over. Behind the monitor. */
    private @Nullable Runnable onLost;

    private volatile @Nullable String lost;

    /** Whether the holder runs since it was given, so that its end is told. */
    volatile boolean taken;

    Grant(String what, Lease lease, Token token, Thread holder) {
        this.what = what;
        this.lease = lease;
        this.token = token;
        this.holder = holder;
    }

    /** The task or thread that has asked for it. */
    public Thread holder() {
        return holder;
    }

    /** Grows with each grant of the line. */
    public Token token() {
        return token;
    }

    /** The lease under which it was given. */
    Lease lease() {
        return lease;
    }

    /** Whether it is surely the holder's own, by this node's clock. */
    public boolean isHeld() {
        return lost == null && lease.isTrusted();
    }

    /**
     * Fails if it is not.
     *
     * @throws LockLostException if it was lost
     */
    public void requireHeld() {
        if (!isHeld()) {
            String why = lost;
            throw new LockLostException(what + " was lost: " + (why == null
                    ? "the store has not answered for too long"
                    : why));
        }
    }

    /** It is gone; the first reason stays. */
    synchronized void lose(String why) {
        if (lost == null) {
            lost = why;
            if (onLost != null) {
                onLost.run();
            }
        }
    }

    /** Whether it was lost. */
    boolean isLost() {
        return lost != null;
    }

    /**
     * Runs a body that is cancelled when this is lost.
     *
     * @throws LockLostException if it was lost before the body's end; a failure of the body comes first
     */
    public <T> T call(Callable<? extends T> body) {
        List<T> result = new ArrayList<>(1);
        if (Task.ofThread(Thread.currentThread()).isPresent()) {
            CancelScope.open(scope -> {
                during(() -> scope.cancel(what + " was lost"), () -> result.add(body.call()));
            });
        } else {
            callInThread(body, result);
        }
        requireHeld();
        return result.getFirst();
    }

    /** A thread that is no task is cancelled by an interrupt, which is not to outlast the body. */
    private <T> void callInThread(Callable<? extends T> body, List<T> result) {
        Thread thread = Thread.currentThread();
        try {
            during(thread::interrupt, () -> result.add(body.call()));
        } catch (Exception e) {
            if (!isLost()) {
                throw Throwables.unchecked(e);
            }
            LockLostException failure = new LockLostException(what + " was lost: " + lost);
            failure.addSuppressed(e);
            throw failure;
        } finally {
            if (isLost()) {
                Thread.interrupted();
            }
        }
    }

    private void during(Runnable cancel, Callable<?> body) throws Exception {
        synchronized (this) {
            onLost = cancel;
            if (lost != null) {
                cancel.run();
            }
        }
        try {
            body.call();
        } finally {
            synchronized (this) {
                onLost = null;
            }
        }
    }
}
