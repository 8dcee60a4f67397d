package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.WebSocketRequest;
import dev.heddle.http.server.HttpServer;
import dev.heddle.sim.FaultPlan;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Both sides over a bad network, from a seed: every answer is right or an error, and the whole repeats. */
final class WebSocketSimTest {

    private static final WebSocketOptions OPTIONS = WebSocketOptions.DEFAULT
            .withMinCompressBytes(100).withContextTakeover(true)
            .withPingInterval(Duration.ofSeconds(2)).withPongTimeout(Duration.ofSeconds(2));

    private static final List<Integer> CLIENTS = IntStream.range(0, 5).boxed().toList();

    @Test
    void fiftySeedsOfDelaysAndCutsGiveRightAnswersOrClearErrorsAndRepeat() {
        play(false);
    }

    /** All of a client's WebSockets are streams of one connection, so a cut is a loss for each. */
    @Test
    void fiftySeedsOverHttp2DoTheSame() {
        play(true);
    }

    private static void play(boolean overHttp2) {
        int[] counts = new int[2];
        for (long seed = 1; seed <= 50; seed++) {
            assertEquals(talk(seed, overHttp2, counts), talk(seed, overHttp2, new int[2]), "seed " + seed);
        }
        assertNotEquals(0, counts[0], "answers");
        assertNotEquals(0, counts[1], "failures");
    }

    private static Sim.Result talk(long seed, boolean overHttp2, int[] counts) {
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
                HttpServer server = HttpServer.builder().webSocket("/", OPTIONS, FramePeer::echo).start("site", 80);
                visitor.run(() -> {
                    HttpClient.Builder builder = HttpClient.builder();
                    try (HttpClient http = (overHttp2 ? builder.http2PriorKnowledge() : builder).build()) {
                        Heddle.map(CLIENTS, CLIENTS.size(), client -> visit(http, overHttp2, client, counts));
                    }
                });
                server.stop(Duration.ofSeconds(30));
            });
        });
    }

    private static int visit(HttpClient http, boolean overHttp2, int client, int[] counts) {
        WebSocketRequest asked = http.webSocket("ws://site/").options(OPTIONS);
        try (WebSocket socket = (overHttp2 ? asked.sharingConnection() : asked).connect()) {
            for (int i = 0; i < 8; i++) {
                String text = (client + " says " + i + " ").repeat(1 + i * 20);
                socket.sendText(text);
                assertEquals(new WebSocketMessage.Text(text), socket.receive().orElseThrow());
                counts[0]++;
                Heddle.sleep(Duration.ofMillis(500L * i));
            }
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (HeddleException lost) {
            counts[1]++;
        }
        return client;
    }
}
