package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How connections are shared, bounded and kept. */
final class ClientPoolTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String HELLO = OK + "Content-Length: 5\r\n\r\nhello";
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Answers each request after a second. */
    private static ScriptedServer slowServer() {
        return ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                Heddle.sleep(SECOND);
                peer.send(HELLO);
            }
        });
    }

    private static void getAll(HttpClient http, List<String> urls) {
        Heddle.map(urls, urls.size(), url -> http.get(url).text());
    }

    private static List<String> times(int count, String url) {
        return IntStream.range(0, count).mapToObj(i -> url + i).toList();
    }

    @SimTest(seeds = 10)
    void oneConnectionServesRequestAfterRequest() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().build()) {
            for (int i = 0; i < 10; i++) {
                assertEquals("hello", http.get("http://h/" + i).text());
            }
            assertEquals(new ClientLoops.Statistics(1, 1, 0, 1, 9), http.statistics());
            assertEquals(1, server.connects.size());
        }
    }

    @SimTest(seeds = 10)
    void totalBoundHoldsOverAllHosts() {
        try (var server = slowServer();
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(3))
                        .build()) {
            List<String> urls = new ArrayList<>(times(6, "http://a/"));
            urls.addAll(times(6, "http://b/"));
            Task<?> all = Heddle.spawn(() -> getAll(http, urls));
            for (int i = 0; i < 20; i++) {
                Heddle.sleep(Duration.ofMillis(300));
                assertTrue(http.statistics().connections() <= 3);
            }
            all.join();
            assertEquals(12, server.requests.size());
            assertEquals(3, http.statistics().connections());
            assertEquals(0, http.statistics().waiting());
        }
    }

    @SimTest(seeds = 10)
    void boundPerHostHoldsAndLetsOtherHostsPass() {
        try (var server = slowServer();
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnectionsPerHost(2))
                        .build()) {
            Task<?> many = Heddle.spawn(() -> getAll(http, times(8, "http://a/")));
            Heddle.sleep(Duration.ofMillis(100));
            assertEquals(2, http.statistics().connections());
            assertEquals(6, http.statistics().waiting());
            long start = Heddle.currentLoop().nanoTime();
            http.get("http://b/").text();
            assertTrue(Heddle.currentLoop().nanoTime() - start < SECOND.toNanos() * 3 / 2);
            many.join();
            assertEquals(3, server.mostOpen);
        }
    }

    @SimTest(seeds = 10)
    void waitersAreServedInTheOrderTheyCame() {
        try (var server = slowServer();
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .build()) {
            List<Integer> order = new ArrayList<>();
            Heddle.group(g -> {
                for (int i = 0; i < 5; i++) {
                    int number = i;
                    g.spawn(() -> {
                        http.get((number % 2 == 0 ? "http://a/" : "http://b/") + number).text();
                        order.add(number);
                    });
                    Heddle.sleep(Duration.ofMillis(10));
                }
            });
            assertEquals(List.of(0, 1, 2, 3, 4), order);
        }
    }

    @SimTest(seeds = 10)
    void cancelledWaiterFreesItsPlaceInTheQueue() {
        try (var server = slowServer();
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .build()) {
            Task<String> first = Heddle.spawn(() -> http.get("http://h/1").text());
            Heddle.sleep(Duration.ofMillis(10));
            Task<String> second = Heddle.spawn(() -> http.get("http://h/2").text());
            Heddle.sleep(Duration.ofMillis(10));
            Task<String> third = Heddle.spawn(() -> http.get("http://h/3").text());
            Heddle.sleep(Duration.ofMillis(10));
            assertEquals(2, http.statistics().waiting());
            second.cancel();
            assertEquals("hello", first.join());
            assertEquals("hello", third.join());
            assertEquals(2, server.requests.size());
            assertEquals(new ClientLoops.Statistics(1, 1, 0, 1, 1), http.statistics());
        }
    }

    @SimTest(seeds = 50)
    void waiterThatIsCancelledAsItsTurnComesLosesNoPlace() {
        try (var server = slowServer();
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .build()) {
            Reply holding = http.get("http://h/1");
            Task<String> second = Heddle.spawn(() -> http.get("http://h/2").text());
            Task<String> third = Heddle.spawn(() -> http.get("http://h/3").text());
            Heddle.sleep(Duration.ofMillis(10));
            second.cancel();
            holding.close();
            assertEquals("hello", third.join());
            assertEquals(0, http.statistics().waiting());
            assertEquals(1, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void failedConnectGivesItsPlaceToTheNextWaiter() {
        try (var server = slowServer();
                var http = HttpClient.builder()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .connector((host, port) -> {
                            if (host.equals("bad")) {
                                Heddle.sleep(SECOND);
                                throw new BrokenException("no route");
                            }
                            return server.connect(host, port);
                        })
                        .build()) {
            Task<Reply> bad = Heddle.spawn(() -> http.get("http://bad/"));
            Heddle.sleep(Duration.ofMillis(10));
            Task<String> good = Heddle.spawn(() -> http.get("http://good/").text());
            assertThrows(BrokenException.class, bad::join);
            assertEquals("hello", good.join());
            assertEquals(1, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void idleConnectionToAnotherHostMakesRoom() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(2))
                        .build()) {
            http.get("http://a/").text();
            Heddle.sleep(Duration.ofMillis(10));
            http.get("http://b/").text();
            http.get("http://c/").text();
            assertEquals(2, http.statistics().connections());
            http.get("http://b/").text();
            assertEquals(List.of("a:80", "b:80", "c:80"), server.connects);
        }
    }

    @SimTest(seeds = 10)
    void connectionUsedLastIsTakenFirst() {
        List<String> served = new ArrayList<>();
        int[] next = new int[1];
        try (var server = ScriptedServer.of(peer -> {
            int number = next[0]++;
            while (peer.hasRequest()) {
                served.add("c" + number);
                Heddle.sleep(SECOND.multipliedBy(number + 1));
                peer.send(HELLO);
            }
        });
                var http = server.client().build()) {
            Heddle.gather(() -> http.get("http://h/").text(), () -> http.get("http://h/").text());
            served.clear();
            http.get("http://h/").text();
            http.get("http://h/").text();
            assertEquals(List.of("c1", "c1"), served);
        }
    }

    @SimTest(seeds = 10)
    void idleConnectionIsClosedWhenItsTimeIsOver() {
        List<Integer> ends = new ArrayList<>();
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(HELLO);
            ends.add(peer.awaitEnd());
        });
                var http = server.client()
                        .timeouts(ClientTimeouts.DEFAULT.withIdle(Duration.ofSeconds(10)))
                        .build()) {
            http.get("http://h/").text();
            Heddle.sleep(Duration.ofSeconds(9));
            assertEquals(1, http.statistics().idle());
            Heddle.sleep(Duration.ofSeconds(2));
            assertEquals(0, http.statistics().connections());
            assertEquals(List.of(0), ends);
        }
    }

    @SimTest(seeds = 10)
    void keptConnectionThatWasClosedMeanwhileIsNotUsed() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(HELLO);
        });
                var http = server.client().build()) {
            assertEquals("hello", http.get("http://h/").text());
            Heddle.sleep(SECOND);
            assertEquals("hello", http.request("POST", "http://h/").body("x").send().text());
            assertEquals(2, server.connects.size());
        }
    }

    /** Closes each connection as soon as its second request comes. */
    private static ScriptedServer closingAtTheSecondRequest() {
        return ScriptedServer.of(peer -> {
            peer.request();
            peer.send(HELLO);
            peer.request();
        });
    }

    @SimTest(seeds = 10)
    void requestThatMayBeRepeatedIsSentOnceMoreOverANewConnection() {
        for (String method : new String[]{"GET", "PUT", "DELETE", "HEAD", "OPTIONS"}) {
            try (var server = closingAtTheSecondRequest();
                    var http = server.client()
                            .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                            .build()) {
                http.get("http://h/").text();
                assertEquals(200, http.request(method, "http://h/").send().status());
                assertEquals(3, server.requests.size());
                assertEquals(2, server.connects.size());
            }
        }
    }

    @SimTest(seeds = 10)
    void requestThatMayNotBeRepeatedIsNotSentTwice() {
        for (String method : new String[]{"POST", "PATCH", "DO-IT"}) {
            try (var server = closingAtTheSecondRequest();
                    var http = server.client().build()) {
                http.get("http://h/").text();
                assertThrows(
                        BrokenException.class, () -> http.request(method, "http://h/").send());
                assertEquals(2, server.requests.size());
            }
        }
    }

    @SimTest(seeds = 10)
    void requestIsRepeatedOnceOnlyAndNotAfterTheFirstByteOfAnAnswer() {
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send(HELLO);
                    peer.request();
                },
                ScriptedServer.Peer::request);
                var http = server.client().build()) {
            http.get("http://h/").text();
            assertThrows(BrokenException.class, () -> http.get("http://h/"));
            assertEquals(3, server.requests.size());
        }
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(HELLO);
            peer.request();
            peer.send("H");
        });
                var http = server.client().build()) {
            http.get("http://h/").text();
            assertThrows(TruncatedException.class, () -> http.get("http://h/"));
            assertEquals(2, server.requests.size());
        }
    }

    @SimTest(seeds = 10)
    void connectionThatIsToBeClosedIsNotKept() {
        try (var server = ScriptedServer.answering(OK + "Connection: close\r\nContent-Length: 5\r\n\r\nhello");
                var http = server.client().build()) {
            assertEquals("hello", http.get("http://h/").text());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void bytesBehindAnAnswerNeverAnswerTheNextRequest() {
        String poison = "HTTP/1.1 200 poison\r\nContent-Length: 0\r\n\r\n";
        for (boolean together : new boolean[]{true, false}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                if (together) {
                    peer.send(HELLO + poison);
                } else {
                    peer.send(HELLO);
                    Heddle.sleep(SECOND);
                    peer.send(poison);
                }
                peer.awaitEnd();
            });
                    var http = server.client().build()) {
                assertEquals("hello", http.get("http://h/").text());
                Heddle.sleep(SECOND.multipliedBy(2));
                assertEquals("OK", http.get("http://h/").reason());
                assertEquals(2, server.connects.size());
            }
        }
    }

    @SimTest(seeds = 10)
    void replyClosedEarlyKeepsItsConnectionOnlyIfItsRestHasCome() {
        String big = OK + "Content-Length: 20000\r\n\r\n" + "x".repeat(20_000);
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            peer.request();
            peer.send(big.substring(0, 19_000));
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            http.get("http://h/").close();
            assertEquals(1, http.statistics().idle());
            Reply reply = http.get("http://h/");
            assertEquals(1, server.connects.size());
            reply.read(new byte[10]);
            reply.close();
            reply.close();
            assertEquals(0, http.statistics().connections());
            assertThrows(ClosedException.class, () -> reply.read(new byte[10]));
        }
    }

    @SimTest(seeds = 10)
    void smallBodyThatCameWithItsHeadFreesTheConnectionBeforeItIsRead() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                        .build()) {
            Reply first = http.get("http://h/");
            Reply second = http.get("http://h/");
            assertEquals("hello", first.text());
            assertEquals("hello", second.text());
        }
    }

    @SimTest(seeds = 10)
    void closedClientRefusesRequestsAndWakesThoseThatWait() {
        try (var server = slowServer()) {
            var http = server.client()
                    .limits(ClientLimits.DEFAULT.withMaxConnections(1))
                    .build();
            Task<String> running = Heddle.spawn(() -> http.get("http://h/").text());
            Heddle.sleep(Duration.ofMillis(10));
            Task<String> waiting = Heddle.spawn(() -> http.get("http://h/").text());
            Heddle.sleep(Duration.ofMillis(10));
            http.close();
            http.close();
            assertThrows(ClosedException.class, waiting::join);
            assertThrows(ClosedException.class, () -> http.get("http://h/"));
            assertEquals("hello", running.join());
            assertEquals(new ClientLoops.Statistics(0, 0, 0, 1, 0), http.statistics());
        }
    }

    @SimTest(seeds = 20)
    void manyRequestsToManyHostsAllEndAndLeaveNothingBehind() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxConnections(7).withMaxConnectionsPerHost(3))
                        .build()) {
            List<Integer> numbers = IntStream.range(0, 200).boxed().toList();
            List<String> texts = Heddle.map(numbers, 50, i -> http.get("http://h" + i % 5 + "/" + i).text());
            assertTrue(texts.stream().allMatch("hello"::equals));
            ClientStatistics end = http.statistics();
            assertEquals(end.idle(), end.connections());
            assertEquals(0, end.waiting());
            assertTrue(end.connections() <= 7);
        }
    }
}
