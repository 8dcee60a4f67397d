package dev.heddle.quic.internal;

import dev.heddle.HeddleException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of connections, {@code quiche_config *}. The library reads keys and certificates out of files, so
 * they are written to one that only this user may read, and that is gone when the constructor returns.
 *
 * <p>Threads: one loop's.
 */
final class QuicheConfig implements AutoCloseable {

    /** The most bytes of a datagram: what passes Ethernet by IPv6 without being cut, and no discovery has to find. */
    static final int MAX_DATAGRAM_BYTES = 1_350;

    /** The most bytes of a stream in one direction that wait to be read; they are read at once. */
    private static final int ONE_WAY_BYTES = 4 * 1024;

    /** The most addresses that a peer may have in the life of a connection: the library gives up none of them. */
    static final int MAX_PATHS = 8;

    /**
     * More than goes over a connection. The artifact's library never gives back to a connection's window what a stream had
     * unread when it was reset or given up, until nothing can be sent any more; so only its streams' windows bound it.
     */
    private static final long NO_WINDOW = 1L << 60;

    private final long address;

    /**
     * Makes the configuration of a server, or of a client.
     *
     * @param identity chain and key in PEM; null for a client
     * @param trusted certificates in PEM; null for a server, and for a client that asks for no certificate
     * @param ticketKey of a server's sessions; null if the library makes its own, and new ones from time to time
     * @throws HeddleException if the library does not take the key or the certificates
     */
    QuicheConfig(ConnectionTerms terms, @Nullable String identity, @Nullable String trusted,
            byte @Nullable [] ticketKey) {
        QuicheLibrary.require();
        address = Quiche.CONFIG_NEW.call(Quiche.PROTOCOL_VERSION);
        boolean made = false;
        try {
            set(terms);
            if (ticketKey != null) {
                set(Quiche.CONFIG_TICKET_KEY, ticketKey, "the key of tickets");
            }
            if (identity != null) {
                load(identity, List.of(Quiche.CONFIG_CHAIN, Quiche.CONFIG_KEY), "the certificate and its key");
            }
            Quiche.CONFIG_VERIFY_PEER.call(address, trusted == null ? 0 : 1);
            if (trusted != null) {
                load(trusted, List.of(Quiche.CONFIG_TRUST), "the trusted certificates");
            }
            made = true;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    private void set(ConnectionTerms terms) {
        set(Quiche.CONFIG_PROTOCOLS, protocols(terms.protocols()), "the protocols");
        Quiche.CONFIG_IDLE.call(address, terms.idleTimeout().toMillis());
        Quiche.CONFIG_RECEIVE_BYTES.call(address, MAX_DATAGRAM_BYTES);
        Quiche.CONFIG_SEND_BYTES.call(address, MAX_DATAGRAM_BYTES);
        long window = QuicheLibrary.IS_NEWER ? terms.windowBytes() : NO_WINDOW;
        Quiche.CONFIG_DATA.call(address, window);
        Quiche.CONFIG_WINDOW.call(address, window);
        Quiche.CONFIG_DATA_LOCAL.call(address, terms.streamWindowBytes());
        Quiche.CONFIG_DATA_REMOTE.call(address, terms.streamWindowBytes());
        Quiche.CONFIG_STREAM_WINDOW.call(address, terms.streamWindowBytes());
        Quiche.CONFIG_STREAMS.call(address, terms.maxStreams());
        Quiche.CONFIG_DATA_ONE_WAY.call(address, ONE_WAY_BYTES);
        Quiche.CONFIG_STREAMS_ONE_WAY.call(address, terms.maxOneWayStreams());
        Quiche.CONFIG_PATHS.call(address, MAX_PATHS);
        if (terms.maxDatagrams() > 0) {
            Quiche.CONFIG_DATAGRAMS.call(address, 1, terms.maxDatagrams(), terms.maxDatagrams());
        }
        // Packets leave when they are made: Pace says when that is.
        Quiche.CONFIG_PACING.call(address, 0);
        // Otherwise the library takes a packet for as old as the last that it paced, and the round trip for far too long.
        Quiche.CONFIG_PACING_RATE.call(address, 0);
    }

    private void set(QuicheFunction setter, byte[] bytes, String what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            check(setter.number(address, copy.address(), bytes.length, 0), what);
        }
    }

    /** Names as ALPN has them (RFC 7301, section 3.1): each behind its length. */
    private static byte[] protocols(List<String> names) {
        var out = new ByteArrayOutputStream();
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private void load(String pem, List<QuicheFunction> loaders, String what) {
        try {
            Path file = Files.createTempFile("heddle-quic-", ".pem");
            try (Arena arena = Arena.ofConfined()) {
                Files.writeString(file, pem);
                long path = arena.allocateFrom(file.toString()).address();
                for (QuicheFunction loader : loaders) {
                    check(loader.number(address, path), what);
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new HeddleException("QUIC cannot be given " + what + ": " + e.getMessage(), e);
        }
    }

    private static void check(int result, String what) {
        if (result != 0) {
            throw new HeddleException("QUIC does not take " + what + " (quiche's error " + result + ")");
        }
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        Quiche.CONFIG_FREE.call(address);
    }
}
