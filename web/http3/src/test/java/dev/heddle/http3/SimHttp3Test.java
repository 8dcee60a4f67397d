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
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Client and server over networks that lose, double and reorder, in simulated time. */
final class SimHttp3Test {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity SERVER = AUTHORITY.issue(Duration.ofDays(8), "server");

    private static final LinkOptions BAD = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(10))
            .withJitter(Duration.ofMillis(10))
            .withLoss(0.02)
            .withReorder(0.05)
            .withDuplicate(0.02);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    /** @return over which versions the requests went */
    private static Set<String> converse(SimOptions options, int requests) {
        Set<String> versions = new TreeSet<>();
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(SERVER))
                    .http3()
                    .get("/{n}", request -> Response.text(request.path("n").repeat(1_000)))
                    .post("/{n}", request -> Response.text(request.path("n") + request.bytes(100_000).length))
                    .build();
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            network.host("client").run(() -> {
                try (HttpClient client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .http3()
                        .build()) {
                    List<Integer> numbers = IntStream.range(0, requests).boxed().toList();
                    Heddle.map(numbers, 5, n -> {
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
                    });
                }
                return null;
            });
            server.close();
            serving.join();
        });
        return versions;
    }

    /** A body whose end goes in a datagram of its own, behind bytes that have not arrived yet. */
    private static void streamInPieces(SimOptions options) {
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(SERVER))
                    .http3()
                    .get("/", request -> Response.stream("text/plain", body -> {
                        for (int i = 0; i < 3; i++) {
                            body.write("piece".getBytes(UTF_8));
                            body.flush();
                            Heddle.sleep(Duration.ofMillis(5));
                        }
                    }))
                    .build();
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            network.host("client").run(() -> {
                try (HttpClient client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .http3()
                        .build()) {
                    for (int i = 0; i < 5; i++) {
                        long begun = Heddle.currentLoop().nanoTime();
                        assertEquals("piece".repeat(3), client.get("https://server/").text());
                        long seconds = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toSeconds();
                        assertTrue(seconds < 20, () -> "the end came after " + seconds + " s");
                    }
                }
                return null;
            });
            server.close();
            serving.join();
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
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimNetwork network = sim.network();
            HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(SERVER))
                    .http3()
                    .get("/", request -> Response.text(request.version()))
                    .build();
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            network.host("client").run(() -> {
                try (HttpClient client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .http3()
                        .build()) {
                    assertEquals("HTTP/2", client.get("https://server/").text());
                    assertEquals("HTTP/3", client.get("https://server/").text());
                }
                return null;
            });
            server.close();
            serving.join();
        });
    }

    @Test
    void connectionBehindAnIdleOneResumesItsSession() {
        Sim.run(SimOptions.DEFAULT, sim -> {
            SimNetwork network = sim.network();
            HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(SERVER))
                    .http3()
                    .get("/", request -> Response.text(request.version() + " " + request.tls().orElseThrow().resumed()))
                    .build();
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            network.host("client").run(() -> {
                try (HttpClient client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .http3()
                        .build()) {
                    assertEquals("HTTP/2 false", client.get("https://server/").text());
                    assertEquals("HTTP/3 false", client.get("https://server/").text());
                    Heddle.sleep(Duration.ofMinutes(2));
                    assertEquals("HTTP/3 true", client.get("https://server/").text());
                    assertEquals("HTTP/3 true", client.get("https://server/").text());
                }
                return null;
            });
            server.close();
            serving.join();
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
        for (int seed = 0; seed < Integer.getInteger("heddle.http3.seeds", 200); seed++) {
            versions.addAll(converse(SimOptions.DEFAULT.withSeed(seed).withLink(BAD), 12));
        }
        assertTrue(versions.contains("HTTP/3"), versions::toString);
    }

    /** An hour whose network changes every minute: good, bad, cut, or only in one direction. */
    private static void hour(long seed) {
        Sim.run(SimOptions.DEFAULT.withSeed(seed), sim -> {
            SimNetwork network = sim.network();
            var random = new Random(seed);
            HttpServer server = HttpServer.builder()
                    .tls(ServerTls.of(SERVER))
                    .http3()
                    .get("/{n}", request -> Response.text(request.path("n").repeat(500)))
                    .post("/{n}", request -> Response.text(request.path("n") + request.bytes(100_000).length))
                    .build();
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            Task<Void> weather = Heddle.spawn(() -> {
                while (true) {
                    network.heal();
                    change(network, random);
                    Heddle.sleep(Duration.ofMinutes(1));
                }
            });
            long answered = network.host("client").run(() -> askForAnHour(random));
            assertTrue(answered > 40, () -> "only " + answered + " answers in an hour");
            weather.cancel("the hour is over");
            network.heal();
            server.close();
            serving.join();
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
    private static long askForAnHour(Random random) {
        long end = Heddle.currentLoop().nanoTime() + Duration.ofHours(1).toNanos();
        long answered = 0;
        try (HttpClient client = HttpClient.builder()
                .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                .http3()
                .build()) {
            for (int n = 0; Heddle.currentLoop().nanoTime() < end; n++) {
                try {
                    ask(client, n);
                    answered++;
                } catch (BrokenException | DeadlineExceededException | ConnectFailedException told) {
                    // A loss that is told is no wrong answer.
                }
                Heddle.sleep(Duration.ofMillis(random.nextInt(30_000)));
            }
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
