package dev.heddle;

/**
 * The statistics of a loop at one moment: what it did and what it has to do.
 *
 * @param turns turns since the start
 * @param ran tasks and callbacks resumed since the start
 * @param spawned tasks spawned since the start
 * @param aliveTasks tasks that have not ended
 * @param readyItems tasks and callbacks that could run now
 * @param timers timers that are set
 * @param polls times the engine was asked for I/O
 */
public record LoopStatistics(
        long turns, long ran, long spawned, long aliveTasks, int readyItems, int timers, long polls) {}
