package dev.heddle.observe.internal.trace;

/**
 * The entries of a {@link LoopRing}, one long each: the kind in the upper {@value #KIND_BITS} bits and a number below.
 *
 * <p>A {@link #TIME} holds for the entry behind it. Entries without one of their own lie between the two times around
 * them, in their order.
 */
final class Entries {

    private static final int KIND_BITS = 4;
    private static final int SHIFT = Long.SIZE - KIND_BITS;

    /** The bits of a task's number where something else shares the entry with it. */
    private static final int TASK_BITS = 46;

    private static final long TASK_MASK = (1L << TASK_BITS) - 1;

    /** The greatest number that {@link #both} takes beside a task. */
    static final int MAX_BESIDE = (1 << (SHIFT - TASK_BITS)) - 1;

    /** The clock was read: nanoseconds since the origin of the recording. */
    static final int TIME = 1;

    /** A task begins to run, and what ran before does not any more; 0 for a callback. */
    static final int RUN = 2;

    /** A task becomes ready by what was told before; 0 for a callback. */
    static final int READY = 3;

    /** A task of another loop becomes ready by what was told before; with the number of that loop. */
    static final int READY_ELSEWHERE = 4;

    /** A task was spawned by what was told before. */
    static final int SPAWNED = 5;

    /** The running task has ended; with the ordinal of its state. */
    static final int ENDED = 6;

    /** What the running task is about from now on: a number of {@link Labels}, 0 for nothing. */
    static final int LABEL = 7;

    /** The loop takes in what other threads have left. */
    static final int INBOX = 8;

    /** The loop fires timers: how late the first is, in nanoseconds. */
    static final int TIMERS = 9;

    /** The loop asks its engine. */
    static final int POLL = 10;

    /** The engine has answered. */
    static final int POLLED = 11;

    private Entries() {}

    static long of(int kind, long number) {
        return (long) kind << SHIFT | number;
    }

    /** An entry of a task and another number beside it, 0 to {@value #MAX_BESIDE}. */
    static long both(int kind, int beside, long task) {
        return of(kind, ((long) beside << TASK_BITS) | (task & TASK_MASK));
    }

    static int kind(long entry) {
        return (int) (entry >>> SHIFT);
    }

    static long number(long entry) {
        return entry & (1L << SHIFT) - 1;
    }

    /** The task of {@link #both}. */
    static long task(long entry) {
        return entry & TASK_MASK;
    }

    /** The number beside the task of {@link #both}. */
    static int beside(long entry) {
        return (int) (number(entry) >>> TASK_BITS);
    }
}
