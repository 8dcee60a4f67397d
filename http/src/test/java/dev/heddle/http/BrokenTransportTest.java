package dev.heddle.http;

import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Config;
import dev.heddle.HeddleException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.NioEngine;
import dev.heddle.engine.Transport;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.FilterTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine whose connections break their contract ends those, on either side and in each protocol, and no loop spins. */
@Timeout(30)
final class BrokenTransportTest {

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
        run(Config.DEFAULT.withSignals(false).withEngine(() -> engine).withFailureHandler((what, e) -> {}), () -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text("x".repeat(100_000)))
                    .webSocket("/socket", (request, socket) -> {
                        for (WebSocketMessage message : socket) {
                            socket.sendText("got " + message);
                        }
                    })
                    .start("localhost", 0);
            String base = "http://localhost:" + server.port();
            assertThrows(HeddleException.class, () -> talk.visit(base));
            engine.broken = false;
            try (HttpClient http = HttpClient.create()) {
                assertEquals(100_000, http.get(base + "/").text().length());
            }
            server.stop(Duration.ofSeconds(1));
        });
    }

    /** Breaks the connections of one side, after so many reads that brought something. */
    private static final class Breaking implements Engine {
        private final Engine engine = new NioEngine();
        private final boolean client;
        private final int answer;
        private final int goodReads;
        private boolean broken = true;

        Breaking(boolean client, int answer, int goodReads) {
            this.client = client;
            this.answer = answer;
            this.goodReads = goodReads;
        }

        private Transport over(Transport transport, boolean mine) {
            return mine && broken ? new BreakingTransport(transport) : transport;
        }

        @Override
        public Transport connect(SocketAddress remote) throws IOException {
            return over(engine.connect(remote), client);
        }

        @Override
        public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
            Acceptor acceptor = engine.listen(local, options);
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

        @Override
        public String name() {
            return "breaking";
        }

        @Override
        public long nanoTime() {
            return engine.nanoTime();
        }

        @Override
        public Instant now() {
            return engine.now();
        }

        @Override
        public long random() {
            return engine.random();
        }

        @Override
        public boolean poll(long timeoutNanos, boolean external) {
            return engine.poll(timeoutNanos, external);
        }

        @Override
        public void wake() {
            engine.wake();
        }

        @Override
        public List<InetAddress> resolve(String host) throws UnknownHostException {
            return engine.resolve(host);
        }

        @Override
        public void close() {
            engine.close();
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
        }
    }
}
