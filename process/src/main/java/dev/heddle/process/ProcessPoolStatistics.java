package dev.heddle.process;

/**
 * The statistics of a {@link ProcessPool}: what it does and has done.
 *
 * @param alive children that are there now
 * @param busy bodies that run now
 * @param queued bodies that wait for a worker
 * @param done bodies that have ended, however
 * @param started children started so far
 * @param died children that ended without being asked
 * @param killed children that were killed, since a cancelled body did not end
 */
public record ProcessPoolStatistics(int alive, int busy, int queued, long done, long started, long died, long killed) {}
