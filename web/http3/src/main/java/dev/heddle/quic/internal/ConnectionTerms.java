package dev.heddle.quic.internal;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one end of a connection: what it offers and grants.
 *
 * @param protocols names by ALPN, the preferred one first; at least one
 * @param idleTimeout the longest silence
 * @param handshakeTimeout the longest handshake
 * @param maxStreams the most streams that the peer may have open
 * @param maxOneWayStreams the most streams in one direction that it may have open
 * @param streamWindowBytes the most bytes of a stream that wait to be read
 * @param windowBytes the most bytes of all streams together that wait to be read
 * @param maxDatagrams the most datagrams that wait, in each direction; 0 for none at all
 * @param maxConnections the most connections of a server
 * @param maxHandshakes the most of them that are not established, whose peers were not asked to come back
 * @param codes what it says at an end
 * @param sessions those that a client may resume; null for none
 */
public record ConnectionTerms(
        List<String> protocols,
        Duration idleTimeout,
        Duration handshakeTimeout,
        int maxStreams,
        int maxOneWayStreams,
        int streamWindowBytes,
        int windowBytes,
        int maxDatagrams,
        int maxConnections,
        int maxHandshakes,
        ApplicationCodes codes,
        @Nullable SessionMemory sessions) {}
