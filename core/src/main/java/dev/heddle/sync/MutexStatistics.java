package dev.heddle.sync;

/**
 * The statistics of a mutex at one moment.
 *
 * @param held whether a task or thread holds it
 * @param waiting calls that wait for it
 * @param broken whether a holder ended without releasing it
 */
public record MutexStatistics(boolean held, int waiting, boolean broken) {}
