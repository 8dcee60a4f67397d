package dev.heddle.http3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.internal.http2.Http2Fields;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.quic.internal.RawClient;
import dev.heddle.sync.Event;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says, frame by frame, to a client that asks for a WebSocket (RFC 9220), rightly or not. */
@Timeout(60)
final class Http3TunnelWireTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    /** Frames of a WebSocket: a text with a mask of nothing, and what an echo of it is. */
    private static final String HI = "\u0081\u0082\0\0\0\0hi";
    private static final String ECHO = "\u0081\u0002hi";

    private final List<String> seen = new ArrayList<>();
    private final Event ended = Event.create();

    private interface Body {
        void run(RawClient client) throws Exception;
    }

    private void withClient(Body body) {
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(IDENTITY))
                    .http3()
                    .get("/", _ -> Response.text("hello"))
                    .post("/post", _ -> Response.text("posted"))
                    .webSocket("/echo", (_, socket) -> {
                        for (WebSocketMessage each : socket) {
                            socket.send(each);
                        }
                    })
                    .webSocket("/abort", (_, socket) -> {
                        socket.receive();
                        socket.abort();
                    })
                    .webSocket("/listen", (_, socket) -> {
                        try {
                            seen.add("ended " + socket.receive().isEmpty());
                        } catch (BrokenException e) {
                            seen.add(e.getMessage());
                        }
                        ended.set();
                    })
                    .start("127.0.0.1", 0);
                    RawClient client = new RawClient(server.port(), AUTHORITY.trust())) {
                body.run(client);
            }
        });
    }

    private static void assertServes(RawClient client) {
        String get = Blocks.headers(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "localhost");
        assertTrue(RawClient.readAll(client.send(get, true)).endsWith("hello"));
    }

    private static String connect(String path, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", "CONNECT", ":protocol", "websocket", ":scheme",
                "https", ":authority", "localhost", ":path", path, "sec-websocket-version", "13"));
        fields.addAll(List.of(more));
        return Blocks.headers(fields.toArray(String[]::new));
    }

    private static void send(QuicStream stream, String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        while (bytes.hasRemaining()) {
            stream.tryWrite(bytes);
        }
    }

    /** A client that has the server's consent; what came with it. */
    private static QuicStream opened(RawClient client, String path) {
        QuicStream stream = client.send(connect(path), false);
        ByteBuffer first = ByteBuffer.allocate(1_000);
        while (stream.tryRead(first) == 0) {
            stream.awaitReadable();
        }
        assertEquals(Http3Stream.HEADERS, first.get(0));
        assertEquals("200", status(first.flip()));
        return stream;
    }

    private static @Nullable String status(ByteBuffer frame) {
        var fields = new Http2Fields(10_000, 100);
        VariableLength.read(frame);
        long length = VariableLength.read(frame);
        new QpackReader().read(frame.slice(frame.position(), (int) length), fields.clear());
        assertFalse(fields.headers().contains("sec-websocket-accept"));
        assertFalse(fields.headers().contains("upgrade"));
        return fields.status();
    }

    private static String read(QuicStream stream, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (stream.tryRead(bytes) == 0) {
                stream.awaitReadable();
            }
        }
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void dataIsTheFramesOfTheWebSocketInWhateverPiecesItComes() {
        withClient(client -> {
            QuicStream stream = opened(client, "/echo");
            send(stream, Blocks.data(HI));
            assertEquals("\0\u0004" + ECHO, read(stream, 2 + ECHO.length()));
            for (String each : HI.split("")) {
                send(stream, "0000" + Blocks.data(each) + "2101ff"); // among empty frames and those that mean nothing
                Heddle.sleep(Duration.ofMillis(1));
            }
            assertEquals("\0\u0004" + ECHO, read(stream, 2 + ECHO.length()));
            send(stream, Blocks.data("\u0088\u0080\0\0\0\0"));
            stream.shutdownOutput();
            assertTrue(RawClient.readAll(stream).startsWith("\0\u0002\u0088\0"));
            assertServes(client);
        });
    }

    @Test
    void endOfTheStreamWithoutACloseIsALoss() {
        withClient(client -> {
            opened(client, "/listen").shutdownOutput();
            ended.await();
            assertFalse(seen.getFirst().startsWith("ended"), seen.getFirst());
            assertServes(client);
        });
    }

    @Test
    void resetIsALoss() {
        withClient(client -> {
            opened(client, "/listen").abort(Http3Error.REQUEST_CANCELLED.code());
            ended.await();
            assertTrue(seen.getFirst().endsWith(" is lost: the peer has reset it with code 268"), seen.getFirst());
            assertServes(client);
        });
    }

    @Test
    void abortOfTheHandlerIsAResetThatSaysCancelled() {
        withClient(client -> {
            QuicStream stream = opened(client, "/abort");
            send(stream, Blocks.data(HI));
            BrokenException lost = assertThrows(BrokenException.class, () -> RawClient.readAll(stream));
            assertTrue(String.valueOf(lost.getMessage()).endsWith("the peer has reset it with code 268"),
                    lost::getMessage);
            assertServes(client);
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a :protocol without CONNECT,   GET,        /echo,  false,  ",
            "no :path,                          CONNECT,    ,       false,  ",
            "an end,                            CONNECT,    /echo,  true,   ",
            "a length,                          CONNECT,    /echo,  false,  content-length"})
    void malformedIsReset(String what, String method, @Nullable String path, boolean end, @Nullable String field) {
        List<String> fields = new ArrayList<>(
                List.of(":method", method, ":protocol", "websocket", ":scheme", "https", ":authority", "localhost"));
        if (path != null) {
            fields.addAll(List.of(":path", path));
        }
        if (field != null) {
            fields.addAll(List.of(field, "7"));
        }
        assertMalformed(end, fields);
    }

    @Test
    void connectWithAProtocolAndWithoutASchemeIsReset() {
        assertMalformed(false,
                List.of(":method", "CONNECT", ":protocol", "websocket", ":authority", "localhost", ":path", "/echo"));
    }

    private void assertMalformed(boolean end, List<String> fields) {
        withClient(client -> {
            QuicStream stream = client.send(Blocks.headers(fields.toArray(String[]::new)), end);
            BrokenException lost = assertThrows(BrokenException.class, () -> RawClient.readAll(stream));
            String told = "reset it with code " + Http3Error.MESSAGE_ERROR.code();
            assertTrue(String.valueOf(lost.getMessage()).endsWith(told), lost::getMessage);
            assertServes(client);
        });
    }

    @ParameterizedTest
    @CsvSource({"connect-udp,/echo,13,501", "websocket,/,13,501", "websocket,/none,13,404", "websocket,/post,13,405",
            "websocket,/echo,12,400"})
    void otherProtocolsPathsAndVersionsAreRefusedInWords(String protocol, String path, String version, String status) {
        withClient(client -> {
            QuicStream stream = client.send(Blocks.headers(":method", "CONNECT", ":protocol", protocol, ":scheme",
                    "https", ":authority", "localhost", ":path", path, "sec-websocket-version", version), false);
            ByteBuffer all = ByteBuffer.wrap(RawClient.readAll(stream).getBytes(StandardCharsets.ISO_8859_1));
            assertEquals(status, status(all));
            assertServes(client);
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"HEADERS, 0106000021780179", "SETTINGS, 0400", "a frame that only HTTP/2 has, 0900"})
    void whatIsNoDataInATunnelEndsTheConnection(String what, String hex) {
        withClient(client -> {
            QuicStream stream = opened(client, "/listen");
            send(stream, hex);
            String why = client.awaitLost();
            String told = "the peer has ended it with code " + Http3Error.FRAME_UNEXPECTED.code() + ",";
            assertTrue(why.startsWith(told), why);
            ended.await();
            assertFalse(seen.getFirst().startsWith("ended"), seen.getFirst());
        });
    }

    @Test
    void endWithinAFrameEndsTheConnection() {
        withClient(client -> {
            QuicStream stream = opened(client, "/listen");
            send(stream, "0005" + "81");
            stream.shutdownOutput();
            String why = client.awaitLost();
            String told = "the peer has ended it with code " + Http3Error.FRAME_ERROR.code() + ",";
            assertTrue(why.startsWith(told), why);
        });
    }
}
