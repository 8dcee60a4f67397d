package dev.heddle;

import org.jspecify.annotations.Nullable;

/** An item of a loop's run queue: a task's fiber, a callback, or a call from another thread. In one queue at a time. */
abstract class Schedulable {

    /** The next item in the inbox, while there; the {@link Inbox}'s alone. */
    @Nullable Schedulable nextInInbox;

    /** Runs on the loop's own thread, below the tasks. */
    abstract void run(Loop loop);

    /** What it is, for people. */
    String what() {
        return "a callback";
    }

    /** The number shown in traces. */
    long traceId() {
        return 0;
    }
}
