package dev.heddle.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Client and server over networks that lose, double and reorder, in simulated time. */
final class SimHttp3Test {

    private static final LinkOptions BAD = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(10))
            .withJitter(Duration.ofMillis(10))
            .withLoss(0.02)
            .withReorder(0.05)
            .withDuplicate(0.02);

    /** @return over which versions the requests went */
    private static Set<String> converse(SimOptions options, int requests) {
        Set<String> versions = new TreeSet<>();
        HttpServer.Builder server = HttpServer.builder()
                .get("/{n}", request -> Response.text(request.path("n").repeat(1_000)))
                .post("/{n}", request -> Response.text(request.path("n") + request.bytes(100_000).length));
        List<Integer> numbers = IntStream.range(0, requests).boxed().toList();
        SimHttp3.withClient(options, server, (network, client) -> Heddle.map(numbers, 5, n -> {
            try {
                if (n % 3 == 0) {
                    var reply = client.post("https://server/" + n, new byte[20_000]);
                    versions.add(reply.version());
                    assertEquals(n + "20000", reply.text());
                } else {
                    var reply = client.get("https://server/" + n);
                    versions.add(reply.version());
                    assertEquals(Integer.toString(n).repeat(1_000), reply.text());
                }
            } catch (BrokenException told) {
                // A loss that is told is no wrong answer.
            }
            return n;
        }));
        return versions;
    }

    /** A body whose end goes in a datagram of its own, behind bytes that have not arrived yet. */
    private static void streamInPieces(SimOptions options) {
        HttpServer.Builder server = HttpServer.builder()
                .get("/", request -> Response.stream("text/plain", body -> {
                    for (int i = 0; i < 3; i++) {
                        body.write("piece".getBytes(UTF_8));
                        body.flush();
                        Heddle.sleep(Duration.ofMillis(5));
                    }
                }));
        SimHttp3.withClient(options, server, (network, client) -> {
            for (int i = 0; i < 5; i++) {
                long begun = Heddle.currentLoop().nanoTime();
                assertEquals("piece".repeat(3), client.get("https://server/").text());
                long seconds = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toSeconds();
                assertTrue(seconds < 20, () -> "the end came after " + seconds + " s");
            }
        });
    }

    @Test
    void endOfABodyArrivesAlsoWhereItGoesAlone() {
        for (int seed = 0; seed < 20; seed++) {
            streamInPieces(SimOptions.DEFAULT.withSeed(seed).withLink(BAD.withLoss(0.1)));
        }
    }

    @Test
    void firstRequestLearnsOfItAndTheNextUsesIt() {
        HttpServer.Builder server = HttpServer.builder().get("/", request -> Response.text(request.version()));
        SimHttp3.withClient(SimOptions.DEFAULT, server, (network, client) -> {
            assertEquals("HTTP/2", client.get("https://server/").text());
            assertEquals("HTTP/3", client.get("https://server/").text());
        });
    }

    @Test
    void connectionBehindAnIdleOneResumesItsSession() {
        HttpServer.Builder server = HttpServer.builder().get("/",
                request -> Response.text(request.version() + " " + request.tls().orElseThrow().resumed()));
        SimHttp3.withClient(SimOptions.DEFAULT, server, (network, client) -> {
            assertEquals("HTTP/2 false", client.get("https://server/").text());
            assertEquals("HTTP/3 false", client.get("https://server/").text());
            Heddle.sleep(Duration.ofMinutes(2));
            assertEquals("HTTP/3 true", client.get("https://server/").text());
            assertEquals("HTTP/3 true", client.get("https://server/").text());
        });
    }

    @Test
    void requestsAreAnsweredOverABadNetwork() {
        Set<String> versions = converse(SimOptions.DEFAULT.withSeed(1).withLink(BAD), 30);
        assertTrue(versions.contains("HTTP/3"), versions::toString);
    }

    @Test
    @Tag("full")
    void nothingIsWrongOverManyBadNetworks() {
        Set<String> versions = new TreeSet<>();
        for (int seed = 0; seed < Integer.getInteger("heddle.http3.seeds", 100); seed++) {
            versions.addAll(converse(SimOptions.DEFAULT.withSeed(seed).withLink(BAD), 12));
        }
        assertTrue(versions.contains("HTTP/3"), versions::toString);
    }

    /** An hour whose network changes every minute: good, bad, cut, or only in one direction. */
    private static void hour(long seed) {
        var random = new Random(seed);
        HttpServer.Builder server = HttpServer.builder()
                .get("/{n}", request -> Response.text(request.path("n").repeat(500)))
                .post("/{n}", request -> Response.text(request.path("n") + request.bytes(100_000).length));
        SimHttp3.withClient(SimOptions.DEFAULT.withSeed(seed), server, (network, client) -> {
            Task<Void> weather = Heddle.spawn(() -> {
                while (true) {
                    network.heal();
                    change(network, random);
                    Heddle.sleep(Duration.ofMinutes(1));
                }
            });
            long answered = askForAnHour(client, random);
            assertTrue(answered > 40, () -> "only " + answered + " answers in an hour");
            weather.cancel("the hour is over");
        });
    }

    private static void change(SimNetwork network, Random random) {
        SimHost client = network.host("client");
        SimHost server = network.host("server");
        switch (random.nextInt(6)) {
            case 0 -> network.partition(client, server);
            case 1 -> network.block(client, server);
            case 2 -> network.block(server, client);
            default -> network.link(client, server, BAD.withLoss(random.nextInt(3) * 0.05)
                    .withLatency(Duration.ofMillis(1 + random.nextInt(200))));
        }
    }

    /** @return how many requests were answered; of the others each has told why */
    private static long askForAnHour(HttpClient client, Random random) {
        long end = Heddle.currentLoop().nanoTime() + Duration.ofHours(1).toNanos();
        long answered = 0;
        for (int n = 0; Heddle.currentLoop().nanoTime() < end; n++) {
            try {
                ask(client, n);
                answered++;
            } catch (BrokenException | DeadlineExceededException | ConnectFailedException told) {
                // A loss that is told is no wrong answer.
            }
            Heddle.sleep(Duration.ofMillis(random.nextInt(30_000)));
        }
        return answered;
    }

    private static void ask(HttpClient client, int n) {
        if (n % 3 == 0) {
            Reply reply = client.post("https://server/" + n, new byte[20_000]);
            if (reply.status() != 408) { // the network was too slow for it
                assertEquals(n + "20000", reply.text());
            }
        } else {
            assertEquals(Integer.toString(n).repeat(500), client.get("https://server/" + n).text());
        }
    }

    @Test
    @Tag("full")
    void nothingIsWrongInHoursOfChangingNetworks() {
        for (int seed = 0; seed < Integer.getInteger("heddle.http3.hours", 10); seed++) {
            hour(seed);
        }
    }
}
