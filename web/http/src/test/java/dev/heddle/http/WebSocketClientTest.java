package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.CookieJar;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Proxy;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.internal.websocket.AcceptKey;
import dev.heddle.http.internal.websocket.FrameMask;
import dev.heddle.http.server.HttpServer;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The client's side: its handshake against good and bad servers, its frames, and both sides of this project together.
 */
@LeavesNothing
final class WebSocketClientTest {

    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)\r\n");

    private static String accept(String request) {
        Matcher key = KEY.matcher(request);
        assertTrue(key.find(), request);
        return AcceptKey.acceptFor(key.group(1));
    }

    private static String switching(String request, String... fields) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: "
                + accept(request) + "\r\n" + String.join("", Arrays.stream(fields).map(f -> f + "\r\n").toList())
                + "\r\n";
    }

    @Test
    void textBytesAndStreamsGoThereAndBackCompressedAndNot() {
        for (WebSocketOptions options : new WebSocketOptions[]{WebSocketOptions.DEFAULT,
                WebSocketOptions.DEFAULT.withCompression(false),
                WebSocketOptions.DEFAULT.withCompressionLevel(9).withMinCompressBytes(0).withContextTakeover(true)}) {
            Heddle.run(() -> {
                try (HttpServer server = HttpServer.builder().webSocket("/echo", options, FramePeer::echo)
                        .start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                    WebSocket socket = http.webSocket("ws://127.0.0.1:" + server.port() + "/echo").options(options)
                            .connect();
                    try (socket) {
                        for (int length : new int[]{0, 1, 125, 126, 65_535, 65_536, 600_000}) {
                            String text = "ä".repeat(length / 2) + "x".repeat(length % 2);
                            socket.sendText(text);
                            assertEquals(new WebSocketMessage.Text(text), socket.receive().orElseThrow());
                            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                            socket.sendBinary(bytes);
                            assertEquals(new WebSocketMessage.Binary(bytes), socket.receive().orElseThrow());
                            socket.streamBinary(out -> out.write(bytes));
                            assertArrayEquals(bytes, socket.receiveStream().orElseThrow().readAllBytes());
                        }
                        socket.close(3000, "done");
                        assertEquals(OptionalInt.of(3000), socket.closeCode());
                    }
                }
            });
        }
    }

    @Test
    void subprotocolsAndFieldsReachTheServer() {
        Heddle.run(() -> {
            WebSocketOptions options = WebSocketOptions.DEFAULT.withSubprotocols("b", "c");
            try (HttpServer server = HttpServer.builder()
                    .webSocket("/", options, (request, socket) -> socket.sendText(
                            request.header("Authorization").orElse("none") + " " + socket.subprotocol().orElse("none")))
                    .start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                String url = "ws://127.0.0.1:" + server.port();
                try (WebSocket socket = http.webSocket(url).subprotocols("a", "c", "b").header("Authorization", "me")
                        .connect()) {
                    assertEquals(Optional.of("b"), socket.subprotocol());
                    assertEquals(new WebSocketMessage.Text("me b"), socket.receive().orElseThrow());
                }
                try (WebSocket socket = http.webSocket(url).subprotocols("z").connect()) {
                    assertEquals(Optional.empty(), socket.subprotocol());
                }
                assertThrows(IllegalArgumentException.class, () -> http.webSocket(url).subprotocols("not a token"));
                assertThrows(IllegalArgumentException.class,
                        () -> http.webSocket(url).header("Sec-WebSocket-Key", "x"));
                assertThrows(IllegalArgumentException.class, () -> http.webSocket(url).header("Upgrade", "x"));
                assertThrows(IllegalArgumentException.class, () -> http.webSocket("ftp://127.0.0.1/"));
            }
        });
    }

    @Test
    void wssIsWebSocketUnderTls() {
        TlsIdentity identity = TlsIdentity.selfSigned("127.0.0.1");
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(identity))
                    .webSocket("/", FramePeer::echo)
                    .start("127.0.0.1", 0);
                    HttpClient http = HttpClient.builder()
                            .tls(ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()))).build();
                    WebSocket socket = http.webSocket("wss://127.0.0.1:" + server.port()).connect()) {
                socket.sendText("secret " + "x".repeat(100_000));
                assertEquals(new WebSocketMessage.Text("secret " + "x".repeat(100_000)),
                        socket.receive().orElseThrow());
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "no Upgrade, HTTP/1.1 101 X|Connection: upgrade|Sec-WebSocket-Accept: $",
            "another protocol, HTTP/1.1 101 X|Upgrade: h2c|Connection: upgrade|Sec-WebSocket-Accept: $",
            "no Connection, HTTP/1.1 101 X|Upgrade: websocket|Sec-WebSocket-Accept: $",
            "no proof, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade",
            "a wrong proof, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade|Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "two proofs, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade|Sec-WebSocket-Accept: $|Sec-WebSocket-Accept: $",
            "a strange subprotocol, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade|Sec-WebSocket-Accept: $|Sec-WebSocket-Protocol: z",
            "two subprotocols, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade|Sec-WebSocket-Accept: $|Sec-WebSocket-Protocol: a|Sec-WebSocket-Protocol: a",
            "a strange extension, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade|Sec-WebSocket-Accept: $|Sec-WebSocket-Extensions: x-foo",
            "a strange parameter, HTTP/1.1 101 X|Upgrade: websocket|Connection: upgrade|Sec-WebSocket-Accept: $|Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10"})
    void consentThatIsNoneIsRefused(String name, String answer) {
        Heddle.run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                String request = peer.request();
                peer.send(answer.replace("|", "\r\n").replace("$", accept(request)) + "\r\n\r\n");
                peer.awaitEnd();
            }); HttpClient http = server.client().build()) {
                assertThrows(BadReplyException.class,
                        () -> http.webSocket("ws://site/").subprotocols("a", "b").connect());
            }
        });
    }

    @Test
    void answerThatIsNo101IsAStatus() {
        Heddle.run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            }); HttpClient http = server.client().build()) {
                ReplyStatusException refused = assertThrows(ReplyStatusException.class,
                        () -> http.webSocket("ws://site/?token=secret").connect());
                assertEquals(403, refused.status());
                assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
            }
        });
    }

    @Test
    void redirectIsNotFollowedSoNoCredentialsGoThere_CVE_2026_42498() {
        Heddle.run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 302 Found\r\nLocation: ws://evil.example/\r\nContent-Length: 0\r\n\r\n");
            }); HttpClient http = server.client().auth("http://site/", Auth.basic("u", "p")).build()) {
                ReplyStatusException refused = assertThrows(ReplyStatusException.class,
                        () -> http.webSocket("ws://site/").connect());
                assertEquals(302, refused.status());
                assertEquals(List.of("site:80"), server.connects);
            }
        });
    }

    @Test
    void serverThatEndsOrNeverAnswersIsAnError() {
        Heddle.run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> peer.request(), peer -> {
                peer.request();
                peer.awaitEnd();
            }); HttpClient http = server.client().build()) {
                assertThrows(BrokenException.class, () -> http.webSocket("ws://site/").connect());
                assertThrows(DeadlineExceededException.class,
                        () -> http.webSocket("ws://site/").timeout(Duration.ofMillis(50)).connect());
                HttpClient closed = server.client().build();
                closed.close();
                assertThrows(ClosedException.class, () -> closed.webSocket("ws://site/").connect());
            }
        });
    }

    @Test
    void everyFrameOfTheClientHasAFreshMaskAndWhatComesWithTheAnswerIsRead() {
        Heddle.run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                String request = peer.request();
                assertTrue(request.contains("\r\nHost: site\r\n"), request);
                assertTrue(request.contains("\r\nSec-WebSocket-Extensions: permessage-deflate; "
                        + "server_no_context_takeover; client_no_context_takeover\r\n"), request);
                peer.send(switching(request) + "\u0081\u0002hi");
                byte[] first = peer.stream().readExactly(9);
                byte[] second = peer.stream().readExactly(9);
                assertEquals((byte) 0x81, first[0]);
                assertEquals((byte) 0x83, first[1]);
                assertFalse(Arrays.equals(first, second));
                byte[] close = peer.stream().readExactly(8);
                assertEquals((byte) 0x88, close[0]);
                peer.send("\u0088\u0002\u0003\u00e8");
            });
                    HttpClient http = server.client().build();
                    WebSocket socket = http.webSocket("ws://site/").connect()) {
                assertEquals(new WebSocketMessage.Text("hi"), socket.receive().orElseThrow());
                socket.sendText("abc");
                socket.sendText("abc");
            }
        });
    }

    @Test
    void proxyTunnelsPlainSocketsTooAndCookiesAreKept() {
        boolean[] second = new boolean[1];
        Sim.run(1, () -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                String connect = peer.request();
                assertTrue(connect.startsWith("CONNECT site:80 HTTP/1.1\r\n"), connect);
                peer.send("HTTP/1.1 200 OK\r\n\r\n");
                String request = peer.request();
                assertTrue(request.startsWith("GET /chat HTTP/1.1\r\n"), request);
                assertEquals(second[0], request.contains("\r\nCookie: seen=1\r\n"));
                second[0] = true;
                peer.send(switching(request, "Set-Cookie: seen=1") + "\u0088\u0000");
                peer.awaitEnd();
            });
                    HttpClient http = server.client().proxy(Proxy.http("proxy", 3128)).cookies(CookieJar.create())
                            .build()) {
                for (int i = 0; i < 2; i++) {
                    try (WebSocket socket = http.webSocket("ws://site/chat").connect()) {
                        assertEquals(Optional.empty(), socket.receive());
                    }
                }
                assertEquals(Arrays.asList("proxy:3128", "proxy:3128"), server.connects);
            }
        });
    }

    @Test
    void maskedFrameFromTheServerIsRefused() {
        Heddle.run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.send(switching(peer.request()));
                peer.send(FramePeer.frame(0x81, new byte[0]));
                byte[] close = peer.stream().readExactly(8);
                FrameMask.apply(close, 6, 2, ByteBuffer.wrap(close).getInt(2));
                assertEquals(1002, ByteBuffer.wrap(close).getShort(6));
            });
                    HttpClient http = server.client().build();
                    WebSocket socket = http.webSocket("ws://site/").connect()) {
                assertThrows(MalformedMessageException.class, socket::receive);
                assertEquals(OptionalInt.of(1002), socket.closeCode());
            }
        });
    }
}
