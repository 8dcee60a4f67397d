package dev.heddle.sync;

/** The statistics of a work queue at one moment. */
public interface QueueStatistics {

    /** Most elements it holds. */
    int capacity();

    /** Elements it holds. */
    int size();

    /** Elements put and not done: those it holds, and those that were taken. */
    long unfinished();

    /** Calls that wait for room. */
    int waitingPutters();

    /** Calls that wait for an element. */
    int waitingTakers();

    /** Whether it takes no more elements. */
    boolean closed();
}
