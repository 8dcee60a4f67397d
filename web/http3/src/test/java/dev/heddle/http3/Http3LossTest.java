package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.net.Datagram;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests through the system's own sockets, of whose datagrams one in a hundred is lost. */
@Tag("full")
final class Http3LossTest {

    private static final int REQUESTS = Integer.getInteger("heddle.http3.requests", 10_000);
    private static final int BATCH = 500;
    private static final int MAX_REQUESTS = ServerLimits.DEFAULT.maxRequests();
    private static final int AT_ONCE = 50;
    private static final double LOSS = 0.01;

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    /**
     * Between clients and a server: passes most datagrams on, in both directions; all of a handshake, since a client takes
     * silence then for a wall.
     */
    private static final class LossyRelay implements AutoCloseable {

        private final UdpSocket inside = Udp.bind("127.0.0.1", 0);
        private final InetSocketAddress server;
        private final Map<InetSocketAddress, UdpSocket> clients = new HashMap<>();
        private final Random random = new Random(7);
        private final List<Task<Void>> tasks = new ArrayList<>();
        private int lost;

        LossyRelay(int serverPort) {
            server = new InetSocketAddress("127.0.0.1", serverPort);
            tasks.add(Heddle.spawn("relay", () -> {
                while (true) {
                    Datagram packet = inside.receive();
                    UdpSocket outside = clients.computeIfAbsent(packet.from(), this::newClient);
                    if (passes(packet)) {
                        outside.send(packet.bytes(), server);
                    }
                }
            }));
        }

        private UdpSocket newClient(InetSocketAddress client) {
            UdpSocket outside = Udp.bind("127.0.0.1", 0);
            tasks.add(Heddle.spawn("relay to " + client, () -> {
                while (true) {
                    Datagram packet = outside.receive();
                    if (passes(packet)) {
                        inside.send(packet.bytes(), client);
                    }
                }
            }));
            return outside;
        }

        private boolean passes(Datagram packet) {
            boolean handshake = packet.payload().get(0) < 0; // the form of its header: RFC 9000, section 17
            boolean passes = handshake || random.nextDouble() >= LOSS;
            lost += passes ? 0 : 1;
            return passes;
        }

        int port() {
            return inside.localAddress().getPort();
        }

        @Override
        public void close() {
            tasks.forEach(task -> task.cancel("the relay goes"));
            inside.close();
            clients.values().forEach(UdpSocket::close);
        }
    }

    @Test
    void noneOfManyRequestsIsWrongWhereOneDatagramInAHundredIsLost() {
        long opened = ask(REQUESTS, MAX_REQUESTS);
        assertTrue(opened <= 2 + REQUESTS / MAX_REQUESTS, () -> opened + " connections");
    }

    /** A server ends a connection while requests are under way, some of which it has not seen yet. */
    @Test
    void connectionsThatEndLoseNoRequest() {
        ask(3_000, 50);
    }

    /** @return how many connections the client has opened */
    private static long ask(int requests, int perConnection) {
        byte[] upload = new byte[3_000];
        return Heddle.run(() -> {
            try (HttpServer server = pages().http3()
                    .limits(ServerLimits.DEFAULT.withMaxRequests(perConnection))
                    .start("127.0.0.1", 0);
                    LossyRelay relay = new LossyRelay(server.port());
                    HttpServer first = first(relay.port());
                    HttpClient client = HttpClient.builder()
                            .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                            .http3()
                            .build()) {
                String url = "https://localhost:" + first.port() + "/";
                for (int done = 0; done < requests; done += BATCH) {
                    // On a busy machine TCP may win for a while, and answers as well.
                    Learned.awaitHttp3(client, url, url + "0");
                    List<Integer> numbers = IntStream.range(done, Math.min(requests, done + BATCH)).boxed().toList();
                    Heddle.forEach(numbers, AT_ONCE, n -> ask(client, url, n, upload));
                }
                assertTrue(server.statistics().successes() > requests / 2, "most go by HTTP/3");
                assertTrue(relay.lost > requests / 100, () -> relay.lost + " datagrams were lost");
                assertEquals(0, server.statistics().inFlight());
                return client.statistics().opened();
            }
        });
    }

    private static void ask(HttpClient client, String url, int n, byte[] upload) {
        switch (n % 10) {
            case 0 -> assertEquals(n + " " + upload.length, client.post(url + n, upload).text());
            case 1 -> assertEquals((n + ",").repeat(2_000), client.get(url + "long/" + n).text());
            default -> assertEquals("" + n, client.get(url + n).text());
        }
    }

    private static HttpServer.Builder pages() {
        return HttpServer.builder()
                .tls(ServerTls.of(IDENTITY))
                .get("/{n}", request -> Response.text(request.path("n")))
                .get("/long/{n}", request -> Response.text((request.path("n") + ",").repeat(2_000)))
                .post("/{n}", request -> Response.text(request.path("n") + " " + request.bytes(10_000).length));
    }

    /** Tells clients where HTTP/3 is. */
    private static HttpServer first(int port) {
        return pages()
                .get("/", request -> Response.empty().withHeader("Alt-Svc", "h3=\":" + port + "\"; ma=3600"))
                .start("127.0.0.1", 0);
    }
}
