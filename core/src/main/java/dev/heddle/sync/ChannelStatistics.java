package dev.heddle.sync;

/**
 * The statistics of a channel at one moment.
 *
 * @param capacity most elements it holds
 * @param size elements it holds
 * @param waitingSenders calls of send that wait for room
 * @param waitingReceivers calls of receive that wait for an element
 * @param closed whether it takes no more elements
 */
public record ChannelStatistics(
        int capacity, int size, int waitingSenders, int waitingReceivers, boolean closed) {}
