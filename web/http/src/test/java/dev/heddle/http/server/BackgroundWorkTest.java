package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a handler starts and leaves behind: told if it ends with the connection, and at home with the server. */
final class BackgroundWorkTest {

    private static final Duration WORK = Duration.ofSeconds(5);

    private final List<String> seen = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger("dev.heddle.http");

    private HttpServer server = HttpServer.builder().build();

    @BeforeEach
    void listen() {
        logger.setFilter(entry -> {
            logged.add(entry.getMessage());
            return false;
        });
    }

    @AfterEach
    void leave() {
        logger.setFilter(null);
    }

    private void work() {
        try {
            Heddle.sleep(WORK);
            seen.add("done");
        } catch (CancelledException e) {
            seen.add("cancelled");
            throw e;
        }
    }

    private interface Body {
        void run(HttpClient http) throws Exception;
    }

    private void serving(HttpClient.Builder client, Body body) {
        Sim.run(() -> {
            server = HttpServer.builder()
                    .get("/spawn", r -> {
                        Heddle.spawn("mail", this::work);
                        return Response.text("ok");
                    })
                    .get("/background", r -> {
                        server.background("mail", this::work);
                        return Response.text("ok");
                    })
                    .start("127.0.0.1", 0);
            try (var http = client.baseUrl("http://127.0.0.1:" + server.port()).build()) {
                body.run(http);
            } finally {
                server.stop(Duration.ZERO);
            }
        });
    }

    private void assertTold(String by) {
        assertEquals(List.of("cancelled"), seen);
        assertEquals(1, logged.size(), logged.toString());
        String told = logged.getFirst();
        assertTrue(
                told.startsWith("cancelled with the request on " + by) && told.contains(" that has spawned it: mail"),
                told);
        assertTrue(told.contains("HttpServer.background"), told);
    }

    @Test
    void whatIsSpawnedEndsWithItsRequestThoughItsConnectionGoesOnAndThatIsTold() {
        serving(HttpClient.builder(), http -> {
            assertEquals("ok", http.get("/spawn").text());
            Heddle.sleep(Duration.ofSeconds(1));
            assertTold("connection ");
        });
    }

    @Test
    void whatHasSwallowedItsCancelIsToldOnceAndHoldsNoFurtherRequestOfItsConnection() {
        boolean[] free = new boolean[1];
        Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> {}), sim -> {
            try (HttpServer _ = HttpServer.builder()
                    .get("/ping", r -> Response.text("pong"))
                    .get("/spawn", r -> {
                        Heddle.spawn("mail", () -> swallow(free));
                        return Response.text("ok");
                    })
                    .start("127.0.0.1", 8080);
                    var http = HttpClient.builder().baseUrl("http://127.0.0.1:8080").build()) {
                assertEquals("ok", http.get("/spawn").text());
                for (int i = 0; i < 10; i++) {
                    assertEquals("pong", Heddle.timeout(Duration.ofSeconds(1), () -> http.get("/ping").text()));
                }
                assertEquals(1, logged.size(), logged.toString());
                free[0] = true;
            } finally {
                free[0] = true;
            }
        });
    }

    private static void swallow(boolean[] free) {
        while (!free[0]) {
            try {
                Heddle.sleep(WORK);
            } catch (CancelledException swallowed) {
                // Goes on.
            }
        }
    }

    @Test
    void whatTheTaskHasSpawnedThatServesAConnectionItselfGoesOn() {
        Sim.run(() -> {
            try (HttpServer serving = HttpServer.builder().get("/", r -> Response.text("ok")).start("127.0.0.1",
                    8080)) {
                MemoryStreams.Pair pair = MemoryStreams.pair();
                Task<Void> served = Heddle.spawn(() -> {
                    Task<Void> mine = Heddle.spawn("mine", this::work);
                    serving.serve(pair.right());
                    mine.join();
                });
                pair.left().write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                pair.left().readAll(1000);
                served.join();
                assertEquals(List.of("done"), seen);
                assertEquals(List.of(), logged);
            }
        });
    }

    @Test
    void whatIsSpawnedEndsWithItsStreamOfHttp2AndThatIsTold() {
        serving(HttpClient.builder().http2PriorKnowledge(), http -> {
            assertEquals("ok", http.get("/spawn").text());
            Heddle.sleep(Duration.ofSeconds(1));
            assertTold("GET /spawn");
        });
    }

    @Test
    void workInTheBackgroundOutlivesItsConnection() {
        serving(HttpClient.builder(), http -> {
            assertEquals("ok", http.get("/background").text());
            http.close();
            Heddle.sleep(WORK.plusSeconds(1));
            assertEquals(List.of("done"), seen);
            assertEquals(List.of(), logged);
        });
    }

    @Test
    void stopWaitsForWorkInTheBackground() {
        serving(HttpClient.builder(), http -> {
            assertEquals("ok", http.get("/background").text());
            http.close();
            server.stop(Duration.ofSeconds(30));
            assertEquals(List.of("done"), seen);
            assertThrows(IllegalStateException.class, () -> server.background("late", this::work));
        });
    }

    @Test
    void stopCancelsWorkInTheBackgroundAfterTheGrace() {
        serving(HttpClient.builder(), http -> {
            assertEquals("ok", http.get("/background").text());
            http.close();
            long start = Heddle.currentLoop().nanoTime();
            server.stop(Duration.ofSeconds(2));
            assertEquals(List.of("cancelled"), seen);
            assertEquals(Duration.ofSeconds(2), Duration.ofNanos(Heddle.currentLoop().nanoTime() - start));
        });
    }

    @Test
    void stopTakesItsGraceAndOneTimeForAllThatIsCancelled() {
        Sim.run(() -> {
            var deaf = HttpServer.builder().get("/", r -> {
                server.background("deaf", BackgroundWorkTest::ignoreCancel);
                ignoreCancel();
                return Response.text("late");
            });
            server = deaf.start("127.0.0.1", 0);
            try (var http = HttpClient.builder().baseUrl("http://127.0.0.1:" + server.port()).build()) {
                Heddle.spawn(() -> http.get("/"));
                Heddle.sleep(Duration.ofSeconds(1));
                long start = Heddle.currentLoop().nanoTime();
                server.stop(Duration.ofSeconds(2));
                Duration taken = Duration.ofNanos(Heddle.currentLoop().nanoTime() - start);
                assertEquals(Duration.ofSeconds(2).plus(StopPlan.CLEAN_UP), taken);
            }
        });
    }

    private static void ignoreCancel() {
        Heddle.shield(() -> Heddle.sleep(Duration.ofSeconds(60)));
    }

    @Test
    void serverThatDoesNotRunHasNoBackground() {
        assertThrows(IllegalStateException.class, () -> server.background("early", this::work));
    }
}
