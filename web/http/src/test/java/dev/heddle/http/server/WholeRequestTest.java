package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Engines;
import dev.heddle.http.FrameWire;
import dev.heddle.http.RawPeer;
import dev.heddle.http.RawPeer.Deed;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A handler never has a cut request for a whole one, and learns of a client that goes, whatever it waits for: by HTTP/1
 * on each engine, and by HTTP/2.
 */
@Timeout(60)
final class WholeRequestTest {

    private static final ServerLimits LIMITS = ServerLimits.DEFAULT.withMinRate(1_000)
            .withTransferGrace(Duration.ofMillis(200));

    @TempDir
    static Path directory;

    // ---- what must come out ----

    /** How a request says where its body ends, and what of it has come. */
    enum Framing {
        LENGTH("Content-Length: 100\r\n", "%s"),
        CHUNKED("Transfer-Encoding: chunked\r\n", "64\r\n%s"),
        BETWEEN_CHUNKS("Transfer-Encoding: chunked\r\n", "%x\r\n%s\r\n");

        private final String fields;
        private final String begin;

        Framing(String fields, String begin) {
            this.fields = fields;
            this.begin = begin;
        }

        String request(Reading reading) {
            String body = this == BETWEEN_CHUNKS
                    ? begin.formatted(reading.half.length(), reading.half)
                    : begin.formatted(reading.half);
            return "POST /" + reading + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + reading.type + "\r\n" + fields
                    + "\r\n"
                    + body;
        }
    }

    /** How a handler reads a body to its end. */
    enum Reading {
        READ("text/plain", "half") {
            @Override
            void all(Request request) {
                byte[] buffer = new byte[100];
                int came = request.read(buffer);
                while (came >= 0) {
                    came = request.read(buffer);
                }
            }
        },
        BYTES("text/plain", "half") {
            @Override
            void all(Request request) {
                request.bytes(1000);
            }
        },
        STREAM("text/plain", "half") {
            @Override
            void all(Request request) throws IOException {
                request.inputStream().readAllBytes();
            }
        },
        INTO_A_FILE("text/plain", "half") {
            @Override
            void all(Request request) throws IOException {
                Path file = Files.createTempDirectory(directory, "body").resolve("file");
                try {
                    request.saveTo(file);
                } finally {
                    try (Stream<Path> left = Files.list(file.getParent())) {
                        assertEquals(List.of(), left.toList());
                    }
                }
            }
        },
        FORM("application/x-www-form-urlencoded", "a=b&c=") {
            @Override
            void all(Request request) {
                request.form();
            }
        },
        PARTS("multipart/form-data; boundary=XyZ", "--XyZ\r\n" + Multipart.field("a", "b") + "\r\n--XyZ\r\n") {
            @Override
            void all(Request request) {
                for (Part part : request.multipart()) {
                    part.text(100);
                }
            }
        },
        FORM_WITH_FILES("multipart/form-data; boundary=XyZ",
                "--XyZ\r\n" + Multipart.file("a", "f", "half")) {
            @Override
            void all(Request request) {
                request.formData();
            }
        };

        private final String type;
        private final String half;

        Reading(String type, String half) {
            this.type = type;
            this.half = half;
        }

        abstract void all(Request request) throws IOException;
    }

    /** What the handler has met, which must be the same each time: its kind. */
    private static String failureOf(Request request, Reading reading) {
        RuntimeException first;
        try {
            reading.all(request);
            return "whole";
        } catch (HeddleException e) {
            first = e;
        } catch (IOException e) {
            return e.toString();
        }
        for (int i = 0; i < 2; i++) {
            assertFailsLikeBefore(first, () -> request.read(new byte[1]));
            assertFailsLikeBefore(first, () -> request.bytes(1000));
        }
        return first instanceof StatusException told ? told.status() + " " + told.text() : kind(first);
    }

    private static void assertFailsLikeBefore(RuntimeException first, Callable<?> again) {
        var next = assertThrows(RuntimeException.class, again::call);
        assertSame(first.getClass(), next.getClass());
        assertEquals(first.getMessage(), next.getMessage());
    }

