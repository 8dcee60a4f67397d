package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.LeftoverException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that catches every exception in its loop stops no server when its client leaves, and is told of once. */
@Timeout(60)
@Tag("full")
final class SwallowingHandlerTest {

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private boolean free;

    /** Goes round and round, whatever comes. */
    private void forEver(Round round) {
        while (!free) {
            try {
                round.run();
            } catch (Exception e) {
                // One bad round must not end it.
            }
        }
    }

    private HttpServer.Builder server() {
        return HttpServer.builder()
                .get("/ping", r -> Response.text("pong"))
                .get("/slow", r -> {
                    Heddle.sleep(Duration.ofSeconds(2));
                    return Response.text("answered");
                })
                .get("/events", r -> Response.events(events -> forEver(() -> {
                    events.send("tick");
                    Heddle.sleep(Duration.ofMillis(200));
                })))
                .get("/stream", r -> Response.stream("a/b", out -> forEver(() -> {
                    out.write(new byte[1000]);
                    out.flush();
                    Heddle.sleep(Duration.ofMillis(200));
                })))
                .post("/upload", r -> {
                    forEver(() -> r.inputStream().read());
                    return Response.text("taken");
                })
                .webSocket("/socket", (r, socket) -> forEver(() -> {
                    socket.sendText("tick");
                    Heddle.sleep(Duration.ofMillis(200));
                }))
                .webSocket("/listener", (r, socket) -> forEver(socket::receive));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "GET /events", "GET /stream", "POST /upload", "WS /socket"
    })
    void othersAreServedWhenItsClientLeaves(String asked) {
        Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> reports.add(what)), sim -> {
            try (HttpServer _ = server().start(HOST, PORT)) {
                leave(asked);
                Heddle.sleep(Duration.ofSeconds(20)); // a reset is noticed, and the next heartbeat of the events
                for (int i = 0; i < 10; i++) {
                    assertEquals("pong", ping(Duration.ofMillis(200)));
                }
                assertEquals(1, reports.size(), reports::toString);
                assertTrue(
                        reports.getFirst().contains(" repeats a call that fails at once at ")
                                || reports.getFirst().contains(" swallows its cancel at "),
                        reports.getFirst());
                free = true; // so that it can end at all
            } finally {
                free = true;
            }
        });
    }

    private static void leave(String asked) {
        String path = asked.substring(asked.indexOf(' ') + 1);
        if (asked.startsWith("WS")) {
            HttpClient http = HttpClient.create();
            http.webSocket("ws://" + HOST + ":" + PORT + path).connect().abort();
            http.close();
            return;
        }
        ByteStream peer = Tcp.connect(HOST, PORT);
        peer.write(asked + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
        Heddle.sleep(Duration.ofSeconds(1));
        peer.abort();
    }

    private static String ping(Duration within) {
        return Heddle.timeout(within, () -> {
            try (ByteStream peer = Tcp.connect(HOST, PORT)) {
                peer.write("GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                String text = Wire.text(peer.readAll(1_000_000));
                return text.substring(text.length() - 4);
            }
        });
    }

    @Test
    void requestsInFlightAreAnsweredWhenTheRunOfSuchAWorkerIsStopped() {
        SimOptions options = SimOptions.DEFAULT.withFailureHandler((what, failure) -> reports.add(what));
        String[] answer = new String[1];
        // The worker, which nothing ends.
        assertThrows(LeftoverException.class, () -> Sim.run(options, sim -> {
            Loop loop = Heddle.currentLoop();
            loop.spawn("worker", () -> forEver(() -> Heddle.sleep(Duration.ofMillis(500))));
            loop.spawn("serving", () -> server().build().serve(HOST, PORT));
            Heddle.sleep(Duration.ofSeconds(1));
            loop.spawn("client", () -> Heddle.shield(() -> {
                try (ByteStream peer = Tcp.connect(HOST, PORT)) {
                    peer.write("GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    answer[0] = Wire.text(peer.readAll(1_000_000));
                }
            }));
            Heddle.sleep(Duration.ofSeconds(1));
            loop.stop();
            Heddle.shield(() -> Heddle.sleep(Config.DEFAULT.shutdownTimeout().dividedBy(2)));
        }));
        assertTrue(answer[0] != null && answer[0].endsWith("answered"), () -> "" + answer[0]);
        assertEquals(1, reports.size(), reports::toString);
        assertTrue(reports.getFirst().startsWith("task worker (sim, running) swallows its cancel at "),
                reports.getFirst());
    }

    @FunctionalInterface
    private interface Round {
        void run() throws Exception;
    }
}
