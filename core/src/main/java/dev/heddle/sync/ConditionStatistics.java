package dev.heddle.sync;

/**
 * The statistics of a condition at one moment.
 *
 * @param waiting calls that wait for a signal
 */
public record ConditionStatistics(int waiting) {}
