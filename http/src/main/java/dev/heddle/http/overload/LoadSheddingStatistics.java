package dev.heddle.http.overload;

/**
 * The statistics of a {@link LoadShedding} so far.
 *
 * @param limit most requests that may be worked on at the same time, as far as is known now
 * @param running requests that are worked on now, those with priority included
 * @param admitted requests that were let in
 * @param refused requests that got 503
 */
public record LoadSheddingStatistics(int limit, int running, long admitted, long refused) {}
