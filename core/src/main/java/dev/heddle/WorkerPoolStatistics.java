package dev.heddle;

/**
 * The statistics of a {@link WorkerPool} at one moment.
 *
 * @param workers threads that are alive
 * @param busy threads that run a body
 * @param queued bodies that wait for a thread
 * @param waitingSubmitters calls that wait for a place in the queue
 * @param ended bodies that ran to their end, with a result or a failure
 */
public record WorkerPoolStatistics(int workers, int busy, int queued, int waitingSubmitters, long ended) {}
