package dev.heddle;

/**
 * The statistics of a {@link TaskPool} at one moment.
 *
 * @param limit most tasks at a time
 * @param running tasks whose bodies have not ended
 * @param waiting calls that wait for a place
 * @param spawned tasks spawned since the pool was made
 */
public record TaskPoolStatistics(int limit, int running, int waiting, long spawned) {}
