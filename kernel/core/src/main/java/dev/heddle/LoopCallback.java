package dev.heddle;

import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.loop.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A callback of a loop: an item of its run queue, a timer, and the handle by which it is taken back. */
final class LoopCallback extends Timer implements Handle {

    /** Stands for a callback that the end of its loop has dropped. */
    private static final Runnable DROPPED = LoopCallback::nothing;

    private static final VarHandle CALLBACK;

    static {
        try {
            CALLBACK = MethodHandles.lookup().findVarHandle(LoopCallback.class, "callback", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Loop loop;
    private volatile @Nullable Runnable callback;
    private final Object bindings = VirtualThreads.bindings();
    private @Nullable Runnable unregister;
    private @Nullable Ticker ticker;

    LoopCallback(Loop loop, Runnable callback) {
        this.loop = loop;
        this.callback = callback;
    }

    /** A callback of something that must be told when the callback is taken back; that call is made on the loop. */
    LoopCallback(Loop loop, Runnable callback, Runnable unregister) {
        this(loop, callback);
        this.unregister = unregister;
    }

    @Override
    public void cancel() {
        CALLBACK.setRelease(this, (Runnable) null);
        if (loop.scheduler.isHere()) {
            takeOut();
        } else {
            loop.scheduler.inLoop(this::takeOut);
        }
    }

    private void takeOut() {
        loop.scheduler.removeTimer(this);
        if (unregister != null) {
            unregister.run();
            unregister = null;
        }
    }

    @Override
    public boolean isDone() {
        Runnable pending = callback;
        return pending == null || pending == DROPPED || (unregister == null && loop.isClosed());
    }

    /** Takes a callback back that its loop may be about to run or to drop; whether it has not run and never will. */
    boolean takeBack() {
        return claim() != null;
    }

    /** The callback, for the first who asks: it runs or is taken back, and not both. */
    private @Nullable Runnable claim() {
        return (Runnable) CALLBACK.getAndSet(this, (Runnable) null);
    }

    /** Makes it ready. Any thread. */
    void schedule() {
        if (loop.isClosed()) {
            loopHasEnded();
        } else {
            loop.scheduler.schedule(this);
        }
    }

    /**
     * The loop has ended before the callback's turn. Who is to hear of the end of something still does, in a thread of
     * the JDK's own, since no loop goes on with a callback that waits. All others are dropped. Any thread.
     */
    void loopHasEnded() {
        if (unregister == null) {
            callback = DROPPED;
        } else {
            Thread thread = VirtualThreads.create(
                    VirtualThreads.defaultScheduler(), "callback of " + loop.name(), this::call);
            VirtualThreads.start(thread, bindings);
        }
    }

    private static void nothing() {}

    Object bindings() {
        return bindings;
    }

    /** Queues it for a time on the engine's clock; on the loop. */
    void runAt(long deadlineNanos) {
        Runnable pending = callback;
        if (pending != null) {
            loop.scheduler.addTimer(this, deadlineNanos);
        }
    }

    /** Queues it for each tick; on the loop. */
    void runAtEach(Ticker ticks) {
        ticker = ticks;
        runAt(ticks.dueNanos());
    }

    @Override
    public void fire() {
        loop.scheduler.schedule(this);
    }

    @Override
    public void takeTurn() {
        if (callback != null) {
            loop.callbacks.run(this);
        }
    }

    /** On a virtual thread of the loop. */
    void call() {
        Ticker ticks = ticker;
        Runnable pending = ticks == null ? claim() : callback;
        if (pending == null) {
            return;
        }
        if (ticks != null) {
            ticks.take();
        }
        try {
            pending.run();
        } catch (Throwable e) {
            loop.report("a callback on " + loop.name() + " failed", e);
        }
        if (ticks != null && !loop.isEnding()) {
            runAt(ticks.dueNanos());
        }
    }
}
