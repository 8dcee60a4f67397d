package dev.heddle;

/**
 * An observer of a loop's tasks, for tracing, profiling and debugging. Set it with {@link Config#withInstrument}.
 *
 * <p>Threads: all calls come from the loop's own thread and hold everything up: {@code spawned} out of the code that
 * spawns, {@code ended} out of the task, the other two from below the tasks. Several loops call from several threads.
 * So they must be short, must not wait and must take no lock that a task may hold. An instrument that throws is taken
 * off its loop, and the failure is reported.
 *
 * <p>Each task is seen as: spawned, then resumed and suspended in turns, then ended and suspended for the last time.
 */
public interface Instrument {

    /**
     * A task was spawned; its first turn is still to come. Called where it is spawned, so the scoped values are those
     * of the spawning code.
     */
    default void spawned(Task<?> task) {}

    /** A task begins to run. */
    default void resumed(Task<?> task) {}

    /** A task waits, has given way or has ended. */
    default void suspended(Task<?> task) {}

    /** A task has ended; its state says how. */
    default void ended(Task<?> task) {}
}
