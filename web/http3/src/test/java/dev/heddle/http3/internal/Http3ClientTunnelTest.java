package dev.heddle.http3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.WebSocketRequest;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.quic.internal.QuicStream;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client's WebSockets against servers of HTTP/3 that do otherwise; another one answers by TCP. */
@Timeout(60)
final class Http3ClientTunnelTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    /** A control stream with SETTINGS that allow it. */
    private static final String ALLOWED = "0004020801";

    private static final String CONSENT = Blocks.headers(":status", "200");

    private final List<String> seen = new ArrayList<>();

    private void against(RawServer.Script script, Consumer<WebSocketRequest> body) {
        Heddle.run(() -> Heddle.group(group -> {
            try (RawServer raw = new RawServer(group, IDENTITY, script);
                    HttpServer server = HttpServer.builder()
                            .tls(ServerTls.of(IDENTITY))
                            .get("/", _ -> Response.text("page")
                                    .withHeader("Alt-Svc", "h3=\":" + raw.port() + "\"; ma=60"))
                            .webSocket("/x", (request, socket) -> socket.sendText(request.version()))
                            .start("127.0.0.1", 0)) {
                try (HttpClient http = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .http3()
                        .build()) {
                    assertEquals("page", http.get("https://localhost:" + server.port() + "/").text());
                    body.accept(http.webSocket("wss://localhost:" + server.port() + "/x")
                            .options(WebSocketOptions.DEFAULT.withCompression(false))
                            .sharingConnection());
                }
            }
        }));
    }

    private static String text(WebSocket socket) {
        return ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
    }

    private static void assertGoesByHttp1(WebSocketRequest request) {
        try (WebSocket socket = request.connect()) {
            assertEquals("HTTP/1.1", text(socket));
        }
    }

    private static String resetWith(Http3Error error) {
        return "the peer has reset it with code " + error.code();
    }

    @Test
    void consentOpensItAndAResetIsALoss() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            QuicStream stream = raw.accept();
            RawServer.send(stream, CONSENT + Blocks.data("\u0081\u0002hi"));
            RawServer.readUpTo(stream, "\u0081\u0087"); // masked
            stream.abort(Http3Error.REQUEST_CANCELLED.code());
        }, request -> {
            WebSocket socket = request.connect();
            assertEquals("hi", text(socket));
            socket.sendText("and you");
            var lost = assertThrows(BrokenException.class, socket::receive);
            assertTrue(String.valueOf(lost.getMessage()).endsWith(resetWith(Http3Error.REQUEST_CANCELLED)),
                    lost::getMessage);
        });
    }

    @Test
    void abortResetsTheStreamAsCancelled() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            QuicStream stream = raw.accept();
            RawServer.send(stream, CONSENT);
            seen.add(RawServer.whyLost(stream));
        }, request -> request.connect().abort());
        assertTrue(seen.getFirst().endsWith(resetWith(Http3Error.REQUEST_CANCELLED)), seen::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"000400", "0004020800"})
    void serverThatDoesNotAllowItGetsAConnectionOfHttp1(String settings) {
        against(raw -> raw.sendOneWay(settings), Http3ClientTunnelTest::assertGoesByHttp1);
    }

    @Test
    void settingThatIsNeitherEndsTheConnection() {
        against(raw -> {
            raw.sendOneWay("0004020802");
            seen.add(raw.awaitLost());
        }, Http3ClientTunnelTest::assertGoesByHttp1);
        String told = "the peer has ended it with code " + Http3Error.SETTINGS_ERROR.code() + ",";
        assertTrue(seen.getFirst().startsWith(told), seen::toString);
    }

    @Test
    void serverThatNeverSaysWhatItAllowsIsLate() {
        against(raw -> {}, request -> assertThrows(DeadlineExceededException.class,
                () -> request.timeout(Duration.ofMillis(500)).connect()));
    }

    @Test
    void streamThatIsRejectedIsAskedForOverHttp1() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            raw.accept().abort(Http3Error.REQUEST_REJECTED.code());
        }, Http3ClientTunnelTest::assertGoesByHttp1);
    }

    @Test
    void consentThatEndsTheStreamIsNone() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            QuicStream stream = raw.accept();
            RawServer.send(stream, CONSENT);
            stream.shutdownOutput();
        }, request -> assertThrows(BadReplyException.class, request::connect));
    }

    @Test
    void subprotocolThatWasNotOfferedIsRefused() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            QuicStream stream = raw.accept();
            RawServer.send(stream, Blocks.headers(":status", "200", "sec-websocket-protocol", "other"));
            seen.add(RawServer.whyLost(stream));
        }, request -> assertThrows(BadReplyException.class, request::connect));
        assertTrue(seen.getFirst().endsWith(resetWith(Http3Error.REQUEST_CANCELLED)), seen::toString);
    }

    @Test
    void headersBehindTheConsentEndTheConnection() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            QuicStream stream = raw.accept();
            RawServer.send(stream, CONSENT);
            RawServer.send(stream, Blocks.headers("x", "y"));
            seen.add(raw.awaitLost());
        }, request -> {
            WebSocket socket = request.connect();
            assertThrows(BrokenException.class, socket::receive);
        });
        String told = "the peer has ended it with code " + Http3Error.FRAME_UNEXPECTED.code() + ",";
        assertTrue(seen.getFirst().startsWith(told), seen::toString);
    }

    /** It lets a thousand bytes wait, and reads none. */
    @Test
    void closeToAPeerThatTakesNothingEndsInTime() {
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            RawServer.send(raw.accept(), CONSENT);
        }, request -> {
            WebSocket socket = request.options(WebSocketOptions.DEFAULT.withCompression(false)
                    .withCloseTimeout(Duration.ofMillis(200))).connect();
            assertFalse(Heddle.moveOnAfter(Duration.ofMillis(200), () -> socket.sendBinary(new byte[100_000])));
            Heddle.timeout(Duration.ofSeconds(20), () -> socket.close());
        });
    }

    /** The room at the server runs out at another byte each time, within a frame's head too. */
    @Test
    void framesArriveWholeWhereThereIsRoomForAFewBytes() {
        int messages = 400;
        against(raw -> {
            raw.sendOneWay(ALLOWED);
            QuicStream stream = raw.accept();
            RawServer.send(stream, CONSENT);
            ByteBuffer frames = ByteBuffer.allocate(100_000);
            ByteBuffer payload = ByteBuffer.allocate(100_000);
            List<Integer> lengths = List.of();
            while (lengths.size() <= messages) {
                if (stream.tryRead(frames) == 0) {
                    stream.awaitReadable();
                }
                takeFrames(frames, payload);
                lengths = binaries(payload.duplicate().flip());
            }
            assertEquals(IntStream.range(0, messages).map(i -> i % 90).boxed().toList(), lengths.subList(0, messages));
            RawServer.send(stream, Blocks.data("\u0088\0"));
            stream.shutdownOutput();
        }, request -> {
            WebSocket socket = request.connect();
            for (int i = 0; i < messages; i++) {
                byte[] bytes = new byte[i % 90];
                Arrays.fill(bytes, (byte) bytes.length);
                socket.sendBinary(bytes);
            }
            socket.close();
            assertEquals(OptionalInt.of(1005), socket.closeCode());
        });
    }

    /** Moves what whole frames of HTTP/3 carry, behind the head. */
    private static void takeFrames(ByteBuffer frames, ByteBuffer payload) {
        frames.flip();
        while (frames.hasRemaining()) {
            int begin = frames.position();
            long type = VariableLength.read(frames);
            long length = type < 0 ? -1 : VariableLength.read(frames);
            if (length < 0 || frames.remaining() < length) {
                frames.position(begin);
                break;
            }
            if (type == Http3Stream.DATA) {
                payload.put(frames.slice(frames.position(), (int) length));
            }
            frames.position(frames.position() + (int) length);
        }
        frames.compact();
    }

    /** The lengths of the messages that have come, each of bytes that say it; and of the close. */
    private static List<Integer> binaries(ByteBuffer in) {
        List<Integer> lengths = new ArrayList<>();
        while (in.remaining() >= 6 && in.remaining() >= 6 + (in.get(in.position() + 1) & 0x7f)) {
            boolean close = (in.get() & 0xf) == 8;
            int length = in.get() & 0x7f;
            int mask = in.getInt();
            for (int i = 0; i < length; i++) {
                int each = in.get() ^ mask >>> 24 - i % 4 * 8;
                assertTrue(close || (byte) each == length);
            }
            lengths.add(length);
        }
        return lengths;
    }
}
