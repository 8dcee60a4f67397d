package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Datagram;
import dev.heddle.net.OriginQuestions;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.net.internal.HttpsRecords;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What DNS says of HTTP/3 decides the first connection, and costs nothing where it says nothing. In simulated time. */
final class SimHttpsRecordTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final String URL = "https://server/";

    /** The same host, HTTP/3. */
    private static final String H3 = "0001 00 0001 0003 026833";

    /** How long addresses take: longer than a question of DNS. */
    private static final Duration NAMES = Duration.ofMillis(50);

    private static final Duration IDLE = Duration.ofSeconds(3);

    private static final HttpsRecords.Source BEFORE = HttpsRecords.source();

    private static final LinkOptions LINK = LinkOptions.DEFAULT
            .withLatency(Duration.ofMillis(20))
            .withJitter(Duration.ZERO);

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    @AfterAll
    static void giveTheSourceBack() {
        HttpsRecords.install(BEFORE);
    }

    private interface Body {
        void run(World world, HttpClient client) throws Exception;
    }

    /** A name server that knows one HTTPS record. */
    private static final class Names {

        final List<String> asked = new ArrayList<>();

        /** Null: it is silent. */
        String data = H3;

        int ttl = 60;
        Duration delay = Duration.ZERO;

        private void serve(UdpSocket socket) throws Exception {
            while (true) {
                Datagram datagram = socket.receive();
                ByteBuffer question = ByteBuffer.wrap(datagram.bytes());
                var name = new StringBuilder();
                question.position(12);
                for (int length = question.get(); length > 0; length = question.get()) {
                    var label = new byte[length];
                    question.get(label);
                    name.append(new String(label, StandardCharsets.US_ASCII)).append('.');
                }
                asked.add(name.toString() + question.getShort());
                question.getShort();
                String said = data;
                if (said != null) {
                    byte[] bytes = HexFormat.of().parseHex(said.replace(" ", ""));
                    ByteBuffer reply = ByteBuffer.allocate(512).put(question.flip());
                    reply.putShort(2, (short) 0x8180).putShort(6, (short) (bytes.length == 0 ? 0 : 1))
                            .putShort(10, (short) 0);
                    if (bytes.length > 0) {
                        reply.putShort((short) 0xC00C).putShort((short) 65).putShort((short) 1).putInt(ttl)
                                .putShort((short) bytes.length).put(bytes);
                    }
                    Heddle.sleep(delay);
                    socket.send(reply.flip(), datagram.from());
                }
            }
        }
    }

    private record World(SimNetwork network, Names names, HttpServer server, HttpServer edge) {}

    private static HttpServer server(String name, boolean http3) {
        HttpServer.Builder builder = HttpServer.builder()
                .tls(ServerTls.of(AUTHORITY.issue(Duration.ofDays(8), name)));
        return (http3 ? builder.http3() : builder)
                .get("/", request -> Response.text(request.version()))
                .build();
    }

    /** The server, another one at port 8443 of the host edge, and who knows of them. */
    private static void world(SimOptions options, String edgeName, boolean http3, Body body) {
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            network.nameDelay(NAMES);
            HttpServer server = server("server", http3);
            HttpServer edge = server(edgeName, true);
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            Task<Void> edging = network.host("edge").spawn(() -> edge.serve("0.0.0.0", 8443));
            UdpSocket socket = network.host("ns").run(() -> Udp.bind("0.0.0.0", 53));
            var names = new Names();
            Task<Void> naming = network.host("ns").spawn(() -> names.serve(socket));
            network.host("client").run(() -> {
                Resolver resolver = Resolver.of(ResolverOptions.of(
                        new InetSocketAddress(network.host("ns").address(), 53)));
                HttpsRecords.install((host, port) -> OriginQuestions.of(resolver, host, port));
                try (HttpClient client = HttpClient.builder()
                        .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                        .timeouts(ClientTimeouts.DEFAULT.withIdle(IDLE))
                        .http3()
                        .build()) {
                    body.run(new World(network, names, server, edge), client);
                }
                return null;
            });
            naming.cancel("the test is over");
            network.heal();
            socket.close();
            server.close();
            edge.close();
            serving.join();
            edging.join();
        });
    }

    private static void world(Body body) {
        world(SimOptions.DEFAULT.withLink(LINK), "server", true, body);
    }

    private static void ask(HttpClient client, String version) {
        assertEquals(version, client.get(URL).text());
    }

    private static long millis(Runnable body) {
        long begun = Heddle.currentLoop().nanoTime();
        body.run();
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - begun).toMillis();
    }

    private static void closeIdle() {
        Heddle.sleep(IDLE.plusSeconds(1));
    }

    /** The time of a first request where there is no question about HTTPS records. */
    private static long millisWithout(Duration nameDelay) {
        var took = new long[1];
        world((world, client) -> {
            HttpsRecords.install((host, port) -> Optional.empty());
            world.network.nameDelay(nameDelay);
            took[0] = millis(() -> ask(client, "HTTP/2"));
        });
        return took[0];
    }

    @Test
    void firstRequestGoesByHttp3AndTcpIsNotTried() {
        world((world, client) -> {
            ask(client, "HTTP/3");
            ask(client, "HTTP/3");
            assertEquals(List.of("server.65"), world.names.asked);
            assertEquals(1, client.statistics().connections());
            assertEquals(1, world.server.statistics().connections());
        });
    }

    @Test
    void recordNamesAnotherHostAndPort() {
        world((world, client) -> {
            world.names.data = "0001 046564676500 0001 0003 026833 0003 0002 20fb"; // edge:8443
            ask(client, "HTTP/3");
            assertEquals(1, world.edge.statistics().connections());
            assertEquals(0, world.server.statistics().connections());
        });
    }

    /** Whoever answers in the name of DNS cannot have the requests. */
    @Test
    void otherHostMustShowTheCertificateOfTheOrigin() {
        world(SimOptions.DEFAULT.withLink(LINK), "edge", true, (world, client) -> {
            world.names.data = "0001 046564676500 0001 0003 026833 0003 0002 20fb";
            ask(client, "HTTP/2");
            closeIdle();
            ask(client, "HTTP/2");
            assertEquals(0, world.edge.statistics().connections());
        });
    }

    /** HTTP/2 only, none, malformed; and with answers behind the addresses, at the same time, and before them. */
    @ParameterizedTest
    @ValueSource(strings = {"0001 00 0001 0003 026832", "", "0001 00 0001 0003 026833 00"})
    @Tag("full")
    void recordWithoutHttp3CostsNothing(String data) {
        for (int nameMillis : List.of(0, 40, 100)) {
            long without = millisWithout(Duration.ofMillis(nameMillis));
            world((world, client) -> {
                world.network.nameDelay(Duration.ofMillis(nameMillis));
                world.names.data = data;
                assertEquals(without, millis(() -> ask(client, "HTTP/2")));
                assertEquals(List.of("server.65"), world.names.asked);
            });
        }
    }

    @Test
    void silentNameServerCostsNothing() {
        for (int nameMillis : List.of(0, 700)) {
            long without = millisWithout(Duration.ofMillis(nameMillis));
            world((world, client) -> {
                world.network.nameDelay(Duration.ofMillis(nameMillis));
                world.names.data = null;
                assertEquals(without, millis(() -> ask(client, "HTTP/2")));
                int asked = world.names.asked.size();
                assertTrue(asked >= 1 && asked <= 3, world.names.asked::toString);
                Heddle.sleep(Duration.ofSeconds(30));
                assertEquals(asked, world.names.asked.size(), "the question ended with the race");
            });
        }
    }

    /** The addresses are there first, the answer when TCP has begun: the handshake of QUIC is the shorter one. */
    @Test
    void answerBehindTheAddressesBeginsHttp3BesideTcp() {
        world((world, client) -> {
            world.network.nameDelay(Duration.ofMillis(20));
            ask(client, "HTTP/3");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1, client.statistics().connections());
            assertEquals(1, world.server.statistics().connections(), "TCP's has ended");
        });
    }

    @Test
    void answerBehindTheConnectionOfTcpIsTooLateAndNoVerdict() {
        long without = millisWithout(NAMES);
        world((world, client) -> {
            world.names.delay = Duration.ofSeconds(1);
            assertEquals(without, millis(() -> ask(client, "HTTP/2")));
            world.names.delay = Duration.ZERO;
            closeIdle();
            ask(client, "HTTP/3");
        });
    }

    @Test
    @Tag("full")
    void recordThatIsGoneIsForgottenWithItsTime() {
        world((world, client) -> {
            ask(client, "HTTP/3");
            world.names.data = "";
            world.names.ttl = 300;
            Heddle.sleep(Duration.ofSeconds(50));
            ask(client, "HTTP/3");
            Heddle.sleep(Duration.ofSeconds(50));
            ask(client, "HTTP/2");
            assertEquals(2, world.names.asked.size());
        });
    }

    @Test
    @Tag("full")
    void udpThatIsDroppedCostsTheHeadStartTwiceAndIsThenLeftAlone() {
        long without = millisWithout(NAMES);
        world(SimOptions.DEFAULT.withLink(LINK), "server", false, (world, client) -> {
            world.names.data = "0001 0673696c656e7400 0001 0003 026833"; // silent:443
            UdpSocket silent = world.network.host("silent").run(() -> Udp.bind("0.0.0.0", 443));
            for (int i = 0; i < 2; i++) {
                long raced = millis(() -> ask(client, "HTTP/2"));
                assertTrue(raced >= 300 && raced <= 300 + without, () -> raced + " ms, and by TCP alone " + without);
                closeIdle();
            }
            assertTrue(millis(() -> ask(client, "HTTP/2")) <= without);
            Heddle.sleep(Duration.ofSeconds(10));
            assertTrue(millis(() -> ask(client, "HTTP/2")) >= 300, "the pause is over");
            assertEquals(1, world.names.asked.size());
            silent.close();
        });
    }

    @Test
    void deadlineCoversTheQuestion() {
        world((world, client) -> {
            world.names.data = null;
            world.network.nameDelay(Duration.ofSeconds(20));
            long took = millis(() -> assertThrows(DeadlineExceededException.class, () -> client.get(URL)));
            assertEquals(10_000, took, 20);
            int asked = world.names.asked.size();
            Heddle.sleep(Duration.ofSeconds(30));
            assertEquals(asked, world.names.asked.size(), "nobody waits for it any more");
        });
    }

    @Test
    void whereTcpFailsNobodyWaitsForTheAnswer() {
        world((world, client) -> {
            world.names.data = null;
            Heddle.sleep(Duration.ofSeconds(1));
            world.server.close();
            long took = millis(() -> {
                var told = assertThrows(ConnectFailedException.class, () -> client.get(URL));
                assertEquals(0, told.getSuppressed().length);
            });
            assertTrue(took < 300, () -> took + " ms");
        });
    }

    /** Cancelled at some moment of the question or the race: nothing is left, and the next request is answered. */
    private static void cancel(long seed) {
        var random = new Random(seed);
        LinkOptions link = LINK.withLatency(Duration.ofMillis(1 + random.nextInt(200)));
        SimOptions options = SimOptions.DEFAULT.withSeed(seed).withLink(link);
        world(options, "server", true, (world, client) -> {
            world.names.data = seed % 3 == 0 ? "" : H3;
            world.names.delay = Duration.ofMillis(random.nextInt(300));
            world.network.nameDelay(Duration.ofMillis(random.nextInt(300)));
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
            cancel(seed);
        }
    }

    @Test
    @Tag("full")
    void manyCancelsInTheMiddleLeaveNothing() {
        for (int seed = 1; seed <= Integer.getInteger("heddle.http3.seeds", 50); seed++) {
            cancel(seed);
        }
    }
}
