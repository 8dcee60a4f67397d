package dev.heddle.conformance;

/**
 * The statistics of a {@link FaultProxy} at one moment.
 *
 * @param connections connections that came
 * @param open connections that have not ended
 * @param bytesToServer bytes that were passed on to servers
 * @param bytesToClient bytes that were passed on to clients
 * @param corruptedBytes bytes among them that were changed
 * @param stalls directions in which reading was stopped
 * @param ends directions that were ended early
 * @param resets connections that were reset by the proxy itself
 */
public record FaultProxyStatistics(
        long connections,
        int open,
        long bytesToServer,
        long bytesToClient,
        long corruptedBytes,
        long stalls,
        long ends,
        long resets) {}
