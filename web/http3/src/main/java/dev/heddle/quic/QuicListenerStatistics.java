package dev.heddle.quic;

import dev.heddle.quic.internal.Endpoint;

/** The statistics of a {@link QuicListener} so far. */
public sealed interface QuicListenerStatistics permits Endpoint.Statistics {

    /** Connections that stand now, also those whose keys are not agreed on yet. */
    int connections();

    /** Connections whose keys were agreed on. */
    long established();

    /** Connections of these that have resumed a session of TLS. */
    long resumed();

    /** First datagrams of peers who were asked to prove their address. */
    long retried();

    /** First datagrams of peers who got no answer, since there were as many connections as the options allow. */
    long refused();

    /**
     * Datagrams that came to the socket of a loop and were forwarded to the loop of their connection; none where one loop
     * serves the port.
     */
    long forwarded();

    /** Datagrams that were dropped instead, since too many waited for that loop. */
    long dropped();
}
