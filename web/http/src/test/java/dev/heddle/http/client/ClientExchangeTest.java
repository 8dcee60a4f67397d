package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.TruncatedException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.SimTest;
import java.time.Duration;

/** One request and its answer, over simulated connections. */
final class ClientExchangeTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String EMPTY = OK + "Content-Length: 0\r\n\r\n";
    private static final Duration MOMENT = Duration.ofMillis(1);

    @SimTest(seeds = 10)
    void getGivesStatusReasonHeadersAndText() {
        try (var server = ScriptedServer.answering("HTTP/1.1 201 Made it\r\nX: y\r\nContent-Length: 5\r\n\r\nhello");
                var http = server.client().build()) {
            Reply reply = http.get("http://h:81/a?b=c#d");
            assertEquals(201, reply.status());
            assertTrue(reply.isSuccess());
            assertEquals("Made it", reply.reason());
            assertEquals("y", reply.headers().get("x").orElseThrow());
            assertEquals("http://h:81/a?b=c", reply.finalUri().toString());
            assertTrue(reply.redirects().isEmpty());
            assertEquals("hello", reply.text());
            assertEquals("h:81", server.connects.getFirst());
            assertTrue(server.requests.getFirst().startsWith("GET /a?b=c HTTP/1.1\r\nHost: h:81\r\n"));
        }
    }

    @SimTest(seeds = 10)
    void queryParametersAreEncoded() {
        try (var server = ScriptedServer.answering(EMPTY);
                var http = server.client().build()) {
            http.request("GET", "http://h/a").query("k y", "\u00e4&=+").query("b", "").send();
            http.request("GET", "http://h/a?x=1").query("y", "2").send();
            assertTrue(server.requests.get(0).startsWith("GET /a?k%20y=%C3%A4%26%3D%2B&b= HTTP/1.1\r\n"));
            assertTrue(server.requests.get(1).startsWith("GET /a?x=1&y=2 HTTP/1.1\r\n"));
        }
    }

    @SimTest(seeds = 10)
    void answerMayComeByteByByte() {
        String response = OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nT: x\r\n\r\n";
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                peer.drip(response, MOMENT);
            }
        });
                var http = server.client().build()) {
            assertEquals("hello", http.get("http://h/").text());
            assertEquals("hello", http.get("http://h/").text());
            assertEquals(1, server.connects.size());
        }
    }

    @SimTest(seeds = 10)
    void headNoContentAndNotModifiedHaveNoBodyAndKeepTheConnection() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(OK + "Content-Length: 5\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 204 No Content\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n");
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            assertEquals("", http.request("HEAD", "http://h/").send().text());
            assertEquals("", http.get("http://h/").text());
            assertEquals("", http.get("http://h/").text());
            assertEquals("", http.get("http://h/").text());
            assertEquals(1, server.connects.size());
        }
    }

    @SimTest(seeds = 10)
    void bodyBytesAfterABodilessAnswerAreNotReadAsBodyAndSpoilTheConnection() {
        for (String head : new String[]{
                "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
        }) {
            try (var server = ScriptedServer.answering(head + "HTTP/1.1 200 poison\r\nContent-Length: 0\r\n\r\n");
                    var http = server.client().build()) {
                assertEquals("", http.get("http://h/").text());
                Reply second = http.get("http://h/");
                assertTrue(second.status() != 200, "the first answer's rest answered the second request");
                assertEquals(2, server.connects.size());
            }
        }
    }

    @SimTest(seeds = 10)
    void bodyWithoutLengthEndsWithTheConnection() {
        for (String version : new String[]{"HTTP/1.0", "HTTP/1.1"}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(version + " 200 OK\r\n\r\nhello");
            });
                    var http = server.client().build()) {
                assertEquals("hello", http.get("http://h/").text());
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 10)
    void http10AnswerEndsTheConnectionUnlessItSaysKeepAlive() {
        try (var server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na");
                    peer.request();
                    peer.send("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nb");
                    assertEquals(0, peer.awaitEnd());
                },
                peer -> {
                    peer.request();
                    peer.send(OK + "Content-Length: 1\r\n\r\nc");
                    peer.awaitEnd();
                });
                var http = server.client().build()) {
            assertEquals("a", http.get("http://h/").text());
            assertEquals("b", http.get("http://h/").text());
            assertEquals("c", http.get("http://h/").text());
            assertEquals(2, server.connects.size());
        }
    }

    @SimTest(seeds = 10)
    void bodyShorterThanItsLengthIsAnErrorAndNeverAShortBody() {
        String[] cutOff = {
                OK + "Content-Length: 100\r\n\r\nhello",
                OK + "Content-Length: 100000\r\n\r\n" + "x".repeat(20_000),
                OK + "Transfer-Encoding: chunked\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: x\r\n",
        };
        for (String response : cutOff) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(response);
            });
                    var http = server.client().build()) {
                Reply reply = http.get("http://h/");
                var e = assertThrows(TruncatedException.class, reply::bytes);
                assertTrue(e.getMessage().startsWith("GET http://h/: the server closed"), e.getMessage());
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 10)
    void connectionThatEndsInsideTheHeadIsAnError() {
        String head = OK + "Content-Length: 0\r\n\r\n";
        for (int cut = 1; cut < head.length(); cut++) {
            String part = head.substring(0, cut);
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(part);
            });
                    var http = server.client().build()) {
                assertThrows(TruncatedException.class, () -> http.get("http://h/"));
            }
        }
    }

    @SimTest(seeds = 10)
    void resetInsideHeadOrBodyIsAnError() {
        for (String part : new String[]{"", "HTTP/1.1 200", OK + "Content-Length: 50000\r\n\r\nhello",
                OK + "\r\nhello"}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(part);
                Heddle.sleep(Duration.ofSeconds(1));
                peer.abort();
            });
                    var http = server.client().build()) {
                var e = assertThrows(BrokenException.class, () -> http.get("http://h/").bytes());
                assertTrue(e.getMessage().startsWith("GET http://h/: "), e.getMessage());
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 10)
    void serverThatClosesWithoutAnAnswerIsAnError() {
        try (var server = ScriptedServer.of(ScriptedServer.Peer::request);
                var http = server.client().build()) {
            var e = assertThrows(BrokenException.class, () -> http.get("http://h/?secret"));
            assertEquals(
                    "GET http://h/?...: the server closed the connection without an answer", e.getMessage());
            assertEquals(1, server.requests.size());
        }
    }

    @SimTest(seeds = 10)
    void interimResponsesAreSkippedUpToALimit() {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 100 Continue\r\n\r\n" + interim.repeat(2) + EMPTY);
            peer.request();
            peer.send(interim.repeat(4) + EMPTY);
        });
                var http = server.client()
                        .limits(ClientLimits.DEFAULT.withMaxInterimResponses(3))
                        .build()) {
            Reply reply = http.get("http://h/");
            assertEquals(200, reply.status());
            assertFalse(reply.headers().contains("Link"));
            var e = assertThrows(BadReplyException.class, () -> http.get("http://h/"));
            assertTrue(e.getMessage().contains("more than 3 interim responses"), e.getMessage());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void interimResponseWithAHugeHeadIsAnError() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(70_000) + "\r\n\r\n" + EMPTY);
        });
                var http = server.client().build()) {
            assertThrows(BadReplyException.class, () -> http.get("http://h/"));
        }
    }

    @SimTest(seeds = 10)
    void switchOfProtocolThatNobodyAskedForIsAnError() {
        try (var server = ScriptedServer.answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
                var http = server.client().build()) {
            assertThrows(BadReplyException.class, () -> http.get("http://h/"));
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void brokenFramingClosesTheConnectionAndIsAnError() {
        for (String response : new String[]{
                OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                OK + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
                OK + "A: b\r\n c\r\n\r\n",
                OK + "A: b\0\r\n\r\n",
        }) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(response);
                peer.awaitEnd();
            });
                    var http = server.client().build()) {
                var e = assertThrows(BadReplyException.class, () -> http.get("http://h/").text());
                assertTrue(e.getMessage().startsWith("GET http://h/: "), e.getMessage());
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 10)
    void answerThatIsNotHttpIsAnError() {
        try (var server = ScriptedServer.of(peer -> peer.send("220 mail.example ESMTP\r\n"));
                var http = server.client().build()) {
            assertThrows(BadReplyException.class, () -> http.get("http://h/"));
        }
    }

    @SimTest(seeds = 10)
    void cancelInTheMiddleOfTheBodyClosesTheConnection() {
        boolean[] ended = new boolean[1];
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(OK + "Content-Length: 50000\r\n\r\nhello");
            peer.awaitEnd();
            ended[0] = true;
        });
                var http = server.client().build()) {
            Task<byte[]> reader = Heddle.spawn(() -> http.get("http://h/").bytes());
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1, http.statistics().connections());
            reader.cancel();
            assertThrows(TaskCancelledException.class, reader::join);
            assertEquals(0, http.statistics().connections());
            Heddle.sleep(Duration.ofSeconds(1));
            assertTrue(ended[0]);
        }
    }

    @SimTest(seeds = 10)
    void cancelBeforeTheHeadClosesTheConnection() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofHours(1));
        });
                var http = server.client().build()) {
            assertTrue(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> http.get("http://h/")).isEmpty());
            assertEquals(0, http.statistics().connections());
            assertTrue(Heddle.moveOnAfter(Duration.ZERO, () -> http.get("http://h/")).isEmpty());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void refusedConnectIsTheNetsErrorAndFreesItsPlace() {
        try (var http = HttpClient.create()) {
            assertThrows(ConnectFailedException.class, () -> http.get("http://127.0.0.1:1/"));
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void realNamesAreLookedUpThroughTheEngine() {
        try (var server = ScriptedServer.answering(EMPTY);
                var http = HttpClient.create()) {
            assertEquals(200, http.get(server.url() + "/x").status());
            assertThrows(ConnectFailedException.class, () -> http.get("http://no.such.host/"));
        }
    }
}
