package dev.heddle.http;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.ForwardingEngine;
import dev.heddle.HeddleException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.NioEngine;
import dev.heddle.engine.Transport;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import dev.heddle.net.Tcp;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine whose connections break their contract ends those, on either side and in each protocol, and no loop spins. */
@Timeout(30)
final class BrokenTransportTest {

    private static final Logger ROOT = Logger.getLogger("");

    /** The failures that somebody heard of. */
    private final List<Throwable> told = new CopyOnWriteArrayList<>();

    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getThrown() != null) {
                told.add(entry.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        ROOT.addHandler(log);
    }

    @AfterEach
    void listenNoMore() {
        ROOT.removeHandler(log);
    }

    /** What a read says once the connection has gone wrong. */
    private static final List<Integer> ANSWERS = List.of(0, -2, Integer.MAX_VALUE);

    enum Talk {
        HTTP1 {
            @Override
            void visit(String base) {
                try (HttpClient http = HttpClient.create()) {
                    http.get(base + "/").text();
                }
            }
        },
        HTTP2 {
            @Override
            void visit(String base) {
                try (HttpClient http = HttpClient.builder().http2PriorKnowledge().build()) {
                    http.get(base + "/").text();
                }
            }
        },
        WEB_SOCKET {
            @Override
            void visit(String base) {
                try (HttpClient http = HttpClient.create();
                        WebSocket socket = http.webSocket(base.replace("http", "ws") + "/socket").connect()) {
                    socket.sendText("hello");
                    socket.receive();
                }
            }
        };

        abstract void visit(String base);
    }

    /** All but the one that would go well: a server that reads one request and answers it. */
    static Stream<Arguments> everywhere() {
        return Stream.of(Talk.values()).flatMap(talk -> Stream.of(true, false)
                .flatMap(client -> ANSWERS.stream()
                        .flatMap(answer -> Stream.of(0, 1)
                                .filter(good -> good == 0 || client || talk != Talk.HTTP1)
                                .map(good -> Arguments.of(talk, client, answer, good)))));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void connectionsEndAndTheLoopGoesOn(Talk talk, boolean client, int answer, int goodReads) {
        var engine = new Breaking(client, answer, goodReads);
        run(on(engine), () -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text("x".repeat(100_000)))
                    .webSocket("/socket", (request, socket) -> {
                        for (WebSocketMessage message : socket) {
                            socket.sendText("got " + message);
                        }
                    })
                    .start("localhost", 0);
            String base = "http://localhost:" + server.port();
            RuntimeException failure = assertThrows(RuntimeException.class, () -> talk.visit(base));
            assertTrue(failure instanceof HeddleException || namesTheBreach(failure), failure::toString);
            told.add(failure);
            engine.broken = false;
            try (HttpClient http = HttpClient.create()) {
                assertEquals(100_000, http.get(base + "/").text().length());
            }
            server.stop(Duration.ofSeconds(1));
        });
        assertTrue(told.stream().anyMatch(BrokenTransportTest::namesTheBreach), () -> "told: " + told);
    }

    /** A breach is a bug: it is told to the caller, to the log or to the failure handler, and by name. */
    private static boolean namesTheBreach(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean named = String.valueOf(cause.getMessage()).contains("breaks a rule of transports");
            if ((named && cause instanceof IllegalStateException)
                    || Arrays.stream(cause.getSuppressed()).anyMatch(BrokenTransportTest::namesTheBreach)) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MAX_VALUE})
    void headerOfAProxyIsReadByTheRulesToo(int answer) {
        var engine = new Breaking(false, answer, 0);
        run(on(engine), () -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text(request.remoteAddress()))
                    .proxyProtocol("127.0.0.1")
                    .start("127.0.0.1", 0);
            String requests = "PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\nGET / HTTP/1.0\r\n\r\n";
            assertEquals("", answerTo(server, requests));
            engine.broken = false;
            assertTrue(answerTo(server, requests).endsWith("1.2.3.4:9"));
            server.stop(Duration.ofSeconds(1));
        });
    }

    @Test
    void keptConnectionThatTakesBytesWithoutSayingSoIsNotUsedAgain() {
        var engine = new Breaking(true, 0, Integer.MAX_VALUE);
        run(on(engine), () -> {
            var served = new AtomicInteger();
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text("number " + served.incrementAndGet()))
                    .start("localhost", 0);
            try (HttpClient http = HttpClient.create()) {
                String url = "http://localhost:" + server.port() + "/";
                assertEquals("number 1", http.get(url).text());
                engine.broken = false;
                engine.eats = true;
                assertEquals("number 2", http.get(url).text());
            }
            server.stop(Duration.ofSeconds(1));
        });
    }

    @Test
    void heldResponseThatIsWrittenByTheRulesEndsItsConnectionThoughItsTaskWaits() {
        var engine = new Breaking(false, 0, Integer.MAX_VALUE);
        engine.lies = true;
        run(on(engine), () -> {
            Event seen = Event.named("the end of the connection");
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text("ok"))
                    .get("/slow", request -> {
                        seen.await();
                        return Response.text("slow");
                    })
                    .start("127.0.0.1", 0);
            answerTo(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            seen.set();
            server.stop(Duration.ofSeconds(1));
        });
    }

    private Config on(Engine engine) {
        return Config.DEFAULT.withSignals(false).withEngine(() -> engine)
                .withFailureHandler((what, e) -> told.add(e));
    }

    /** What comes until the connection ends; nothing if it is cut off. */
    private static String answerTo(HttpServer server, String requests) {
        try (ByteStream stream = Tcp.connect("127.0.0.1", server.port())) {
            stream.write(requests);
            return new String(stream.readAll(10_000), StandardCharsets.US_ASCII);
        } catch (BrokenException e) {
            return "";
        }
    }

    /** Breaks the connections of one side, after so many reads that brought something. */
    private static final class Breaking extends ForwardingEngine {
        private final boolean client;
        private final int answer;
        private final int goodReads;
        private boolean broken = true;

        /** Whether a read of what was broken when it was made takes a byte and does not say so. */
        private boolean eats;

        /** Whether a write has written more than it says. */
        private boolean lies;

        Breaking(boolean client, int answer, int goodReads) {
            super(new NioEngine());
            this.client = client;
            this.answer = answer;
            this.goodReads = goodReads;
        }

        private Transport over(Transport transport, boolean mine) {
            return mine && broken ? new BreakingTransport(transport) : transport;
        }

        @Override
        public Transport connect(SocketAddress remote) throws IOException {
            return over(super.connect(remote), client);
        }

        @Override
        public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
            Acceptor acceptor = super.listen(local, options);
            return new Acceptor() {
                @Override
                public Transport accept() {
                    return over(acceptor.accept(), !client);
                }

                @Override
                public SocketAddress localAddress() {
                    return acceptor.localAddress();
                }

                @Override
                public void close() {
                    acceptor.close();
                }
            };
        }

        private final class BreakingTransport extends FilterTransport {
            private int reads;

            BreakingTransport(Transport under) {
                super(under, ByteBuffer.allocate(0));
            }

            private boolean isGood() {
                return reads < goodReads;
            }

            @Override
            public int tryRead(ByteBuffer target) {
                if (eats) {
                    target.put((byte) 'x');
                    return 0;
                }
                if (!isGood()) {
                    return answer;
                }
                int count = super.tryRead(target);
                reads += count > 0 ? 1 : 0;
                return count;
            }

            @Override
            public void awaitReadable() {
                if (isGood()) {
                    super.awaitReadable();
                }
            }

            @Override
            public int tryWrite(ByteBuffer source) {
                int count = super.tryWrite(source);
                return lies && count > 0 ? count - 1 : count;
            }
        }
    }
}
