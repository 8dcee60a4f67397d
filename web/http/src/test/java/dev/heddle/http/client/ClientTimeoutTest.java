package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The one deadline, its phases and what is left behind. */
final class ClientTimeoutTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final Duration FIVE = Duration.ofSeconds(5);
    private static final ClientTimeouts TIMES = ClientTimeouts.DEFAULT
            .withTotal(Duration.ofSeconds(20))
            .withConnect(Duration.ofSeconds(3))
            .withRead(Duration.ofSeconds(7))
            .withContinueWait(Duration.ofSeconds(1))
            .withIdle(Duration.ofSeconds(60));

    private static void assertTimesOut(int seconds, String message, Callable<?> body) {
        long start = Heddle.currentLoop().nanoTime();
        var e = assertThrows(DeadlineExceededException.class, body::call);
        assertEquals(message, e.getMessage());
        Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - start);
        assertEquals(seconds, Math.round(took.toMillis() / 1000.0), "took " + took);
    }

    @SimTest(seeds = 10)
    void errorNamesTheRepliesThatHoldTheConnections() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(OK + "Content-Length: 100000\r\n\r\n");
            peer.awaitEnd();
        });
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnectionsPerHost(2))
                        .build()) {
            Reply first = Heddle.spawn("careless", () -> http.get("http://h/first?secret=1")).join();
            Heddle.sleep(Duration.ofSeconds(1));
            Reply second = http.get("http://h/second");
            assertTimesOut(
                    5,
                    "GET http://h/: no free connection after 5 s: 2 of 2 requests under way to http://h have a reply that"
                            + " nobody is reading; the oldest is GET http://h/first?..., for 6 s, of task careless, which"
                            + " has ended; read each reply to its end, or close it",
                    () -> http.request("GET", "http://h/").timeout(FIVE).send());
            Task<String> reading = Heddle.spawn("reading", () -> first.text());
            assertTimesOut(
                    5,
                    "GET http://h/: no free connection after 5 s: 1 of 2 requests under way to http://h have a reply that"
                            + " nobody is reading, 1 are reading theirs; the oldest is GET http://h/second, for 10 s,"
                            + " of task main; read each reply to its end, or close it",
                    () -> http.request("GET", "http://h/").timeout(FIVE).send());
            reading.cancel();
            assertEquals(0, http.statistics().waiting());
            second.close();
        }
    }

    @SimTest(seeds = 10)
    void errorSaysSoIfNobodyLeavesAReplyUnread() {
        try (var server = ScriptedServer.of(peer -> Heddle.sleep(Duration.ofHours(1)));
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .build()) {
            Task<Reply> slow = Heddle.spawn("slow", () -> http.get("http://other/"));
            Heddle.sleep(Duration.ofSeconds(1));
            assertTimesOut(
                    5,
                    "GET http://h/: no free connection after 5 s: 0 of 1 requests under way have a reply that nobody is"
                            + " reading; the oldest is GET http://other/, for 6 s, of task slow",
                    () -> http.request("GET", "http://h/").timeout(FIVE).send());
            slow.cancel();
        }
    }

    @SimTest(seeds = 10)
    void errorNamesThatNoConnectionWasMade() {
        try (var http = HttpClient.builder()
                .timeouts(TIMES)
                .connector((host, port) -> {
                    Heddle.sleep(Duration.ofHours(1));
                    return MemoryStreams.pair().left();
                })
                .build()) {
            assertTimesOut(3, "GET http://h/: no connection after 3 s", () -> http.get("http://h/"));
            assertTimesOut(1, "GET http://h/: no connection after 1 s", () -> http.request("GET", "http://h/")
                    .timeout(Duration.ofSeconds(1))
                    .send());
            assertEquals(0, http.statistics().connections());
        }
    }

    @Test
    void connectingMayTakeAsLongAsItIsGiven() {
        SimOptions far = SimOptions.DEFAULT.withLink(LinkOptions.DEFAULT.withLatency(Duration.ofSeconds(40)));
        ClientTimeouts patient = ClientTimeouts.DEFAULT
                .withConnect(Duration.ofMinutes(3))
                .withRead(Duration.ofMinutes(3));
        Sim.run(far, sim -> {
            SimHost site = sim.network().host("site");
            SimHost visitor = sim.network().host("visitor");
            Task<Void> server = site.spawn(() -> {
                try (Listener listener = Tcp.listen("site", 80);
                        ByteStream stream = listener.accept()) {
                    stream.readUntil(Wire.latin1("\r\n\r\n"), 1_000);
                    stream.write(OK + "Content-Length: 4\r\n\r\nlate");
                    assertEquals(0, stream.readAll(1).length);
                }
            });
            visitor.run(() -> {
                try (HttpClient http = HttpClient.builder().timeouts(patient).build()) {
                    assertEquals("late", http.get("http://site/").text());
                }
            });
            server.join();
        });
    }

    @SimTest(seeds = 10)
    void serverThatIsSilentIsGivenUpAfterTheDefaultOfAMinute() {
        try (var server = ScriptedServer.of(
                ClientTimeoutTest::hearAndSayNothing,
                peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 100000\r\n\r\n");
                    peer.awaitEnd();
                });
                var http = server.client().build()) {
            assertTimesOut(60, "GET http://h/: no response head after 60 s", () -> http.get("http://h/"));
            Reply reply = http.get("http://h/");
            assertTimesOut(60, "GET http://h/: the response body did not come after 60 s", reply::text);
        }
    }

    private static void hearAndSayNothing(ScriptedServer.Peer peer) {
        peer.request();
        peer.awaitEnd();
    }

    @SimTest(seeds = 10)
    void errorNamesThatTheRequestWasNotTaken() {
        try (var server = ScriptedServer.of(peer -> Heddle.sleep(Duration.ofHours(1)));
                var http = server.client().timeouts(TIMES).build()) {
            assertTimesOut(20, "POST http://h/: the request was not taken after 20 s",
                    () -> http.request("POST", "http://h/")
                            .body(new byte[10_000_000])
                            .send());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void waitForAGoAheadIsNoPartOfConnecting() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofSeconds(10));
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.body(4);
            peer.send(OK + "Content-Length: 2\r\n\r\nok");
            peer.awaitEnd();
        });
                var http = server.client().timeouts(TIMES.withContinueWait(Duration.ofSeconds(15))).build()) {
            assertEquals("ok", http.request("POST", "http://h/").body("data").expectContinue().send().text());
        }
    }

    @SimTest(seeds = 10)
    void waitForAGoAheadLeavesTimeForTheBody() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.body(4);
            peer.send(OK + "Content-Length: 2\r\n\r\nok");
            peer.awaitEnd();
        });
                var http = server.client()
                        .timeouts(TIMES.withTotal(Duration.ofMillis(500)))
                        .build()) {
            assertEquals("ok", http.request("POST", "http://h/").body("data").expectContinue().send().text());
        }
    }

    /** Its writer has cut it off: the connection lives, and its server waits for the rest. */
    @SimTest(seeds = 5)
    void answerToHalfABodyIsNotWaitedForLongerThanAnyOther() {
        try (var server = ScriptedServer.of(peer -> Heddle.sleep(Duration.ofHours(1)));
                var http = server.client().timeouts(TIMES).build()) {
            assertTimesOut(8, "POST http://h/: no response head after 7 s", () -> http.request("POST", "http://h/")
                    .body(out -> {
                        Heddle.moveOnAfter(Duration.ofSeconds(1), () -> out.write(new byte[10_000_000]));
                        out.write(new byte[100_000]);
                    })
                    .send());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void errorNamesThatNoHeadCame() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 ");
            peer.awaitEnd();
        });
                var http = server.client().timeouts(TIMES).build()) {
            assertTimesOut(7, "GET http://h/: no response head after 7 s", () -> http.get("http://h/"));
            assertTimesOut(5, "GET http://h/: no response head after 5 s", () -> http.request("GET", "http://h/")
                    .timeout(FIVE)
                    .send());
            assertTimesOut(0, "GET http://h/: no response head after 250 ms", () -> http.request("GET", "http://h/")
                    .timeout(Duration.ofMillis(250))
                    .send());
        }
    }

    @SimTest(seeds = 10)
    void errorNamesThatTheBodyDidNotCome() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofSeconds(2));
            peer.send(OK + "Content-Length: 100\r\n\r\nhello");
            peer.awaitEnd();
        });
                var http = server.client().timeouts(TIMES).build()) {
            Reply reply = http.get("http://h/");
            assertTimesOut(7, "GET http://h/: the response body did not come after 7 s", reply::text);
            Reply limited = http.request("GET", "http://h/").timeout(FIVE).send();
            assertTimesOut(3, "GET http://h/: the response body did not come after 5 s", limited::text);
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void totalHoldsAgainstAServerThatTricklesHeadOrBody() {
        for (String head : new String[]{"", OK + "Content-Length: 100\r\n\r\n"}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(head);
                peer.drip(OK + "X: ".repeat(20), Duration.ofSeconds(3));
            });
                    var http = server.client().timeouts(TIMES).build()) {
                assertTimesOut(
                        20,
                        "GET http://h/: " + (head.isEmpty() ? "no response head" : "the response body did not come")
                                + " after 20 s",
                        () -> http.get("http://h/").text());
            }
        }
    }

    @SimTest(seeds = 10)
    void bytesThatComeStartTheReadLimitAnew() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.drip("HT", Duration.ofSeconds(4));
            peer.send((OK + "Content-Length: 2\r\n\r\n").substring(2));
            peer.drip("ab", Duration.ofSeconds(4));
        });
                var http = server.client().timeouts(TIMES).build()) {
            assertEquals("ab", http.get("http://h/").text());
        }
    }

    @SimTest(seeds = 10)
    void totalCoversRedirects() {
        int[] number = new int[1];
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                Heddle.sleep(Duration.ofSeconds(2));
                peer.send("HTTP/1.1 302 Go\r\nLocation: /" + number[0]++ + "\r\nContent-Length: 0\r\n\r\n");
            }
        });
                var http = server.client().build()) {
            assertTimesOut(5, "GET http://h/1: no response head after 5 s", () -> http.request("GET", "http://h/a")
                    .timeout(FIVE)
                    .send());
        }
    }

    @SimTest(seeds = 10)
    void outerTimeoutWorksAsWell() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofSeconds(4));
            peer.send(OK + "Content-Length: 100\r\n\r\nhello");
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            assertThrows(
                    DeadlineExceededException.class,
                    () -> Heddle.timeout(FIVE, () -> http.get("http://h/").text()));
            assertEquals(0, http.statistics().connections());
            assertTrue(Heddle.moveOnAfter(FIVE, () -> http.get("http://h/").text()).isEmpty());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void noLimitRunsWhileAConnectionIsIdleOrAReplyIsNotRead() {
        try (var server = ScriptedServer.answering(OK + "Content-Length: 2\r\n\r\nab");
                var http = server.client().timeouts(TIMES.withTotal(Duration.ofDays(1))).build()) {
            Reply early = http.get("http://h/");
            Heddle.sleep(Duration.ofSeconds(30));
            assertEquals("ab", early.text());
            assertEquals("ab", http.get("http://h/").text());
            assertEquals(1, server.connects.size());
        }
    }

    @SimTest(seeds = 10)
    void veryLongTimeoutIsNoLimit() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofDays(10_000));
            peer.send(OK + "Content-Length: 2\r\n\r\nab");
        });
                var forever = server.client()
                        .timeouts(TIMES.withTotal(Duration.ofSeconds(Long.MAX_VALUE))
                                .withRead(Duration.ofSeconds(Long.MAX_VALUE)))
                        .build()) {
            assertEquals("ab", forever.get("http://h/").text());
        }
    }
}
