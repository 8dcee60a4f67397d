package dev.heddle.http.client;

/** The statistics of a cache: what it holds now and has done so far. */
public sealed interface HttpCacheStatistics permits HttpCache.Statistics {

    /** Replies that it holds. */
    int replies();

    /** About what these take of memory, with bodies that are on their way into it. */
    long bytes();

    /** Requests that were answered without asking the server, ever. */
    long hits();

    /** Requests that were answered because the server said that nothing has changed, ever. */
    long revalidated();

    /** Requests that got a stale reply because the server failed, ever. */
    long standIns();

    /** Requests that the server answered, ever. */
    long misses();

    /** Replies that had to go for others, ever; of memory. */
    long evictions();

    /** Replies that are in files; none of a cache in memory. */
    int filed();

    /** What their files take of the disk. */
    long fileBytes();

    /** Replies that could not be written to a file, or of which that is not known, ever. */
    long fileFailures();
}
