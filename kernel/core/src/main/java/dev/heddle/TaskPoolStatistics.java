package dev.heddle;

/** The statistics of a {@link TaskPool} at one moment. */
public sealed interface TaskPoolStatistics permits TaskPool.Statistics {

    /** Most tasks at a time. */
    int limit();

    /** Tasks whose bodies have not ended. */
    int running();

    /** Calls that wait for a place. */
    int waiting();

    /** Tasks spawned since the pool was made. */
    long spawned();
}
