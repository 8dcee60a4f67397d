package dev.heddle.conformance;

/** The counters of a {@link FaultProxy}; of one loop. */
final class FaultCounters {

    long connections;
    int open;
    long bytesToServer;
    long bytesToClient;
    long corruptedBytes;
    long stalls;
    long ends;
    long resets;

    FaultProxyStatistics snapshot() {
        return new Statistics(connections, open, bytesToServer, bytesToClient, corruptedBytes, stalls, ends,
                resets);
    }

    /** What the statistics are, at one moment. */
    record Statistics(long connections, int open, long bytesToServer, long bytesToClient, long corruptedBytes,
            long stalls, long ends, long resets) implements FaultProxyStatistics {}
}
