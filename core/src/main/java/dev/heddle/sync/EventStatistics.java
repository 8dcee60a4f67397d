package dev.heddle.sync;

/**
 * The statistics of an event at one moment.
 *
 * @param set whether it is set
 * @param waiting calls that wait for it
 */
public record EventStatistics(boolean set, int waiting) {}
