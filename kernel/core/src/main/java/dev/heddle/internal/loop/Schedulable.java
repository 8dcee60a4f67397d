package dev.heddle.internal.loop;

import org.jspecify.annotations.Nullable;

/** An item of a loop's run queue: a task's fiber, a callback, or a call from another thread. In one queue at a time. */
public abstract class Schedulable {

    /** The next item in the inbox, while there; the {@link Inbox}'s alone. */
    public @Nullable Schedulable nextInInbox;

    /** Runs on the loop's own thread, below the tasks. */
    public abstract void takeTurn();

    /** What it is, for people. */
    public String what() {
        return "a callback";
    }

    /** The number shown in traces. */
    public long traceId() {
        return 0;
    }
}
