package dev.heddle.http.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.RouteOptions.OnDisconnect;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service with more requests than it can answer answers as many as it can, in time; in virtual time. */
@LeavesNothing
final class LoadSheddingTest {

    private static final Duration GOAL = Duration.ofMillis(200);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LoadShedding shedding = LoadShedding.of(GOAL);

    /** A service that does one thing after another: so a request that finds n others waits for n. */
    private static final class OneByOne implements Handler {

        private Duration each;
        private long freeAt;

        OneByOne(Duration each) {
            this.each = each;
        }

        @Override
        public Response handle(Request request) {
            long now = Heddle.currentLoop().nanoTime();
            freeAt = Math.max(now, freeAt) + each.toNanos();
            Heddle.sleep(Duration.ofNanos(freeAt - now));
            return Response.text("done");
        }
    }

    /** What clients have seen of some time. */
    private static final class Seen {

        private final List<Long> millis = new ArrayList<>();
        private int refused;

        long percentile(int percent) {
            Collections.sort(millis);
            return millis.get(millis.size() * percent / 100);
        }
    }

    private interface Body {
        void run(HttpClient http, HttpServer server) throws Exception;
    }

    private void serving(HttpServer.Builder builder, HttpClient.Builder client, Body body) {
        Sim.run(() -> {
            HttpServer server = builder.start("127.0.0.1", 0);
            try (var http = client.baseUrl("http://127.0.0.1:" + server.port()).build()) {
                body.run(http, server);
            } finally {
                server.stop(Duration.ZERO);
            }
        });
    }

    /** Asks at a rate that does not wait for answers. */
    private static Seen ask(HttpClient http, int perSecond, int seconds) {
        var seen = new Seen();
        Heddle.group(group -> {
            for (int i = 0; i < perSecond * seconds; i++) {
                Task<Void> _ = group.spawn(() -> {
                    long begun = Heddle.currentLoop().nanoTime();
                    try (Reply reply = http.get("/")) {
                        if (reply.status() == 200) {
                            seen.millis.add((Heddle.currentLoop().nanoTime() - begun) / 1_000_000);
                        } else {
                            seen.refused++;
                        }
                    }
                });
                Heddle.sleep(SECOND.dividedBy(perSecond));
            }
        });
        return seen;
    }

    @Test
    void limitOfAServiceIsFoundAndFollowedWhileThreeTimesAsMuchComesAsItCanBear() {
        var service = new OneByOne(Duration.ofMillis(5));
        serving(HttpServer.builder().use(shedding).get("/", service), HttpClient.builder().http2PriorKnowledge(),
                (http, server) -> {
                    ask(http, 600, 3);
                    Seen seen = ask(http, 600, 5); // 200 a second can be answered: 40 at once in 200 ms
                    int limit = shedding.statistics().limit();
                    assertTrue(limit >= 30 && limit <= 44, "limit " + limit);
                    assertTrue(seen.percentile(90) <= 220, "p90 " + seen.percentile(90));
                    assertTrue(seen.percentile(100 - 1) <= 250, "p99 " + seen.percentile(99));
                    assertTrue(seen.millis.size() >= 980, "answered " + seen.millis.size());
                    assertTrue(seen.refused >= 1_900, "refused " + seen.refused);

                    service.each = Duration.ofMillis(20); // the database is slow: 10 at once
                    ask(http, 600, 5);
                    seen = ask(http, 600, 5);
                    limit = shedding.statistics().limit();
                    assertTrue(limit >= 7 && limit <= 12, "limit of the slow one " + limit);
                    assertTrue(seen.percentile(90) <= 260, "p90 of the slow one " + seen.percentile(90));
                    assertTrue(seen.millis.size() >= 230, "answered by the slow one " + seen.millis.size());

                    service.each = Duration.ofMillis(5);
                    ask(http, 600, 10);
                    limit = shedding.statistics().limit();
                    assertTrue(limit >= 30 && limit <= 44, "limit again " + limit);
                    assertEquals(0, shedding.statistics().running());
                });
    }

    @Test
    void nobodyIsRefusedWhereTheServiceCanBearThem() {
        serving(HttpServer.builder().use(shedding).get("/", new OneByOne(Duration.ofMillis(5))),
                HttpClient.builder().http2PriorKnowledge(), (http, server) -> {
                    Seen seen = ask(http, 150, 4);
                    assertEquals(0, seen.refused);
                    assertEquals(new LoadShedding.Statistics(32, 0, 600, 0), shedding.statistics());
                });
    }

    private static Response slow(Request request) {
        Heddle.sleep(SECOND.multipliedBy(10));
        return Response.text("late");
    }

    /** Lets requests stand in the handler until the limit of two is full. */
    private static void fill(TaskGroup group, TestClient client, String path) {
        for (int i = 0; i < 2; i++) {
            Task<Void> _ = group.spawn(() -> client.get(path).close());
        }
        Heddle.sleep(Duration.ofMillis(1));
    }

