package dev.heddle.quic;

import dev.heddle.internal.Checks;
import dev.heddle.quic.internal.ApplicationCodes;
import dev.heddle.quic.internal.ConnectionTerms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The options of connections by QUIC: what an end speaks, grants and waits for. */
public final class QuicOptions {

    /**
     * No protocol yet, no datagrams and no sessions to resume; 30 s of silence, 10 s for a handshake, 100 streams of
     * 256 KiB, 1 MiB for all; 1,000 connections.
     */
    public static final QuicOptions DEFAULT = new QuicOptions(
            new ConnectionTerms(List.of(), Duration.ofSeconds(30), Duration.ofSeconds(10), 100, 0, 256 * 1024,
                    1024 * 1024, 0, 1_000, 64, ApplicationCodes.NONE, null),
            null);

    /** The most bytes of a protocol's name (RFC 7301, section 3.1). */
    private static final int MAX_NAME_BYTES = 255;

    private final ConnectionTerms terms;
    private final @Nullable QuicSessions sessions;

    private QuicOptions(ConnectionTerms terms, @Nullable QuicSessions sessions) {
        Checks.positive("idleTimeout", terms.idleTimeout());
        Checks.positive("handshakeTimeout", terms.handshakeTimeout());
        Checks.inRange("maxStreams", terms.maxStreams(), 1, 1_000_000);
        Checks.inRange("streamWindowBytes", terms.streamWindowBytes(), 1_024, Integer.MAX_VALUE);
        Checks.inRange("windowBytes", terms.windowBytes(), 1_024, Integer.MAX_VALUE);
        Checks.inRange("maxDatagrams", terms.maxDatagrams(), 0, 65_536);
        Checks.inRange("maxConnections", terms.maxConnections(), 1, Integer.MAX_VALUE);
        Checks.inRange("maxHandshakes", terms.maxHandshakes(), 0, Integer.MAX_VALUE);
        this.terms = terms;
        this.sessions = sessions;
    }

    /** What this end speaks, by the names of ALPN (RFC 7301), the preferred one first. */
    public List<String> protocols() {
        return terms.protocols();
    }

    /** The longest silence of a peer before the connection is lost; the shorter one of both ends' counts. */
    public Duration idleTimeout() {
        return terms.idleTimeout();
    }

    /** The longest time until keys are agreed on. */
    public Duration handshakeTimeout() {
        return terms.handshakeTimeout();
    }

    /** The most streams that the peer may have open at a time. */
    public int maxStreams() {
        return terms.maxStreams();
    }

    /** The most bytes of a stream that wait to be read; the peer sends no more until they are. */
    public int streamWindowBytes() {
        return terms.streamWindowBytes();
    }

    /**
     * The most bytes of all streams of a connection together that wait to be read. With the library of the artifact only
     * the windows of its streams bound them: {@link #maxStreams} times {@link #streamWindowBytes}.
     */
    public int windowBytes() {
        return terms.windowBytes();
    }

    /**
     * The most datagrams (RFC 9221) that wait to be taken, and the most that wait to leave; 0 for a connection without
     * any.
     */
    public int maxDatagrams() {
        return terms.maxDatagrams();
    }

    /** The most connections of a server; who comes when there are so many gets no answer. */
    public int maxConnections() {
        return terms.maxConnections();
    }

    /**
     * The most handshakes of a server that are under way with peers who have not proved their address. Others are asked to
     * come back with a token (RFC 9000, section 8.1.2), for which nothing is kept; with 0 all are.
     */
    public int maxHandshakes() {
        return terms.maxHandshakes();
    }

    /** The sessions of TLS that a client may resume; empty for none. */
    public Optional<QuicSessions> sessions() {
        return Optional.ofNullable(sessions);
    }

