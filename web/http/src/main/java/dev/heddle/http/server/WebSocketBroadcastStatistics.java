package dev.heddle.http.server;

/** The statistics of a {@link WebSocketBroadcast}. */
public sealed interface WebSocketBroadcastStatistics permits WebSocketBroadcast.Statistics {

    /** How many have joined now. */
    int sockets();

    /** Messages given to it. */
    long sent();

    /** Messages that one of the sockets has not got because its queue was full. */
    long dropped();

    /** Sockets that were closed because their queue was full. */
    long disconnected();
}
