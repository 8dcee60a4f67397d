package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Wire;
import dev.heddle.http.internal.http2.Http2Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two readers could understand apart: one clear error, the connection closed, nothing parsed after. */
final class RequestSmugglingTest {

    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    private final List<String> handled = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder()
            .route("GET", "/{path...}", this::note)
            .route("POST", "/{path...}", this::note)
            .get("/", this::note);

    private Response note(Request request) {
        String body = request.text(10_000);
        handled.add(request.method() + " " + request.path() + " " + body);
        return Response.text("ok");
    }

    /** The request, sent whole and byte by byte, gets one error and nothing else. */
    private void refused(String request, Integer... statuses) {
        for (boolean byByte : new boolean[]{false, true}) {
            handled.clear();
            String all = request + NEXT;
            String answer = byByte ? Wire.askByByte(server, all) : Wire.ask(server, all);
            int status = Wire.status(answer);
            assertTrue(List.of(statuses).contains(status), () -> "got " + status + " for " + request);
            assertEquals(1, Wire.count(answer), answer);
            assertTrue(answer.contains("Connection: close\r\n"), answer);
            assertEquals(List.of(), handled);
        }
    }

    private static String post(String fields, String body) {
        return "POST /a HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
    }

    private static String get(String fields) {
        return "GET /a HTTP/1.1\r\n" + fields + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n", "Content-Length: -5\r\n", "Content-Length: 0x5\r\n",
            "Content-Length: 5 5\r\n", "Content-Length: \r\n", "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 5;\r\n", "Content-Length: five\r\n", "Content-Length: \u00b2\r\n",
            "Content-Length: \u00d9\u00a5\r\n", "Content-Length: 5\r\ncontent-length: 5\r\n"
    })
    void contentLengthThatIsNotOnePlainNumberIsRefused(String fields) {
        refused(post(fields, "hello"), 400);
    }

    @Test
    void contentLengthWithTransferEncodingIsRefusedInBothOrders() {
        refused(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
        refused(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "xchunked", "chunked, identity", ",chunked", "chunked, chunked", "chunked, xchunked", "\u000bchunked",
            "identity, chunked", "gzip, chunked", "chun\u00e2\u0084\u00aaed", "chunked;q=1", "\"chunked\"", "chunked,",
            "identity", "", "chunk ed"
    })
    void transferEncodingOtherThanChunkedIsRefused(String coding) {
        refused(post("Transfer-Encoding: " + coding + "\r\n", "0\r\n\r\n"), 400, 501);
    }

    @Test
    void twoTransferEncodingsAreRefused() {
        refused(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, 501);
        refused(post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, 501);
    }

    @Test
    void transferEncodingInHttp10IsRefused() {
        refused("POST /a HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "\r\nhello\r\n", "+5\r\nhello\r\n", "-5\r\nhello\r\n", "0x5\r\nhello\r\n", "5 \r\nhello\r\n",
            " 5\r\nhello\r\n", "6_0\r\nhello\r\n", "00000000000000005\r\nhello\r\n", "10000000000000000\r\nhello\r\n",
            "ffffffffffffffff\r\nhello\r\n", "8000000000000000\r\nhello\r\n", "g\r\nhello\r\n", "5,5\r\nhello\r\n"
    })
    void chunkSizeThatIsNotPlainHexadecimalIsRefused(String body) {
        refused(post("Transfer-Encoding: chunked\r\n", body + "0\r\n\r\n"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "5\nhello\r\n", "5;a\nhello\r\n", "5;a\rb\r\nhello\r\n", "5;a=\"x\r\n\"\r\nhello\r\n", "5\rhello\r\n",
            "5;a=\u0000\r\nhello\r\n", "5;\r\nhello\r\n", "5 a\r\nhello\r\n", "5\rX\r\nhello\r\n",
            "0\rX\r\n\r\n", "5\t\r\nhello\r\n", "0 \r\n\r\n"
    })
    void chunkExtensionOrLineEndOutOfTheGrammarIsRefused(String body) {
        refused(post("Transfer-Encoding: chunked\r\n", body + "0\r\n\r\n"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhello0\r\n\r\n", "5\r\nhelloxx0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
            "5\r\nhello\r0\r\n\r\n"})
    void chunkDataWithoutItsLineEndIsRefused(String body) {
        refused(post("Transfer-Encoding: chunked\r\n", body), 400);
    }

    @Test
    void chunkedBodyWithoutItsFinalLineEndNeverTakesTheNextRequestIntoItsTrailers() {
        refused(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Host: a\nX: b\r\n", "Host: a\r\nX: b\n", "Host: a\r\nX: b\rc\r\n", "Host: a\r\nX: b\u0000c\r\n",
            "Host: a\r\nX: b\u0001c\r\n", "Host: a\r\nX: b\u007fc\r\n", "Host: a\r\nX\u0000Y: b\r\n",
            "Host: a\r\nX\u007fY: b\r\n", "Host: a\r\nX: b\u001b[31m\r\n", "Host: a\r\nX: b\r\r\r"
    })
    void bareLineEndsAndControlCharactersInTheHeadAreRefused(String fields) {
        refused(get(fields), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Host : a\r\n", "Host\t: a\r\n", "Host: a\r\nX\r\n", "Host: a\r\n: b\r\n", " X: b\r\nHost: a\r\n",
            "Host: a\r\nX: b\r\n c\r\n", "Host: a\r\nX: b\r\n\tc\r\n", "Host: a\r\nX\r\n : b\r\n",
            "Host: a\r\nX\u00a0: b\r\n", "Host: a\r\n\u0085X: b\r\n", "Host: a\r\nX: b\u00a0\r\n",
            "Host: a\r\nX: \u00a0b\r\n", "Host: a\r\nX: b\u0085\r\n", "Host: a\r\nX(: b\r\n", "Host: a\r\nX Y: b\r\n"
    })
    void fieldLinesOutOfTheGrammarAreRefused(String fields) {
        refused(get(fields), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "G@T / HTTP/1.1", "(GET) / HTTP/1.1", "\u0000GET / HTTP/1.1", "\u001fGET / HTTP/1.1", "G\u00cbT / HTTP/1.1",
            "GET\u0000 / HTTP/1.1", " GET / HTTP/1.1",
            "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET\t/ HTTP/1.1", "GET / HTTP/1.1 ", "GET /a b HTTP/1.1",
            "GET /\u007f HTTP/1.1", "GET /\u00e9 HTTP/1.1", "GET / http/1.1", "GET a HTTP/1.1", "GET * HTTP/1.1",
            "GET ftp://a/ HTTP/1.1", "GET /#f HTTP/1.1", "GET http://u@a/ HTTP/1.1", "GET http:///x HTTP/1.1", "GET"
    })
    void requestLinesOutOfTheGrammarAreRefused(String line) {
        refused(line + "\r\nHost: a\r\n\r\n", 400, 505);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get / HTTP/1.1", "Get / HTTP/1.1", "GETX / HTTP/1.1", "XGET / HTTP/1.1",
            "BREW / HTTP/1.1"})
    void unknownMethodIsNotImplementedAndNeverTakenForAKnownOne(String line) {
        assertEquals(501, Wire.status(Wire.ask(server, line + "\r\nHost: a\r\nConnection: close\r\n\r\n")));
        assertEquals(List.of(), handled);
    }

    @Test
    void megabyteOfMethodIsRefusedAfterAFewBytes() {
        String answer = Wire.ask(server, "A".repeat(1 << 20));
        assertEquals(501, Wire.status(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "HTTP/1.10", "HTTP/1.32", "HTTP/2.0", "HTTP/0.9", "HTTP/11111.1", "HTTP/1.", "HTTP/1", "HTTPS/1.1", "1.1",
            "HTTP/1.2", "HTTP/ 1.1", "HTTP/1.1\u0000", "HTTP/01.1"
    })
    void anyVersionButOneOneAndOneZeroIsRefused(String version) {
        refused("GET /a " + version + "\r\nHost: a\r\n\r\n", 400, 505);
    }

    @Test
    void requestWithoutAVersionIsRefused() {
        refused("GET /a\r\nHost: a\r\n\r\n", 400, 505);
        refused("GET /a \r\nHost: a\r\n\r\n", 400, 505);
        server.http1Only();
        refused(Http2Frame.PREFACE, 505);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "Host: a\r\nHost: a\r\n", "Host: a\r\nHost: b\r\n", "Host: u@a\r\n", "Host: a b\r\n", "Host: a:b\r\n",
            "Host: a:99999\r\n", "Host: a:\r\n", "Host:\r\n", "Host: :80\r\n", "Host: a/b\r\n", "Host: a,b\r\n",
            "Host: [::1\r\n", "Host: [g::1]\r\n", "Host: a?b\r\n", "Host: a#b\r\n", "Host: a%00\r\n", "Host: a:-1\r\n"
    })
    void missingDoubleOrMalformedHostIsRefused(String fields) {
        refused(get(fields), 400);
    }

    @Test
    void absoluteTargetThatNamesAnotherHostThanItsFieldIsRefused() {
        refused("GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Content-Type: a/b\r\nContent-Type: c/d\r\n", "Authorization: Basic a\r\nAuthorization: Basic b\r\n",
            "ETag: \"a\"\r\nETag: \"b\"\r\n", "Range: bytes=0-1\r\nRange: bytes=2-3\r\n",
            "If-Modified-Since: x\r\nif-modified-since: y\r\n", "User-Agent: a\r\nUser-Agent: b\r\n"
    })
    void repeatedFieldThatHasOneValueOnlyIsRefused(String fields) {
        refused(get("Host: a\r\n" + fields), 400);
    }

    @Test
    void connectIsNotImplemented() {
        refused("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501);
    }

    @Test
    void malformedProxyProtocolLineIsRefused() {
        refused("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", 400, 505);
    }

    @Test
    void unknownUpgradeChangesNothingAndTheBodyStaysABody() {
        String fields = "Upgrade: h2c, websocket\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 5\r\n";
        String answer = Wire.ask(server, post(fields, "hello"),
                "GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertEquals(2, Wire.count(answer));
        assertEquals(List.of("POST /a hello", "GET /b "), handled);
    }

    @Test
    void forwardedFieldsOfAPeerChangeNothing() {
        var plain = HttpServer.builder().get("/", r -> Response.text(r.remoteAddress() + " " + r.host().orElse("")));
        String answer = Wire.ask(
                plain,
                "GET / HTTP/1.0\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: e\r\nForwarded: for=x\r\n\r\n");
        assertTrue(Wire.body(answer).startsWith("memory:"), answer);
        assertTrue(answer.endsWith(" a"), answer);
    }

    @Test
    void obsoleteTextInAValueComesAsItIs() {
        assertEquals(
                "\u00e9t\u00e9",
                Wire.body(Wire.ask(
                        HttpServer.builder().get("/",
                                r -> Response.bytes("x/y", Wire.latin1(r.header("X").orElse("")))),
                        "GET / HTTP/1.0\r\nX: \u00e9t\u00e9\r\n\r\n")));
    }

    @Test
    void valueIsNeverTakenFromAnotherCase() {
        assertEquals(
                "CLOSE Text/HTML",
                Wire.body(Wire.ask(
                        HttpServer.builder()
                                .get("/",
                                        r -> Response.text(
                                                r.header("connection").get() + " " + r.header("content-type").get())),
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\nContent-Type: Text/HTML\r\n\r\n")));
    }

    @Test
    void valueMayEndWithACharacterWhoseLastByteIsASpaceElsewhere() {
        String fields = "Host: a\r\nCookie: a=voil\u00c3\u00a0\r\nConnection: close\r\n";
        assertEquals(200, Wire.status(Wire.ask(server, get(fields))));
    }
}
