package dev.heddle.process;

/** The statistics of a {@link ProcessPool}: what it does and has done. */
public sealed interface ProcessPoolStatistics permits JobQueue.Statistics {

    /** Children that are there now. */
    int alive();

    /** Bodies that run now. */
    int busy();

    /** Bodies that wait for a worker. */
    int queued();

    /** Bodies that have ended, however. */
    long done();

    /** Children started so far. */
    long started();

    /** Children that ended without being asked. */
    long died();

    /** Children that were killed, since a cancelled body did not end. */
    long killed();
}
