package dev.heddle;

import dev.heddle.internal.pool.WorkerThreads;

/** The statistics of a {@link WorkerPool} at one moment. */
public sealed interface WorkerPoolStatistics permits WorkerThreads.Statistics {

    /** Threads that are alive. */
    int workers();

    /** Threads that run a body. */
    int busy();

    /** Bodies that wait for a thread. */
    int queued();

    /** Calls that wait for a place in the queue. */
    int waitingSubmitters();

    /** Bodies that ran to their end, with a result or a failure. */
    long ended();
}
