package dev.heddle;

/**
 * A callback that waits for its turn, its time or times, or the end of a task, and can be taken back until then. It
 * runs with the scoped values of the code that set it. Any thread may cancel it.
 */
public sealed interface Handle permits LoopCallback {

    /** Takes the callback back, all its further runs if it has several. Does nothing if it has run. */
    void cancel();

    /** Whether the callback will not run any more: it ran, was taken back, or its loop ended before its turn or time. */
    boolean isDone();
}
