package dev.heddle.conformance;

/** The statistics of a {@link FaultProxy} at one moment. */
public sealed interface FaultProxyStatistics permits FaultCounters.Statistics {

    /** Connections that came. */
    long connections();

    /** Connections that have not ended. */
    int open();

    /** Bytes that were passed on to servers. */
    long bytesToServer();

    /** Bytes that were passed on to clients. */
    long bytesToClient();

    /** Bytes among them that were changed. */
    long corruptedBytes();

    /** Directions in which reading was stopped. */
    long stalls();

    /** Directions that were ended early. */
    long ends();

    /** Connections that were reset by the proxy itself. */
    long resets();
}
