package dev.heddle.sync;

/** The statistics of a mutex at one moment. */
public sealed interface MutexStatistics permits MutexState.Statistics {

    /** Whether a task or thread holds it. */
    boolean held();

    /** Calls that wait for it. */
    int waiting();

    /** Whether a holder ended without releasing it. */
    boolean broken();
}