    private static String kind(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    private static String model(Deed deed) {
        return deed == Deed.RESET ? kind(new BrokenException("")) : "400 the body ends early";
    }

    // ---- HTTP/1 ----

    static Stream<String> engines() {
        return Engines.offers().stream().filter(offer -> offer.whyNot().isEmpty()).map(Engines.Offer::name);
    }

    static Stream<Arguments> framings() {
        return engines()
                .flatMap(engine -> Stream.of(Framing.values()).map(framing -> Arguments.of(engine, framing)));
    }

    private interface Visit {
        void play(HttpServer server) throws Exception;
    }

    private static void run(String engine, HttpServer.Builder builder, Visit visit) {
        Heddle.run(Config.DEFAULT.withSignals(false).withEngine(Engines.named(engine)), () -> {
            HttpServer server = builder.limits(LIMITS).start("127.0.0.1", 0);
            visit.play(server);
            awaitGone(server);
            server.stop(Duration.ZERO);
        });
    }

    /** Each client has gone, so no connection and no handler may be left. */
    private static void awaitGone(HttpServer server) {
        while (server.statistics().connections() > 0 || server.statistics().inFlight() > 0) {
            Heddle.sleep(Duration.ofMillis(1));
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void cutBodyIsToldByEachWayToReadIt(String engine, Framing framing) {
        var met = Channel.<String>of(100);
        var waiting = Channel.<String>of(100);
        HttpServer.Builder server = HttpServer.builder();
        for (Reading reading : Reading.values()) {
            server.post("/" + reading, request -> {
                waiting.send("the handler reads");
                met.send(failureOf(request, reading));
                return Response.text("done");
            });
        }
        run(engine, server, started -> {
            for (Reading reading : Reading.values()) {
                for (Deed deed : List.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)) {
                    for (boolean handlerFirst : new boolean[]{true, false}) {
                        RawPeer peer = RawPeer.connect(started.port()).send(framing.request(reading));
                        if (handlerFirst) {
                            waiting.receive();
                        }
                        peer.act(deed);
                        String what = reading + " " + deed;
                        assertEquals(model(deed), met.receive(), what);
                        if (!handlerFirst) {
                            waiting.receive();
                        }
                        if (deed == Deed.HALF_CLOSE) {
                            assertTrue(peer.rest().endsWith("done"), what);
                        }
                        peer.close();
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("engines")
    void silentClientIsCutOffAndToldSo(String engine) {
        var met = Channel.<String>of(1);
        HttpServer.Builder server = HttpServer.builder().post("/READ", request -> {
            try {
                Reading.READ.all(request);
                return Response.text("whole");
            } catch (RuntimeException e) {
                met.trySend(kind(e));
                throw e;
            }
        });
        run(engine, server, started -> {
            RawPeer peer = RawPeer.connect(started.port()).send(Framing.LENGTH.request(Reading.READ));
            assertEquals("CancelledException", met.receive());
            assertTrue(peer.rest().startsWith("HTTP/1.1 408 "));
            peer.close();
        });
    }

    @ParameterizedTest
    @MethodSource("engines")
    void handlerThatWaitsForItsClientToGoIsTold(String engine) {
        var waiting = Channel.<String>of(1);
        var met = Channel.<String>of(1);
        HttpServer.Builder server = HttpServer.builder()
                .get("/ask", request -> {
                    waiting.send("");
                    request.awaitDisconnect();
                    met.send("gone");
                    return Response.empty(204);
                })
                .get("/cancel", RouteOptions.DEFAULT.withOnDisconnect(RouteOptions.OnDisconnect.CANCEL), request -> {
                    waiting.send("");
                    try {
                        Heddle.sleep(Duration.ofMinutes(1));
                        return Response.empty(204);
                    } finally {
                        met.trySend("gone");
                    }
                });
        run(engine, server, started -> {
            for (String path : List.of("/ask", "/cancel")) {
                for (Deed deed : List.of(Deed.END, Deed.HALF_CLOSE, Deed.RESET)) {
                    RawPeer peer = RawPeer.connect(started.port()).send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    waiting.receive();
                    peer.act(deed);
                    assertEquals("gone", met.receive(), path + " " + deed);
                    peer.close();
                }
            }
        });
    }

    /** What is written to a client that goes. */
    enum Writing {
        STREAM {
            @Override
            Response response(Channel<String> met) {
                return Response.stream("a/b", out -> met.send(failureOf(() -> {
                    out.write(new byte[1000]);
                    out.flush();
                    Heddle.checkpoint();
                }, kind(new BrokenException("")))));
            }
        },
        EVENTS {
            @Override
            Response response(Channel<String> met) {
                return Response.events(events -> met.send(failureOf(() -> {
                    events.send("tick");
                    Heddle.checkpoint();
                }, kind(new ClosedException("")))));
            }
        },
        FILE {
            @Override
            Response response(Channel<String> met) throws IOException {
                Path file = directory.resolve("big");
                if (!Files.exists(file)) {
                    try (var big = Files.newByteChannel(file, java.nio.file.StandardOpenOption.CREATE,
                            java.nio.file.StandardOpenOption.WRITE)) {
                        big.position(100_000_000).write(java.nio.ByteBuffer.allocate(1));
                    }
                }
                met.send("told");
                return Response.file(file);
            }
        };

        abstract Response response(Channel<String> met) throws IOException;

        private interface Step {
            void write() throws Exception;
        }

        /** Writes until the client is gone, and then again. */
        private static String failureOf(Step step, String kind) {
            for (int failures = 0; failures < 3;) {
                try {
                    step.write();
                    if (failures > 0) {
                        return "a write behind a loss went well";
                    }
                } catch (Exception e) {
                    if (!kind(e).equals(kind)) {
                        return e.toString();
                    }
                    failures++;
                }
            }
            return "told";
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void writerToAClientThatGoesIsToldAtEachWrite(String engine) {
        var met = Channel.<String>of(1);
        HttpServer.Builder server = HttpServer.builder();
        for (Writing writing : Writing.values()) {
            server.get("/" + writing, request -> writing.response(met));
        }
        run(engine, server, started -> {
            for (Writing writing : Writing.values()) {
                // Closed with bytes unread; RFC 9112, section 9.6, has no half-closed clients that read on.
                for (Deed deed : List.of(Deed.END, Deed.RESET)) {
                    RawPeer peer = RawPeer.connect(started.port())
                            .send("GET /" + writing + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertTrue(peer.head().startsWith("HTTP/1.1 200 "));
                    peer.act(deed);
                    assertEquals("told", met.receive(), writing + " " + deed);
                    peer.close();
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("engines")
    @Tag("full")
    void halfClosedClientHasItsWholeResponseAndTheLoopSleepsMeanwhile(String engine) {
        var begun = Channel.<String>of(1);
        HttpServer.Builder server = HttpServer.builder().get("/", request -> Response.stream("a/b", 50_000_000, out -> {
            begun.send("");
            out.write(new byte[50_000_000]);
        }));
        run(engine, server, started -> {
            RawPeer peer = RawPeer.connect(started.port()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            begun.receive();
            peer.act(Deed.HALF_CLOSE);
            awaitQuiet();
            peer.head();
            peer.take(50_000_000);
            peer.close();
        });
    }

    /** Waits until nothing has happened for a while, which a loop that spins never grants. */
    private static void awaitQuiet() {
        long polls = 100;
        while (polls > 50) {
            long before = Heddle.currentLoop().statistics().polls();
            Heddle.sleep(Duration.ofMillis(50));
            polls = Heddle.currentLoop().statistics().polls() - before;
        }
    }

    // ---- HTTP/2 ----

    /** What becomes of a stream, or of its connection, in the middle of a body. */
    enum Loss {
        STREAM_RESET {
            @Override
            void act(FrameWire wire) {
                wire.reset(1, Http2Error.CANCEL);
            }
        },
        END_BEFORE_THE_LENGTH {
            @Override
            void act(FrameWire wire) {
                wire.data(1, "", true);
            }
        },
        CONNECTION_END {
            @Override
            void act(FrameWire wire) {
                wire.stream.closeOutput();
            }
        },
        CONNECTION_RESET {
            @Override
            void act(FrameWire wire) {
                wire.stream.abort();
            }
        };

        abstract void act(FrameWire wire);
    }

    static Stream<Arguments> losses() {
        return Stream.of(Loss.values())
                .flatMap(loss -> Stream.of(Reading.values())
                        .flatMap(reading -> Stream.of(true, false).map(first -> Arguments.of(loss, reading, first))));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void cutBodyOfAStreamIsToldByEachWayToReadIt(Loss loss, Reading reading, boolean handlerFirst) {
        List<String> met = new ArrayList<>();
        var waiting = Event.named("the handler reads");
        var done = Event.named("the handler has read");
        HttpServer.Builder server = HttpServer.builder().post("/", request -> {
            waiting.set();
            met.add(failureOf(request, reading));
            done.set();
            return Response.text("done");
        });
        FrameWire.play(server, wire -> {
            wire.post(1, "/", "content-length", "100", "content-type", reading.type);
            wire.data(1, reading.half, false);
            if (handlerFirst) {
                waiting.await();
                Heddle.sleep(Duration.ofSeconds(1));
            }
            loss.act(wire);
            if (handlerFirst) {
                done.await();
                assertEquals(List.of("BrokenException"), met);
            } else if (Heddle.moveOnAfter(Duration.ofSeconds(10), done::await)) {
                assertEquals(List.of("BrokenException"), met);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(value = Loss.class, names = "END_BEFORE_THE_LENGTH", mode = EnumSource.Mode.EXCLUDE)
    void writerToALostStreamIsToldAtEachWrite(Loss loss) {
        for (Writing writing : List.of(Writing.STREAM, Writing.EVENTS)) {
            var met = Channel.<String>of(1);
            FrameWire.play(HttpServer.builder().get("/", request -> writing.response(met)), wire -> {
                wire.get(1, "/");
                wire.read(Http2Frame.DATA);
                loss.act(wire);
                assertEquals("told", met.receive(), writing + " " + loss);
            });
        }
    }

    @Test
    void bodyThatHasEndedBeforeItsStreamIsResetIsNotCut() {
        List<String> met = new ArrayList<>();
        var done = Event.named("the handler has read");
        HttpServer.Builder server = HttpServer.builder().post("/", request -> {
            met.add(request.text(100));
            done.set();
            Heddle.sleep(Duration.ofSeconds(1));
            return Response.text("done");
        });
        FrameWire.play(server, wire -> {
            wire.post(1, "/");
            wire.data(1, "whole", true);
            done.await();
            wire.reset(1, Http2Error.CANCEL);
            wire.get(3, "/");
            assertEquals(405, wire.answer(3).status());
            assertEquals(List.of("whole"), met);
        });
    }
}
