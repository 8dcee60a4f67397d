package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.StreamWebSocketContract;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** WebSockets as streams of HTTP/3 (RFC 9220): all that those of HTTP/2 do, in virtual time. */
@Tag("full")
final class SimHttp3WebSocketTest extends StreamWebSocketContract {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity SERVER = AUTHORITY.issue(Duration.ofDays(8), "localhost");

    @BeforeAll
    static void takeTheLoopsTime() {
        QuicheClock.install();
    }

    @Override
    protected String version() {
        return "HTTP/3";
    }

    @Override
    protected String origin() {
        return "https://localhost";
    }

    @Override
    protected HttpServer start(HttpServer.Builder server) {
        return server.tls(ServerTls.of(SERVER)).http3().start("127.0.0.1", 443);
    }

    /** It has heard of HTTP/3 by a request over TCP. */
    @Override
    protected HttpClient client() {
        HttpClient client = HttpClient.builder().tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust())).http3().build();
        client.get(origin() + "/").bytes();
        return client;
    }

    @Override
    protected long opened(HttpClient http) {
        return http.statistics().opened() - 1;
    }

    @Override
    protected String toldOfAReset() {
        return " is lost: the peer has reset it with code 268";
    }

    @Override
    protected Duration silence() {
        return Duration.ofHours(1);
    }

    // ---- over a network ----

    private static final WebSocketOptions QUICK = WebSocketOptions.DEFAULT.withPingInterval(Duration.ofSeconds(5))
            .withPongTimeout(Duration.ofSeconds(5));

    /** Has a client that has heard of HTTP/3. */
    private void between(SimOptions options, SimHttp3.ClientBody body) {
        SimHttp3.withClient(options, builder, (network, client) -> {
            client.get(SimHttp3.ORIGIN + "/").bytes();
            body.run(network, client);
        });
    }

    private static WebSocket open(HttpClient http, String path) {
        return http.webSocket("wss://server" + path).options(QUICK).sharingConnection().connect();
    }

    @Test
    void peerThatDiesIsALossForTheOtherInTime() {
        List<String> heard = new ArrayList<>();
        builder.webSocket("/listen", QUICK, (request, socket) -> {
            heard.add(request.version());
            assertThrows(BrokenException.class, socket::receive);
            heard.add("lost");
        });
        between(SimOptions.DEFAULT, (network, http) -> {
            WebSocket socket = open(http, "/listen");
            WebSocket other = open(http, "/listen");
            network.partition(network.host("client"), network.host("server"));
            long begun = Heddle.currentLoop().nanoTime();
            assertThrows(BrokenException.class, socket::receive);
            assertThrows(BrokenException.class, other::receive);
            assertTrue(Heddle.currentLoop().nanoTime() - begun <= Duration.ofSeconds(40).toNanos());
            Heddle.sleep(Duration.ofSeconds(40));
            assertEquals(List.of("HTTP/3", "HTTP/3", "lost", "lost"), heard);
            assertThrows(BrokenException.class, () -> socket.sendText("x"));
        });
    }

    /** @return over which version it went */
    private String converse(SimOptions options) {
        List<String> version = new ArrayList<>();
        between(options, (network, http) -> {
            try (WebSocket who = open(http, "/who"); WebSocket socket = open(http, "/echo")) {
                version.add(text(who).split(" ")[1]);
                Task<Void> sending = Heddle.spawn(() -> {
                    for (int i = 0; i < 200; i++) {
                        socket.sendText(i + " ".repeat(i * 10 % 2_000));
                    }
                });
                for (int i = 0; i < 200; i++) {
                    assertEquals(i + " ".repeat(i * 10 % 2_000), text(socket));
                }
                sending.join();
                socket.close(3000, "");
                assertEquals(OptionalInt.of(3000), socket.closeCode());
            }
        });
        return version.getFirst();
    }

    private static SimOptions bad(int seed) {
        return SimOptions.DEFAULT.withSeed(seed)
                .withLink(LinkOptions.DEFAULT
                        .withLatency(Duration.ofMillis(10))
                        .withJitter(Duration.ofMillis(10))
                        .withLoss(0.02)
                        .withReorder(0.05)
                        .withDuplicate(0.02));
    }

    @Test
    void messagesArriveInOrderOverABadNetwork() {
        assertEquals("HTTP/3", converse(bad(3)));
    }

    @Test
    void messagesArriveInOrderOverManyBadNetworks() {
        Set<String> versions = new TreeSet<>();
        for (int seed = 0; seed < Integer.getInteger("heddle.http3.seeds", 30); seed++) {
            versions.add(converse(bad(seed)));
        }
        assertTrue(versions.contains("HTTP/3"), versions::toString);
    }
}
