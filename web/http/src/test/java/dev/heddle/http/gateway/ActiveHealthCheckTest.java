package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.testing.TestClient;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimTest;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway asks its upstreams whether they are well, and who is not gets no requests; in virtual time. */
final class ActiveHealthCheckTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String UNWELL = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(100);

    /** Checks at whole seconds, and one of each kind decides after the first. */
    private static final ActiveHealthCheck CHECK = ActiveHealthCheck.of("/health").withInterval(SECOND).withJitter(0)
            .withTimeout(Duration.ofMillis(500)).withHealthyAfter(2).withUnhealthyAfter(3);

    private final Logger logger = Logger.getLogger("dev.heddle.http.gateway");
    private final List<String> said = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        logger.setFilter(entry -> {
            if (entry.getMessage().contains("healthy")) {
                said.add(entry.getMessage());
            }
            return false;
        });
    }

    @AfterEach
    void listenNoMore() {
        logger.setFilter(null);
    }

    /** An upstream that answers checks as it is told. */
    private static final class Site implements AutoCloseable {

        private enum Mode {
            WELL, UNWELL, REFUSING, SILENT, BROKEN
        }

        private final ScriptedServer server = ScriptedServer.of(this::play);
        private Mode mode = Mode.WELL;
        private int checks;
        private int requests;

        private void play(ScriptedServer.Peer peer) throws Exception {
            while (peer.hasRequest()) {
                boolean isCheck = peer.lastRequest().startsWith("GET /health ");
                checks += isCheck ? 1 : 0;
                requests += isCheck ? 0 : 1;
                switch (isCheck ? mode : Mode.WELL) {
                    case WELL, REFUSING -> peer.send(HELLO);
                    case UNWELL -> peer.send(UNWELL);
                    case SILENT -> peer.awaitEnd();
                    case BROKEN -> {
                        peer.abort();
                        return;
                    }
                }
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private final Map<String, Site> sites = new HashMap<>();

    private interface Visit {
        void play(TestClient client, Proxying gateway, Site a, Site b) throws Exception;
    }

    private HttpClient http() {
        return HttpClient.builder().connector((host, port) -> {
            Site site = sites.get(host);
            return site == null || site.mode == Site.Mode.REFUSING
                    ? Tcp.connect("127.0.0.1", 1)
                    : site.server.connect(host, port);
        }).build();
    }

    private void visit(ActiveHealthCheck check, Visit visit) throws Exception {
        said.clear();
        try (var a = new Site(); var b = new Site()) {
            sites.putAll(Map.of("a", a, "b", b));
            try (HttpClient http = http();
                    var gateway = Proxying.to(Upstreams.of("http://a", "http://b").withHealthCheck(check), http);
                    var client = TestClient.of(gateway)) {
                visit.play(client, gateway, a, b);
            }
        }
    }

    private static void ask(TestClient client, int times) {
        for (int i = 0; i < times; i++) {
            try (Reply reply = client.get("/")) {
                assertEquals(200, reply.status());
            }
        }
    }

    private static boolean isHealthy(Proxying gateway) {
        return gateway.statistics().getFirst().healthy();
    }

    @SimTest(seeds = 5)
    void firstCheckCountsAloneAndLaterSomeInARow() throws Exception {
        visit(CHECK, (client, gateway, a, b) -> {
            Heddle.sleep(SOON);
            a.mode = Site.Mode.UNWELL;
            Heddle.sleep(Duration.ofSeconds(2));
            assertTrue(isHealthy(gateway));
            Heddle.sleep(SECOND);
            assertFalse(isHealthy(gateway));
            assertEquals(3, gateway.statistics().getFirst().failedChecks());
            assertEquals(4, gateway.statistics().getFirst().checks());
            assertTrue(gateway.report().contains("http://a: ") && gateway.report().contains(", unhealthy"));
            ask(client, 10);
            assertEquals(0, a.requests);
            assertEquals(10, b.requests);
            a.mode = Site.Mode.WELL;
            Heddle.sleep(SECOND);
            assertFalse(isHealthy(gateway));
            Heddle.sleep(SECOND);
            assertTrue(isHealthy(gateway));
            ask(client, 20);
            assertTrue(a.requests > 0);
            assertEquals(List.of("upstream http://a is unhealthy and gets no requests: "
                    + "dev.heddle.BrokenException: it answers 500",
                    "upstream http://a is healthy again, after 2 s"), said);
        });
    }

    @SimTest(seeds = 5)
    void checkThatPassesEndsThePauseOfAnOpenBreaker() throws Exception {
        Backoff hours = new Backoff(Duration.ofHours(1), Duration.ofHours(1), 0);
        boolean[] isWell = {false};
        var upstreams = Upstreams.of("http://up").withHealthCheck(CHECK)
                .withBreaker(CircuitBreakerOptions.DEFAULT.withMinCalls(3).withPause(hours));
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                boolean isCheck = peer.lastRequest().startsWith("GET /health ");
                peer.send(isCheck || isWell[0] ? HELLO : "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
            }
        });
                HttpClient http = server.client().build();
                var gateway = Proxying.to(upstreams, http);
                var client = TestClient.of(gateway)) {
            Heddle.sleep(SOON);
            for (int i = 0; i < 3; i++) {
                client.get("/").close();
            }
            assertEquals(CircuitBreaker.State.OPEN, gateway.statistics().getFirst().breaker().state());
            isWell[0] = true;
            Heddle.sleep(Duration.ofSeconds(1));
            ask(client, 10);
            assertEquals(CircuitBreaker.State.CLOSED, gateway.statistics().getFirst().breaker().state());
        }
    }

    @SimTest(seeds = 5)
    void unwellFromTheFirstIsKnownAtOnce() throws Exception {
        for (Site.Mode mode : List.of(Site.Mode.UNWELL, Site.Mode.REFUSING, Site.Mode.SILENT, Site.Mode.BROKEN)) {
            visit(CHECK, (client, gateway, a, b) -> {
                a.mode = mode;
                Heddle.sleep(Duration.ofMillis(600));
                assertFalse(isHealthy(gateway));
                assertTrue(gateway.statistics().getLast().healthy());
                ask(client, 10);
                assertEquals(0, a.requests, mode.toString());
                assertEquals(1, said.size(), said.toString());
            });
        }
    }

    @SimTest(seeds = 5)
    void flappingIsNoChange() throws Exception {
        visit(CHECK, (client, gateway, a, b) -> {
            Heddle.sleep(SOON);
            for (int i = 0; i < 30; i++) {
                a.mode = i % 3 == 2 ? Site.Mode.WELL : Site.Mode.BROKEN;
                Heddle.sleep(SECOND);
                assertTrue(isHealthy(gateway));
            }
            assertEquals(List.of(), said);
            assertEquals(20, gateway.statistics().getFirst().failedChecks());
        });
    }

    @SimTest(seeds = 5)
    void slowAnswerIsAFailureAndTheNextCheckWaitsForItsPause() throws Exception {
        visit(CHECK, (client, gateway, a, b) -> {
            a.mode = Site.Mode.SILENT;
            Heddle.sleep(Duration.ofSeconds(15));
            // Half a second for each check, and a second behind it.
            assertEquals(10, a.checks);
            assertTrue(said.getFirst().contains("DeadlineExceeded"), said.toString());
        });
    }

    @SimTest(seeds = 5)
    void whenAllAreUnhealthyRequestsGoToAll() throws Exception {
        visit(CHECK, (client, gateway, a, b) -> {
            a.mode = Site.Mode.UNWELL;
            b.mode = Site.Mode.UNWELL;
            Heddle.sleep(SOON);
            assertFalse(isHealthy(gateway) || gateway.statistics().getLast().healthy());
            ask(client, 20);
            assertTrue(a.requests > 0 && b.requests > 0);
            assertEquals(2, said.size());
            assertTrue(said.getLast().contains("so that requests go to all"), said.toString());
            b.mode = Site.Mode.WELL;
            Heddle.sleep(Duration.ofSeconds(2));
            int before = a.requests;
            ask(client, 10);
            assertEquals(before, a.requests);
        });
    }

    @SimTest(seeds = 5)
    void answerIsAcceptedByWhatItSays() throws Exception {
        visit(CHECK.withAccepted(reply -> reply.text().equals("hallo")), (client, gateway, a, b) -> {
            Heddle.sleep(SOON);
            assertFalse(isHealthy(gateway));
        });
        visit(CHECK.withAccepted(reply -> {
            throw new IllegalStateException("nobody knows");
        }), (client, gateway, a, b) -> {
            Heddle.sleep(SOON);
            assertFalse(isHealthy(gateway));
            assertTrue(said.getFirst().contains("nobody knows"));
        });
    }

    @SimTest(seeds = 5)
    void pausesArePartlyRandom() throws Exception {
        visit(CHECK.withJitter(0.5), (client, gateway, a, b) -> {
            Heddle.sleep(Duration.ofSeconds(60));
            assertTrue(a.checks > 65 && a.checks < 100, "checks " + a.checks);
        });
    }

    @SimTest(seeds = 20)
    void closedGatewayChecksNoMoreWhenever() throws Exception {
        for (Site.Mode mode : Site.Mode.values()) {
            visit(CHECK, (client, gateway, a, b) -> {
                a.mode = mode;
                Heddle.sleep(Duration.ofNanos(Math.floorMod(Heddle.currentLoop().engine().random(), 4_000_000_000L)));
                gateway.withRetries(2).close();
                Heddle.sleep(SOON);
                int checks = a.checks + b.checks;
                assertTrue(isHealthy(gateway), "what was known is forgotten");
                ask(client, 3);
                Heddle.sleep(Duration.ofSeconds(10));
                assertEquals(checks, a.checks + b.checks);
                assertEquals(List.of(), checkers());
            });
        }
    }

    private static List<Task<?>> checkers() {
        return Heddle.currentLoop().allTasks().stream()
                .filter(task -> task.name().startsWith("health") || task.name().startsWith("check "))
                .toList();
    }

    @SimTest(seeds = 5)
    @SuppressWarnings("try") // the first is closed early
    void secondGatewayOfTheSameUpstreamsChecksWhenTheFirstIsClosed() throws Exception {
        try (var a = new Site(); var b = new Site()) {
            sites.putAll(Map.of("a", a, "b", b));
            var upstreams = Upstreams.of("http://a", "http://b").withHealthCheck(CHECK);
            try (HttpClient http = http();
                    var first = Proxying.to(upstreams, http);
                    var second = Proxying.to(upstreams, http);
                    var client = TestClient.of(second)) {
                Heddle.sleep(SOON);
                assertEquals(1, a.checks);
                first.close();
                Heddle.sleep(Duration.ofSeconds(5));
                assertEquals(1, a.checks);
                ask(client, 1);
                Heddle.sleep(SOON);
                assertEquals(2, a.checks);
            }
        }
    }

    @SimTest(seeds = 5)
    void clientThatIsClosedEndsTheChecks() throws Exception {
        try (var a = new Site()) {
            sites.put("a", a);
            HttpClient http = http();
            try (var _ = Proxying.to(Upstreams.of("http://a").withHealthCheck(CHECK), http)) {
                Heddle.sleep(SOON);
                http.close();
                Heddle.sleep(Duration.ofSeconds(2));
                assertEquals(List.of(), checkers());
                assertEquals(List.of(), said);
            }
        }
    }

    @Test
    void gatewayMadeOutsideOfTasksChecksFromItsFirstRequestOnAndOnANewLoopAgain() {
        try (HttpClient http = http();
                var gateway = Proxying.to(Upstreams.of("http://a").withHealthCheck(CHECK), http)) {
            for (int run = 1; run <= 2; run++) {
                Heddle.run(() -> {
                    try (var a = new Site(); var client = TestClient.of(gateway)) {
                        sites.put("a", a);
                        assertEquals(0, a.checks);
                        ask(client, 1);
                        Heddle.timeout(Duration.ofSeconds(10), () -> {
                            while (a.checks == 0) {
                                Heddle.sleep(Duration.ofMillis(1));
                            }
                        });
                    }
                });
                assertTrue(isHealthy(gateway));
            }
        }
    }

    @Test
    void checksThatAreNoneAreRefused() {
        for (String bad : List.of("", "health", "http://a/health", "/a b", "/a\r\nb")) {
            assertThrows(IllegalArgumentException.class, () -> ActiveHealthCheck.of(bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> CHECK.withInterval(Duration.ofMillis(9)));
        assertThrows(IllegalArgumentException.class, () -> CHECK.withTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> CHECK.withJitter(1.1));
        assertThrows(IllegalArgumentException.class, () -> CHECK.withHealthyAfter(0).withUnhealthyAfter(1));
        assertThrows(IllegalArgumentException.class, () -> CHECK.withHealthyAfter(1).withUnhealthyAfter(0));
    }
}
