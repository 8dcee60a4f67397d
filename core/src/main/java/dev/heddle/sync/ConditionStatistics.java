package dev.heddle.sync;

/**
 * A condition at one moment.
 *
 * @param waiting calls that wait for a signal
 */
public record ConditionStatistics(int waiting) {}
