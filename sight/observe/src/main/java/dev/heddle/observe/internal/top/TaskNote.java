package dev.heddle.observe.internal.top;

/** The note that a {@link TaskClock} keeps of a task. The loop's thread only, but for what a waker leaves. */
final class TaskNote {

    final TaskClock clock;

    /** Where the task is counted by its name alone. */
    final KindTally named;

    /** Where it is counted now. */
    KindTally tally;

    boolean waiting;

    /** It has ended, or is no longer about what it was, as soon as it has been seen suspended. */
    boolean ended;

    boolean unlabelled;

    /** Whether it is ready and does not run; left by who wakes it, before the queue gives it to the loop. */
    boolean ready;

    /** When it became so. */
    long readyAt;

    TaskNote(TaskClock clock, KindTally named) {
        this.clock = clock;
        this.named = named;
        this.tally = named;
    }
}
