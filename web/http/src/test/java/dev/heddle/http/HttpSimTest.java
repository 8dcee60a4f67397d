package dev.heddle.http;

import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.HeddleException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Client and server over a bad network, whole, from a seed: nothing of them takes anything past the engine. */
final class HttpSimTest {

    private static final List<Integer> REQUESTS = IntStream.range(0, 20).boxed().toList();

    @Test
    @Tag("full")
    void oneHundredSeedsOfDelaysAndCutsGiveRightAnswersOrClearErrorsAndRepeat() {
        Set<Long> hashes = new HashSet<>();
        int[] counts = new int[2];
        for (long seed = 1; seed <= 100; seed++) {
            Sim.Result first = crawl(seed, counts);
            Sim.Result second = crawl(seed, new int[2]);
            assertEquals(first, second, "seed " + seed);
            hashes.add(first.traceHash());
        }
        assertEquals(100, hashes.size());
        assertNotEquals(0, counts[0], "answers");
        assertNotEquals(0, counts[1], "failures");
    }

    private static Sim.Result crawl(long seed, int[] counts) {
        SimOptions options = SimOptions.DEFAULT
                .withSeed(seed)
                .withLink(LinkOptions.DEFAULT
                        .withLatency(Duration.ofMillis(20))
                        .withJitter(Duration.ofMillis(30))
                        .withLoss(0.01)
                        .withMtuBytes(seed % 2 == 0 ? 7 : 1460))
                .withFaults(FaultPlan.NONE.withCuts(0.3, 3_000).withRefuseChance(0.05));
        return Sim.run(options, sim -> {
            SimHost site = sim.network().host("site");
            SimHost visitor = sim.network().host("visitor");
            site.run(() -> {
                HttpServer server = HttpServer.builder()
                        .get("/page/{n}", HttpSimTest::page)
                        .start("site", 80);
                visitor.run(() -> visit(counts));
                server.stop(Duration.ofSeconds(5));
            });
        });
    }

    private static Response page(Request request) {
        int n = Integer.parseInt(request.path("n"));
        sleep(Duration.ofMillis(n));
        return Response.text(text(n));
    }

    private static String text(int n) {
        return "page " + n + "\n" + "x".repeat(n * 40);
    }

    private static void visit(int[] counts) {
        try (HttpClient http = HttpClient.create()) {
            List<String> outcomes = map(REQUESTS, 5, n -> fetch(http, n));
            for (int n : REQUESTS) {
                String outcome = outcomes.get(n);
                if (outcome.startsWith("page")) {
                    assertEquals(text(n), outcome);
                    counts[0]++;
                } else {
                    assertTrue(outcome.contains("site"), outcome);
                    counts[1]++;
                }
            }
        }
    }

    private static String fetch(HttpClient http, int n) {
        try {
            return http.get("http://site/page/" + n).text();
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (HeddleException failed) {
            return "failed: " + failed.getMessage();
        }
    }
}
