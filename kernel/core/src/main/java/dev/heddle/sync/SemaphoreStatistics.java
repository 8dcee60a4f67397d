package dev.heddle.sync;

/** The statistics of a semaphore at one moment. */
public sealed interface SemaphoreStatistics permits BoundedSemaphore.Statistics {

    /** How many there are. */
    int permits();

    /** How many nobody has. */
    int available();

    /** Calls that wait for one. */
    int waiting();
}
