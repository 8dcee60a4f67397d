package dev.heddle;

import org.jspecify.annotations.Nullable;

/** A callback that waits for its turn or its time, and can be taken back until then. Any thread may cancel it. */
public final class Handle extends Ready {

    private final Loop loop;
    private volatile @Nullable Runnable callback;
    private @Nullable Due due;

    Handle(Loop loop, Runnable callback) {
        this.loop = loop;
        this.callback = callback;
    }

    /** Takes the callback back. Does nothing if it has run. */
    public void cancel() {
        callback = null;
        loop.turns.inLoop(() -> {
            if (due != null) {
                loop.turns.removeTimer(due);
                due = null;
            }
        });
    }

    /** Whether the callback will not run any more: it ran, or was taken back. */
    public boolean isDone() {
        return callback == null;
    }

    /** Queues it for a time on the engine's clock; on the loop. */
    void runAt(long deadlineNanos) {
        Runnable pending = callback;
        if (pending != null) {
            due = new Due(this);
            loop.turns.addTimer(due, deadlineNanos);
        }
    }

    @Override
    void run(Loop loop) {
        if (callback != null) {
            loop.callbacks.run(this);
        }
    }

    /** On a virtual thread of the loop. */
    void call() {
        Runnable pending = callback;
        callback = null;
        if (pending != null) {
            try {
                pending.run();
            } catch (Throwable e) {
                loop.report("a callback on " + loop.name() + " failed", e);
            }
        }
    }

    private static final class Due extends Timer {
        private final Handle handle;

        Due(Handle handle) {
            this.handle = handle;
        }

        @Override
        void fire() {
            handle.due = null;
            handle.loop.turns.schedule(handle);
        }
    }
}
