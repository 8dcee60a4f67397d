package dev.heddle.http;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;

/** Plays a peer of a server byte by byte, in virtual time. */
public final class Wire {

    /** What a test does at the peer's end. */
    public interface Peer {
        void play(ByteStream stream, Task<?> connection) throws Exception;
    }

    private Wire() {}

    /** Sends the pieces, each in a write of its own, and gives all that comes until the server closes. */
    public static String ask(HttpServer.Builder server, String... pieces) {
        return Sim.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            HttpServer built = server.build();
            Task<Void> connection = Heddle.spawn(() -> built.serve(pair.right()));
            Task<Void> sending = Heddle.spawn(() -> {
                for (String piece : pieces) {
                    pair.left().write(latin1(piece));
                    Heddle.checkpoint();
                }
            });
            String answer = text(pair.left().readAll(1 << 24));
            sending.cancel();
            connection.join();
            return answer;
        });
    }

    /** Sends the text one byte at a time. */
    public static String askByByte(HttpServer.Builder server, String text) {
        return ask(server, text.split(""));
    }

    /** Lets a test play the peer. */
    public static void play(HttpServer.Builder server, Peer peer) {
        Sim.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                HttpServer built = server.build();
                Task<Void> connection = Heddle.spawn(() -> built.serve(pair.right()));
                peer.play(pair.left(), connection);
            }
        });
    }

    /** Reads up to the end of one response with a length. */
    public static String response(ByteStream stream) {
        String head = text(stream.readUntil(latin1("\r\n\r\n"), 1 << 16));
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + text(stream.readExactly(length));
    }

    /** The status of a response, or -1 for nothing. */
    public static int status(String response) {
        return response.startsWith("HTTP/1.1 ") ? Integer.parseInt(response.substring(9, 12)) : -1;
    }

    /** How many responses begin in the text. */
    public static int count(String answer) {
        return answer.split("HTTP/1\\.1 ", -1).length - 1;
    }

    public static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    public static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
