package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Engines;
import dev.heddle.http.RawPeer;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.TlsKeys;
import dev.heddle.io.ByteStream;
import dev.heddle.io.TruncatedException;
import dev.heddle.sync.Event;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsVersion;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An answer is whole or it is told to be cut, again and again, whatever its server does in the middle of it (RFC 9112,
 * section 8): in each framing, by each way to read it, whatever becomes of the request meanwhile, on each engine and
 * over TLS.
 */
final class WholeAnswerTest {

    private static final int MORE_THAN_BUFFERED = 12_000_000;
    private static final String TEXT = "half of the answer";
    private static final int HALF = 6;
    private static final String OLD = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + TEXT;
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static KeyStore key;

    @BeforeAll
    static void makeKey() {
        key = new TlsKeys(directory).selfSigned("good", "-ext", "SAN=dns:site.example");
    }

    // ---- what must come out ----

    /** How an answer says where it ends, and what has come of it. */
    enum Framing {
        LENGTH("Content-Length: 18\r\n", TEXT.substring(0, HALF)),
        CHUNKED("Transfer-Encoding: chunked\r\n", "12\r\n" + TEXT.substring(0, HALF)),
        BETWEEN_CHUNKS("Transfer-Encoding: chunked\r\n", "6\r\n" + TEXT.substring(0, HALF) + "\r\n"),
        UNTIL_THE_END("Connection: close\r\n", TEXT.substring(0, HALF)),
        GZIP("Connection: close\r\nContent-Encoding: gzip\r\n", half("gzip")),
        DEFLATE("Connection: close\r\nContent-Encoding: deflate\r\n", half("deflate")),
        PLUGGED("Connection: close\r\nContent-Encoding: plugged\r\n", TEXT.substring(0, HALF)),
        GZIP_OF_A_LENGTH("Content-Length: 500\r\nContent-Encoding: gzip\r\n", half("gzip"));

        private final String fields;
        private final String begin;

        Framing(String fields, String begin) {
            this.fields = fields;
            this.begin = begin;
        }

        /** What the reader fails with; null where it has the whole. */
        @Nullable Class<? extends HeddleException> failure(Deed deed) {
            return switch (deed) {
                case RESET -> BrokenException.class;
                case SILENCE -> DeadlineExceededException.class;
                case END, HALF_CLOSE -> this == UNTIL_THE_END ? null : TruncatedException.class;
            };
        }

        String answer() {
            return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + begin;
        }