    @Test
    void whoIsRefusedLearnsWhenToComeAndNotAllAtOnceAndHealthChecksPass() {
        LoadShedding two = shedding.withBounds(1, 2).withPriority(r -> r.header("X-Pager").isPresent());
        Sim.run(() -> {
            HttpServer server = HttpServer.builder()
                    .use(two)
                    .health("/healthz")
                    .readiness("/readyz")
                    .get("/", r -> Response.text("done"))
                    .post("/healthz", r -> Response.text("done"))
                    .get("/slow", LoadSheddingTest::slow)
                    .build();
            try (var client = TestClient.of(server)) {
                Heddle.group(group -> {
                    fill(group, client, "/slow");
                    for (String seconds : List.of("1", "2", "3", "1")) {
                        Reply refused = client.get("/");
                        assertEquals(503, refused.status());
                        assertEquals(seconds, refused.headers().first("Retry-After"));
                        assertEquals("too many requests at the same time\n", refused.text());
                    }
                    assertEquals(503, client.request("POST", "/healthz").send().status());
                    assertEquals(200, client.get("/healthz").status());
                    assertEquals(200, client.get("/readyz").status());
                    assertEquals(200, client.request("GET", "/").header("X-Pager", "1").send().status());
                    assertEquals("LoadShedding[goal PT0.2S, 2 of 2]", two.toString());
                });
                assertEquals(200, client.get("/").status());
            }
            server.close();
        });
        assertEquals(new LoadShedding.Statistics(2, 0, 6, 5), two.statistics());
    }

    @Test
    void placesComeBackFromHandlersThatFailAreLateOrLoseTheirPeer() {
        LoadShedding two = shedding.withBounds(1, 2);
        var builder = HttpServer.builder()
                .use(two)
                .get("/", r -> Response.text("done"))
                .get("/fails", r -> {
                    throw new IllegalStateException("a test's");
                })
                .get("/late", RouteOptions.DEFAULT.withDeadline(SECOND), LoadSheddingTest::slow)
                .get("/left", RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL), LoadSheddingTest::slow)
                .get("/shielded", LoadSheddingTest::slow);
        serving(builder, HttpClient.builder(), (http, server) -> places(http, two));
    }

    @Test
    void placesComeBackFromStreamsOfHttp2() {
        LoadShedding two = shedding.withBounds(1, 2);
        var builder = HttpServer.builder()
                .use(two)
                .get("/", r -> Response.text("done"))
                .get("/fails", r -> {
                    throw new IllegalStateException("a test's");
                })
                .get("/late", RouteOptions.DEFAULT.withDeadline(SECOND), LoadSheddingTest::slow)
                .get("/left", RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL), LoadSheddingTest::slow)
                .get("/shielded", LoadSheddingTest::slow);
        serving(builder, HttpClient.builder().http2PriorKnowledge(), (http, server) -> places(http, two));
    }

    private static void places(HttpClient http, LoadShedding two) {
        for (int i = 0; i < 3; i++) {
            assertEquals(500, http.get("/fails").status());
            assertEquals(503, http.get("/late").status());
            Heddle.moveOnAfter(SECOND, () -> http.get("/left").close());
            Heddle.sleep(Duration.ofMillis(10));
            assertEquals(0, two.statistics().running());
        }
        Heddle.moveOnAfter(SECOND, () -> http.get("/shielded").close());
        assertEquals(1, two.statistics().running()); // works on, and so keeps its place
        Heddle.sleep(SECOND.multipliedBy(10));
        assertEquals(0, two.statistics().running());
        assertEquals(200, http.get("/").status());
    }

    @Test
    void stopThatCancelsHandlersGivesTheirPlacesBack() {
        LoadShedding two = shedding.withBounds(1, 2);
        serving(HttpServer.builder().use(two).get("/slow", LoadSheddingTest::slow), HttpClient.builder(),
                (http, server) -> {
                    Task<Boolean> asking = Heddle.spawn(() -> Heddle.moveOnAfter(SECOND.multipliedBy(2), () -> {
                        assertThrows(RuntimeException.class, () -> http.get("/slow"));
                    }));
                    Heddle.sleep(SECOND);
                    assertEquals(1, two.statistics().running());
                    server.stop(Duration.ZERO);
                    assertEquals(0, two.statistics().running());
                    asking.join();
                });
    }

    @Test
    void clientsThatSendSlowlyMakeNoLimitSmaller() {
        LoadShedding eight = shedding.withBounds(1, 8);
        var builder = HttpServer.builder().use(eight).post("/", r -> Response.text(r.text(100)));
        serving(builder, HttpClient.builder().http2PriorKnowledge(), (http, server) -> {
            for (int round = 0; round < 5; round++) {
                Heddle.map(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8, i -> {
                    try (Reply reply = http.request("POST", "/").body(out -> {
                        out.write(new byte[]{'a'});
                        out.flush();
                        Heddle.sleep(SECOND);
                        out.write(new byte[]{'b'});
                    }).send()) {
                        assertEquals("ab", reply.text());
                    }
                    return i;
                });
            }
            assertEquals(new LoadShedding.Statistics(8, 0, 40, 0), eight.statistics());
        });
    }

    @Test
    void numbersHaveTheirLimits() {
        assertThrows(IllegalArgumentException.class, () -> LoadShedding.of(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> LoadShedding.of(Duration.ofHours(2)));
        assertThrows(IllegalArgumentException.class, () -> shedding.withBounds(0, 4));
        assertThrows(IllegalArgumentException.class, () -> shedding.withBounds(5, 4));
        assertFalse(shedding.statistics().limit() < 4);
    }
}
