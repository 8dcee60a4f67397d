package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is tried again, when, and how often. */
final class ClientRetryTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

    /** Answers so many requests with this, and the others well. */
    private static ScriptedServer failing(int count, String answer) {
        var left = new AtomicInteger(count);
        return ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.send(left.getAndDecrement() > 0 ? answer : HELLO);
            }
        });
    }

    private static HttpClient retrying(ScriptedServer server, RetryPolicy policy) {
        return server.client().retries(policy).build();
    }

    private static Duration timed(Runnable body) {
        long start = Heddle.currentLoop().nanoTime();
        body.run();
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - start);
    }

    @SimTest(seeds = 10)
    void statusThatMayPassIsTriedAgainAfterAGrowingWait() {
        try (var server = failing(2, BUSY);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            Duration took = timed(() -> assertEquals("hello", http.get("http://h/").text()));
            assertEquals(3, server.requests.size());
            assertTrue(took.toMillis() >= 300 && took.toMillis() < 700, "took " + took);
            assertEquals(1, http.statistics().opened());
        }
    }

    @SimTest(seeds = 3)
    void lastAnswerIsGivenWhenTheTriesAreUsedUp() {
        try (var server = failing(9, BUSY);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            assertEquals(503, http.get("http://h/").status());
            assertEquals(3, server.requests.size());
            assertEquals(503, http.request("GET", "http://h/").retries(RetryPolicy.NONE).send().status());
            assertEquals(4, server.requests.size());
            assertEquals(503, http.request("GET", "http://h/").retries(RetryPolicy.DEFAULT.withStatuses(Set.of(500)))
                    .send().status());
            assertEquals(5, server.requests.size());
        }
    }

    @SimTest(seeds = 3)
    void nothingIsTriedAgainUnlessItIsAskedFor() {
        try (var server = failing(9, BUSY);
                var http = server.client().build()) {
            assertEquals(503, http.get("http://h/").status());
            assertEquals(1, server.requests.size());
        }
    }

    @SimTest(seeds = 5)
    void retryAfterIsWaitedForUnlessItIsTooLong() {
        try (var server = failing(1, "HTTP/1.1 429 X\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n");
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            Duration took = timed(() -> assertEquals("hello", http.get("http://h/").text()));
            assertTrue(took.toSeconds() >= 30 && took.toSeconds() < 32, "took " + took);
        }
        for (String asked : new String[]{"61", "Fri, 01 Jan 2100 00:00:00 GMT"}) {
            try (var server = failing(1, "HTTP/1.1 429 X\r\nRetry-After: " + asked + "\r\nContent-Length: 0\r\n\r\n");
                    var http = retrying(server, RetryPolicy.DEFAULT)) {
                assertEquals(429, http.get("http://h/").status());
                assertEquals(1, server.requests.size());
            }
        }
        for (String junk : new String[]{"-1", "soon", "1e9", "99999999999999", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
            try (var server = failing(1, "HTTP/1.1 429 X\r\nRetry-After: " + junk + "\r\nContent-Length: 0\r\n\r\n");
                    var http = retrying(server, RetryPolicy.DEFAULT)) {
                assertTrue(timed(() -> assertEquals("hello", http.get("http://h/").text())).toMillis() < 300);
            }
        }
    }

    @SimTest(seeds = 3)
    void postIsTriedAgainOnlyIfItIsForced() {
        try (var server = failing(1, BUSY);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            assertEquals(503, http.post("http://h/", "x").status());
        }
        try (var server = failing(1, BUSY);
                var http = retrying(server, RetryPolicy.DEFAULT.withAnyMethod(true))) {
            assertEquals(200, http.request("POST", "http://h/").send().status());
        }
    }

    @SimTest(seeds = 3)
    void bodyThatCanBeSentOnlyOnceIsNotTriedAgain() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.readUntil("0\r\n\r\n");
            peer.send(BUSY);
        });
                var http = retrying(server, RetryPolicy.DEFAULT.withAnyMethod(true))) {
            assertEquals(
                    503, http.request("PUT", "http://h/").body(new ByteArrayInputStream(new byte[9])).send().status());
            assertEquals(1, server.requests.size());
        }
    }

    @SimTest(seeds = 5)
    void lostConnectionIsTriedAgainIfTwiceIsLikeOnce() {
        for (Function<HttpClient, Reply> ask : List.<Function<HttpClient, Reply>>of(
                client -> client.get("http://h/"), client -> client.query("http://h/", "which"))) {
            try (var server = ScriptedServer.of(
                    ScriptedServer.Peer::request,
                    peer -> {
                        while (peer.hasRequest()) {
                            peer.send(HELLO);
                        }
                    });
                    var http = retrying(server, RetryPolicy.DEFAULT)) {
                assertEquals("hello", ask.apply(http).text());
                assertEquals(2, server.requests.size());
            }
        }
        try (var server = ScriptedServer.of(ScriptedServer.Peer::request);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            assertThrows(BrokenException.class, () -> http.request("POST", "http://h/").send());
            assertEquals(1, server.requests.size());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 5)
    void connectionThatCannotBeMadeIsTriedAgainWhateverTheMethod() {
        try (var server = ScriptedServer.answering(HELLO)) {
            var failures = new AtomicInteger(2);
            try (var http = HttpClient.builder()
                    .retries(RetryPolicy.DEFAULT)
                    .connector((host, port) -> failures.getAndDecrement() > 0
                            ? refused()
                            : server.connect(host, port))
                    .build()) {
                assertEquals("hello", http.request("POST", "http://h/").send().text());
            }
            failures.set(9);
            try (var http = HttpClient.builder()
                    .retries(RetryPolicy.DEFAULT)
                    .connector((host, port) -> refused())
                    .build()) {
                assertThrows(ConnectFailedException.class, () -> http.get("http://h/"));
            }
        }
    }

    /** A port that nobody listens on. */
    private static ByteStream refused() {
        return Tcp.connect("127.0.0.1", 9);
    }

    @SimTest(seeds = 5)
    void silentServerIsTriedAgainButNeverBeyondTheWholeTime() {
        try (var server = ScriptedServer.of(
                ScriptedServer.Peer::awaitEnd,
                peer -> {
                    peer.request();
                    peer.send(HELLO);
                });
                var http = server.client()
                        .retries(RetryPolicy.DEFAULT)
                        .timeouts(ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(2)))
                        .build()) {
            assertEquals("hello", http.get("http://h/").text());
        }
        try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                var http = retrying(server, RetryPolicy.DEFAULT.withAttempts(100))) {
            Duration took = timed(() -> assertThrows(
                    DeadlineExceededException.class,
                    () -> http.request("GET", "http://h/").timeout(Duration.ofSeconds(5)).send()));
            assertEquals(5, took.toSeconds());
            assertEquals(1, server.mostOpen);
        }
    }

    @SimTest(seeds = 3)
    void waitThatDoesNotFitIntoTheTimeGivesTheAnswerAtOnce() {
        try (var server = failing(9, "HTTP/1.1 503 X\r\nRetry-After: 20\r\nContent-Length: 0\r\n\r\n");
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            Duration took = timed(() -> assertEquals(
                    503, http.request("GET", "http://h/").timeout(Duration.ofSeconds(10)).send().status()));
            assertTrue(took.toSeconds() < 1);
        }
    }

    @SimTest(seeds = 3)
    void allRetriesTogetherStayAFifthOfTheRequests() {
        try (var server = failing(Integer.MAX_VALUE, BUSY);
                var http = retrying(server, RetryPolicy.DEFAULT.withAttempts(10))) {
            for (int i = 0; i < 100; i++) {
                http.get("http://h/").close();
            }
            int retries = server.requests.size() - 100;
            assertTrue(retries >= 25 && retries <= 30, retries + " retries");
        }
    }

    @SimTest(seeds = 5)
    void cancelEndsTheWaitForTheNextTry() {
        try (var server = failing(9, "HTTP/1.1 503 X\r\nRetry-After: 20\r\nContent-Length: 0\r\n\r\n");
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            Task<Reply> task = Heddle.spawn(() -> http.get("http://h/"));
            Heddle.sleep(Duration.ofSeconds(5));
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(1, server.requests.size());
            assertEquals(0, http.statistics().connections() - http.statistics().idle());
        }
    }

    @SimTest(seeds = 2)
    void waitOfAnyLengthIsBoundedByTheLongest() {
        RetryPolicy policy = RetryPolicy.DEFAULT.withBackoff(
                new Backoff(Duration.ofSeconds(9), Duration.ofSeconds(10), 0));
        try (var server = failing(2, BUSY);
                var http = retrying(server, policy)) {
            Duration took = timed(() -> assertEquals("hello", http.get("http://h/").text()));
            assertTrue(took.toSeconds() >= 10 && took.toSeconds() <= 20, "took " + took);
        }
    }

    /** The answer to a request that waits for a go-ahead is lost after its head has arrived. */
    @SimTest(seeds = 3)
    void requestThatWaitedForTheGoAheadMayHaveArrived() {
        try (var server = ScriptedServer.of(ScriptedServer.Peer::request);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            var request = http.request("POST", "http://h/").body("x").expectContinue();
            assertThrows(BrokenException.class, request::send);
            assertEquals(1, server.requests.size());
        }
    }

    @SimTest(seeds = 3)
    void bodyThatFailsLikeAConnectionIsNoReasonForAnotherTry() {
        var writes = new AtomicInteger();
        try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            var request = http.request("PUT", "http://h/").body(out -> {
                writes.incrementAndGet();
                out.write('x');
                throw new BrokenException("the source is gone");
            });
            Duration took = timed(() -> {
                var e = assertThrows(TaskFailedException.class, request::send);
                assertEquals("the request body could not be written: the source is gone", e.detail());
            });
            assertEquals(1, writes.get());
            assertTrue(took.toSeconds() < 1, "took " + took);
            assertEquals(0, http.statistics().connections());
        }
    }

    @Test
    void policyIsChecked() {
        assertThrows(IllegalArgumentException.class, () -> RetryPolicy.DEFAULT.withAttempts(0));
        assertThrows(IllegalArgumentException.class, () -> RetryPolicy.DEFAULT.withStatuses(Set.of(200)));
        assertThrows(IllegalArgumentException.class, () -> RetryPolicy.DEFAULT.withMaxRetryAfter(Duration.ofNanos(-1)));
        assertFalse(RetryPolicy.DEFAULT.anyMethod());
        assertEquals(1, RetryPolicy.NONE.attempts());
    }

    @SimTest(seeds = 3)
    void connectorThatRacesIsTriedAgainWhereAllItsRacersFailedToConnect() {
        var calls = new AtomicInteger();
        try (var server = failing(0, BUSY);
                var refusing = HttpClient.builder()
                        .retries(RetryPolicy.DEFAULT)
                        .connector((host, port) -> calls.getAndIncrement() == 0
                                ? Heddle.race(() -> Tcp.connect("10.9.9.9", 1), () -> Tcp.connect("10.9.9.9", 2))
                                : server.connect(host, port))
                        .build()) {
            assertEquals("hello", refusing.get("http://h/").text());
            assertEquals(2, calls.get());
        }
    }

    @SimTest(seeds = 3)
    void bodyWhoseTasksFailLikeAConnectionIsNoReasonForAnotherTry() {
        var writes = new AtomicInteger();
        try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                var http = retrying(server, RetryPolicy.DEFAULT)) {
            var request = http.request("PUT", "http://h/").body(out -> {
                writes.incrementAndGet();
                out.write('x');
                Heddle.gather(() -> {
                    throw new BrokenException("the source is gone");
                });
            });
            assertThrows(TaskFailedException.class, request::send);
            assertEquals(1, writes.get());
        }
    }
}
