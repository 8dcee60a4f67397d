package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.Wire;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.TruncatedException;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that are kept come again whole and right, with what is new about them, and go when they are of the past. */
final class HttpCacheTest {

    private static final String PAGE = "http://site/page";
    private static final String FRESH = "Cache-Control: max-age=100\r\n";
    private static final String STALE = "Cache-Control: max-age=0\r\nETag: \"1\"\r\n";

    private static String ok(String fields, String body) {
        return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String notModified(String fields) {
        return "HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n";
    }

    private static String empty(String statusLine, String fields) {
        return "HTTP/1.1 " + statusLine + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
    }

    private static String chunked(String fields, String body) {
        return "HTTP/1.1 200 OK\r\n" + fields + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\nX-Sum: 7\r\n\r\n";
    }

    private interface Body {
        void run(HttpClient http, HttpCache cache, ScriptedServer server) throws Exception;
    }

    /** Runs against a server that gives these answers in order, and the last from then on; an empty one breaks off. */
    private static void answering(List<String> answers, Body body) {
        Sim.run(1, () -> {
            var count = new AtomicInteger();
            var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    String answer = answers.get(Math.min(count.getAndIncrement(), answers.size() - 1));
                    if (answer.isEmpty()) {
                        peer.abort();
                        return;
                    }
                    peer.send(answer);
                }
            });
            var cache = HttpCache.inMemory(1_000_000);
            try (server; HttpClient http = server.client().cache(cache).cookies(CookieJar.create()).build()) {
                body.run(http, cache, server);
            }
        });
    }

    private static String status(Reply reply) {
        return reply.headers().all("Cache-Status").getLast();
    }

    /** The same of a reply that is not wanted for itself. */
    private static String told(Reply reply) {
        try (reply) {
            return status(reply);
        }
    }

    private static Reply asking(HttpClient http, String directives) {
        return http.request("GET", PAGE).header("Cache-Control", directives).send();
    }

    // ---- what comes again ----

    @Test
    void hitIsTheReplyAsItCameWithItsAge() {
        String fields = FRESH
                + "Content-Type: text/plain\r\nConnection: x-hop\r\nX-Hop: 1\r\nAge: 7\r\nX: a\r\nX: b\r\n";
        answering(List.of(ok(fields, "body")), (http, cache, server) -> {
            assertEquals("heddle; fwd=uri-miss", told(http.get(PAGE)));
            Heddle.sleep(Duration.ofSeconds(10));
            Reply hit = http.get(PAGE);
            assertEquals(200, hit.status());
            assertEquals("OK", hit.reason());
            assertEquals("HTTP/1.1", hit.version());
            assertEquals(PAGE, hit.finalUri().toString());
            assertEquals(List.of("17"), hit.headers().all("Age"));
            assertEquals("4", hit.headers().first("Content-Length"));
            assertEquals(List.of("a", "b"), hit.headers().all("X"));
            assertNull(hit.headers().first("X-Hop"));
            assertNull(hit.headers().first("Connection"));
            assertTrue(hit.headers().contains("Date"), "appended when it came (RFC 9110, section 6.6.1)");
            assertEquals("heddle; hit; ttl=82", status(hit));
            assertEquals("body", hit.text());
            assertEquals(4, http.get(PAGE).bytes().length);
            assertEquals(1, server.requests.size());
            HttpCacheStatistics all = cache.statistics();
            assertEquals(1, all.replies());
            assertEquals(2, all.hits());
            assertEquals(1, all.misses());
            assertEquals("HttpCache[" + all + "]", cache.toString());
        });
    }

    @Test
    void whatAReaderDoesToHisBytesStaysWithHim() {
        answering(List.of(ok(FRESH, "body")), (http, cache, server) -> {
            for (int i = 0; i < 3; i++) {
                byte[] bytes = http.get(PAGE).bytes();
                assertEquals("body", Wire.text(bytes));
                bytes[0] = 'X';
            }
        });
    }

    @Test
    void codedBodyIsKeptAsItCameAndDecodedForEachWhoWantsThat() {
        byte[] gzip = Base64.getDecoder().decode("H4sIAAAAAAACA8tIzcnJBwCGphA2BQAAAA==");
        String answer = ok(FRESH + "Content-Encoding: gzip\r\n", Wire.text(gzip));
        answering(List.of(answer), (http, cache, server) -> {
            assertEquals("hello", http.get(PAGE).text());
            assertTrue(server.requests.getFirst().contains("Accept-Encoding: gzip, deflate\r\n"));
            assertEquals("hello", http.get(PAGE).text());
            assertArrayEquals(gzip, http.request("GET", PAGE).decodeBodies(false).send().bytes());
            assertEquals(1, server.requests.size());
        });
    }

    @Test
    void streamedBodyIsKeptWithWhatStandsBehindIt() {
        String text = "0123456789abcdef".repeat(9_000);
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(10_000_000);
            var server = ScriptedServer.answering(chunked(FRESH, text));
            try (server; HttpClient http = server.client().cache(cache).build()) {
                for (int i = 0; i < 3; i++) {
                    Reply reply = http.get(PAGE);
                    assertEquals(0, reply.trailers().size());
                    assertEquals(text, reply.text());
                    assertEquals("7", reply.trailers().first("X-Sum"));
                }
                assertEquals(1, server.requests.size());
                long bytes = cache.statistics().bytes();
                assertTrue(bytes > text.length() && bytes < text.length() + 2_000, () -> "" + bytes);
            }
        });
    }

    @Test
    void headIsAnsweredOutOfAGetAndNotTheOtherWayRound() {
        answering(List.of(empty("200 OK", FRESH), ok(FRESH, "body")), (http, cache, server) -> {
            http.head(PAGE).close();
            http.head(PAGE).close();
            assertEquals(1, server.requests.size());
            assertEquals("body", http.get(PAGE).text());
            Reply head = http.head(PAGE);
            assertEquals("4", head.headers().first("Content-Length"));
            assertEquals(0, head.bytes().length);
            assertEquals("body", http.get(PAGE).text());
            assertEquals(2, server.requests.size());
            assertEquals(1, cache.statistics().replies());
        });
    }

    @Test
    void answerToAHeadMakesWhatIsKeptFreshOrForgetsIt() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: \"1\"\r\n";
        answering(List.of(
                ok("ETag: \"1\"\r\nCache-Control: max-age=10\r\n", "body"),
                head + "X: new\r\nAge: 50\r\nCache-Control: max-age=100\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"1\"\r\n" + FRESH + "\r\n"), (http, cache, server) -> {
                    http.get(PAGE).bytes();
                    Heddle.sleep(Duration.ofSeconds(10));
                    http.head(PAGE).close();
                    Reply fresh = http.get(PAGE);
                    assertEquals("new", fresh.headers().first("X"));
                    assertEquals("50", fresh.headers().first("Age"), "that of the answer to the HEAD");
                    assertEquals("body", fresh.text());
                    assertEquals(2, server.requests.size());
                    Heddle.sleep(Duration.ofSeconds(50));
                    http.head(PAGE).close();
                    assertEquals(0, cache.statistics().replies(), "another length is another content");
                });
    }

    @Test
    void answerToAHeadSaysNothingGoodOfAnErrorThatIsKept() {
        answering(List.of(
                "HTTP/1.1 404 Not Found\r\nCache-Control: max-age=10\r\nContent-Length: 4\r\n\r\nnone",
                "HTTP/1.1 200 OK\r\n" + FRESH + "\r\n",
                ok(FRESH, "body")), (http, cache, server) -> {
                    assertEquals("none", http.get(PAGE).text());
                    Heddle.sleep(Duration.ofSeconds(10));
                    http.head(PAGE).close();
                    assertEquals(0, cache.statistics().replies(), "it is there now: the 404 is of the past");
                    assertEquals("body", http.get(PAGE).text());
                });
    }

    // ---- asking whether it is still right ----

    @Test
    void staleReplyIsAskedAboutAndTheAnswerMakesItFresh() {
        String first = "ETag: W/\"1\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: old\r\nY: kept\r\n"
                + "Content-Type: text/plain\r\nCache-Control: max-age=10\r\n";
        String news = "ETag: \"1\"\r\nX: new\r\nCache-Control: max-age=1000\r\nContent-Length: 4\r\n"
                + "Content-Encoding: gzip\r\n";
        answering(List.of(ok(first, "body"), notModified(news)), (http, cache, server) -> {
            http.get(PAGE).bytes();
            Heddle.sleep(Duration.ofSeconds(10));
            Reply checked = http.get(PAGE);
            String request = server.requests.getLast();
            assertTrue(request.contains("If-None-Match: W/\"1\"\r\n"), request);
            assertTrue(request.contains("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), request);
            assertEquals(200, checked.status());
            assertEquals("heddle; fwd=stale; fwd-status=304", status(checked));
            assertEquals(List.of("new"), checked.headers().all("X"));
            assertEquals("kept", checked.headers().first("Y"));
            assertFalse(checked.headers().contains("Content-Encoding"), "the body is that of before (section 3.2)");
            assertEquals("0", checked.headers().first("Age"));
            assertEquals("body", checked.text());
            Heddle.sleep(Duration.ofSeconds(990));
            assertEquals("body", http.get(PAGE).text());
            assertEquals(2, server.requests.size());
            assertEquals(1, cache.statistics().revalidated());
            assertEquals(1, cache.statistics().misses());
            assertEquals(1, cache.statistics().replies());
        });
    }

    @Test
    void fullAnswerTakesThePlaceOfWhatWasAskedAbout() {
        answering(List.of(ok(STALE, "one"), ok(FRESH + "ETag: \"2\"\r\n", "two")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            Reply second = http.get(PAGE);
            assertEquals("heddle; fwd=stale", status(second));
            assertEquals("two", second.text());
            assertEquals("two", http.get(PAGE).text());
            assertEquals(2, server.requests.size());
            assertEquals(1, cache.statistics().replies());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "ETag: \"2\"\r\n",
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    })
    void answerAboutSomethingElseIsNotTakenAndTheServerAskedAnew(String news) {
        answering(List.of(ok(STALE, "one"), notModified(news), ok(FRESH, "two")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            assertEquals("two", http.get(PAGE).text());
            assertFalse(server.requests.getLast().contains("If-"));
            assertEquals(3, server.requests.size());
        });
    }

    @Test
    void answerWithoutValidatorIsAboutTheOneThatWasAskedAbout() {
        answering(List.of(ok(STALE, "one"), notModified("")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            assertEquals("one", http.get(PAGE).text());
            assertEquals(2, server.requests.size());
        });
    }

    @Test
    void answerIsAsOldAsTheTimeThatItTook() {
        Sim.run(1, () -> {
            var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    Heddle.sleep(Duration.ofSeconds(30));
                    peer.send(ok(FRESH + "Age: 20\r\n", "body"));
                }
            });
            try (server; HttpClient http = server.client().cache(HttpCache.inMemory(10_000)).build()) {
                http.get(PAGE).bytes();
                assertEquals("50", http.get(PAGE).headers().first("Age"), "RFC 9111, section 4.2.3");
                Heddle.sleep(Duration.ofSeconds(50));
                assertEquals("heddle; fwd=stale", told(http.get(PAGE)));
            }
        });
    }

    @Test
    void callersOwnConditionsGetTheirOwnAnswer() {
        answering(List.of(ok(FRESH + "ETag: \"1\"\r\n", "one"), notModified("ETag: \"x\"\r\n")),
                (http, cache, server) -> {
                    http.get(PAGE).bytes();
                    Reply own = http.request("GET", PAGE).header("If-None-Match", "\"x\"").send();
                    assertEquals(304, own.status());
                    assertTrue(server.requests.getLast().contains("If-None-Match: \"x\"\r\n"));
                    assertEquals("one", http.get(PAGE).text());
                    assertEquals(2, server.requests.size());
                });
    }

    @Test
    void answerThatMayNotBeKeptForgetsWhatIs() {
        answering(List.of(ok(STALE, "one"), ok("Cache-Control: no-store\r\n", "two")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            assertEquals("two", http.get(PAGE).text());
            assertEquals(0, cache.statistics().replies());
        });
        answering(List.of(ok(STALE, "one"), notModified("Cache-Control: no-store\r\n")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            assertEquals("one", http.get(PAGE).text());
            assertEquals(0, cache.statistics().replies());
        });
    }

    @Test
    void refusalForgetsNothing() {
        answering(List.of(ok(STALE, "one"), empty("401 Unauthorized", ""), notModified("")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            assertEquals(401, http.get(PAGE).status());
            assertEquals("one", http.get(PAGE).text());
        });
    }

    @Test
    void onlyIfCachedAsksNobodyAndIsNotTriedAgain() {
        answering(List.of(ok(FRESH, "body")), (http, cache, server) -> {
            long begun = Heddle.currentLoop().nanoTime();
            Reply none = http.request("GET", PAGE).header("Cache-Control", "only-if-cached")
                    .retries(RetryPolicy.DEFAULT).send();
            assertEquals(504, none.status());
            assertEquals("heddle; detail=only-if-cached", status(none));
            assertEquals(0, none.bytes().length);
            assertEquals(begun, Heddle.currentLoop().nanoTime());
            assertEquals(0, server.requests.size());
            http.get(PAGE).bytes();
            assertEquals("body", asking(http, "only-if-cached").text());
            Heddle.sleep(Duration.ofSeconds(100));
            assertEquals(504, asking(http, "only-if-cached").status());
            assertEquals(1, server.requests.size());
        });
    }

    // ---- failures ----

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "max-age=10, stale-if-error=50; ; 59; true",
            "max-age=10, stale-if-error=50; ; 62; false",
            "max-age=10; stale-if-error=50; 59; true",
            "max-age=10; stale-if-error=50; 62; false",
            "max-age=10; ; 11; false",
            "max-age=10, stale-if-error=50, must-revalidate; ; 11; false",
            "max-age=10, stale-if-error=50, no-cache; ; 11; false",
            "max-age=10, stale-if-error=50; no-cache; 11; false",
            "max-age=10, stale-if-error=x; ; 11; false"
    })
    void staleReplyStandsInForFailuresAsLongAsOneSays(String said, String asked, int seconds, boolean standsIn) {
        for (String failure : List.of(empty("503 Service Unavailable", ""), "", "SMTP ready\r\n\r\n")) {
            String first = ok("Cache-Control: " + said + "\r\nETag: \"1\"\r\n", "body");
            answering(List.of(first, failure), (http, cache, server) -> {
                http.get(PAGE).bytes();
                Heddle.sleep(Duration.ofSeconds(seconds));
                String text;
                try {
                    Reply reply = asking(http, asked == null ? "x" : asked);
                    text = reply.status() == 200 ? status(reply) : "" + reply.status();
                } catch (RuntimeException e) {
                    text = "failed";
                }
                assertEquals(standsIn, text.contains("; detail=stale-if-error"), text);
                assertEquals(standsIn && failure.startsWith("HTTP"), text.contains("fwd-status=503"), text);
                assertEquals(standsIn ? 1 : 0, cache.statistics().standIns());
                assertEquals(1, cache.statistics().replies(), "a failure forgets nothing");
            });
        }
    }

    @Test
    void otherErrorsOfAServerAreNoFailures() {
        String first = ok("Cache-Control: max-age=10, stale-if-error=50\r\n", "body");
        answering(List.of(first, empty("403 Forbidden", "")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            Heddle.sleep(Duration.ofSeconds(20));
            assertEquals(403, http.get(PAGE).status());
        });
    }

    @Test
    void bodyThatBreaksOffIsNotKept() {
        String cut = "HTTP/1.1 200 OK\r\n" + FRESH + "Content-Length: 100000\r\n\r\n" + "x".repeat(60_000);
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(1_000_000);
            var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(cut);
            });
            try (server; HttpClient http = server.client().cache(cache).build()) {
                assertThrows(TruncatedException.class, () -> http.get(PAGE).bytes());
                assertEquals(0, cache.statistics().replies());
                assertEquals(0, cache.statistics().bytes());
                assertThrows(BrokenException.class, () -> http.get(PAGE).bytes());
                assertEquals(2, server.requests.size());
            }
        });
    }

    @Test
    void bodyThatWasNotReadToItsEndIsNotKept() {
        answering(List.of(ok(FRESH, "x".repeat(100_000))), (http, cache, server) -> {
            Reply reply = http.get(PAGE);
            reply.read(new byte[50_000]);
            assertTrue(cache.statistics().bytes() > 0, "on its way");
            reply.close();
            assertEquals(0, cache.statistics().bytes());
            Reply counted = http.get(PAGE);
            byte[] bytes = new byte[100_000];
            for (int size = 0; size < bytes.length;) {
                size += counted.read(bytes, size, bytes.length - size);
            }
            counted.close();
            assertEquals(1, cache.statistics().replies(), "all was read, though the end was not asked for");
            assertArrayEquals(bytes, http.get(PAGE).bytes());
            assertEquals(2, server.requests.size());
        });
    }

    @Test
    void cancelAndDeadlineInTheMiddleKeepNothing() {
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(1_000_000);
            var server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    peer.send("HTTP/1.1 200 OK\r\n" + FRESH + "Content-Length: 40000\r\n\r\n" + "x".repeat(20_000));
                    Heddle.sleep(Duration.ofSeconds(10));
                    peer.send("x".repeat(20_000));
                }
            });
            try (server; HttpClient http = server.client().cache(cache).build()) {
                assertTrue(Heddle.moveOnAfter(Duration.ofSeconds(5), () -> http.get(PAGE).bytes()).isEmpty());
                assertEquals(0, cache.statistics().bytes());
                assertThrows(DeadlineExceededException.class,
                        () -> http.request("GET", PAGE).timeout(Duration.ofSeconds(5)).send().bytes());
                assertEquals(0, cache.statistics().bytes());

                Task<byte[]> first = Heddle.spawn("first", () -> http.get(PAGE).bytes());
                Task<byte[]> second = Heddle.spawn("second", () -> http.get(PAGE).bytes());
                Heddle.sleep(Duration.ofSeconds(5));
                first.cancel();
                assertEquals(40_000, second.join().length, "each asks for itself");
                assertEquals(40_000, http.get(PAGE).bytes().length);
                assertEquals(4, server.requests.size());
            }
        });
    }

    // ---- forgetting ----

    @ParameterizedTest
    @CsvSource({
            "POST, 200 OK, true",
            "PUT, 204 No Content, true",
            "DELETE, 303 See Other, true",
            "PATCH, 200 OK, true",
            "BREW, 200 OK, true",
            "POST, 404 Not Found, false",
            "POST, 500 Oops, false",
            "OPTIONS, 200 OK, false",
            "TRACE, 200 OK, false"
    })
    void changeForgetsItsUrlAndWhereItLedOnTheSameServer(String method, String statusLine, boolean forgets) {
        String led = "Content-Location: /made\r\nLocation: http://other/page\r\n";
        String answer = statusLine.startsWith("204")
                ? "HTTP/1.1 204 No Content\r\n" + led + "\r\n"
                : empty(statusLine, led);
        answering(List.of(ok(FRESH, "1"), ok(FRESH, "2"), ok(FRESH, "3"), answer), (http, cache, server) -> {
            http.get(PAGE).bytes();
            http.get("http://site/made").bytes();
            http.get("http://other/page").bytes();
            http.request(method, PAGE).followRedirects(false).send().close();
            assertEquals(forgets ? 1 : 3, cache.statistics().replies());
            assertEquals("3", http.get("http://other/page").text());
        });
    }

    @Test
    void changeThatBreaksOffForgetsToo() {
        answering(List.of(ok(FRESH, "1"), ""), (http, cache, server) -> {
            http.get(PAGE).bytes();
            assertThrows(BrokenException.class, () -> http.post(PAGE, "x"));
            assertEquals(0, cache.statistics().replies());
        });
    }

    @Test
    void whatWasAskedForBeforeAChangeIsNotKeptAfterIt() {
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(1_000_000);
            var server = ScriptedServer.of(peer -> {
                peer.request();
                Heddle.sleep(Duration.ofSeconds(10));
                peer.send(ok(FRESH, "old"));
            }, peer -> {
                while (peer.hasRequest()) {
                    peer.send(ok(FRESH, "new"));
                }
            });
            try (server; HttpClient http = server.client().cache(cache).build()) {
                Task<String> slow = Heddle.spawn("slow", () -> http.get(PAGE).text());
                Heddle.sleep(Duration.ofSeconds(5));
                http.request("POST", PAGE).send().close();
                assertEquals("old", slow.join());
                assertEquals(0, cache.statistics().replies());
                assertEquals("new", http.get(PAGE).text());
            }
        });
    }

    @Test
    void slowerAnswerOfAnEarlierRequestDoesNotTakeThePlaceOfALaterOne() {
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(1_000_000);
            var server = ScriptedServer.of(peer -> {
                peer.request();
                Heddle.sleep(Duration.ofSeconds(10));
                peer.send(ok(FRESH, "old"));
            }, peer -> {
                while (peer.hasRequest()) {
                    peer.send(ok(FRESH, "new"));
                }
            });
            try (server; HttpClient http = server.client().cache(cache).build()) {
                Task<String> slow = Heddle.spawn("slow", () -> http.get(PAGE).text());
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals("new", http.get(PAGE).text());
                assertEquals("old", slow.join());
                assertEquals("new", http.get(PAGE).text());
                assertEquals(2, server.requests.size());
            }
        });
    }

    @Test
    void oneUrlAndAllAreForgottenWhenAsked() {
        answering(List.of(ok(FRESH, "x")), (http, cache, server) -> {
            http.get(PAGE).bytes();
            http.get(PAGE + "?2").bytes();
            cache.forget("http://SITE:80/page");
            assertEquals(1, cache.statistics().replies());
            cache.clear();
            assertEquals(0, cache.statistics().replies());
            assertEquals(0, cache.statistics().bytes());
            assertThrows(IllegalArgumentException.class, () -> cache.forget("nowhere"));
        });
    }

    // ---- bounds ----

    @Test
    void whatWasNotUsedLongestGoes() {
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(50_000, 40_000);
            try (var server = ScriptedServer.answering(ok(FRESH, "x".repeat(10_000)));
                    HttpClient http = server.client().cache(cache).build()) {
                for (int i = 0; i < 4; i++) {
                    http.get(PAGE + i).bytes();
                }
                assertTrue(told(http.get(PAGE + 0)).startsWith("heddle; hit"));
                http.get(PAGE + 4).bytes();
                assertTrue(cache.statistics().bytes() <= 50_000, cache::toString);
                assertEquals(4, cache.statistics().replies());
                assertEquals(1, cache.statistics().evictions());
                assertTrue(told(http.get(PAGE + 0)).startsWith("heddle; hit"));
                assertEquals("heddle; fwd=uri-miss", told(http.get(PAGE + 1)));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longBodyGoesByWithoutBeingKept(boolean announced) {
        String body = "y".repeat(20_000);
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(160_000);
            assertEquals(20_000, longest(cache, announced, body));
            assertEquals(1, cache.statistics().replies());
            cache.clear();
            assertEquals(20_001, longest(cache, announced, body + "y"));
            assertEquals(0, cache.statistics().bytes());
        });
    }

    private static int longest(HttpCache cache, boolean announced, String body) throws IOException {
        try (var server = ScriptedServer.answering(announced ? ok(FRESH, body) : chunked(FRESH, body));
                HttpClient http = server.client().cache(cache).build()) {
            var copy = new ByteArrayOutputStream();
            http.get(PAGE).copyTo(copy);
            return copy.size();
        }
    }

    @Test
    void bodiesOnTheirWayCountAndTheOneWithoutRoomGoesBy() {
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(100_000, 90_000);
            try (var server = ScriptedServer.answering(ok(FRESH, "z".repeat(80_000)));
                    HttpClient http = server.client().cache(cache).build()) {
                var replies = new ArrayList<Reply>();
                for (int i = 0; i < 4; i++) {
                    Reply reply = http.get(PAGE + i);
                    reply.read(new byte[1]);
                    replies.add(reply);
                }
                for (Reply reply : replies) {
                    assertEquals(79_999, reply.bytes().length);
                    assertTrue(cache.statistics().bytes() <= 100_000, cache::toString);
                }
                assertEquals(1, cache.statistics().replies());
            }
        });
    }

    @Test
    void oneUrlHasABoundedNumberOfVariants() {
        answering(List.of(ok(FRESH + "Vary: X\r\n", "x")), (http, cache, server) -> {
            for (int i = 0; i < 40; i++) {
                http.request("GET", PAGE).header("X", "" + i).send().bytes();
            }
            assertEquals(32, cache.statistics().replies());
            assertEquals(8, cache.statistics().evictions());
            assertEquals("heddle; fwd=vary-miss", told(http.request("GET", PAGE).header("X", "0").send()));
        });
    }

    // ---- beside the other links ----

    @Test
    void redirectsAreKeptEachForItself() {
        answering(List.of(empty("301 Moved", FRESH + "Location: /there\r\n"), ok(FRESH, "body")),
                (http, cache, server) -> {
                    for (int i = 0; i < 3; i++) {
                        Reply reply = http.get(PAGE);
                        assertEquals("http://site/there", reply.finalUri().toString());
                        assertEquals(List.of(PAGE), reply.redirects().stream().map(Object::toString).toList());
                        assertEquals("body", reply.text());
                    }
                    assertEquals(2, server.requests.size());
                });
    }

    @Test
    void cookiesOfAKeptReplyAreNotSetAgain() {
        Sim.run(1, () -> {
            var jar = CookieJar.create();
            var cache = HttpCache.inMemory(1_000_000);
            try (var server = ScriptedServer.answering(ok(FRESH + "Set-Cookie: s=1; Path=/login\r\n", "x"));
                    HttpClient http = server.client().cache(cache).cookies(jar).build()) {
                http.get(PAGE).bytes();
                assertEquals(1, jar.size());
                jar.clear();
                assertEquals("s=1; Path=/login", http.get(PAGE).headers().first("Set-Cookie"));
                assertEquals(0, jar.size());
                assertEquals(1, server.requests.size());
            }
        });
    }

    @Test
    void cookieThatIsNewMakesAnotherPersonOfWhoAsks() {
        String first = ok(FRESH + "Set-Cookie: person=1\r\n", "stranger");
        answering(List.of(first, ok(FRESH, "Ada")), (http, cache, server) -> {
            assertEquals("stranger", http.get(PAGE).text());
            assertEquals("Ada", http.get(PAGE).text());
            assertEquals("Ada", http.get(PAGE).text());
            assertEquals(2, server.requests.size());
        });
    }

    @Test
    void keptFailureIsNotTriedAgain() {
        Sim.run(1, () -> {
            var cache = HttpCache.inMemory(1_000_000);
            try (var server = ScriptedServer.answering(empty("503 Busy", FRESH));
                    HttpClient http = server.client().cache(cache).build()) {
                assertEquals(503, http.get(PAGE).status());
                assertEquals(503, http.request("GET", PAGE).retries(RetryPolicy.DEFAULT).send().status());
                assertEquals(1, server.requests.size());
            }
        });
    }

    @Test
    void tracersAreToldOfAHitToo() {
        Sim.run(1, () -> {
            var told = new ArrayList<String>();
            var tracer = new RequestTracer() {
                @Override
                public void queued(Traced request) {
                    told.add("queued");
                }

                @Override
                public void ended(Traced request, int status, boolean whole) {
                    told.add("ended " + status + " " + whole);
                }

                @Override
                public void answered(Traced request, int status) {
                    told.add("answered " + status);
                }
            };
            try (var server = ScriptedServer.answering(ok(FRESH, "x"));
                    HttpClient http = server.client().cache(HttpCache.inMemory(10_000)).tracer(tracer).build()) {
                http.get(PAGE).bytes();
                told.clear();
                http.get(PAGE).bytes();
                assertEquals(List.of("ended 200 true", "answered 200"), told);
            }
        });
    }

    @Test
    void clientsOfSeveralKindsShareACacheOverHttp2() {
        Sim.run(1, () -> {
            var asked = new ArrayList<String>();
            var site = HttpServer.builder().get("/page", request -> {
                asked.add(request.headers().first("If-None-Match"));
                return request.headers().contains("If-None-Match")
                        ? Response.empty(304).withHeader("ETag", "\"a\"")
                        : Response.stream("text/plain", out -> out.write("p".repeat(50_000)
                                .getBytes(StandardCharsets.US_ASCII)))
                                .withHeader("ETag", "\"a\"").withHeader("Cache-Control", "max-age=10");
            });
            var cache = HttpCache.inMemory(1_000_000);
            try (var server = site.start("127.0.0.1", 0);
                    HttpClient two = HttpClient.builder().http2PriorKnowledge().cache(cache).build();
                    HttpClient one = HttpClient.builder().cache(cache).build()) {
                String url = "http://" + server.address() + "/page";
                assertEquals(50_000, two.get(url).text().length());
                Reply hit = one.get(url);
                assertEquals("HTTP/2", hit.version());
                assertEquals(50_000, hit.text().length());
                Heddle.sleep(Duration.ofSeconds(10));
                assertEquals("heddle; fwd=stale; fwd-status=304", told(two.get(url)));
                assertEquals(50_000, one.get(url).text().length());
                assertEquals(2, asked.size());
                assertEquals("\"a\"", asked.getLast());
                assertEquals(1, two.statistics().connections());
            }
        });
    }

    @Test
    void staleReplyStandsInWhereNoneOfSeveralConnectsReachesTheServer() {
        Sim.run(1, () -> {
            var server = ScriptedServer.answering(
                    ok("Cache-Control: max-age=10, stale-if-error=50\r\nConnection: close\r\n", "body"));
            boolean[] dead = new boolean[1];
            try (server;
                    HttpClient http = HttpClient.builder()
                            .cache(HttpCache.inMemory(1_000_000))
                            .connector((host, port) -> dead[0]
                                    ? Heddle.race(() -> Tcp.connect("127.0.0.1", 1), () -> Tcp.connect("127.0.0.1", 2))
                                    : server.connect(host, port))
                            .build()) {
                http.get(PAGE).bytes();
                dead[0] = true;
                Heddle.sleep(Duration.ofSeconds(20));
                assertEquals("body", http.get(PAGE).text());
            }
        });
    }
}
