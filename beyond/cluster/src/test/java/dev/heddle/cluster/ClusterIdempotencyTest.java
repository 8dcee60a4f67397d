package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.Reply;
import dev.heddle.http.idempotency.IdempotencyKeys;
import dev.heddle.http.idempotency.IdempotencyStore.Claim;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request is carried out once, whichever node of a cluster it comes to. */
final class ClusterIdempotencyTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final SimOptions DAYS = SimOptions.DEFAULT.withMaxVirtualTime(Duration.ofDays(3));

    private final InMemoryStore store = InMemoryStore.create();
    private int runs;

    private Cluster join(String node) {
        return Cluster.join(ClusterOptions.of("shop", store).withNode(node));
    }

    private static ClusterIdempotency keys(Cluster node, int capacity) {
        return ClusterIdempotency.in(node.map("payments", capacity));
    }

    private Routes shop(ClusterIdempotency keys) {
        return Routes.create().use(IdempotencyKeys.in(keys)).post("/pay", request -> {
            runs++;
            Heddle.sleep(Duration.ofSeconds(1));
            return Response.text("paid " + request.text(1_000) + ", no. " + runs);
        }).post("/long", request -> Response.text("x".repeat(64 * 1024)));
    }

    private static Reply pay(TestClient server, String path) {
        return server.request("POST", path).header("Idempotency-Key", "k").body("5").send();
    }

    @Test
    void requestIsCarriedOutOnceThoughItComesToTwoNodes() {
        Sim.run(DAYS, _ -> {
            Cluster a = join("a");
            try (Cluster b = join("b"); TestClient two = TestClient.of(shop(keys(b, 100)))) {
                try (a; TestClient one = TestClient.of(shop(keys(a, 100)))) {
                    var first = Heddle.spawn(() -> pay(one, "/pay").text());
                    Heddle.sleep(Duration.ofMillis(500));
                    assertEquals(409, pay(two, "/pay").status());
                    assertEquals("paid 5, no. 1", first.join());
                }
                assertEquals("paid 5, no. 1", pay(two, "/pay").text());
                Heddle.sleep(DAY.plusMinutes(1));
                assertEquals("paid 5, no. 2", pay(two, "/pay").text());
            }
        });
    }

    @Test
    void responseThatTheStoreDoesNotTakeRunsNothingAgain() {
        Sim.run(DAYS, _ -> {
            try (Cluster a = join("a"); TestClient one = TestClient.of(shop(keys(a, 100)))) {
                assertEquals(200, pay(one, "/long").status());
                assertEquals(409, pay(one, "/long").status());
            }
        });
    }

    @Test
    void ofManyWhoClaimAKeyAtOnceOneHasItAndAMapThatIsFullForgetsNothingUnderWay() {
        Sim.seeds(1, 20, () -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                ClusterIdempotency[] nodes = {keys(a, 10), keys(b, 10)};
                List<Integer> granted = Collections.synchronizedList(new ArrayList<>());
                Heddle.group(group -> {
                    for (int i = 0; i < 16; i++) {
                        int number = i;
                        group.spawn(() -> {
                            if (nodes[number % 2].begin("key " + number % 8, DAY) instanceof Claim.Granted) {
                                granted.add(number);
                            }
                        });
                    }
                });
                assertEquals(8, granted.size());
                for (int i = 0; i < 4; i++) {
                    nodes[0].finish("key " + i, new byte[]{1}, DAY);
                }
                for (int i = 8; i < 14; i++) {
                    assertInstanceOf(Claim.Granted.class, nodes[0].begin("key " + i, DAY));
                }
                for (int i = 4; i < 8; i++) {
                    assertInstanceOf(Claim.UnderWay.class, nodes[1].begin("key " + i, DAY));
                }
                assertEquals(503, assertThrows(StatusException.class, () -> nodes[1].begin("more", DAY)).status());
                nodes[0].release("key 4");
                assertInstanceOf(Claim.Granted.class, nodes[1].begin("more", DAY));
                for (int i = 4; i < 8; i++) {
                    nodes[0].release("key " + i);
                }
                for (int i = 8; i < 14; i++) {
                    nodes[0].release("key " + i);
                }
                nodes[0].release("more");
            }
        });
    }

    @Test
    void claimOfANodeThatHasDiedEndsWithItsTime() {
        Sim.run(DAYS, _ -> {
            try (Cluster a = join("a"); Cluster b = join("b")) {
                assertInstanceOf(Claim.Granted.class, keys(a, 100).begin("k", Duration.ofMinutes(5)));
                ClusterIdempotency other = keys(b, 100);
                Heddle.sleep(Duration.ofMinutes(4));
                assertInstanceOf(Claim.UnderWay.class, other.begin("k", Duration.ofMinutes(5)));
                Heddle.sleep(Duration.ofMinutes(2));
                assertInstanceOf(Claim.Granted.class, other.begin("k", Duration.ofMinutes(5)));
                other.finish("k", new byte[]{1, 2}, DAY);
                Claim.Ended ended = assertInstanceOf(Claim.Ended.class, keys(a, 100).begin("k", DAY));
                assertArrayEquals(new byte[]{1, 2}, ended.outcome());
                b.map("payments", 100).put("k", Bytes.utf8("rubbish"));
                assertInstanceOf(Claim.Granted.class, other.begin("k", DAY));
            }
        });
    }

    @Test
    void requestGetsA503InTimeWhileTheStoreIsSilent() {
        Sim.seeds(DAYS, 10, sim -> {
            SimStore ensemble = SimStore.create(3, StoreFaults.NONE);
            sim.network().host("node").run(() -> {
                ClusterOptions options = ClusterOptions.of("shop", ensemble).withNode("node");
                try (Cluster node = Cluster.join(options); TestClient server = TestClient.of(shop(keys(node, 100)))) {
                    sim.network().host("node").isolate();
                    Reply reply = pay(server, "/pay");
                    assertEquals(503, reply.status());
                    assertEquals("5", reply.headers().get("Retry-After").orElseThrow());
                    assertTrue(reply.text().contains("out of reach"));
                    sim.network().host("node").rejoin();
                }
                return null;
            });
        });
    }
}
