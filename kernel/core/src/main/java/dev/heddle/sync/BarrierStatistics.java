package dev.heddle.sync;

/** The statistics of a barrier at one moment. */
public sealed interface BarrierStatistics permits Barrier.Statistics {

    /** How many wait for each other. */
    int parties();

    /** How many have arrived in this round, the one that runs the action included. */
    int arrived();

    /** Whether it is broken. */
    boolean broken();
}
