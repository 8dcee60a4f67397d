package dev.heddle.http.client;

/** The statistics of a client's pools, on all loops together: what they hold now and have done so far. */
public sealed interface ClientStatistics permits ClientLoops.Statistics {

    /** Connections open or being opened, idle ones too. */
    int connections();

    /** Connections that wait for a request. */
    int idle();

    /** Requests that wait for a connection. */
    int waiting();

    /** Connections that were opened or tried, ever. */
    long opened();

    /** Requests that went over a connection made for another, ever. */
    long reused();
}
