package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.FramePeer;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server answers to requests for a WebSocket, good and bad (RFC 6455, section 4.2). */
@LeavesNothing
final class WebSocketHandshakeTest {

    private static HttpServer.Builder server(WebSocketOptions options) {
        return HttpServer.builder().webSocket("/", options, FramePeer::echo);
    }

    private static String ask(WebSocketOptions options, String request) {
        // A close follows in the same piece, so that a good answer comes to its end too.
        String close = Wire.text(FramePeer.frame(0x88, new byte[]{3, (byte) 0xe8}));
        return Wire.ask(server(options), request + close);
    }

    private static String ask(String request) {
        return ask(WebSocketOptions.DEFAULT, request);
    }

    private static String answerTo(String fields) {
        return ask("GET / HTTP/1.1\r\nHost: site\r\n" + fields.replace("|", "\r\n") + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void answerProvesThatTheKeyWasUnderstood() {
        String answer = ask(FramePeer.request("/"));
        assertTrue(answer.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), answer);
        assertTrue(answer.contains("\r\nUpgrade: websocket\r\n"), answer);
        assertTrue(answer.contains("\r\nConnection: Upgrade\r\n"), answer);
        assertTrue(answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), answer);
        assertFalse(answer.contains("Sec-WebSocket-Protocol"), answer);
        assertFalse(answer.contains("Sec-WebSocket-Extensions"), answer);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "an ordinary GET, 426, Accept: */*",
            "no upgrade, 426, Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "no connection, 426, Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "no version, 426, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "old version, 426, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 8|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "two versions, 426, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8",
            "no key, 400, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13",
            "short key, 400, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: c2hvcnQ=",
            "no base64, 400, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!!!",
            "two keys, 400, Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="})
    void badRequestIsRefused(String name, int status, String fields) {
        assertEquals(status, Wire.status(answerTo(fields)), name);
    }

    @Test
    void anotherVersionIsToldTheRightOne() {
        String answer = answerTo("Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 12");
        assertTrue(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"), answer);
        assertTrue(answer.contains("\r\nUpgrade: websocket\r\n"), answer);
    }

    @Test
    void bodyAnOldProtocolAndAnotherMethodAreRefused() {
        String body = FramePeer.request("/", "Content-Length: 3") + "abc";
        assertEquals(400, Wire.status(ask(body.replace("keep-alive", "close"))));
        String chunked = FramePeer.request("/", "Transfer-Encoding: chunked") + "0\r\n\r\n";
        assertEquals(400, Wire.status(ask(chunked.replace("keep-alive", "close"))));
        assertEquals(400, Wire.status(ask(FramePeer.request("/").replace("HTTP/1.1", "HTTP/1.0")
                .replace("keep-alive, ", ""))));
        String post = FramePeer.request("/").replace("GET", "POST").replace("keep-alive", "close");
        assertEquals(405, Wire.status(ask(post)));
        String head = FramePeer.request("/").replace("GET", "HEAD").replace("keep-alive", "close");
        assertEquals(405, Wire.status(ask(head)));
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
            "http://site, site, 101",
            "https://site, site, 101",
            "https://SITE, site:443, 101",
            "http://site:80, site, 101",
            "http://site:8080, site:8080, 101",
            "http://[::1]:8080, [::1]:8080, 101",
            "http://[::1], [::1], 101",
            "http://site:8080, site, 403",
            "https://site, site:80, 403",
            "http://evil, site, 403",
            "http://site.evil, site, 403",
            "null, site, 403",
            "file://, site, 403",
            "chrome-extension://abc, site, 403"})
    void onlyPagesOfTheSameHostMayConnect(String origin, String host, int status) {
        String request = FramePeer.request("/", "Origin: " + origin).replace("Host: site", "Host: " + host);
        assertEquals(status, Wire.status(ask(status == 101 ? request : request.replace("keep-alive", "close"))));
    }

    @Test
    void originsThatMayConnectCanBeNamed() {
        WebSocketOptions one = WebSocketOptions.DEFAULT.withAllowedOrigins("https://app.example");
        assertEquals(101, Wire.status(ask(one, FramePeer.request("/", "Origin: https://app.example"))));
        assertEquals(101, Wire.status(ask(one, FramePeer.request("/"))));
        assertEquals(403, Wire.status(
                ask(one, FramePeer.request("/", "Origin: https://site").replace("keep-alive", "close"))));
        WebSocketOptions all = WebSocketOptions.DEFAULT.withAllowedOrigins("*");
        assertEquals(101, Wire.status(ask(all, FramePeer.request("/", "Origin: https://evil"))));
    }

    @Test
    void serversFavouriteSubprotocolIsChosen() {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withSubprotocols("v3", "v2");
        String both = ask(options,
                FramePeer.request("/", "Sec-WebSocket-Protocol: v1, v2", "Sec-WebSocket-Protocol: v3"));
        assertTrue(both.contains("\r\nSec-WebSocket-Protocol: v3\r\n"), both);
        String none = ask(options, FramePeer.request("/", "Sec-WebSocket-Protocol: v1"));
        assertFalse(none.contains("Sec-WebSocket-Protocol"), none);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', nullValues = "none", value = {
            "permessage-deflate # permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; client_max_window_bits # permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=15 # permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15",
            "permessage-deflate; server_max_window_bits=10 # permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10",
            "permessage-deflate; client_max_window_bits=\"10\" # permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "x-foo; a=b, permessage-deflate # permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=7 # none",
            "permessage-deflate; server_max_window_bits # none",
            "permessage-deflate; mystery # none",
            "permessage-deflate; server_no_context_takeover=1 # none",
            "x-webkit-deflate-frame # none"})
    void compressionIsAgreedOnWhereBothCan(String offer, String agreed) {
        String answer = ask(FramePeer.request("/", "Sec-WebSocket-Extensions: " + offer));
        assertEquals(101, Wire.status(answer));
        if (agreed == null) {
            assertFalse(answer.contains("Sec-WebSocket-Extensions"), answer);
        } else {
            assertTrue(answer.contains("\r\nSec-WebSocket-Extensions: " + agreed + "\r\n"), answer);
        }
        String off = ask(WebSocketOptions.DEFAULT.withCompression(false),
                FramePeer.request("/", "Sec-WebSocket-Extensions: " + offer));
        assertFalse(off.contains("Sec-WebSocket-Extensions"), off);
    }

    @Test
    void contextIsKeptIfBothWantIt() {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withMinCompressBytes(0).withContextTakeover(true);
        String both = ask(options, FramePeer.request("/", "Sec-WebSocket-Extensions: permessage-deflate"));
        assertTrue(both.contains("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"), both);
        String one = ask(options, FramePeer.request("/",
                "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover"));
        assertTrue(one.contains(": permessage-deflate; server_no_context_takeover\r\n"), one);
    }

    @Test
    void offerWithAParameterTwiceIsDeclinedAndTheNextOneTaken() {
        for (String first : new String[]{"x-own; a=1; a=2", "permessage-deflate; server_max_window_bits=9;"
                + " server_max_window_bits=9"}) {
            String answer = ask(FramePeer.request("/", "Sec-WebSocket-Extensions: " + first + ", permessage-deflate"));
            assertEquals(101, Wire.status(answer), first);
            assertFalse(answer.contains("window"), answer);
        }
    }

    @Test
    void malformedExtensionIsRefused() {
        for (String bad : new String[]{"; a", "per message",
                "permessage-deflate; a=\"x y\""}) {
            String request = FramePeer.request("/", "Sec-WebSocket-Extensions: " + bad).replace("keep-alive", "close");
            assertEquals(400, Wire.status(ask(request)), bad);
        }
    }

    @Test
    void handlerMayAskForMoreBeforeItOpens() {
        HttpServer.Builder server = HttpServer.builder().get("/", request -> request.header("Authorization").isEmpty()
                ? Response.empty(401)
                : Response.webSocket(request, WebSocketOptions.DEFAULT, FramePeer::echo)
                        .withHeader("Set-Cookie", "seen=1"));
        assertEquals(401, Wire.status(Wire.ask(server, FramePeer.request("/").replace("keep-alive", "close"))));
        String open = Wire.ask(server, FramePeer.request("/", "Authorization: x")
                + Wire.text(FramePeer.frame(0x88, new byte[0])));
        assertEquals(101, Wire.status(open));
        assertTrue(open.contains("\r\nSet-Cookie: seen=1\r\n"), open);
    }

    @Test
    void pageOfPlainHttpIsNoneOfAServerOfHttps() {
        HttpServer.Builder server = server(WebSocketOptions.DEFAULT).trustProxies("unix");
        String https = FramePeer.request("/", "X-Forwarded-Proto: https", "Origin: https://site");
        String close = Wire.text(FramePeer.frame(0x88, new byte[]{3, (byte) 0xe8}));
        assertEquals(101, Wire.status(Wire.ask(server, https + close)));
        String http = https.replace("Origin: https", "Origin: http").replace("keep-alive", "close");
        assertEquals(403, Wire.status(Wire.ask(server, http)));
    }
}