    /**
     * These options with other protocols.
     *
     * @param protocols names of 1 to 255 characters of ASCII, at least one
     */
    public QuicOptions withProtocols(String... protocols) {
        List<String> names = List.of(protocols);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("an end of QUIC speaks at least one protocol");
        }
        for (String name : names) {
            if (name.isEmpty() || name.length() > MAX_NAME_BYTES
                    || !StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
                throw new IllegalArgumentException("not the name of a protocol: \"" + name + '"');
            }
        }
        return with(names, idleTimeout(), handshakeTimeout(), maxStreams(), streamWindowBytes(), windowBytes(),
                maxDatagrams(), maxConnections(), maxHandshakes());
    }

    /** These options with another bound of silence. */
    public QuicOptions withIdleTimeout(Duration idleTimeout) {
        return with(protocols(), idleTimeout, handshakeTimeout(), maxStreams(), streamWindowBytes(), windowBytes(),
                maxDatagrams(), maxConnections(), maxHandshakes());
    }

    /** These options with another bound of a handshake. */
    public QuicOptions withHandshakeTimeout(Duration handshakeTimeout) {
        return with(protocols(), idleTimeout(), handshakeTimeout, maxStreams(), streamWindowBytes(), windowBytes(),
                maxDatagrams(), maxConnections(), maxHandshakes());
    }

    /** These options with another bound of streams, 1 to 1,000,000. */
    public QuicOptions withMaxStreams(int maxStreams) {
        return with(protocols(), idleTimeout(), handshakeTimeout(), maxStreams, streamWindowBytes(), windowBytes(),
                maxDatagrams(), maxConnections(), maxHandshakes());
    }

    /** These options with another window of a stream, at least 1 KiB. */
    public QuicOptions withStreamWindowBytes(int streamWindowBytes) {
        return with(protocols(), idleTimeout(), handshakeTimeout(), maxStreams(), streamWindowBytes, windowBytes(),
                maxDatagrams(), maxConnections(), maxHandshakes());
    }

    /** These options with another window of a connection, at least 1 KiB. */
    public QuicOptions withWindowBytes(int windowBytes) {
        return with(protocols(), idleTimeout(), handshakeTimeout(), maxStreams(), streamWindowBytes(), windowBytes,
                maxDatagrams(), maxConnections(), maxHandshakes());
    }

    /** These options with datagrams, at most so many waiting in each direction; 0 to 65,536. */
    public QuicOptions withMaxDatagrams(int maxDatagrams) {
        return with(protocols(), idleTimeout(), handshakeTimeout(), maxStreams(), streamWindowBytes(), windowBytes(),
                maxDatagrams, maxConnections(), maxHandshakes());
    }

    /** These options with another bound of connections. */
    public QuicOptions withMaxConnections(int maxConnections) {
        return with(protocols(), idleTimeout(), handshakeTimeout(), maxStreams(), streamWindowBytes(), windowBytes(),
                maxDatagrams(), maxConnections, maxHandshakes());
    }

    /** These options with another bound of handshakes. */
    public QuicOptions withMaxHandshakes(int maxHandshakes) {
        return with(protocols(), idleTimeout(), handshakeTimeout(), maxStreams(), streamWindowBytes(), windowBytes(),
                maxDatagrams(), maxConnections(), maxHandshakes);
    }

    /**
     * These options with sessions of TLS that a client may resume: connections that go by the same ones share them.
     * They mean nothing to a server, which always gives sessions, and takes those that it has given itself.
     */
    public QuicOptions withSessions(QuicSessions sessions) {
        return new QuicOptions(new ConnectionTerms(protocols(), idleTimeout(), handshakeTimeout(), maxStreams(), 0,
                streamWindowBytes(), windowBytes(), maxDatagrams(), maxConnections(), maxHandshakes(),
                ApplicationCodes.NONE, sessions.memory()), sessions);
    }

    private QuicOptions with(List<String> protocols, Duration idleTimeout, Duration handshakeTimeout,
            int maxStreams, int streamWindowBytes, int windowBytes, int maxDatagrams, int maxConnections,
            int maxHandshakes) {
        return new QuicOptions(new ConnectionTerms(protocols, idleTimeout, handshakeTimeout, maxStreams, 0,
                streamWindowBytes, windowBytes, maxDatagrams, maxConnections, maxHandshakes, ApplicationCodes.NONE,
                terms.sessions()), sessions);
    }

    /**
     * What an end goes by.
     *
     * @throws IllegalArgumentException if it speaks nothing
     */
    ConnectionTerms terms() {
        if (protocols().isEmpty()) {
            throw new IllegalArgumentException("say what is spoken: QuicOptions.DEFAULT.withProtocols(\"...\")");
        }
        return terms;
    }

    @Override
    public String toString() {
        return terms.toString().replace("ConnectionTerms", "QuicOptions");
    }
}
