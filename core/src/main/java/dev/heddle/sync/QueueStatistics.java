package dev.heddle.sync;

/**
 * The statistics of a work queue at one moment.
 *
 * @param capacity most elements it holds
 * @param size elements it holds
 * @param unfinished elements put and not done: those it holds, and those that were taken
 * @param waitingPutters calls that wait for room
 * @param waitingTakers calls that wait for an element
 * @param closed whether it takes no more elements
 */
public record QueueStatistics(
        int capacity, int size, long unfinished, int waitingPutters, int waitingTakers, boolean closed) {}
