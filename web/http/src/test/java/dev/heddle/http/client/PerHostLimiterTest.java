package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each host is asked as often, and as much at once, as the throttle says, and in the order of asking. */
final class PerHostLimiterTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final List<String> asked = new ArrayList<>();

    /** Milliseconds since the beginning of the run, from an instant of the loop. */
    private static long millis(long since) {
        return (Heddle.currentLoop().nanoTime() - since) / 1_000_000;
    }

    private static long now() {
        return Heddle.currentLoop().nanoTime();
    }

    /** Notes when each request comes, by its path. */
    private ScriptedServer noting(long start, String answer) {
        return ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                asked.add(peer.lastRequest().split(" ", 3)[1] + " " + millis(start));
                peer.send(answer);
            }
        });
    }

    @SimTest(seeds = 5)
    void requestsToAHostComeEvenlyAndInOrderAndThoseToAnotherDoNotWait() {
        asked.clear();
        long start = now();
        try (var server = noting(start, OK);
                var http = server.client().throttle(PerHostLimiter.of(10, Duration.ofSeconds(1))).build()) {
            Task<?> slow = Heddle.spawn(() -> {
                for (int i = 0; i < 4; i++) {
                    http.get("http://h:" + (80 + i) + "/" + i).text();
                }
            });
            Heddle.sleep(Duration.ofMillis(50));
            http.get("http://other/x").text();
            slow.join();
            assertEquals(List.of("/0", "/x", "/1", "/2", "/3"), paths());
            assertTrue(times().get(1) - 50 < 10, asked.toString());
            assertNear(List.of(0L, 100L, 200L, 300L),
                    List.of(times().get(0), times().get(2), times().get(3), times().get(4)));
        }
    }

    private List<String> paths() {
        return asked.stream().map(each -> each.substring(0, each.indexOf(' '))).toList();
    }

    private List<Long> times() {
        return asked.stream().map(each -> Long.valueOf(each.substring(each.indexOf(' ') + 1))).toList();
    }

    /** The simulated network takes some milliseconds for a connection. */
    private static void assertNear(List<Long> expected, List<Long> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(Math.abs(expected.get(i) - actual.get(i)) < 40, expected + " but " + actual);
        }
    }

    @SimTest(seeds = 5)
    void whatTheCacheAnswersTakesNoTurnAndWhatItAsksAboutGivesItsPlaceBack() {
        var kept = "HTTP/1.1 200 OK\r\nCache-Control: max-age=10\r\nETag: \"1\"\r\nContent-Length: 4\r\n\r\nbody";
        var same = "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=10\r\nETag: \"1\"\r\n\r\n";
        var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.send(peer.lastRequest().contains("If-None-Match") ? same : kept);
            }
        });
        var throttle = PerHostLimiter.of(1, Duration.ofSeconds(100)).withMaxAtOnce(1);
        try (server;
                var http = server.client().cache(HttpCache.inMemory(10_000)).throttle(throttle).build()) {
            long start = now();
            for (int i = 0; i < 3; i++) {
                assertEquals("body", http.get("http://h/").text());
            }
            assertTrue(millis(start) < 1_000, "only the first has asked");
            Heddle.sleep(Duration.ofSeconds(200));
            for (int i = 0; i < 3; i++) {
                assertEquals("body", http.get("http://h/").text());
            }
            Heddle.sleep(Duration.ofSeconds(200));
            throttle.enter("h").close();
        }
    }

    @SimTest(seeds = 5)
    void waitersAreServedInTheOrderOfAsking() {
        var throttle = PerHostLimiter.of(1, Duration.ofSeconds(1));
        var served = new ArrayList<Integer>();
        long start = now();
        Heddle.map(IntStream.range(0, 20).boxed().toList(), 20, i -> {
            Heddle.sleep(Duration.ofMillis(i));
            throttle.enter("h").close();
            served.add(i);
            return i;
        });
        assertEquals(IntStream.range(0, 20).boxed().toList(), served);
        assertEquals(19_000, millis(start));
        assertEquals(0, throttle.waiting());
    }

    @SimTest(seeds = 5)
    void afterAPauseSoManyComeAtOnceAsTheBurstSaysAndThenOneByOne() {
        var throttle = PerHostLimiter.of(1, Duration.ofSeconds(1)).withBurst(3);
        for (int round = 0; round < 2; round++) {
            long start = now();
            for (int i = 0; i < 5; i++) {
                throttle.enter("h").close();
            }
            assertEquals(2_000, millis(start), "three at once, then two");
            Heddle.sleep(Duration.ofMinutes(1));
        }
    }

    @SimTest(seeds = 5)
    void cancelledWaitersTakeNoTurnAndMakeNobodyWaitLonger() {
        var throttle = PerHostLimiter.of(1, Duration.ofSeconds(1));
        long start = now();
        throttle.enter("h").close();
        var gone = new ArrayList<Task<?>>();
        for (int i = 0; i < 1_000; i++) {
            gone.add(Heddle.spawn(() -> throttle.enter("h").close()));
        }
        Heddle.sleep(Duration.ofMillis(500));
        assertEquals(1_000, throttle.waiting());
        Task<Long> last = Heddle.spawn(() -> {
            throttle.enter("h").close();
            return millis(start);
        });
        Heddle.sleep(Duration.ofMillis(1));
        gone.forEach(Task::cancel);
        assertEquals(1_000, last.join());
        assertEquals(0, throttle.waiting());
    }

    @SimTest(seeds = 3)
    void deadlineOfTheRequestCountsWhileItWaitsAndNothingWasSent() {
        asked.clear();
        try (var server = noting(now(), OK);
                var http = server.client().throttle(PerHostLimiter.of(1, Duration.ofMinutes(1))).build()) {
            http.get("http://h/1").text();
            long start = now();
            ClientRequest second = http.request("GET", "http://h/2").timeout(Duration.ofSeconds(5));
            var e = assertThrows(DeadlineExceededException.class, second::send);
            assertEquals("GET http://h/2: no turn at the host after 5 s", e.getMessage());
            assertEquals(5_000, millis(start));
            assertFalse(second.isSent());
            assertEquals(List.of("/1"), paths());
        }
    }

    @SimTest(seeds = 3)
    void errorNamesTheRepliesThatHoldTheTurns() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            peer.awaitEnd();
        });
                var http = server.client().throttle(PerHostLimiter.atOnce(1)).build();
                Reply unread = http.get("http://h/1")) {
            ClientRequest second = http.request("GET", "http://h/2").timeout(Duration.ofSeconds(5));
            var e = assertThrows(DeadlineExceededException.class, second::send);
            assertEquals(
                    "GET http://h/2: no turn at the host after 5 s: 1 requests at once are under way to h, each until its"
                            + " reply is read to its end or closed",
                    e.getMessage());
            assertEquals(200, unread.status());
        }
    }

    @SimTest(seeds = 5)
    void requestIsOneOfThoseAtOnceUntilItsReplyHasEndedInAnyWay() {
        String large = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
        var throttle = PerHostLimiter.atOnce(1);
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send(large + "x".repeat(100_000));
                    peer.request();
                    peer.send(large + "x".repeat(50_000));
                    peer.awaitEnd();
                },
                peer -> {
                    peer.request();
                    peer.send(large + "x");
                },
                peer -> {
                    peer.request();
                    peer.send("nonsense\r\n\r\n");
                },
                peer -> {
                    peer.request();
                    peer.send(OK);
                });
                var http = server.client().throttle(throttle).build()) {
            Reply read = http.get("http://h/read");
            Task<Reply> next = Heddle.spawn(() -> http.get("http://h/closed"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1, throttle.waiting());
            assertEquals(100_000, read.bytes().length);
            Reply closed = next.join();

            Task<Reply> third = Heddle.spawn(() -> http.get("http://h/broken"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1, throttle.waiting());
            closed.close();
            closed.close();
            Reply broken = third.join();

            assertThrows(RuntimeException.class, broken::bytes);
            assertThrows(RuntimeException.class, () -> http.get("http://h/malformed"));
            assertEquals(200, http.get("http://h/last").status());
            assertEquals(0, throttle.waiting());
        }
    }

    @SimTest(seeds = 3)
    void redirectsAndRetriesWaitForTurnsOfTheirOwn() {
        asked.clear();
        long start = now();
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                String path = peer.lastRequest().split(" ", 3)[1];
                asked.add(path + " " + millis(start));
                peer.send(switch (path) {
                    case "/from" -> "HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n";
                    case "/to" -> asked.size() == 2
                            ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                            : OK;
                    default -> OK;
                });
            }
        });
                var http = server.client().throttle(PerHostLimiter.of(1, Duration.ofSeconds(10)).withMaxAtOnce(1))
                        .retries(RetryPolicy.DEFAULT)
                        .build()) {
            assertEquals(200, http.get("http://h/from").status());
            assertEquals(List.of("/from", "/to", "/to"), paths());
            assertNear(List.of(0L, 10_000L, 20_000L), times());
        }
    }

    @SimTest(seeds = 2)
    void closedClientLetsItsWaitersFailAndTheThrottleGoesOn() {
        var throttle = PerHostLimiter.atOnce(1);
        PerHostLimiter.Place held = throttle.enter("h");
        try (var server = ScriptedServer.answering(OK)) {
            HttpClient first = server.client().throttle(throttle).build();
            Task<Reply> waiting = Heddle.spawn(() -> first.get("http://h/"));
            Heddle.sleep(Duration.ofMillis(1));
            first.close();
            held.close();
            assertTrue(waiting.awaitOutcome().toString().contains(ClosedException.class.getSimpleName()));
            try (var second = server.client().throttle(throttle).build()) {
                assertEquals(200, second.get("http://h/").status());
            }
        }
    }

    @SimTest(seeds = 1)
    void hostsAreForgottenWhenTheyMayBeAskedAndWhenThereAreTooMany() {
        var throttle = PerHostLimiter.of(1, Duration.ofHours(1));
        for (int i = 0; i <= PerHostLimiter.MAX_QUIET_HOSTS; i++) {
            throttle.enter("h" + i).close();
        }
        assertEquals(PerHostLimiter.MAX_QUIET_HOSTS, throttle.hosts());
        long start = now();
        throttle.enter("h0").close();
        assertEquals(0, millis(start), "forgotten, so it begins anew");
        throttle.enter("h9.").close();
        assertEquals(3_600_000, millis(start), "remembered, with a dot or without");
        throttle.enter("new").close();
        assertEquals(2, throttle.hosts(), "all others may be asked");
    }

    @Test
    void valuesThatAreNoLimitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PerHostLimiter.of(0, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> PerHostLimiter.of(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> PerHostLimiter.of(1, Duration.ofDays(2)));
        assertThrows(IllegalArgumentException.class, () -> PerHostLimiter.of(2_000, Duration.ofMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> PerHostLimiter.atOnce(0));
        var throttle = PerHostLimiter.atOnce(2);
        assertThrows(IllegalArgumentException.class, () -> throttle.withMaxAtOnce(0));
        assertThrows(IllegalArgumentException.class, () -> throttle.withBurst(0));
        assertEquals("PerHostLimiter[2 at once, 0 waiting]", throttle.toString());
        assertEquals("PerHostLimiter[one every PT0.5S, burst 4, 0 waiting]",
                PerHostLimiter.of(2, Duration.ofSeconds(1)).withBurst(4).toString());
    }
}
