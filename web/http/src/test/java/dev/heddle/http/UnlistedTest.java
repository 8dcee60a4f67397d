package dev.heddle.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.client.Reply;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.internal.codec.StatusLines;
import dev.heddle.http.internal.codec.TrailerFields;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.SimTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is in none of the lists of methods, statuses, codings, fields and errors is handled as decided, so that what the
 * world makes next harms nobody before it has its line: docs/reports/lists.md.
 */
final class UnlistedTest {

    @SimTest(seeds = 20)
    void newMethodIsServedWhereARouteHasItAndNotImplementedElsewhere() {
        Routes routes = Routes.create().route("RESTORE", "/a", request -> Response.text("restored"))
                .get("/b", request -> Response.text("b"));
        try (TestClient client = TestClient.of(routes);
                TestClient other = TestClient.of(
                        Routes.create().get("/b", request -> Response.text("b")))) {
            assertEquals("restored", client.request("RESTORE", "/a").send().text());
            assertEquals(405, client.request("RESTORE", "/b").send().status());
            assertEquals(501, other.request("RESTORE", "/b").send().status());
        }
    }

    @SimTest(seeds = 20)
    void newMethodIsPassedOnAndNeverRepeated() {
        try (var server = ScriptedServer.of(peer -> peer.request());
                var http = server.client().retries(RetryPolicy.DEFAULT).build();
                var gateway = Proxying.to(Upstreams.of("http://one", "http://two"), http);
                var client = TestClient.of(Routes.create().any("/", gateway))) {
            assertEquals(502, client.request("RESTORE", "/").send().status());
            assertEquals(1, server.requests.size());
            assertTrue(server.requests.getFirst().startsWith("RESTORE / HTTP/1.1\r\n"));
        }
    }

    @Test
    void newSettingOfHttp2IsReadOver() {
        FrameWire.raw(HttpServer.builder().get("/", request -> Response.text("hello")), wire -> {
            wire.begin(0x10, 7, 0x7777, -1).settings(0x7777, 3).get(1, "/");
            assertEquals("hello", wire.answer(1).body());
        });
    }

    @SimTest(seeds = 20)
    void newStatusIsThatOfItsClassAndHasNoWords() {
        assertEquals("", StatusLines.phrase(299));
        assertEquals("HTTP/1.1 299 \r\n", new String(StatusLines.of(299), US_ASCII));
        Routes routes = Routes.create().get("/{status:int}",
                request -> Response.text("new").withStatus(request.pathInt("status")));
        try (TestClient client = TestClient.of(routes)) {
            for (int status : new int[]{299, 399, 499, 599}) {
                Reply reply = client.get("/" + status);
                assertEquals(status, reply.status());
                assertEquals(status == 299, reply.isSuccess());
                assertEquals("new", reply.text());
            }
        }
    }

    @SimTest(seeds = 20)
    void newCodingIsNotGivenAndPassedOnUnread() {
        String text = "knots ".repeat(1_000);
        try (TestClient client = TestClient.of(
                Routes.create().use(Compression.DEFAULT).get("/", request -> Response.text(text)))) {
            Reply plain = client.request("GET", "/").header("Accept-Encoding", "dcb, dcz, new").send();
            assertFalse(plain.headers().contains("Content-Encoding"));
            assertEquals(text, plain.text());
        }
        try (var server = ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: dcz\r\nContent-Length: 3\r\n\r\nabc");
                var http = server.client().build()) {
            assertArrayEquals("abc".getBytes(US_ASCII), http.get("http://site/").bytes());
            assertThrows(BadReplyException.class, () -> http.get("http://site/").text());
        }
    }

    @Test
    void newFieldMayStandBehindABodyAndOneThatIsPartOfTheHeadMustNot() {
        assertFalse(TrailerFields.isForbidden("New-Field"));
        for (String name : List.of("Content-Length", "Host", "Cookie", "Cache-Control", "Idempotency-Key")) {
            assertTrue(TrailerFields.isForbidden(name), name);
        }
        Headers own = Headers.of("Connection", "New-Hop", "New-Hop", "1", "New-Field", "2");
        assertEquals(Headers.of("New-Field", "2"), own.endToEnd());
    }

    @Test
    void newErrorOfHttp2IsAnyError() {
        assertEquals(Http2Error.INTERNAL_ERROR, Http2Error.of(14));
        assertEquals(Http2Error.INTERNAL_ERROR, Http2Error.of(-1));
    }
}
