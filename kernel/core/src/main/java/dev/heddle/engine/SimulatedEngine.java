package dev.heddle.engine;

/**
 * An engine whose time and order are made up, so that the same seed gives the same run. Its loop asks it which item
 * runs next, and tells it what happens.
 *
 * <p>Threads: as {@link Engine}; what is added here is called by the loop's own thread, below the tasks.
 */
public interface SimulatedEngine extends Engine {

    /**
     * Picks the item to run next.
     *
     * @param ready how many items are ready, at least 2
     * @return an index from 0, the longest waiting, to {@code ready - 1}
     */
    int pick(int ready);

    /**
     * Hears which item runs next: the trace of a run.
     *
     * @param id the number of the task, or 0 for a callback
     */
    default void trace(long id) {}

    /**
     * Whether an item that was picked must not run for now, as if the system kept its thread from running: a simulated
     * fault.
     *
     * @param id the number of the task, or 0 for a callback
     * @param resume makes the item ready again; an engine that says yes calls it once, in a later {@link #poll}
     */
    default boolean keepsBack(long id, Runnable resume) {
        return false;
    }

    /**
     * What a timer that the calling code sets runs at its time: a simulated machine that stalls runs it late, and one
     * that has crashed not at all.
     *
     * @param callback what the code has given; it may wait
     */
    default Runnable timer(Runnable callback) {
        return callback;
    }

    /**
     * Hears that a task or a callback has begun to wait in code of the JDK for a time that the system's clock measures.
     * An engine that allows it waits for it in real time.
     *
     * @param who the task, for people
     * @param stack where it waits
     * @return whether it must not; a task is cancelled by the engine
     */
    default boolean refusesRealTime(String who, StackTraceElement[] stack) {
        return false;
    }

    /**
     * Waits a moment in real time for a thread outside of the simulation, since nothing in here can happen any more.
     *
     * @param unknown whether a task waits in code of the JDK for what another thread may end
     * @return whether one has woken the loop
     */
    default boolean awaitOthers(boolean unknown) {
        return false;
    }
}
