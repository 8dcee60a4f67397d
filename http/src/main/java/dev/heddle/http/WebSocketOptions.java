package dev.heddle.http;

import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.List;

/**
 * The options of a {@link WebSocket}, for either side: its limits and choices. {@link #DEFAULT} suits a server on the
 * open Internet.
 *
 * <p>What a peer gets that goes beyond a limit stands beside it, as the code of the close.
 *
 * @param maxMessageBytes longest message that is received whole, counted after inflating; 1009
 * @param maxStreamBytes longest message that is received as a stream, counted after inflating; 1009
 * @param maxFrameBytes longest frame, judged by its head; 1009
 * @param pingInterval how long the peer may be silent until it is pinged; zero for no pings
 * @param pongTimeout how long it may be silent after that until the connection counts as lost, while a task receives;
 *     likewise how much longer than {@code pingInterval} a peer may need for 64 KiB of what is being sent
 * @param closeTimeout how long the peer may take to answer a close; aborted
 * @param idleTime how long a connection may carry no message in either direction; zero for no limit; 1001
 * @param compression whether messages are compressed with peers that can do so (RFC 7692)
 * @param compressionLevel 1, the fastest, to 9, the smallest
 * @param minCompressBytes shorter messages are sent as they are
 * @param contextTakeover whether a message may refer to those before it: smaller, but each connection then keeps a
 *     compressor of about 300 KB outside of the heap. A peer may refuse, and the side that receives follows what was
 *     agreed
 * @param subprotocols for a server what it speaks, the best first; for a client what it offers
 * @param allowedOrigins for a server the sites whose pages may connect, such as {@code https://example.org}; {@code *}
 *     for all. Empty allows the server's own host, for https only its pages of https. Peers that are no browsers send
 *     no Origin and are not asked; 403
 */
public record WebSocketOptions(
        int maxMessageBytes,
        long maxStreamBytes,
        long maxFrameBytes,
        Duration pingInterval,
        Duration pongTimeout,
        Duration closeTimeout,
        Duration idleTime,
        boolean compression,
        int compressionLevel,
        int minCompressBytes,
        boolean contextTakeover,
        List<String> subprotocols,
        List<String> allowedOrigins) {

    /** So that an array holds it, and one byte more. */
    private static final int MAX_MESSAGE_BYTES = 1 << 30;

    /** The defaults: see each {@code with} method. */
    public static final WebSocketOptions DEFAULT = new WebSocketOptions(
            1024 * 1024,
            1024L * 1024 * 1024,
            16L * 1024 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ZERO,
            true,
            6,
            512,
            false,
            List.of(),
            List.of());

    public WebSocketOptions {
        Checks.inRange("maxMessageBytes", maxMessageBytes, 0, MAX_MESSAGE_BYTES);
        Checks.inRange("maxStreamBytes", maxStreamBytes, 0, Long.MAX_VALUE / 2);
        Checks.inRange("maxFrameBytes", maxFrameBytes, 125, Long.MAX_VALUE);
        Checks.notNegative("pingInterval", pingInterval);
        Checks.positive("pongTimeout", pongTimeout);
        Checks.positive("closeTimeout", closeTimeout);
        Checks.notNegative("idleTime", idleTime);
        Checks.inRange("compressionLevel", compressionLevel, 1, 9);
        Checks.inRange("minCompressBytes", minCompressBytes, 0, Integer.MAX_VALUE);
        subprotocols = List.copyOf(subprotocols);
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String name : subprotocols) {
            if (!FieldSyntax.isToken(name)) {
                throw new IllegalArgumentException("not the name of a subprotocol: " + FieldSyntax.printable(name));
            }
        }
    }

    /** With another longest message in bytes; 1 MiB by default. */
    public WebSocketOptions withMaxMessageBytes(int maxMessageBytes) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another longest message that is received as a stream, in bytes; 1 GiB by default. */
    public WebSocketOptions withMaxStreamBytes(long maxStreamBytes) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another longest frame in bytes, at least 125; 16 MiB by default. */
    public WebSocketOptions withMaxFrameBytes(long maxFrameBytes) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /**
     * With another heartbeat; a ping after 30 s of silence and 20 s more for an answer by default.
     *
     * @param interval zero for none
     */
    public WebSocketOptions withHeartbeat(Duration interval, Duration pongTimeout) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, interval, pongTimeout, closeTimeout,
                idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another time for the peer's answer to a close; 5 s by default. */
    public WebSocketOptions withCloseTimeout(Duration closeTimeout) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another longest time without a message; zero, no limit, by default. */
    public WebSocketOptions withIdleTime(Duration idleTime) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** Without compression, which is on by default. */
    public WebSocketOptions withoutCompression() {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, false, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /**
     * With compression; level 6 from 512 bytes on and no context takeover by default.
     *
     * @param level 1 to 9
     * @param minBytes shorter messages are sent as they are
     * @param contextTakeover whether a message may refer to those before it
     */
    public WebSocketOptions withCompression(int level, int minBytes, boolean contextTakeover) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, true, level, minBytes, contextTakeover, subprotocols, allowedOrigins);
    }

    /** With these subprotocols, the best first; none by default. */
    public WebSocketOptions withSubprotocols(String... subprotocols) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover,
                List.of(subprotocols), allowedOrigins);
    }

    /** With these sites whose pages may connect; by default that of the server's own host. */
    public WebSocketOptions withAllowedOrigins(String... allowedOrigins) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                List.of(allowedOrigins));
    }
}
