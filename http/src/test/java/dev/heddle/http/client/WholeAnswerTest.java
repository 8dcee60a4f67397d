package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.TlsKeys;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsVersion;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An answer whose end is that of its connection is whole after a clean end only (RFC 9112, section 8), whatever becomes
 * of the request meanwhile: on each engine, over TLS, and through a gateway.
 */
final class WholeAnswerTest {

    private static final int MORE_THAN_BUFFERED = 30_000_000;
    private static final String HALF = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf of the an";
    private static final Duration A_MOMENT = Duration.ofMillis(20);

    @TempDir
    static Path directory;

    private static KeyStore key;

    @BeforeAll
    static void makeKey() {
        key = new TlsKeys(directory).selfSigned("good", "-ext", "SAN=dns:localhost,ip:127.0.0.1");
    }

    /** What is asked, with a body or without one. */
    enum Question {
        GET(0, false),
        SMALL_POST(10, false),
        POST(MORE_THAN_BUFFERED, false),
        DUPLEX_POST(MORE_THAN_BUFFERED, true);

        private final int bytes;
        private final boolean duplex;

        Question(int bytes, boolean duplex) {
            this.bytes = bytes;
            this.duplex = duplex;
        }

        String ask(HttpClient http, String url, Duration beforeReading) {
            ClientRequest request = bytes == 0
                    ? http.request("GET", url)
                    : http.request("POST", url).body(new byte[bytes]);
            try (Reply reply = (duplex ? request.duplex() : request).send()) {
                Heddle.sleep(beforeReading);
                return reply.status() + " " + reply.text();
            }
        }
    }

    static Stream<String> engines() {
        return Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name);
    }

    static Stream<Arguments> questions() {
        return engines().flatMap(engine -> Stream.of(Question.values())
                .flatMap(question -> Stream.of(Duration.ZERO, A_MOMENT.multipliedBy(3))
                        .map(pause -> Arguments.of(engine, question, pause))));
    }

    static Stream<Arguments> versions() {
        return engines().flatMap(engine -> Stream.of(TlsVersion.values())
                .flatMap(version -> Stream.of(Question.GET, Question.POST)
                        .map(question -> Arguments.of(engine, version, question))));
    }

    private static void run(String engine, ScriptedServer.Script script, Visit visit) {
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> {
            try (var server = ScriptedServer.of(script)) {
                visit.play(server);
            }
        });
    }

    private interface Visit {
        void play(ScriptedServer server) throws Exception;
    }

    /** Answers while the request comes, and then ends in some way. */
    private static void answer(ByteStream stream, Runnable end) {
        stream.readUntil("\r\n\r\n".getBytes(ISO_8859_1), 10_000);
        stream.write(HALF);
        Heddle.sleep(A_MOMENT);
        end.run();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void answerThatAResetCutsIsNoWholeOne(String engine, Question question, Duration pause) {
        run(engine, peer -> answer(peer.stream(), peer::abort), server -> {
            try (HttpClient http = HttpClient.create()) {
                assertThrows(BrokenException.class, () -> question.ask(http, server.url(), pause));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("questions")
    void answerThatEndsBeforeTheResetIsWhole(String engine, Question question, Duration pause) {
        run(engine, peer -> answer(peer.stream(), () -> {
            peer.stream().closeOutput();
            Heddle.sleep(A_MOMENT);
            peer.abort();
        }), server -> {
            try (HttpClient http = HttpClient.create()) {
                assertEquals("200 half of the an", question.ask(http, server.url(), pause));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void answerOverTlsThatIsCutIsNoWholeOne(String engine, TlsVersion version, Question question) {
        for (boolean reset : new boolean[]{true, false}) {
            run(engine, secured(version, (stream, below) -> answer(stream, reset ? below::abort : below::close)),
                    server -> {
                        try (HttpClient http = client(server)) {
                            assertThrows(BrokenException.class,
                                    () -> question.ask(http, "https://localhost/", Duration.ZERO));
                        }
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void answerOverTlsThatEndsItIsWhole(String engine, TlsVersion version, Question question) {
        run(engine, secured(version, (stream, below) -> answer(stream, () -> {
            stream.closeOutput();
            Heddle.sleep(A_MOMENT);
            below.abort();
        })), server -> {
            try (HttpClient http = client(server)) {
                assertEquals("200 half of the an", question.ask(http, "https://localhost/", Duration.ZERO));
            }
        });
    }

    private interface Secured {
        void play(ByteStream stream, ByteStream below);
    }

    private static ScriptedServer.Script secured(TlsVersion version, Secured script) {
        return peer -> {
            var below = new ByteStream(peer.stream().transport());
            script.play(Tls.upgradeServer(
                    peer.stream(), ServerTls.of(TlsKeys.context(key)).withVersions(version)), below);
        };
    }

    private static HttpClient client(ScriptedServer server) {
        return server.client().tls(TlsKeys.context(null, key)).build();
    }

    static Stream<Arguments> gatewayQuestions() {
        return engines()
                .flatMap(engine -> Stream.of(Question.values()).map(question -> Arguments.of(engine, question)));
    }

    @ParameterizedTest
    @MethodSource("gatewayQuestions")
    void gatewayPassesACutOn(String engine, Question question) {
        run(engine, peer -> answer(peer.stream(), peer::abort), upstream -> withGateway(upstream, port -> {
            try (HttpClient http = HttpClient.create()) {
                assertCutOrRefused(() -> question.ask(http, "http://127.0.0.1:" + port, Duration.ZERO));
            }
        }));
    }

    /** A gateway that has passed nothing on yet says so instead of cutting the connection. */
    private static void assertCutOrRefused(Callable<String> answer) throws Exception {
        try {
            String got = answer.call();
            assertTrue(got.contains("502"), got);
        } catch (BrokenException cut) {
            assertNotNull(cut.getMessage());
        }
    }

    /** HTTP/1.0 knows no chunks: there the end of the connection is all that a client has. */
    @ParameterizedTest
    @MethodSource("engines")
    void gatewayPassesACutOnToAnOldClient(String engine) {
        run(engine, peer -> answer(peer.stream(), peer::abort), upstream -> withGateway(upstream, port -> {
            try (ByteStream old = Tcp.connect("127.0.0.1", port)) {
                old.write("GET / HTTP/1.0\r\n\r\n");
                assertCutOrRefused(() -> new String(old.readAll(10_000), ISO_8859_1));
            }
            try (ByteStream old = Tcp.connect("127.0.0.1", port)) {
                old.write("POST / HTTP/1.0\r\nContent-Length: " + MORE_THAN_BUFFERED + "\r\n\r\n");
                var _ = Heddle.spawn(() -> {
                    try {
                        old.write(new byte[MORE_THAN_BUFFERED]);
                    } catch (BrokenException e) {
                        // The gateway has cut the connection.
                    }
                });
                assertCutOrRefused(() -> new String(old.readAll(10_000), ISO_8859_1));
            }
        }));
    }

    private interface Port {
        void play(int port) throws Exception;
    }

    private static void withGateway(ScriptedServer upstream, Port visit) throws Exception {
        try (HttpClient http = HttpClient.create();
                Proxying gateway = Proxying.to(Upstreams.of(upstream.url()), http)) {
            HttpServer server = HttpServer.builder().any("/", gateway)
                    .limits(ServerLimits.DEFAULT.withMaxBodyBytes(2L * MORE_THAN_BUFFERED))
                    .start("127.0.0.1", 0);
            visit.play(server.port());
            server.stop(Duration.ofMillis(10));
        }
    }
}
