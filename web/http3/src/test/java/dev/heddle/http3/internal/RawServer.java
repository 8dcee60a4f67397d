package dev.heddle.http3.internal;

import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.quic.internal.ApplicationCodes;
import dev.heddle.quic.internal.ConnectionTerms;
import dev.heddle.quic.internal.Conversation;
import dev.heddle.quic.internal.Endpoint;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.tls.TlsIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** A server that says to its first client what a script says, and then waits for its end. */
final class RawServer implements AutoCloseable {

    /** What it does. */
    interface Script {
        void play(RawServer server) throws Exception;
    }

    private final Endpoint endpoint;
    private final Task<Void> playing;
    private Conversation conversation;

    RawServer(TaskGroup group, TlsIdentity identity, Script script) {
        var terms = new ConnectionTerms(List.of("h3"), Duration.ofSeconds(20), Duration.ofSeconds(10), 100, 16,
                1_000, 256 * 1024, 0, 10, 10, ApplicationCodes.NONE, null);
        endpoint = Endpoint.listen("127.0.0.1", 0, terms, identity.pem());
        playing = group.spawn("script", () -> {
            try {
                conversation = endpoint.accept();
                script.play(this);
                conversation.awaitLost();
            } catch (ClosedException e) {
                // No client has come.
            }
        });
    }

    int port() {
        return endpoint.localAddress().getPort();
    }

    /** Sends on a new stream in one direction. */
    void sendOneWay(String hex) {
        conversation.streams().tryWrite(conversation.streams().openOneWay(),
                ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    /** The next request, of which nothing is read. */
    QuicStream accept() {
        return conversation.streams().accept();
    }

    /** Why the connection has ended; waits for that. */
    String awaitLost() {
        conversation.awaitLost();
        return String.valueOf(conversation.whyLost());
    }

    static void send(QuicStream stream, String hex) {
        stream.tryWrite(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    /** Reads up to a text in Latin-1. */
    static void readUpTo(QuicStream stream, String text) {
        var all = new StringBuilder();
        ByteBuffer piece = ByteBuffer.allocate(1);
        while (all.indexOf(text) < 0) {
            if (stream.tryRead(piece.clear()) == 0) {
                stream.awaitReadable();
            } else {
                all.append(StandardCharsets.ISO_8859_1.decode(piece.flip()));
            }
        }
    }

    /** Why a stream is lost; waits for that. */
    static String whyLost(QuicStream stream) {
        try {
            RawClient.readAll(stream);
            return "it has ended";
        } catch (HeddleException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        endpoint.close();
        playing.join();
        endpoint.abort();
    }
}
