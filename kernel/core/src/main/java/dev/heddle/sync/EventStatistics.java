package dev.heddle.sync;

/** The statistics of an event at one moment. */
public sealed interface EventStatistics permits Event.Statistics {

    /** Whether it is set. */
    boolean set();

    /** Calls that wait for it. */
    int waiting();
}
