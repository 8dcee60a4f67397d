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
 */
public final class WebSocketOptions {

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

    private final int maxMessageBytes;
    private final long maxStreamBytes;
    private final long maxFrameBytes;
    private final Duration pingInterval;
    private final Duration pongTimeout;
    private final Duration closeTimeout;
    private final Duration idleTime;
    private final boolean compression;
    private final int compressionLevel;
    private final int minCompressBytes;
    private final boolean contextTakeover;
    private final List<String> subprotocols;
    private final List<String> allowedOrigins;

    private WebSocketOptions(int maxMessageBytes, long maxStreamBytes, long maxFrameBytes, Duration pingInterval,
            Duration pongTimeout, Duration closeTimeout, Duration idleTime, boolean compression, int compressionLevel,
            int minCompressBytes, boolean contextTakeover, List<String> subprotocols, List<String> allowedOrigins) {
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
        this.maxMessageBytes = maxMessageBytes;
        this.maxStreamBytes = maxStreamBytes;
        this.maxFrameBytes = maxFrameBytes;
        this.pingInterval = pingInterval;
        this.pongTimeout = pongTimeout;
        this.closeTimeout = closeTimeout;
        this.idleTime = idleTime;
        this.compression = compression;
        this.compressionLevel = compressionLevel;
        this.minCompressBytes = minCompressBytes;
        this.contextTakeover = contextTakeover;
        this.subprotocols = subprotocols;
        this.allowedOrigins = allowedOrigins;
    }

    /** Longest message that is received whole, counted after inflating; 1009. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Longest message that is received as a stream, counted after inflating; 1009. */
    public long maxStreamBytes() {
        return maxStreamBytes;
    }

    /** Longest frame, judged by its head; 1009. */
    public long maxFrameBytes() {
        return maxFrameBytes;
    }

    /** How long the peer may be silent until it is pinged; zero for no pings. */
    public Duration pingInterval() {
        return pingInterval;
    }

    /**
     * How long it may be silent after that until the connection counts as lost, while a task receives; likewise how
     * much longer than {@code pingInterval} a peer may need for 64 KiB of what is being sent.
     */
    public Duration pongTimeout() {
        return pongTimeout;
    }

    /** How long the peer may take to answer a close; aborted. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** How long a connection may carry no message in either direction; zero for no limit; 1001. */
    public Duration idleTime() {
        return idleTime;
    }

    /** Whether messages are compressed with peers that can do so (RFC 7692). */
    public boolean compression() {
        return compression;
    }

    /** 1, the fastest, to 9, the smallest. */
    public int compressionLevel() {
        return compressionLevel;
    }

    /** Shorter messages are sent as they are. */
    public int minCompressBytes() {
        return minCompressBytes;
    }

    /**
     * Whether a message may refer to those before it: smaller, but each connection then keeps a compressor of about 300
     * KB outside of the heap. A peer may refuse, and the side that receives follows what was agreed.
     */
    public boolean contextTakeover() {
        return contextTakeover;
    }

    /** For a server what it speaks, the best first; for a client what it offers. */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * For a server the sites whose pages may connect, such as {@code https://example.org}; {@code *} for all. Empty
     * allows the server's own host, for https only its pages of https. Peers that are no browsers send no Origin and
     * are not asked; 403.
     */
    public List<String> allowedOrigins() {
        return allowedOrigins;
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

    /** With another time of silence before a ping; 30 s by default, zero for no pings. */
    public WebSocketOptions withPingInterval(Duration pingInterval) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another time for the answer to a ping; 20 s by default. */
    public WebSocketOptions withPongTimeout(Duration pongTimeout) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
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

    /** With compression, as by default, or without. */
    public WebSocketOptions withCompression(boolean compression) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another level of compression, 1 to 9; 6 by default. */
    public WebSocketOptions withCompressionLevel(int compressionLevel) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With another size in bytes below which messages are sent as they are; 512 by default. */
    public WebSocketOptions withMinCompressBytes(int minCompressBytes) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
    }

    /** With messages that may refer to those before them, when compressed, or without; without by default. */
    public WebSocketOptions withContextTakeover(boolean contextTakeover) {
        return new WebSocketOptions(maxMessageBytes, maxStreamBytes, maxFrameBytes, pingInterval, pongTimeout,
                closeTimeout, idleTime, compression, compressionLevel, minCompressBytes, contextTakeover, subprotocols,
                allowedOrigins);
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

    @Override
    public String toString() {
        return "WebSocketOptions[maxMessageBytes=" + maxMessageBytes + ", maxStreamBytes=" + maxStreamBytes
                + ", maxFrameBytes=" + maxFrameBytes + ", pingInterval=" + pingInterval + ", pongTimeout=" + pongTimeout
                + ", closeTimeout=" + closeTimeout + ", idleTime=" + idleTime + ", compression=" + compression
                + ", compressionLevel=" + compressionLevel + ", minCompressBytes=" + minCompressBytes
                + ", contextTakeover=" + contextTakeover + ", subprotocols=" + subprotocols + ", allowedOrigins="
                + allowedOrigins + "]";
    }
}
