package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.server.SessionStore;
import dev.heddle.http.server.Sessions;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.LimitExceededException;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Visitors are known on every node of a cluster. */
final class ClusterSessionsTest {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Map<String, String> ADA = Map.of("user", "Ada");
    private static final SimOptions HOURS = SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofHours(10));

    private final InMemoryStore store = InMemoryStore.create();

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    private static ClusterSessions sessions(Cluster node) {
        return sessions(node, 100);
    }

    private static ClusterSessions sessions(Cluster node, int capacity) {
        return ClusterSessions.in(node.map("sessions", capacity));
    }

    private static Routes shop(SessionStore sessions) {
        return Routes.create()
                .use(Sessions.in(sessions).withIdle(IDLE))
                .get("/", r -> Response.text(r.session().get("user").orElse("stranger")))
                .get("/plain", r -> Response.text("plain"))
                .get("/login/{user}", r -> {
                    r.session().renewId();
                    r.session().put("user", r.path("user"));
                    return Response.text("in");
                })
                .get("/slow/{user}", r -> {
                    r.session().put("user", r.path("user"));
                    Heddle.sleep(Duration.ofSeconds(1));
                    return Response.text("slow");
                })
                .get("/logout", r -> {
                    r.session().clear();
                    return Response.text("out");
                });
    }

    /** A browser whose requests any server may get. */
    private static final class Browser {

        private String cookie = "";

        String text(TestClient server, String path) {
            return get(server, path).text();
        }

        Reply get(TestClient server, String path) {
            ClientRequest request = server.request("GET", path);
            Reply reply = (cookie.isEmpty() ? request : request.header("Cookie", cookie)).send();
            reply.headers().get("Set-Cookie").ifPresent(
                    set -> cookie = set.contains("Max-Age=0") ? "" : set.split(";", 2)[0]);
            return reply;
        }
    }

    @Test
    void visitorIsKnownOnTheOtherNodeAndWhenTheFirstHasGone() {
        Sim.run(HOURS, _ -> {
            Cluster a = join("a");
            try (Cluster b = join("b"); TestClient two = TestClient.of(shop(sessions(b)))) {
                var ada = new Browser();
                try (a; TestClient one = TestClient.of(shop(sessions(a)))) {
                    assertEquals("stranger", ada.text(one, "/"));
                    assertEquals("in", ada.text(one, "/login/Ada"));
                    assertEquals("Ada", ada.text(two, "/"));
                }
                assertEquals("Ada", ada.text(two, "/"));
                String before = ada.cookie;
                assertEquals("in", ada.text(two, "/login/Lovelace"));
                assertNotEquals(before, ada.cookie);
                assertEquals("out", ada.text(two, "/logout"));
                assertEquals("", ada.cookie);
                ada.cookie = before;
                assertEquals("stranger", ada.text(two, "/"));
            }
        });
    }

    @Test
    void laterOneOfTwoRequestsOnTwoNodesWins() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a");
                    Cluster b = join("b");
                    TestClient one = TestClient.of(shop(sessions(a)));
                    TestClient two = TestClient.of(shop(sessions(b)))) {
                var ada = new Browser();
                ada.get(one, "/login/Ada");
                Task<String> slow = Heddle.spawn(() -> ada.text(one, "/slow/slow"));
                Heddle.sleep(Duration.ofMillis(500));
                ada.get(two, "/slow/later");
                slow.join();
                assertEquals("later", ada.text(one, "/"));
            }
        });
    }

    @Test
    void sessionThatAnotherNodeHasEndedDoesNotComeToLifeAgain() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a");
                    Cluster b = join("b");
                    TestClient one = TestClient.of(shop(sessions(a)));
                    TestClient two = TestClient.of(shop(sessions(b)))) {
                var ada = new Browser();
                ada.get(one, "/login/Ada");
                var same = new Browser();
                same.cookie = ada.cookie;
                Task<String> slow = Heddle.spawn(() -> ada.text(one, "/slow/slow"));
                Heddle.sleep(Duration.ofMillis(500));
                same.get(two, "/logout");
                slow.join();
                assertEquals("stranger", ada.text(one, "/"));
                assertEquals(0, a.map("sessions", 100).all().size());
            }
        });
    }

    @Test
    void sessionEndsWhenItWasNotUsedOnAnyNode() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a");
                    Cluster b = join("b");
                    TestClient one = TestClient.of(shop(sessions(a)));
                    TestClient two = TestClient.of(shop(sessions(b)))) {
                var ada = new Browser();
                ada.get(one, "/login/Ada");
                for (int i = 0; i < 3; i++) {
                    Heddle.sleep(Duration.ofMinutes(20));
                    assertEquals("Ada", ada.text(i % 2 == 0 ? two : one, "/"));
                }
                Heddle.sleep(IDLE);
                assertEquals("stranger", ada.text(two, "/"));
            }
        });
    }

    @Test
    void endedSessionIsTakenOutOfTheStoreByWhoMakesTheNext() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                ClusterSessions mine = sessions(a);
                mine.create("one", ADA, IDLE);
                sessions(b).create("two", ADA, IDLE);
                Heddle.sleep(IDLE.plusSeconds(1));
                assertEquals(2, a.map("sessions", 100).all().size());
                mine.create("three", ADA, IDLE);
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(1, a.map("sessions", 100).all().size());
                assertEquals(Optional.of(ADA), mine.load("three"));
                assertEquals(Optional.empty(), mine.update("one", ADA, IDLE));
            }
        });
    }

    @Test
    void fullMapForgetsTheSessionsThatWereNotUsedForLongest() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a")) {
                ClusterSessions sessions = sessions(a, 20);
                for (int i = 0; i < 20; i++) {
                    sessions.create("visitor " + i, ADA, IDLE);
                    Heddle.sleep(Duration.ofSeconds(1));
                }
                assertEquals(Optional.of("visitor 0"), sessions.update("visitor 0", ADA, IDLE));
                for (int i = 20; i < 24; i++) {
                    sessions.create("visitor " + i, ADA, IDLE);
                }
                assertEquals(20, a.map("sessions", 20).all().size());
                for (int i = 0; i < 24; i++) {
                    boolean forgotten = i > 0 && i < 5;
                    assertEquals(!forgotten, sessions.load("visitor " + i).isPresent(), "visitor " + i);
                }
            }
        });
    }

    @Test
    void manyVisitorsOfTwoNodesComeAtOnceThoughTheMapIsFull() {
        Sim.seeds(1, 20, () -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                ClusterSessions[] nodes = {sessions(a, 10), sessions(b, 10)};
                Heddle.group(group -> {
                    for (int i = 0; i < 30; i++) {
                        String id = "visitor " + i;
                        ClusterSessions node = nodes[i % 2];
                        group.spawn(() -> assertEquals(id, node.create(id, ADA, IDLE)));
                    }
                });
                assertEquals(10, a.map("sessions", 10).all().size());
            }
        });
    }

    @Test
    void storeHoldsNothingThatCouldBeShownAsAToken() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a")) {
                ClusterSessions sessions = sessions(a);
                sessions.create("secret", ADA, IDLE);
                String key = a.map("sessions", 100).all().firstKey();
                assertFalse(key.contains("secret"));
                assertEquals(Optional.empty(), sessions.load(key));
            }
        });
    }

    @Test
    void whatIsNoTokenOrNoSessionIsNobody() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a")) {
                ClusterSessions sessions = sessions(a);
                assertEquals(Optional.empty(), sessions.load(""));
                assertEquals(Optional.empty(), sessions.load("x".repeat(4_000)));
                sessions.create("id", ADA, IDLE);
                ClusterMap map = a.map("sessions", 100);
                map.put(map.all().firstKey(), Bytes.utf8("rubbish"));
                assertEquals(Optional.empty(), sessions.load("id"));
                sessions.delete("id");
                sessions.delete("id");
            }
        });
    }

    @Test
    void sessionAbove64KiBIsRefused() {
        Sim.run(HOURS, _ -> {
            try (Cluster a = join("a")) {
                ClusterSessions sessions = sessions(a);
                Map<String, String> large = Map.of("a", "x".repeat(64 * 1024));
                LimitExceededException refused = assertThrows(LimitExceededException.class,
                        () -> sessions.create("id", large, IDLE));
                assertEquals("a session in a cluster is longer than 65536 bytes", refused.getMessage());
                sessions.create("id", ADA, IDLE);
                assertThrows(LimitExceededException.class, () -> sessions.update("id", large, IDLE));
                assertEquals(Optional.of(ADA), sessions.load("id"));
            }
        });
    }

    @Test
    void requestGetsA503InTimeWhileTheStoreIsSilentAndServesAgainAfterwards() {
        Sim.seeds(HOURS, 10, sim -> {
            SimStore ensemble = SimStore.create(3, StoreFaults.NONE);
            sim.network().host("node").run(() -> {
                ClusterOptions options = ClusterOptions.of("shop", ensemble).withNode("node");
                try (Cluster node = Cluster.join(options);
                        TestClient server = TestClient.of(shop(sessions(node)))) {
                    var ada = new Browser();
                    ada.get(server, "/login/Ada");
                    sim.network().host("node").isolate();
                    for (int i = 0; i < 20; i++) {
                        long begin = Heddle.currentLoop().nanoTime();
                        Reply reply = ada.get(server, i % 2 == 0 ? "/" : "/login/Eve");
                        assertEquals(503, reply.status());
                        assertEquals("5", reply.headers().get("Retry-After").orElseThrow());
                        assertTrue(reply.text().contains("out of reach"));
                        assertTrue(Heddle.currentLoop().nanoTime() - begin <= Duration.ofSeconds(6).toNanos());
                        assertEquals(200, ada.get(server, "/plain").status());
                    }
                    assertFalse(node.isJoined());
                    sim.network().host("node").rejoin();
                    Heddle.sleep(Duration.ofMinutes(1));
                    assertEquals("Ada", ada.text(server, "/"));
                }
                return null;
            });
        });
    }

    @Test
    void requestWaitsForAStoreThatIsSilentForAMoment() {
        Sim.seeds(HOURS, 10, sim -> {
            SimStore ensemble = SimStore.create(3, StoreFaults.NONE);
            sim.network().host("node").run(() -> {
                try (Cluster node = Cluster.join(ClusterOptions.of("shop", ensemble).withNode("node"));
                        TestClient server = TestClient.of(shop(sessions(node)))) {
                    var ada = new Browser();
                    ada.get(server, "/login/Ada");
                    ensemble.crash(ensemble.leaderHost().orElseThrow());
                    assertEquals("Ada", ada.text(server, "/"));
                    assertEquals("in", ada.text(server, "/login/Eve"));
                }
                return null;
            });
        });
    }

    @Test
    void failureTellsItsCauseAndANodeThatHasLeftFailsAtOnce() {
        Sim.run(HOURS, sim -> {
            SimStore ensemble = SimStore.create(3, StoreFaults.NONE);
            sim.network().host("node").run(() -> {
                Cluster node = Cluster.join(ClusterOptions.of("shop", ensemble).withNode("node"));
                ClusterSessions sessions = sessions(node).withPatience(Duration.ofSeconds(1));
                sessions.create("id", ADA, IDLE);
                sim.network().host("node").isolate();
                StatusException silent = assertThrows(StatusException.class, () -> sessions.load("id"));
                assertInstanceOf(StoreUnavailableException.class, silent.getCause());
                sim.network().host("node").rejoin();
                node.close();
                assertThrows(StatusException.class, () -> sessions.load("id"));
                assertThrows(IllegalArgumentException.class, () -> sessions.withPatience(Duration.ZERO));
                return null;
            });
        });
    }
}
