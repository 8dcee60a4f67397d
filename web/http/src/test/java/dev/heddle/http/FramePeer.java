package dev.heddle.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.internal.websocket.CloseCodes;
import dev.heddle.http.internal.websocket.FrameHead;
import dev.heddle.http.internal.websocket.FrameMask;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.WebSocketHandler;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Plays a client of a WebSocket frame by frame, with every mistake that a test wants, in virtual time. */
public final class FramePeer {

    /** What a test does at the client's end. */
    public interface Play {
        void play(FramePeer peer) throws Exception;
    }

    /** A frame as it came from the server. */
    public record Frame(int first, byte[] payload) {

        int opcode() {
            return first & 0xf;
        }

        public String text() {
            return new String(payload, UTF_8);
        }

        /** The code of a close. */
        int code() {
            assertEquals(FrameHead.CLOSE, opcode(), toString());
            return payload.length == 0 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
        }

        @Override
        public String toString() {
            return Integer.toHexString(first) + " "
                    + HexFormat.of().formatHex(payload, 0, Math.min(40, payload.length));
        }
    }

    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    final ByteStream stream;
    final Task<?> connection;
    final HttpServer server;

    /** The head of the server's answer. */
    String answer = "";

    private FramePeer(ByteStream stream, Task<?> connection, HttpServer server) {
        this.stream = stream;
        this.connection = connection;
        this.server = server;
    }

    /** The request for a WebSocket, with fields besides. */
    public static String request(String path, String... fields) {
        var text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: site\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** Lets a test talk with a handler. */
    public static void talk(WebSocketOptions options, WebSocketHandler handler, Play play, String... fields) {
        Sim.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                var wrong = new AtomicReference<@Nullable AssertionError>();
                HttpServer server = HttpServer.builder()
                        .webSocket("/", options, (request, socket) -> {
                            try {
                                handler.handle(request, socket);
                            } catch (AssertionError e) {
                                wrong.set(e);
                                throw e;
                            }
                        })
                        .build();
                Task<Void> connection = Heddle.spawn(() -> server.serve(pair.right()));
                var peer = new FramePeer(pair.left(), connection, server);
                peer.open(fields);
                try {
                    play.play(peer);
                } finally {
                    if (wrong.get() != null) {
                        throw wrong.get();
                    }
                }
            }
        });
    }

    static void talk(WebSocketHandler handler, Play play) {
        talk(WebSocketOptions.DEFAULT, handler, play);
    }

    /** Sends back what comes. */
    public static void echo(Request request, WebSocket socket) {
        for (WebSocketMessage message : socket) {
            socket.send(message);
        }
    }

    private void open(String... fields) {
        stream.write(request("/", fields).getBytes(ISO_8859_1));
        answer = new String(stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 4096), ISO_8859_1);
        assertEquals("HTTP/1.1 101 Switching Protocols", answer.lines().findFirst().orElseThrow());
    }

    /** A frame as a client writes it. */
    public static byte[] frame(int first, byte[] payload) {
        byte[] head = new byte[FrameHead.MAX_BYTES];
        int size = FrameHead.write(head, first, payload.length, true, 0x12345678);
        byte[] frame = Arrays.copyOf(head, size + payload.length);
        System.arraycopy(payload, 0, frame, size, payload.length);
        FrameMask.apply(frame, size, payload.length, 0x12345678);
        return frame;
    }

    FramePeer send(int first, byte[] payload) {
        stream.write(frame(first, payload));
        return this;
    }

    FramePeer send(int first, String text) {
        return send(first, text.getBytes(UTF_8));
    }

    FramePeer sendHex(String hex) {
        stream.write(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    FramePeer sendClose(int code, String reason) {
        return send(0x88, CloseCodes.payload(code, reason));
    }

    /** The next frame of the server. */
    public Frame next() {
        byte[] head = stream.readExactly(2);
        int length = head[1] & 0xff;
        if (length == 126) {
            length = ByteBuffer.wrap(stream.readExactly(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = (int) ByteBuffer.wrap(stream.readExactly(8)).getLong();
        }
        return new Frame(head[0] & 0xff, stream.readExactly(length));
    }

    /** Waits until the server has ended the connection in order. */
    void awaitEnd() {
        assertEquals(0, stream.readAll(1 << 20).length);
        stream.close();
        connection.join();
    }

    /** Reads the close that a mistake brings, and sees that the connection ends behind it. */
    void expectClose(int code) {
        Frame close = next();
        assertEquals(code, close.code(), close.toString());
        awaitEnd();
    }

    /** Joined bytes. */
    public static byte[] join(byte[] @Nullable... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (part != null) {
                all.writeBytes(part);
            }
        }
        return all.toByteArray();
    }
}
