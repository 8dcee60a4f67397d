package dev.heddle.process.shared;

/** The statistics of a manager at one moment. */
public sealed interface ManagerStatistics permits SharedObjects.Statistics {

    /** Objects that it shares. */
    int objects();

    /** Other processes that are connected. */
    int processes();

    /** Calls that have begun and not ended, most of them waiting ones. */
    int callsUnderWay();

    /** Calls that have ended, whatever their answers. */
    long callsDone();
}
