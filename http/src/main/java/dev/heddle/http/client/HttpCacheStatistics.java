package dev.heddle.http.client;

/**
 * The statistics of a cache: what it holds now and has done so far.
 *
 * @param replies replies that it holds
 * @param bytes about what these take of memory, with bodies that are on their way into it
 * @param hits requests that were answered without asking the server, ever
 * @param revalidated requests that were answered because the server said that nothing has changed, ever
 * @param standIns requests that got a stale reply because the server failed, ever
 * @param misses requests that the server answered, ever
 * @param evictions replies that had to go for others, ever; of memory
 * @param filed replies that are in files; none of a cache in memory
 * @param fileBytes what their files take of the disk
 * @param fileFailures replies that could not be written to a file, or of which that is not known, ever
 */
public record HttpCacheStatistics(
        int replies, long bytes, long hits, long revalidated, long standIns, long misses, long evictions,
        int filed, long fileBytes, long fileFailures) {}
