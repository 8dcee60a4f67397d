package dev.heddle.quic.internal;

import dev.heddle.Heddle;
import dev.heddle.tls.TlsTrust;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that sends the bytes it is told, right or wrong, on streams of a connection that speaks {@code h3}. */
public final class RawClient implements AutoCloseable {

    private final Conversation conversation;

    public RawClient(int port, TlsTrust trust) {
        this(port, trust, null);
    }

    public RawClient(int port, TlsTrust trust, @Nullable SessionMemory sessions) {
        this(new InetSocketAddress("127.0.0.1", port), "localhost", trust, sessions);
    }

    public RawClient(InetSocketAddress server, String name, TlsTrust trust, @Nullable SessionMemory sessions) {
        var terms = new ConnectionTerms(List.of("h3"), Duration.ofSeconds(20), Duration.ofSeconds(10), 100, 16,
                256 * 1024, 1024 * 1024, 0, 1, 1, ApplicationCodes.NONE, sessions);
        conversation = Endpoint.ofClient(server, terms, trust).connect(name, server,
                terms.handshakeTimeout());
    }

    public Conversation conversation() {
        return conversation;
    }

    /** Sends on a new stream in one direction. */
    public void sendOneWay(String hex, boolean end) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        long id = conversation.streams().openOneWay();
        conversation.scratch().clear().put(bytes);
        conversation.quiche().write(id, conversation.scratchAt(), bytes.length, end);
        conversation.touch();
    }

    /** Sends on a new stream in both directions. */
    public QuicStream send(String hex, boolean end) {
        QuicStream stream = conversation.streams().open();
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        while (bytes.hasRemaining()) {
            if (stream.tryWrite(bytes) == 0) {
                stream.awaitWritable();
            }
        }
        if (end) {
            stream.shutdownOutput();
        }
        return stream;
    }

    /** Says that nothing more is wanted of a stream (STOP_SENDING), and no more than that. */
    public void stop(QuicStream stream, long code) {
        conversation.quiche().shutdown(stream.id(), Quiche.SHUTDOWN_READ, code);
        conversation.touch();
    }

    /** All that comes on a stream, as Latin-1. */
    public static String readAll(QuicStream stream) {
        var all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(4_096);
        for (int count = stream.tryRead(piece); count >= 0; count = stream.tryRead(piece.clear())) {
            all.write(piece.array(), 0, count);
            if (count == 0) {
                stream.awaitReadable();
            }
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Why the connection has ended; waits for that. */
    public String awaitLost() {
        return Heddle.timeout(Duration.ofSeconds(10), () -> {
            while (conversation.whyLost() == null) {
                Heddle.sleep(Duration.ofMillis(2));
            }
            return conversation.whyLost();
        });
    }

    @Override
    public void close() {
        conversation.close();
    }
}
