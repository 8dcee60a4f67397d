package dev.heddle.sync;

/**
 * The statistics of a barrier at one moment.
 *
 * @param parties how many wait for each other
 * @param arrived how many have arrived in this round, the one that runs the action included
 * @param broken whether it is broken
 */
public record BarrierStatistics(int parties, int arrived, boolean broken) {}
