package dev.heddle.http.server;

/**
 * The statistics of a {@link WebSocketBroadcast}.
 *
 * @param sockets how many have joined now
 * @param sent messages given to it
 * @param dropped messages that one of the sockets has not got because its queue was full
 * @param disconnected sockets that were closed because their queue was full
 */
public record WebSocketBroadcastStatistics(int sockets, long sent, long dropped, long disconnected) {}
