package dev.heddle.http3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets over HTTP/3 through the system's own sockets, between both sides of this project and with Netty's. */
@Timeout(120)
final class Http3WebSocketTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    private static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");

    private interface Body {
        void run(HttpClient client, String url, HttpServer server) throws Exception;
    }

    private static HttpServer.Builder echo() {
        return HttpServer.builder().webSocket("/echo", (request, socket) -> {
            for (WebSocketMessage each : socket) {
                socket.send(each);
            }
        });
    }

    /** Runs a body whose client has heard of the server's HTTP/3. */
    private static void withClient(HttpServer.Builder description, Body body) {
        Heddle.run(() -> {
            try (HttpServer server = description.tls(ServerTls.of(IDENTITY))
                    .http3()
                    .get("/version", request -> Response.text(request.version()))
                    .start("127.0.0.1", 0);
                    HttpClient client = HttpClient.builder()
                            .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                            .http3()
                            .build()) {
                String page = "https://localhost:" + server.port() + "/version";
                Learned.awaitHttp3(client, page, page);
                body.run(client, "wss://localhost:" + server.port(), server);
            }
        });
    }

    private static WebSocket connect(HttpClient client, String url) {
        return client.webSocket(url).sharingConnection().connect();
    }

    private static String text(WebSocket socket) {
        return ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
    }

    @Test
    void hundredAtOnceShareConnectionsWithRequests() {
        withClient(echo(), (client, url, server) -> {
            List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
            List<WebSocket> sockets = Heddle.map(numbers, numbers.size(), _ -> connect(client, url + "/echo"));
            Heddle.map(sockets, sockets.size(), socket -> {
                for (int i = 0; i < 20; i++) {
                    socket.sendText("message " + i);
                    assertEquals("message " + i, text(socket));
                }
                socket.close(3000, "");
                return socket.closeCode();
            }).forEach(code -> assertEquals(OptionalInt.of(3000), code));
            // The one that has had requests may have room for fewer, until the server allows more.
            assertTrue(client.statistics().connections() <= 2);
        });
    }

    @Test
    void megabytesGoBothWaysAtOnce() {
        byte[] large = new byte[1_000_000];
        new Random(5).nextBytes(large);
        withClient(echo(), (client, url, server) -> {
            try (WebSocket socket = connect(client, url + "/echo")) {
                Task<Void> sending = Heddle.spawn(() -> {
                    for (int i = 0; i < 5; i++) {
                        socket.sendBinary(large);
                    }
                });
                for (int i = 0; i < 5; i++) {
                    assertArrayEquals(large, ((WebSocketMessage.Binary) socket.receive().orElseThrow()).bytes());
                }
                sending.join();
            }
        });
    }

    @Test
    void gatewayPassesItOnToHttp1() {
        Heddle.run(() -> {
            try (HttpServer upstream = HttpServer.builder()
                    .http1Only()
                    .webSocket("/up", (request, socket) -> {
                        socket.sendText(request.version());
                        socket.sendText("heard " + text(socket));
                        socket.close(3001, "enough");
                    })
                    .start("127.0.0.1", 0);
                    Proxying gateway = Proxying.to(Upstreams.of("http://127.0.0.1:" + upstream.port()))) {
                List<String> versions = new ArrayList<>();
                Heddle.group(group -> {
                    HttpServer.Builder front = HttpServer.builder().use((request, next) -> {
                        versions.add(request.version());
                        return next.handle(request);
                    }).any("/up", gateway);
                    try (HttpServer server = front.tls(ServerTls.of(IDENTITY)).http3().start("127.0.0.1", 0);
                            HttpClient client = HttpClient.builder()
                                    .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                                    .http3()
                                    .build()) {
                        String page = "https://localhost:" + server.port() + "/none";
                        Learned.awaitHttp3(client, page, page);
                        versions.clear();
                        try (WebSocket socket = connect(client, "wss://localhost:" + server.port() + "/up")) {
                            assertEquals("HTTP/1.1", text(socket));
                            socket.sendText("hello");
                            assertEquals("heard hello", text(socket));
                            assertEquals(Optional.empty(), socket.receive());
                            assertEquals(OptionalInt.of(3001), socket.closeCode());
                        }
                        assertEquals(List.of("HTTP/3"), versions);
                    }
                });
            }
        });
    }

    @Test
    void stoppedServerSaysGoodbyeToEachAndWaitsForThem() {
        withClient(echo(), (client, url, server) -> {
            List<WebSocket> sockets = Heddle.map(Collections.nCopies(20, url + "/echo"), 20,
                    each -> connect(client, each));
            Task<Void> stop = Heddle.spawn(() -> server.stop(Duration.ofSeconds(20)));
            Heddle.map(sockets, sockets.size(), socket -> {
                assertEquals(Optional.empty(), socket.receive());
                return socket.closeCode();
            }).forEach(code -> assertEquals(OptionalInt.of(1001), code));
            stop.join();
        });
    }

    @Test
    void abortOfTheClientIsALossForTheHandler() {
        Event heard = Event.create();
        withClient(echo().webSocket("/listen", (request, socket) -> {
            assertThrows(BrokenException.class, socket::receive);
            heard.set();
        }), (client, url, server) -> {
            connect(client, url + "/listen").abort();
            Heddle.timeout(Duration.ofSeconds(20), heard::await);
        });
    }

    // ---- a second implementation ----

    private static final class Heard extends Http3RequestStreamInboundHandler {

        private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            told.add("status " + frame.headers().status());
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            told.add(ByteBufUtil.hexDump(frame.content()));
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            told.add("end");
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(20, TimeUnit.SECONDS));
        }
    }

    private static void send(QuicStreamChannel stream, String hex) throws InterruptedException {
        stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)))).sync();
    }

    @Test
    void nettysClientIsAnswered() {
        Heddle.run(() -> {
            try (HttpServer server = echo().tls(ServerTls.of(IDENTITY)).http3().start("127.0.0.1", 0)) {
                Heddle.offload(() -> {
                    try (NettyClient netty = new NettyClient(server.port())) {
                        var heard = new Heard();
                        QuicStreamChannel stream = netty.askForWebSocket("/echo", heard);
                        assertEquals("status 200", heard.next());
                        send(stream, "8182000000006869");
                        assertEquals("81026869", heard.next());
                        send(stream, "888200000000" + "03e8");
                        assertEquals("880203e8", heard.next());
                        String next = heard.next();
                        assertEquals("end", next.isEmpty() ? heard.next() : next);
                    }
                });
            }
        });
    }

    @Test
    void nettysServerAnswersOurClient() {
        Heddle.run(() -> {
            try (NettyServer netty = Heddle.offload(() -> new NettyServer(privateKey(), IDENTITY.certificate()));
                    HttpServer server = HttpServer.builder()
                            .tls(ServerTls.of(IDENTITY))
                            .get("/", request -> Response.text(request.version())
                                    .withHeader("Alt-Svc", "h3=\":" + netty.port() + "\"; ma=60"))
                            .start("127.0.0.1", 0);
                    HttpClient client = HttpClient.builder()
                            .tls(ClientTls.DEFAULT.withTrust(AUTHORITY.trust()))
                            .http3()
                            .build()) {
                String url = "https://localhost:" + server.port() + "/";
                Learned.awaitHttp3(client, url, url + "hello");
                try (WebSocket socket = client.webSocket(url.replace("https", "wss") + "chat")
                        .options(WebSocketOptions.DEFAULT.withCompression(false))
                        .sharingConnection()
                        .connect()) {
                    assertEquals("CONNECT /chat websocket", text(socket));
                    socket.sendText("hello");
                    socket.close(1000, "");
                    assertEquals(OptionalInt.of(1005), socket.closeCode());
                }
            }
        });
    }

    private static PrivateKey privateKey() throws Exception {
        String pem = IDENTITY.pem();
        String base64 = pem.substring(pem.indexOf('\n') + 1, pem.indexOf("-----END")).replace("\n", "");
        return KeyFactory.getInstance(IDENTITY.certificate().getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
