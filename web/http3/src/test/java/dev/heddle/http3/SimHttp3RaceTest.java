package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Datagram;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
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
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HTTP/3 and TCP at once, in simulated time. */
final class SimHttp3RaceTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity SERVER = AUTHORITY.issue(Duration.ofDays(8), "server");
    private static final String URL = "https://server/";

    private static final LinkOptions LINK = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(20))
            .withJitter(Duration.ZERO);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    private interface Body {
        void run(World world, HttpClient client) throws Exception;
    }

    /** Two hosts, and who has sent datagrams to a third one that never answers. */
    private record World(SimNetwork network, HttpServer server, Task<Void> serving, Set<Integer> tries) {

        SimHost clientHost() {
            return network.host("client");
        }

        SimHost serverHost() {
            return network.host("server");
        }
    }

    private static HttpServer server(boolean http3) {
        HttpServer.Builder builder = HttpServer.builder().tls(ServerTls.of(SERVER));
        return (http3 ? builder.http3() : builder)
                .get("/", request -> http3
                        ? Response.text(request.version())
                        : Response.text(request.version()).withHeader("Alt-Svc", "h3=\"silent:443\""))
                .build();
    }

    private static void world(SimOptions options, boolean http3, ClientTimeouts timeouts, Body body) {
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            HttpServer server = server(http3);
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            UdpSocket silent = network.host("silent").run(() -> Udp.bind("0.0.0.0", 443));
            Set<Integer> tries = new HashSet<>();
            Task<Void> listening = Heddle.spawn(() -> {
                while (true) {
                    Datagram told = silent.receive();
                    tries.add(told.from().getPort());
                }
            });
            network.host("client").run(() -> {
                try (HttpClient client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .timeouts(timeouts)
                        .http3()
                        .build()) {
                    body.run(new World(network, server, serving, tries), client);
                }
                return null;
            });
            listening.cancel("the test is over");
            silent.close();
            network.heal();
            server.close();
            serving.join();
        });
    }

    private static void world(boolean http3, Body body) {
        world(SimOptions.DEFAULT.withLink(LINK), http3, ClientTimeouts.DEFAULT, body);
    }

    private static long millis(Callable body) throws Exception {
        long begun = Heddle.currentLoop().nanoTime();
        body.call();
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toMillis();
    }

    private interface Callable {
        void call() throws Exception;
    }

    private static void ask(HttpClient client, String version) {
        assertEquals(version, client.get(URL).text());
    }

    @Test
    void udpThatIsDroppedCostsTheHeadStartAndNoMore() {
        world(false, (world, client) -> {
            long tcp = millis(() -> ask(client, "HTTP/2"));
            for (int i = 1; i <= 2; i++) {
                long raced = millis(() -> ask(client, "HTTP/2"));
                assertTrue(raced >= 300 && raced <= 300 + tcp, () -> raced + " ms, and by TCP alone " + tcp);
                assertEquals(i, world.tries.size());
            }
            long kept = millis(() -> ask(client, "HTTP/2"));
            assertTrue(kept < tcp, () -> kept + " ms");
            assertEquals(2, world.tries.size());
        });
    }

    @Test
    void udpThatIsDroppedIsTriedLessAndLessOften() {
        world(false, (world, client) -> {
            List<Long> seconds = new ArrayList<>();
            long begun = Heddle.currentLoop().nanoTime();
            int tried = 0;
            for (int i = 0; i < 1_000; i++) {
                ask(client, "HTTP/2");
                if (world.tries.size() > tried) {
                    tried = world.tries.size();
                    seconds.add(Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toSeconds());
                }
                Heddle.sleep(Duration.ofSeconds(1));
            }
            // The second try is the verdict; then ten seconds, twenty and so on, to five minutes.
            assertTrue(seconds.size() >= 7 && seconds.size() <= 9, seconds::toString);
            for (int i = 2; i < 6; i++) {
                long pause = seconds.get(i) - seconds.get(i - 1);
                long least = 10L << (i - 2);
                assertTrue(pause >= least && pause <= least + 5, seconds::toString);
            }
        });
    }

    /** As TCP has it (RFC 8305): an address that says nothing costs a quarter of a second, and the next has its turn. */
    @Test
    void addressThatIsSilentGivesTheNextItsTurn() {
        world(true, (world, client) -> {
            InetAddress silent = world.network.host("silent").address();
            world.network.name("server", silent, world.serverHost().address());
            world.network.silence(silent);
            ask(client, "HTTP/2");
            long took = millis(() -> ask(client, "HTTP/3"));
            assertTrue(took >= 250 && took < 500, () -> took + " ms");
            Heddle.sleep(Duration.ofSeconds(1));
            assertTrue(world.server.statistics().connections() <= 2, "what has lost is gone");
        });
    }

    /** An address where nobody listens is no reason to wait; and the winner cancels what is slower. */
    @Test
    void laterAddressThatIsNotNeededIsNotTried() {
        world(true, (world, client) -> {
            world.network.name("server", world.serverHost().address(), world.network.host("silent").address());
            ask(client, "HTTP/2");
            ask(client, "HTTP/3");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(Set.of(), world.tries);
        });
    }

    @Test
    void firstDatagramThatIsLostIsNoVerdict() {
        world(true, (world, client) -> {
            long tcp = millis(() -> ask(client, "HTTP/2"));
            world.network.block(world.clientHost(), world.serverHost());
            Task<Void> heal = Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofMillis(100));
                world.network.heal();
            });
            long raced = millis(() -> ask(client, "HTTP/2"));
            heal.join();
            assertTrue(raced <= 300 + tcp, () -> raced + " ms, and by TCP alone " + tcp);
            ask(client, "HTTP/3");
            ask(client, "HTTP/3");
            assertEquals(1, client.statistics().connections());
        });
    }

    /** It is ready at 400 ms, when TCP has just begun. */
    @Test
    void http3ThatIsSlowWinsAndTcpLeavesNothing() {
        var slow = SimOptions.DEFAULT.withLink(LINK.withLatency(Duration.ofMillis(200)));
        world(slow, true, ClientTimeouts.DEFAULT, (world, client) -> {
            ask(client, "HTTP/2");
            ask(client, "HTTP/3");
            Heddle.sleep(Duration.ofSeconds(10));
            assertEquals(1, client.statistics().connections());
            assertEquals(1, world.server.statistics().connections());
        });
    }

    @Test
    void tcpThatWinsLeavesNoHttp3() {
        world(true, (world, client) -> {
            ask(client, "HTTP/2");
            world.network.block(world.serverHost(), world.clientHost());
            Task<Void> heal = Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofMillis(310)); // the answer by QUIC is lost
                world.network.heal();
            });
            ask(client, "HTTP/2");
            heal.join();
            Heddle.sleep(Duration.ofSeconds(15));
            // TCP's has ended behind its answer, so that HTTP/3 is tried once more.
            assertEquals(0, client.statistics().connections());
            assertEquals(0, world.server.statistics().connections());
            ask(client, "HTTP/3");
        });
    }

    @Test
    void whereBothFailBothSayWhy() {
        world(false, (world, client) -> {
            ask(client, "HTTP/2");
            world.server.close();
            world.serving.join();
            var told = new ConnectFailedException[1];
            long took = millis(() -> told[0] = assertThrows(ConnectFailedException.class, () -> client.get(URL)));
            assertTrue(took >= 3_000 && took < 3_500, () -> took + " ms");
            assertTrue(told[0].getMessage().contains("refused"), told[0]::getMessage);
            var http3 = assertInstanceOf(BrokenException.class, told[0].getSuppressed()[0]);
            assertTrue(http3.getMessage().contains("HTTP/3 in 3 s"), http3::getMessage);
            // It is known by now.
            assertTrue(millis(() -> assertThrows(ConnectFailedException.class, () -> client.get(URL))) < 100);
        });
    }

    @Test
    void oneDeadlineCoversBoth() {
        world(false, (world, client) -> {
            ask(client, "HTTP/2");
            Heddle.sleep(Duration.ofMinutes(2)); // the connection is closed behind its idle time
            world.network.partition(world.clientHost(), world.serverHost());
            var told = new DeadlineExceededException[1];
            long took = millis(() -> told[0] = assertThrows(DeadlineExceededException.class, () -> client.get(URL)));
            assertEquals(10_000, took, 20);
            assertTrue(told[0].getMessage().contains("no answer by HTTP/3 in 3 s; no answer by TCP"),
                    told[0]::getMessage);
        });
    }

    @Test
    void shortDeadlineLeavesHalfOfItToTcp() {
        var hasty = ClientTimeouts.DEFAULT.withConnect(Duration.ofMillis(250));
        world(SimOptions.DEFAULT.withLink(LINK), false, hasty, (world, client) -> {
            ask(client, "HTTP/2");
            ask(client, "HTTP/2");
            assertEquals(1, world.tries.size());
        });
    }

    /** Cancelled at some moment of the race: of neither connection anything is left, and the next request is answered. */
    private static void cancel(long seed, boolean http3) {
        var random = new Random(seed);
        LinkOptions link = LINK.withLatency(Duration.ofMillis(1 + random.nextInt(300)));
        world(SimOptions.DEFAULT.withSeed(seed).withLink(link), http3, ClientTimeouts.DEFAULT, (world, client) -> {
            ask(client, "HTTP/2");
            Task<String> request = Heddle.spawn(() -> client.get(URL).text());
            Heddle.sleep(Duration.ofNanos(random.nextLong(1_500_000_000)));
            request.cancel("the test wants no more of it");
            request.awaitOutcome();
            Heddle.sleep(Duration.ofSeconds(45));
            assertEquals(0, client.statistics().connections());
            assertEquals(0, world.server.statistics().connections());
            assertEquals(200, client.get(URL).status());
        });
    }

    @Test
    @Tag("full")
    void cancelInTheMiddleLeavesNothing() {
        for (int seed = 1; seed <= 20; seed++) {
            cancel(seed, seed % 2 == 0);
        }
    }

    @Test
    @Tag("full")
    void manyCancelsInTheMiddleLeaveNothing() {
        for (int seed = 1; seed <= Integer.getInteger("heddle.http3.seeds", 50); seed++) {
            cancel(seed, seed % 2 == 0);
        }
    }
}
