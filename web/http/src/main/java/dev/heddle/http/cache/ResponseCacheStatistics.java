package dev.heddle.http.cache;

/** The figures of a {@link ResponseCache}: what it holds and has done. */
public sealed interface ResponseCacheStatistics permits ResponseCache.Statistics {

    /** How many it keeps. */
    int responses();

    /** What these and bodies on their way take. */
    long bytes();

    /** Requests that were answered with a fresh response that is kept. */
    long hits();

    /** Requests that got one that had grown old, while another request asked for a new one. */
    long stale();

    /** Requests that got an old one since the handler had failed. */
    long standIns();

    /** Requests whose handler said that what is kept is still right. */
    long revalidated();

    /** Requests that a handler answered though they might have been answered from here. */
    long misses();

    /** Requests that waited for the response to another. */
    long waited();

    /** Requests that this cache has nothing to do with: changes, parts of what is not kept, WebSockets. */
    long passed();

    /** Responses that had to go for others. */
    long evictions();

    /** Responses that were not kept, since they are asked for more seldom than those that would have to go. */
    long refusals();
}
