package dev.heddle.http.client;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events are followed over lost connections, from where they were. */
@LeavesNothing
final class EventSourceTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    private static List<String> take(EventSource source, int count) {
        var taken = new ArrayList<String>();
        Iterator<ServerSentEvent> events = source.iterator();
        while (taken.size() < count && events.hasNext()) {
            taken.add(events.next().data());
        }
        return taken;
    }

    @Test
    void replyGivesItsEvents() {
        run(() -> {
            HttpServer.Builder builder = HttpServer.builder().get("/", r -> Response.events(events -> {
                events.send("a");
                events.send(ServerSentEvent.of("b").withName("n"));
            }));
            try (HttpServer server = builder.start("127.0.0.1", 0);
                    HttpClient http = HttpClient.create();
                    Reply reply = http.get("http://127.0.0.1:" + server.port() + "/")) {
                var events = new ArrayList<ServerSentEvent>();
                reply.events().forEach(events::add);
                assertEquals(List.of(ServerSentEvent.of("a"), ServerSentEvent.of("b").withName("n")), events);
            }
        });
    }

    @Test
    void lostStreamGoesOnBehindTheLastIdAfterTheTimeTheServerNames() {
        var asked = new ArrayList<String>();
        var times = new ArrayList<Long>();
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimHost site = sim.network().host("site");
            SimHost visitor = sim.network().host("visitor");
            site.run(() -> {
                HttpServer server = HttpServer.builder().get("/", r -> {
                    String last = r.header("Last-Event-ID").orElse("none");
                    asked.add(last);
                    times.add(Heddle.currentLoop().nanoTime() / 1_000_000_000);
                    int from = last.equals("none") ? 0 : Integer.parseInt(last) + 1;
                    return Response.events(events -> {
                        events.send(ServerSentEvent.of("" + from).withId("" + from).withRetry(Duration.ofSeconds(7)));
                        if (from % 2 == 0) {
                            // A cut throws away what is still on its way.
                            Heddle.sleep(Duration.ofSeconds(1));
                            throw new IllegalStateException("on purpose");
                        }
                    });
                }).start("site", 80);
                visitor.run(() -> {
                    try (HttpClient http = HttpClient.create();
                            EventSource source = EventSource.of(http.request("GET", "http://site/"))) {
                        assertEquals(List.of("0", "1", "2", "3"), take(source, 4));
                        assertEquals("3", source.lastEventId());
                    }
                });
                server.close();
            });
        });
        assertEquals(List.of("none", "0", "1", "2"), asked);
        for (int i = 1; i < times.size(); i++) {
            assertTrue(times.get(i) - times.get(i - 1) >= 7 && times.get(i) - times.get(i - 1) < 10, times.toString());
        }
    }

    @SimTest(seeds = 3)
    void brokenChunkIsALossOfTheConnection() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send(head + "9\r\ndata: 1\n\n\r\n");
            Heddle.sleep(Duration.ofSeconds(1));
            peer.send("no chunk\r\n");
        }, peer -> {
            peer.request();
            peer.send(head + "9\r\ndata: 2\n\n\r\n");
            peer.awaitEnd();
        });
                HttpClient http = server.client().build();
                EventSource source = EventSource.of(http.request("GET", "http://h/"))) {
            assertEquals(List.of("1", "2"), take(source, 2));
        }
    }

    @Test
    void noContentEndsTheEvents() {
        run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HEAD + "retry: 1\ndata: a\n\n");
            }, peer -> {
                peer.request();
                peer.send("HTTP/1.1 204 No Content\r\n\r\n");
            });
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/"))) {
                assertEquals(List.of("a"), take(source, 9));
                assertEquals(List.of(), take(source, 9));
                assertEquals(2, server.requests.size());
                assertTrue(server.requests.getFirst().contains("Accept: text/event-stream\r\n"));
                assertFalse(server.requests.getLast().contains("Last-Event-ID"), server.requests.getLast());
            }
        });
    }

    @Test
    void serverThatIsAwayForAMomentIsAskedAgain() {
        run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HEAD + "retry: 1\nid: \u00c3\u00a4\ndata: a\n\n");
            }, peer -> peer.abort(), peer -> {
                peer.request();
                peer.send("HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }, peer -> {
                peer.request();
                peer.send(HEAD + "data: b\n\n");
            });
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/"))) {
                assertEquals(List.of("a", "b"), take(source, 2));
                assertEquals("\u00e4", source.lastEventId());
                assertTrue(server.requests.getLast().contains("Last-Event-ID: \u00c3\u00a4\r\n"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 Not Found", "500 Oops", "401 Who"})
    void errorThatWillNotPassIsThrown(String status) {
        run(() -> {
            try (ScriptedServer server = ScriptedServer
                    .answering("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/"))) {
                assertThrows(ReplyStatusException.class, () -> take(source, 1));
                assertEquals(1, server.requests.size());
            }
        });
    }

    @Test
    void answerThatIsNoEventStreamIsThrown() {
        run(() -> {
            try (ScriptedServer server = ScriptedServer.answering(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\ndata: a\n\n");
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/"))) {
                assertThrows(BadReplyException.class, () -> take(source, 1));
            }
        });
    }

    @Test
    void tooManyFailuresInARowAreThrown() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimHost visitor = sim.network().host("visitor");
            sim.network().host("site");
            visitor.run(() -> {
                try (HttpClient http = HttpClient.create();
                        EventSource source = EventSource.of(http.request("GET", "http://site/"))) {
                    long start = Heddle.currentLoop().nanoTime();
                    assertThrows(ConnectFailedException.class, () -> take(source, 1));
                    long seconds = (Heddle.currentLoop().nanoTime() - start) / 1_000_000_000;
                    assertTrue(seconds >= 3 + 6 + 12 + 24 + 48 + 4 * 60 && seconds < 400, "waited " + seconds);
                }
            });
        });
        run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HEAD + "retry: 1\n\n");
            });
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/")).maxFailures(3)) {
                assertThrows(BrokenException.class, () -> take(source, 1));
                assertEquals(3, server.requests.size());
            }
        });
    }

    @Test
    void connectionThatGaveAnEventIsNoFailure() {
        run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HEAD + "retry: 1\ndata: a\n\n");
            });
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/")).maxFailures(1)) {
                assertEquals(List.of("a", "a", "a"), take(source, 3));
                assertEquals(3, server.requests.size());
            }
        });
    }

    @Test
    void idThatTheServerTakesBackIsNotSentAgain() {
        run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HEAD + "retry: 1\nid: 7\ndata: a\n\n");
            }, peer -> {
                peer.request();
                peer.send(HEAD + "id\ndata: b\n\n");
            }, peer -> {
                peer.request();
                peer.send(HEAD + "data: c\n\n");
            });
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/"))) {
                assertEquals(List.of("a", "b", "c"), take(source, 3));
                assertTrue(server.requests.get(1).contains("Last-Event-ID: 7\r\n"));
                assertFalse(server.requests.get(2).contains("Last-Event-ID"), server.requests.get(2));
            }
        });
    }

    @Test
    void cancelledLoopHasLostNothing() {
        run(() -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(HEAD + "retry: 1\nid: 1\ndata: a\n\n");
                peer.awaitEnd();
            }, peer -> {
                peer.request();
                peer.send(HEAD + "id: 2\ndata: b\n\n");
                peer.awaitEnd();
            });
                    HttpClient http = server.client().build();
                    EventSource source = EventSource.of(http.request("GET", "http://a/")).from("0")) {
                assertEquals(List.of("a"), take(source, 1));
                assertTrue(Heddle.moveOnAfter(Duration.ofMillis(20), () -> take(source, 1)).isEmpty());
                assertEquals(List.of("b"), take(source, 1));
                assertTrue(server.requests.getFirst().contains("Last-Event-ID: 0\r\n"));
                assertTrue(server.requests.getLast().contains("Last-Event-ID: 1\r\n"));
                end(source);
                assertThrows(ClosedException.class, () -> take(source, 1));
            }
        });
    }

    private static void end(EventSource source) {
        source.close();
    }
}
