package dev.heddle;

/** The statistics of a loop at one moment: what it did and what it has to do. */
public sealed interface LoopStatistics permits Loop.Statistics {

    /** Turns since the start. */
    long turns();

    /** Tasks and callbacks resumed since the start. */
    long ran();

    /** Tasks spawned since the start. */
    long spawned();

    /** Tasks that have not ended. */
    long aliveTasks();

    /** Tasks and callbacks that could run now. */
    int readyItems();

    /** Timers that are set. */
    int timers();

    /** Times the engine was asked for I/O. */
    long polls();
}
