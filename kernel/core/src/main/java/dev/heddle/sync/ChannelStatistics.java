package dev.heddle.sync;

/** The statistics of a channel at one moment. */
public sealed interface ChannelStatistics permits ChannelCore.Statistics {

    /** Most elements it holds. */
    int capacity();

    /** Elements it holds. */
    int size();

    /**
     * Most elements that it has held at a time. Where so much goes through that nobody takes the lock, it may be short
     * by an eighth of the capacity; a full one is always told.
     */
    int peakSize();

    /** Calls of send that wait for room. */
    int waitingSenders();

    /** Calls of receive that wait for an element. */
    int waitingReceivers();

    /** Whether it takes no more elements. */
    boolean closed();
}
