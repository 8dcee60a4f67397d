package dev.heddle.sync;

/**
 * The statistics of a semaphore at one moment.
 *
 * @param permits how many there are
 * @param available how many nobody has
 * @param waiting calls that wait for one
 */
public record SemaphoreStatistics(int permits, int available, int waiting) {}
