package dev.heddle.sync;

/**
 * The statistics of a broadcast at one moment.
 *
 * @param subscribers subscribers that are neither closed nor cut off
 * @param waitingSenders calls of send that wait for their turn
 * @param closed whether it takes no more elements
 */
public record BroadcastStatistics(int subscribers, int waitingSenders, boolean closed) {}