        /** Bytes that have nothing to give but a beginning. */
        private static String half(String coding) {
            var coded = new ByteArrayOutputStream();
            try (OutputStream out = coding.equals("gzip")
                    ? new GZIPOutputStream(coded, 512, true)
                    : new DeflaterOutputStream(coded, true)) {
                out.write(TEXT.substring(0, HALF).getBytes(ISO_8859_1));
                out.flush();
                return coded.toString(ISO_8859_1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A coding that changes nothing, and knows how long its text is. */
    private static final class Plugged implements ContentDecoder {

        @Override
        public String coding() {
            return "plugged";
        }

        @Override
        public InputStream decode(InputStream coded) {
            return new FilterInputStream(coded) {
                @Override
                public int read(byte[] target, int offset, int count) throws IOException {
                    int taken = super.read(target, offset, count);
                    if (taken < 0) {
                        throw new EOFException("the end of what is coded is missing");
                    }
                    return taken;
                }
            };
        }
    }

    private static void assertFailsLikeBefore(HeddleException first, Callable<?> again) {
        var next = assertThrows(HeddleException.class, again::call);
        assertSame(first.getClass(), next.getClass());
        assertEquals(first.getMessage(), next.getMessage());
    }

    private static void run(String engine, Action body) {
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), body::run);
    }

    private interface Action {
        void run() throws Exception;
    }

    // ---- each framing and each way to read ----

    /** How a user reads an answer to its end. */
    enum Reading {
        READ {
            @Override
            String all(Reply reply) {
                var all = new ByteArrayOutputStream();
                byte[] buffer = new byte[100];
                for (int n = reply.read(buffer); n >= 0; n = reply.read(buffer)) {
                    all.write(buffer, 0, n);
                }
                return all.toString(ISO_8859_1);
            }
        },
        TEXT_OF_ALL {
            @Override
            String all(Reply reply) {
                return reply.text();
            }
        },
        STREAM {
            @Override
            String all(Reply reply) throws IOException {
                return new String(reply.inputStream().readAllBytes(), ISO_8859_1);
            }
        },
        INTO_A_FILE {
            @Override
            String all(Reply reply) throws IOException {
                Path file = Files.createTempDirectory(directory, "body").resolve("file");
                try {
                    reply.copyTo(file);
                    return Files.readString(file);
                } catch (HeddleException cut) {
                    try (Stream<Path> left = Files.list(file.getParent())) {
                        assertEquals(List.of(), left.toList());
                    }
                    throw cut;
                }
            }
        },
        EVENTS {
            @Override
            String all(Reply reply) {
                List<String> data = new ArrayList<>();
                for (ServerSentEvent event : reply.events()) {
                    data.add(event.data());
                }
                assertEquals(List.of(), data);
                return TEXT.substring(0, HALF); // no event is whole
            }
        };

        abstract String all(Reply reply) throws IOException;
    }

    static Stream<Arguments> readings() {
        return Stream.of(Framing.values()).flatMap(framing -> Stream.of(Deed.values())
                .flatMap(deed -> Stream.of(Reading.values())
                        // Each silence lasts until a deadline.
                        .filter(reading -> deed != Deed.SILENCE
                                || (framing == Framing.LENGTH && reading == Reading.READ))
                        .map(reading -> Arguments.of(framing, deed, reading))));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void cutAnswerIsToldByEachWayToReadIt(Framing framing, Deed deed, Reading reading) {
        run("nio", () -> {
            try (var server = new RawPeer.Server(peer -> {
                peer.head();
                peer.send(framing.answer()).act(deed);
                peer.drain();
            });
                    HttpClient http = HttpClient.builder().decoder(new Plugged()).build();
                    Reply reply = http.request("GET", server.url())
                            .timeout(deed == Deed.SILENCE ? Duration.ofSeconds(1) : PATIENCE).send()) {
                Class<? extends HeddleException> failure = framing.failure(deed);
                if (failure == null) {
                    assertEquals(TEXT.substring(0, HALF), reading.all(reply));
                    return;
                }
                HeddleException first = assertThrows(failure, () -> reading.all(reply));
                assertSame(failure, first.getClass());
                assertTrue(first.getMessage().startsWith("GET " + server.url()), first.getMessage());
                for (int i = 0; i < 2; i++) {
                    assertFailsLikeBefore(first, () -> reply.read(new byte[1]));
                    assertFailsLikeBefore(first, reply::text);
                    assertFailsLikeBefore(first, () -> reply.inputStream().read());
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(value = Deed.class, names = "SILENCE", mode = EnumSource.Mode.EXCLUDE)
    void eventsBeforeACutAreGivenAndTheLoopOverThemFails(Deed deed) {
        run("nio", () -> {
            try (var server = new RawPeer.Server(peer -> {
                peer.head();
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n").act(deed);
                peer.drain();
            });
                    HttpClient http = HttpClient.create();
                    Reply reply = http.get(server.url())) {
                var events = reply.events().iterator();
                assertEquals("1", events.next().data());
                var first = assertThrows(BrokenException.class, events::hasNext);
                assertFailsLikeBefore(first, events::hasNext);
                assertFailsLikeBefore(first, events::next);
                assertFailsLikeBefore(first, reply.events().iterator()::hasNext);
            }
        });
    }

    // ---- whatever waits, on each engine ----

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

        Reply send(HttpClient http, String url) {
            ClientRequest request = bytes == 0
                    ? http.request("GET", url)
                    : http.request("POST", url).body(new byte[bytes]);
            return (duplex ? request.duplex() : request).timeout(PATIENCE).send();
        }

        String ask(HttpClient http, String url) {
            try (Reply reply = send(http, url)) {
                return reply.text();
            }
        }
    }

    /** Who is there first. */
    enum Order {
        READER_WAITS,
        PEER_HAS_ACTED
    }

    static Stream<String> engines() {
        return Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name);
    }

    static Stream<Arguments> cells() {
        return engines().flatMap(engine -> Stream.of(Framing.LENGTH, Framing.CHUNKED, Framing.UNTIL_THE_END)
                .flatMap(framing -> Stream.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)
                        .flatMap(deed -> Stream.of(Question.values())
                                // With bytes unread a close is a reset.
                                .filter(question -> deed != Deed.END || question.bytes < 100)
                                .map(question -> Arguments.of(engine, framing, deed, question)))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void answerIsWholeOrCutWhateverWaits(String engine, Framing framing, Deed deed, Question question) {
        run(engine, () -> {
            for (Order order : Order.values()) {
                assertAnswer(framing, deed, question, order);
            }
        });
    }

    private static void assertAnswer(Framing framing, Deed deed, Question question, Order order) throws Exception {
        var asked = Event.named("the reader waits");
        var acted = Event.named("the peer has acted");
        try (var server = new RawPeer.Server(peer -> {
            peer.head();
            peer.take(Math.min(question.bytes, 100));
            peer.send(framing.answer());
            // A request whose body is under way has its reply behind that only.
            if (order == Order.READER_WAITS && question != Question.POST) {
                asked.await();
            }
            peer.act(deed);
            acted.set();
            peer.drain();
        });
                HttpClient http = HttpClient.create();
                Reply reply = question.send(http, server.url())) {
            byte[] half = new byte[HALF];
            int came = 0;
            while (came < HALF) {
                came += reply.read(half, came, HALF - came);
            }
            assertEquals(TEXT.substring(0, HALF), new String(half, ISO_8859_1));
            asked.set();
            if (order == Order.PEER_HAS_ACTED) {
                acted.await();
            }
            Class<? extends HeddleException> failure = framing.failure(deed);
            if (failure == null) {
                assertEquals(-1, reply.read(half));
                assertEquals(-1, reply.read(half));
            } else {
                HeddleException first = assertThrows(failure, () -> reply.read(half));
                assertFailsLikeBefore(first, () -> reply.read(half));
                assertFailsLikeBefore(first, reply::bytes);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void answerThatEndsBeforeTheResetIsWhole(String engine) {
        run(engine, () -> {
            for (Question question : Question.values()) {
                var read = Event.named("the answer has been read");
                try (var server = new RawPeer.Server(peer -> {
                    peer.head();
                    peer.send(OLD).act(Deed.HALF_CLOSE);
                    if (question == Question.DUPLEX_POST) {
                        read.await();
                    }
                    peer.act(Deed.RESET);
                });
                        HttpClient http = HttpClient.create()) {
                    if (question != Question.DUPLEX_POST) {
                        assertEquals(TEXT, question.ask(http, server.url()));
                        continue;
                    }
                    try (Reply reply = question.send(http, server.url())) {
                        assertEquals(TEXT, Reading.READ.all(reply));
                        read.set();
                        reply.awaitSent();
                    }
                }
            }
        });
    }

    // ---- before the answer ----

    static Stream<Arguments> heads() {
        return engines().flatMap(engine -> Stream.of("", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nA: b",
                "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
                .map(begin -> Arguments.of(engine, begin)));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void cutHeadIsALossAndNoBadReply(String engine, String begin) {
        run(engine, () -> {
            for (Deed deed : List.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)) {
                for (boolean expects : new boolean[]{false, true}) {
                    try (var server = new RawPeer.Server(peer -> {
                        peer.head();
                        peer.take(expects ? 0 : 10);
                        peer.send(begin).act(deed);
                        peer.drain();
                    });
                            HttpClient http = HttpClient.create()) {
                        ClientRequest request = http.request("POST", server.url()).body(new byte[10]);
                        var failure = assertThrows(BrokenException.class,
                                () -> (expects ? request.expectContinue() : request).send());
                        assertTrue(failure.getMessage().startsWith("POST " + server.url()), failure.getMessage());
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("engines")
    void silentServerIsAwaitedUntilTheDeadlineOnly(String engine) {
        run(engine, () -> {
            for (Question question : Question.values()) {
                try (var server = new RawPeer.Server(peer -> peer.act(Deed.SILENCE));
                        HttpClient http = HttpClient.builder()
                                .timeouts(ClientTimeouts.DEFAULT.withRead(DEADLINE)).build()) {
                    ClientRequest request = http.request("POST", server.url()).body(new byte[question.bytes])
                            .timeout(DEADLINE);
                    assertThrows(DeadlineExceededException.class,
                            () -> (question.duplex ? request.duplex() : request).send());
                }
            }
        });
    }

    // ---- over TLS, and over TLS in the tunnel of a proxy ----

    static Stream<Arguments> versions() {
        return engines().flatMap(engine -> Stream.of(TlsVersion.values())
                .flatMap(version -> Stream.of(Question.GET, Question.POST)
                        .flatMap(question -> Stream.of(true, false)
                                .map(tunnel -> Arguments.of(engine, version, question, tunnel)))));
    }

    private static void play(String engine, ScriptedServer.Script script, Visit visit) {
        run(engine, () -> {
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
        stream.write(OLD);
        end.run();
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Tag("full")
    void answerOverTlsThatIsCutIsNoWholeOne(String engine, TlsVersion version, Question question, boolean tunnel) {
        for (boolean reset : new boolean[]{true, false}) {
            play(engine,
                    secured(version, tunnel, (stream, below) -> answer(stream, reset ? below::abort : below::close)),
                    server -> {
                        try (HttpClient http = client(server, tunnel)) {
                            assertThrows(BrokenException.class,
                                    () -> question.ask(http, "https://site.example/"));
                        }
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Tag("full")
    void answerOverTlsThatEndsItIsWhole(String engine, TlsVersion version, Question question, boolean tunnel) {
        play(engine, secured(version, tunnel, (stream, below) -> answer(stream, () -> {
            stream.closeOutput();
            below.abort();
        })), server -> {
            try (HttpClient http = client(server, tunnel)) {
                assertEquals(TEXT, question.ask(http, "https://site.example/"));
            }
        });
    }

    private interface Secured {
        void play(ByteStream stream, ByteStream below);
    }

    private static ScriptedServer.Script secured(TlsVersion version, boolean tunnel, Secured script) {
        return peer -> {
            if (tunnel) {
                peer.request();
                peer.send("HTTP/1.1 200 OK\r\n\r\n");
            }
            var below = new ByteStream(peer.stream().transport());
            script.play(Tls.upgradeServer(
                    peer.stream(), ServerTls.of(TlsKeys.context(key)).withVersions(version)), below);
        };
    }

    private static HttpClient client(ScriptedServer server, boolean tunnel) {
        HttpClient.Builder client = server.client().tls(TlsKeys.context(null, key));
        return (tunnel ? client.proxy(Proxy.http("proxy.example", 3128)) : client).build();
    }
}
