package dev.heddle.http;

/**
 * What a client's pool holds now and has done so far.
 *
 * @param connections connections open or being opened, idle ones too
 * @param idle connections that wait for a request
 * @param waiting requests that wait for a connection
 * @param opened connections that were opened or tried, ever
 * @param reused requests that went over a connection used before, ever
 */
public record ClientStatistics(int connections, int idle, int waiting, long opened, long reused) {}
