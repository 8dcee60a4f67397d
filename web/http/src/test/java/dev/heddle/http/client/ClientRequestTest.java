package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.Http1RequestHead;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ClientUrl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers may put into a request, and the bytes it becomes. */
final class ClientRequestTest {

    private final HttpClient http = HttpClient.create();

    /** CVE-2019-12387, CVE-2023-49082. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET ", " GET", "GE T", "GET\r\nX: y", "GET\0", "G\u00cbT", "GET/", "CONNECT"})
    void methodThatIsNoTokenOrMakesATunnelIsRefused(String method) {
        assertThrows(IllegalArgumentException.class, () -> http.request(method, "http://h/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A B", "A:", "A\r\nB", "A\0", "\u00c4", " A", "A\t"})
    void headerNameThatIsNoTokenIsRefused(String name) {
        var request = http.request("GET", "http://h/");
        assertThrows(IllegalArgumentException.class, () -> request.header(name, "v"));
        assertThrows(IllegalArgumentException.class, () -> request.addHeader(name, "v"));
    }

    /** CVE-2023-49081. */
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nB: c", "a\rb", "a\nb", "a\0b", "a\u007fb", "\u20ac", " a", "a "})
    void headerValueThatCouldEndTheLineIsRefused(String value) {
        var request = http.request("GET", "http://h/");
        assertThrows(IllegalArgumentException.class, () -> request.header("X", value));
        assertThrows(IllegalArgumentException.class, () -> HttpClient.builder().userAgent(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Content-Length", "transfer-encoding", "Connection", "TE", "Upgrade", "Expect", "Keep-Alive",
            "Proxy-Connection", "Proxy-Authorization"
    })
    void headerThatDecidesAboutFramingOrIsForAProxyIsRefused(String name) {
        var request = http.request("GET", "http://h/");
        assertThrows(IllegalArgumentException.class, () -> request.header(name, "1"));
    }

    @Test
    void headHasTheDefaultsAndTheCallersFieldsInOrder() {
        assertEquals(
                "GET /a?b=c HTTP/1.1\r\nHost: h:81\r\nUser-Agent: heddle\r\nAccept: */*\r\n"
                        + "Accept-Encoding: gzip, deflate\r\nX-One: 1\r\nX-Two: 2\r\n\r\n",
                head("GET", "http://h:81/a?b=c#d", Headers.of("X-One", "1", "X-Two", "2"), ClientBody.NONE));
    }

    @Test
    void callersFieldTakesThePlaceOfTheDefault() {
        String head = head(
                "GET",
                "http://h/",
                Headers.of("host", "virtual", "user-agent", "mine", "Accept-Encoding", "br"),
                ClientBody.NONE);
        assertEquals(
                "GET / HTTP/1.1\r\nHost: virtual\r\nAccept: */*\r\nuser-agent: mine\r\nAccept-Encoding: br\r\n\r\n",
                head);
    }

    @Test
    void bodyIsAnnouncedByItsLengthOrAsChunks() {
        String known = head("POST", "http://h/", Headers.EMPTY, new ClientBody.Bytes(new byte[12]));
        assertEquals("Content-Length: 12", lineOf(known, "Content-Length"));
        String unknown = head("POST", "http://h/", Headers.EMPTY, new ClientBody.Written(out -> {}, -1, true));
        assertEquals("Transfer-Encoding: chunked", lineOf(unknown, "Transfer-Encoding"));
        assertFalse(unknown.contains("Content-Length"));
    }

    @Test
    void methodThatMeansABodySaysThatItIsEmpty() {
        assertEquals("Content-Length: 0",
                lineOf(head("POST", "http://h/", Headers.EMPTY, ClientBody.NONE), "Content-L"));
        assertFalse(head("DELETE", "http://h/", Headers.EMPTY, ClientBody.NONE).contains("Content-Length"));
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ClientLimits.DEFAULT.withMaxConnections(0));
        assertThrows(IllegalArgumentException.class, () -> ClientLimits.DEFAULT.withMaxConnectionsPerHost(0));
        assertThrows(IllegalArgumentException.class, () -> ClientLimits.DEFAULT.withMaxRedirects(-1));
        assertThrows(IllegalArgumentException.class, () -> ClientLimits.DEFAULT.withMaxBodyBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> ClientTimeouts.DEFAULT.withTotal(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(-1)));
        assertThrows(
                IllegalArgumentException.class, () -> http.request("GET", "http://h/").timeout(Duration.ZERO));
    }

    @Test
    void clientIsUsedInTasksOnly() {
        assertThrows(IllegalStateException.class, () -> http.get("http://h/"));
    }

    private static String head(String method, String url, Headers headers, ClientBody body) {
        var writer = new Http1RequestHead(
                Headers.of("User-Agent", "heddle", "Accept", "*/*", "Accept-Encoding", "gzip, deflate"));
        var hop = new RequestHop(method, ClientUrl.parse(url), headers, body);
        ByteBuffer out = ByteBuffer.allocate(writer.room(hop));
        writer.write(out, hop, false);
        return new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1);
    }

    private static String lineOf(String head, String start) {
        return head.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }
}
