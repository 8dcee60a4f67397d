package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.Wire;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which version a client speaks with whom, and how many connections that takes. */
final class Http2ClientAlpnTest {

    private static final TlsIdentity IDENTITY = TlsIdentity.selfSigned("localhost", "127.0.0.1", "site.example");
    private static final ClientTls TRUSTING = ClientTls.DEFAULT.withTrust(TlsTrust.of(IDENTITY.certificate()));
    private static final List<Integer> TEN = IntStream.range(0, 10).boxed().toList();

    interface Body {
        void run(HttpServer server, HttpClient http, String base) throws Exception;
    }

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", r -> Response.text(r.version()))
            .get("/slow", r -> {
                Heddle.sleep(Duration.ofSeconds(1));
                return Response.text(r.version());
            })
            .webSocket("/socket", (request, socket) -> socket.sendText("over " + request.version()));

    private void withTls(HttpClient.Builder client, Body body) {
        Sim.run(1, () -> {
            try (HttpServer started = server.tls(ServerTls.of(IDENTITY)).start("127.0.0.1", 0);
                    HttpClient http = client.tls(TRUSTING).build()) {
                body.run(started, http, "https://127.0.0.1:" + started.port());
            }
        });
    }

    @Test
    void httpsServersThatOfferHttp2GetIt() {
        withTls(HttpClient.builder(), (server, http, base) -> {
            Reply reply = http.get(base + "/");
            assertEquals("HTTP/2", reply.version());
            assertEquals("", reply.reason());
            assertEquals("HTTP/2", reply.text());
        });
    }

    @Test
    void requestsAtOnceShareOneTlsConnection() {
        withTls(HttpClient.builder(), (server, http, base) -> {
            assertTrue(Heddle.map(TEN, 10, i -> http.get(base + "/slow").text()).stream().allMatch("HTTP/2"::equals));
            assertEquals(new ClientLoops.Statistics(1, 1, 0, 1, 9), http.statistics());
        });
    }

    @Test
    void serversOfHttp1GetItOverConnectionsSideBySide() {
        server.http1Only();
        withTls(HttpClient.builder(), (server, http, base) -> {
            long start = Heddle.currentLoop().nanoTime();
            assertTrue(Heddle.map(TEN, 10, i -> http.get(base + "/slow").text()).stream().allMatch("HTTP/1.1"::equals));
            assertTrue(Heddle.currentLoop().nanoTime() - start < Duration.ofSeconds(2).toNanos());
            assertEquals(10, http.statistics().opened());
            assertEquals("HTTP/1.1", http.get(base + "/").version());
            assertEquals(10, http.statistics().opened());
        });
    }

    @Test
    void clientOfHttp1OnlyOffersNothingElse() {
        withTls(HttpClient.builder().http1Only(), (server, http, base) -> assertEquals("HTTP/1.1",
                http.get(base + "/").text()));
    }

    @Test
    void webSocketsKeepToHttp1() {
        withTls(HttpClient.builder(), (server, http, base) -> {
            assertEquals("HTTP/2", http.get(base + "/").text());
            try (WebSocket socket = http.webSocket(base.replace("https", "wss") + "/socket").connect()) {
                assertEquals(new WebSocketMessage.Text("over HTTP/1.1"), socket.receive().orElseThrow());
            }
        });
    }

    @Test
    void plainHttpServersGetHttp1WithoutPriorKnowledge() {
        Sim.run(() -> {
            try (HttpServer started = server.start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                assertEquals("HTTP/1.1", http.get("http://127.0.0.1:" + started.port() + "/").text());
            }
        });
    }

    @Test
    void tunnelThroughAProxyCarriesIt() {
        withTls(HttpClient.builder().proxy(Proxy.http("proxy.example", 3128)).connector((host, port) -> {
            assertEquals(3128, port);
            return tunnel();
        }), (server, http, base) -> {
            tunnelTo = server.port();
            assertEquals("HTTP/2", http.get("https://site.example:" + server.port() + "/").text());
            assertEquals("HTTP/2", http.get("https://site.example:" + server.port() + "/").text());
            assertEquals(1, http.statistics().opened());
        });
    }

    private int tunnelTo;

    /** A proxy that makes one tunnel. */
    private ByteStream tunnel() {
        MemoryStreams.Pair pair = MemoryStreams.pair(1 << 16);
        Heddle.currentLoop().spawn(() -> {
            ByteStream proxy = pair.right();
            String head = Wire.text(proxy.readUntil(Wire.latin1("\r\n\r\n"), 1_000));
            assertTrue(head.startsWith("CONNECT site.example:" + tunnelTo + " "), head);
            proxy.write("HTTP/1.1 200 OK\r\n\r\n");
            try (ByteStream site = Tcp.connect("127.0.0.1", tunnelTo)) {
                Task<?> back = Heddle.spawn(() -> pump(site, proxy));
                pump(proxy, site);
                back.join();
            }
        });
        return pair.left();
    }

    private static void pump(ByteStream from, ByteStream to) {
        byte[] buffer = new byte[8_000];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            to.write(buffer, 0, n);
        }
        to.closeOutput();
    }

    @Test
    void serverThatCannotBeReachedFailsAllWhoWaitAtOnceAndNotOneAfterTheOther() {
        var timeouts = ClientTimeouts.DEFAULT.withConnect(Duration.ofSeconds(3));
        withTls(HttpClient.builder().timeouts(timeouts).connector((host, port) -> {
            Heddle.sleep(Duration.ofDays(1));
            throw new AssertionError("not reached");
        }), (server, http, base) -> {
            long start = Heddle.currentLoop().nanoTime();
            Heddle.map(TEN, 10, i -> assertThrows(DeadlineExceededException.class, () -> http.get(base + "/")));
            assertEquals(6, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
            assertEquals(0, http.statistics().connections());
        });
    }

    @Test
    void refusedConnectionFailsEachRequest() {
        Sim.run(() -> {
            try (HttpClient http = HttpClient.create()) {
                Heddle.map(TEN, 10,
                        i -> assertThrows(ConnectFailedException.class, () -> http.get("https://127.0.0.1:9/")));
                assertEquals(0, http.statistics().connections());
            }
        });
    }
}
