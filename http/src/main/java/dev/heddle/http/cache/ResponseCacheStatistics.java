package dev.heddle.http.cache;

/**
 * What a {@link ResponseCache} holds and has done.
 *
 * @param responses how many it keeps
 * @param bytes what these and bodies on their way take
 * @param hits requests that were answered with a fresh response that is kept
 * @param stale requests that got one that had grown old, while another request asked for a new one
 * @param standIns requests that got an old one since the handler had failed
 * @param revalidated requests whose handler said that what is kept is still right
 * @param misses requests that a handler answered though they might have been answered from here
 * @param waited requests that waited for the response to another
 * @param passed requests that this cache has nothing to do with: changes, parts of what is not kept, WebSockets
 * @param evictions responses that had to go for others
 * @param refusals responses that were not kept, since they are asked for more seldom than those that would have to go
 */
public record ResponseCacheStatistics(
        int responses, long bytes, long hits, long stale, long standIns, long revalidated, long misses, long waited,
        long passed, long evictions, long refusals) {}
