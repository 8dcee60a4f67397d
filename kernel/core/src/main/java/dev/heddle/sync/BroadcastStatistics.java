package dev.heddle.sync;

/** The statistics of a broadcast at one moment. */
public sealed interface BroadcastStatistics permits Broadcast.Statistics {

    /** Subscribers that are neither closed nor cut off. */
    int subscribers();

    /** Calls of send that wait for their turn. */
    int waitingSenders();

    /** Whether it takes no more elements. */
    boolean closed();
}
