package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.Wire;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HTTP/2 at both ends of a bad network, whole, from a seed. */
final class Http2ClientSimTest {

    private static final List<Integer> REQUESTS = IntStream.range(0, 60).boxed().toList();

    private int answered;
    private int failed;
    private int givenUp;

    @Test
    @Tag("full")
    void seedsOfDelaysAndCutsGiveRightAnswersOrClearErrorsAndRepeat() {
        for (long seed = 1; seed <= 40; seed++) {
            assertEquals(crawl(seed), crawl(seed), "seed " + seed);
        }
        assertNotEquals(0, answered);
        assertNotEquals(0, failed);
        assertNotEquals(0, givenUp);
    }

    private Sim.Result crawl(long seed) {
        SimOptions options = SimOptions.DEFAULT
                .withSeed(seed)
                .withLink(LinkOptions.DEFAULT
                        .withLatency(Duration.ofMillis(20))
                        .withJitter(Duration.ofMillis(30))
                        .withLoss(0.01)
                        .withMtuBytes(seed % 2 == 0 ? 7 : 1460))
                .withFaults(FaultPlan.NONE.withCuts(0.5, 20_000).withRefuseChance(0.05));
        return Sim.run(options, sim -> {
            SimHost site = sim.network().host("site");
            SimHost visitor = sim.network().host("visitor");
            site.run(() -> {
                HttpServer server = HttpServer.builder()
                        .http2(Http2Limits.DEFAULT.withMaxStreams(10).withStreamWindow(500)
                                .withConnectionWindow(65_535))
                        .get("/page/{n}", r -> page(r.path("n")))
                        .post("/page/{n}", r -> Response.text(Wire.text(r.bytes(100_000))))
                        .start("site", 80);
                visitor.run(() -> visit());
                server.stop(Duration.ofSeconds(5));
            });
        });
    }

    private static Response page(String n) {
        Heddle.sleep(Duration.ofMillis(Integer.parseInt(n)));
        return Response.text(text(Integer.parseInt(n)));
    }

    private static String text(int n) {
        return "page " + n + "\n" + "x".repeat(n * 40);
    }

    private void visit() {
        var limits = ClientLimits.DEFAULT.withMaxConnectionsPerHost(2);
        try (HttpClient http = HttpClient.builder().http2PriorKnowledge().limits(limits).build()) {
            Heddle.map(REQUESTS, 20, n -> {
                Heddle.moveOnAfter(Duration.ofMillis(n % 10 == 9 ? 150 : 1_000_000), () -> visit(http, n))
                        .ifPresentOrElse(outcome -> check(n, outcome), () -> givenUp++);
                return n;
            });
            Heddle.sleep(Duration.ofSeconds(1));
            ClientStatistics all = http.statistics();
            assertEquals(0, all.waiting());
            assertEquals(all.connections(), all.idle(), all.toString());
            assertTrue(all.connections() <= 2, all.toString());
        }
    }

    private void check(int n, String outcome) {
        if (outcome.startsWith("page")) {
            assertEquals(text(n), outcome);
            answered++;
        } else {
            assertTrue(outcome.contains("site"), outcome);
            failed++;
        }
    }

    private static String visit(HttpClient http, int n) {
        try {
            return n % 2 == 0
                    ? http.get("http://site/page/" + n).text()
                    : http.post("http://site/page/" + n, text(n)).text();
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (HeddleException broken) {
            return "failed: " + broken.getMessage();
        }
    }
}
