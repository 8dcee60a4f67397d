package dev.heddle.sync;

/** The statistics of a condition at one moment. */
public sealed interface ConditionStatistics permits Condition.Statistics {

    /** Calls that wait for a signal. */
    int waiting();
}
