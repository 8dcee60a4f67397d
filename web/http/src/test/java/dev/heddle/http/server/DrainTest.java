package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Health, readiness, and a stop that no client notices; over the simulated network. */
final class DrainTest {

    private static final Duration DELAY = Duration.ofSeconds(5);
    private static final String HOST = "127.0.0.1";

    private static HttpServer.Builder server() {
        return HttpServer.builder()
                .health("/healthz")
                .readiness("/readyz")
                .get("/", r -> {
                    Heddle.sleep(Duration.ofMillis(20));
                    return Response.text("whole");
                });
    }

    private static String ask(int port, String path) {
        try (HttpClient http = HttpClient.create(); Reply reply = http.get("http://" + HOST + ":" + port + path)) {
            return reply.status() + " " + reply.text();
        }
    }

    @Test
    void runningServerIsAliveAndReady() {
        Sim.run(() -> {
            try (HttpServer server = server().start(HOST, 0)) {
                assertEquals("200 ok\n", ask(server.port(), "/healthz"));
                assertEquals("200 ok\n", ask(server.port(), "/readyz"));
            }
        });
    }

    @Test
    void checksRunAtTheSameTimeAndEachHasItsDeadline() {
        List<String> cancelled = new ArrayList<>();
        Sim.run(() -> {
            var server = HttpServer.builder().readiness("/readyz",
                    HealthCheck.of("database", () -> Heddle.sleep(Duration.ofSeconds(1))),
                    HealthCheck.of("queue", () -> {
                        throw new IOException("secret");
                    }),
                    HealthCheck.of("slow", () -> {
                        try {
                            Heddle.sleep(Duration.ofHours(1));
                        } finally {
                            cancelled.add("slow");
                        }
                    }).withDeadline(Duration.ofSeconds(3)));
            try (HttpServer started = server.start(HOST, 0)) {
                long start = Heddle.currentLoop().nanoTime();
                assertEquals("503 database: ok\nqueue: failed\nslow: failed\n", ask(started.port(), "/readyz"));
                assertEquals(3, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
                assertEquals(List.of("slow"), cancelled);
            }
        });
    }

    @Test
    void allChecksPassing() {
        Sim.run(() -> {
            var server = HttpServer.builder().readiness("/readyz", HealthCheck.of("a", () -> {}));
            try (HttpServer started = server.start(HOST, 0)) {
                assertEquals("200 a: ok\n", ask(started.port(), "/readyz"));
            }
        });
    }

    @Test
    void checkHasAPlainName() {
        assertThrows(IllegalArgumentException.class, () -> HealthCheck.of("a\nb", () -> {}));
        assertThrows(IllegalArgumentException.class, () -> HealthCheck.of("", () -> {}));
        assertThrows(IllegalArgumentException.class, () -> HealthCheck.of("a", () -> {}).withDeadline(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> HttpServer.builder().drainDelay(Duration.ofSeconds(-1)));
    }

    @Test
    void readinessFailsAtOnceAndThePortClosesAfterTheDelay() {
        Sim.run(() -> {
            HttpServer server = server().drainDelay(DELAY).start(HOST, 0);
            int port = server.port();
            ByteStream kept = Tcp.connect(HOST, port);
            ByteStream idle = Tcp.connect(HOST, port);
            kept.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(!Wire.response(kept).contains("Connection: close"));
            long start = Heddle.currentLoop().nanoTime();
            Task<Void> stopping = Heddle.spawn(() -> server.stop(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals("503 stopping\n", ask(port, "/readyz"));
            assertEquals("200 ok\n", ask(port, "/healthz"));
            assertEquals("200 whole", ask(port, "/"));
            kept.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(Wire.text(kept.readAll(1000)).contains("Connection: close"), "announced from the drain on");
            kept.close();
            assertEquals(-1, idle.read(new byte[1]));
            idle.close();
            stopping.join();
            assertEquals(5, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
            assertThrows(HeddleException.class, () -> Tcp.connect(HOST, port));
        });
    }

    @Test
    void notOneRequestFailsUnderLoadWhenClientsGoByReadiness() {
        Sim.run(() -> {
            HttpServer server = server().drainDelay(DELAY).start(HOST, 0);
            String base = "http://" + HOST + ":" + server.port();
            try (HttpClient http = HttpClient.create()) {
                List<Task<Integer>> workers = new ArrayList<>();
                boolean[] ready = {true};
                for (int i = 0; i < 20; i++) {
                    workers.add(Heddle.spawn(() -> {
                        int answers = 0;
                        while (ready[0]) {
                            assertEquals("whole", http.get(base + "/").text());
                            answers++;
                        }
                        return answers;
                    }));
                }
                Heddle.spawn(() -> {
                    while (http.get(base + "/readyz").status() == 200) {
                        Heddle.sleep(Duration.ofSeconds(1));
                    }
                    ready[0] = false;
                });
                Heddle.sleep(Duration.ofMillis(3_210));
                server.stop(Duration.ofSeconds(10));
                int answers = workers.stream().mapToInt(Task::join).sum();
                assertTrue(answers > 1_000, answers + " answers");
                ServerStatistics statistics = server.statistics();
                assertEquals(0, statistics.unanswered());
                assertEquals(0, statistics.inFlight());
            }
        });
    }

    @Test
    void withoutADelayARequestThatMeetsTheCloseIsAnsweredWholeOrNotAtAll() {
        Sim.run(() -> {
            HttpServer server = server().start(HOST, 0);
            String base = "http://" + HOST + ":" + server.port();
            int[] whole = {0};
            int[] refused = {0};
            try (HttpClient http = HttpClient.create()) {
                List<Task<Void>> workers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    int pause = i;
                    workers.add(Heddle.spawn(() -> {
                        while (refused[0] < 20) {
                            try {
                                assertEquals("whole", http.get(base + "/").text());
                                whole[0]++;
                                Heddle.sleep(Duration.ofMillis(pause));
                            } catch (ClosedException e) {
                                throw e;
                            } catch (HeddleException e) {
                                assertTrue(e.getMessage().contains(HOST), e.getMessage());
                                refused[0]++;
                            }
                        }
                    }));
                }
                Heddle.sleep(Duration.ofMillis(1_234));
                server.stop(Duration.ofSeconds(10));
                workers.forEach(Task::join);
                assertEquals(whole[0], server.statistics().successes());
                assertEquals(0, server.statistics().unanswered());
            }
        });
    }

    @Test
    void cancelledStopAbortsAtOnce() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().drainDelay(DELAY).get("/", r -> {
                Heddle.sleep(Duration.ofHours(1));
                return Response.empty(200);
            }).start(HOST, 0);
            int port = server.port();
            try (ByteStream busy = Tcp.connect(HOST, port)) {
                busy.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                Heddle.sleep(Duration.ofSeconds(1));
                assertTrue(!Heddle.moveOnAfter(Duration.ofSeconds(2), () -> server.stop(Duration.ofSeconds(10))));
                assertThrows(HeddleException.class, () -> busy.read(new byte[1]));
                assertThrows(HeddleException.class, () -> Tcp.connect(HOST, port));
            }
        });
    }
}
