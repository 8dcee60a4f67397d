package dev.heddle.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Headers;
import dev.heddle.http.WebSocket;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that stops with its run: drain, grace and clean-up fit into the shutdown timeout, in order, whatever they
 * are.
 */
final class StopWithinTheRunTest {

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;
    private static final Duration RUN = Config.DEFAULT.shutdownTimeout();
    private static final Duration MAX = RUN.multipliedBy(3).dividedBy(4);

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    private HttpServer running = HttpServer.builder().build();

    /** Whether the stop begins with a cancel of who serves, as signals have it, and not with the end of the loop. */
    private boolean isSignalled;

    private void sleep(String seconds) {
        try {
            Heddle.sleep(Duration.ofSeconds(Long.parseLong(seconds)));
        } catch (CancelledException e) {
            events.add("cancelled");
            throw e;
        }
    }

    private HttpServer.Builder server(Duration drain, Duration grace) {
        return HttpServer.builder()
                .drainDelay(drain)
                .limits(ServerLimits.DEFAULT.withStopGrace(grace))
                .get("/sleep/{seconds}", r -> {
                    sleep(r.path("seconds"));
                    return Response.text("slept");
                })
                .get("/background/{seconds}", r -> {
                    String seconds = r.path("seconds");
                    running.background("work", () -> {
                        sleep(seconds);
                        events.add("worked");
                    });
                    return Response.text("begun").withHeader("Connection", "close");
                })
                .post("/upload", r -> {
                    events.add("got " + r.bytes(1 << 20).length);
                    return Response.text("taken");
                })
                .get("/shielded", r -> {
                    Heddle.shield(() -> Heddle.sleep(Duration.ofHours(1)));
                    return Response.text("late");
                })
                .get("/events", r -> Response.events(out -> {
                    for (int i = 0;; i++) {
                        out.send("tick " + i);
                        Heddle.sleep(Duration.ofSeconds(1));
                    }
                }))
                .get("/download", r -> Response.stream("a/b", out -> {
                    while (true) {
                        out.write(new byte[1000]);
                        out.flush();
                        Heddle.sleep(Duration.ofSeconds(1));
                    }
                }))
                .get("/trailers", r -> Response.stream("a/b", out -> {
                    while (true) {
                        out.write('a');
                        out.flush();
                        Heddle.sleep(Duration.ofSeconds(1));
                    }
                }).withTrailers(() -> Headers.of("grpc-status", "0")))
                .webSocket("/socket", (r, socket) -> {
                    while (socket.receive().isPresent()) {
                        socket.sendText("echo");
                    }
                });
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - startNanos);
    }

    /**
     * Ends the run of a server while clients are at it, who outlive it.
     *
     * @return how long the server took
     */
    private Duration stop(SimOptions options, HttpServer.Builder server, List<Callable<?>> clients) {
        Duration[] took = {RUN.multipliedBy(2)};
        Sim.run(options, sim -> {
            Loop loop = Heddle.currentLoop();
            running = server.build();
            Task<Void> serving = loop.spawn("serving", () -> running.serve(HOST, PORT));
            Heddle.sleep(Duration.ofSeconds(1));
            List<Task<?>> asked = new ArrayList<>();
            for (Callable<?> client : clients) {
                asked.add(loop.spawn("client", () -> Heddle.<Object>shield(() -> client.call())));
            }
            Heddle.sleep(Duration.ofSeconds(1));
            long start = loop.nanoTime();
            if (isSignalled) {
                serving.cancel("SIGTERM");
            } else {
                loop.stop();
            }
            Heddle.shield(() -> {
                serving.awaitOutcome();
                took[0] = since(start);
                asked.forEach(Task::join);
            });
        });
        return took[0];
    }

    private Duration stop(HttpServer.Builder server, Callable<?>... clients) {
        return stop(SimOptions.DEFAULT, server, List.of(clients));
    }

    private static Callable<?> client(String path, String end) {
        return () -> {
            try (ByteStream peer = Tcp.connect(HOST, PORT)) {
                peer.write("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                if (end.isEmpty()) {
                    assertThrows(BrokenException.class, () -> peer.readAll(1_000_000));
                } else {
                    assertTrue(Wire.text(peer.readAll(1_000_000)).endsWith(end));
                }
            }
            return "";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sleep/3600", "/download"})
    void whatIsLeftIsCancelledBeforeTheRunIsOver(String path) {
        Duration took = stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), client(path, ""));
        assertTrue(took.compareTo(MAX) <= 0, "took " + took);
        assertTrue(took.compareTo(MAX.minus(StopPlan.CLEAN_UP)) >= 0, "took " + took);
    }

    @Test
    void requestThatEndsWithinWhatIsLeftIsAnswered() {
        stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), client("/sleep/17", "slept"));
        assertEquals(List.of(), events);
    }

    @Test
    void requestInFlightHasAQuarterHoweverLongTheDrainIs() {
        stop(server(Duration.ofHours(1), ServerLimits.DEFAULT.stopGrace()), client("/sleep/16", "slept"));
        assertEquals(List.of(), events);
    }

    @Test
    void webSocketIsClosedAndNotReset() {
        Duration took = stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), () -> {
            try (HttpClient http = HttpClient.create()) {
                WebSocket socket = http.webSocket("ws://" + HOST + ":" + PORT + "/socket").connect();
                assertTrue(socket.receive().isEmpty());
                assertEquals(OptionalInt.of(1001), socket.closeCode());
            }
            return "";
        });
        assertTrue(took.compareTo(MAX) <= 0, "took " + took);
    }

    @Test
    void eventsEndInOrder() {
        stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), client("/events", "0\r\n\r\n"));
        stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), playing(wire -> wire.get(1, "/events")));
        assertEquals("whole", events.getFirst());
    }

    /** Plays a client of HTTP/2 to the end of its connection, and notes the end of the streams 1 and 3. */
    private Callable<?> playing(FrameWire.Peer begin) {
        return () -> {
            try (ByteStream peer = Tcp.connect(HOST, PORT)) {
                FrameWire wire = FrameWire.client(peer).begin();
                begin.play(wire);
                while (true) {
                    FrameWire.Frame frame = wire.read();
                    wire.take(frame);
                    boolean ends = frame.type() <= Http2Frame.HEADERS && frame.ends();
                    if (ends) {
                        events.add(frame.stream() == 1 ? "whole" : wire.answer(3).body());
                    }
                }
            } catch (HeddleException e) {
                events.add("cut off");
            }
            return "";
        };
    }

    @ParameterizedTest
    @CsvSource({"/download, true", "/trailers, true", "/download, false", "/trailers, false"})
    void streamOfHttp2GoesOnUntilTheGraceIsOverAndIsThenCutOff(String path, boolean signalled) {
        isSignalled = signalled;
        Duration took = stop(server(Duration.ofSeconds(8), Duration.ofSeconds(9)),
                playing(wire -> wire.get(1, path).get(3, "/sleep/16")));
        assertTrue(took.compareTo(MAX) <= 0, "took " + took);
        assertEquals(List.of("slept", "cut off"), events);
    }

    private static void upload(FrameWire wire, int seconds) {
        wire.post(1, "/upload");
        Heddle.spawn("upload", () -> Heddle.shield(() -> {
            for (int i = 0; i < seconds; i++) {
                wire.data(1, "x".repeat(2_000), false);
                Heddle.sleep(Duration.ofSeconds(1));
            }
            wire.data(1, "x", true);
        }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void uploadOfHttp2UnderWayIsTakenWithinTheGraceAndThenCutOff(boolean signalled) {
        isSignalled = signalled;
        HttpServer.Builder server = server(Duration.ofSeconds(8), Duration.ofSeconds(9));
        stop(server, playing(wire -> upload(wire, 16)));
        assertEquals(List.of("got 32001", "whole", "cut off"), events);
        events.clear();
        stop(server, playing(wire -> upload(wire, 20)));
        assertEquals(List.of("cut off"), events);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void workInTheBackgroundHasTheGraceToo(boolean signalled) {
        isSignalled = signalled;
        HttpServer.Builder server = server(Duration.ofSeconds(8), Duration.ofSeconds(9));
        stop(server, client("/background/16", "begun"));
        assertEquals(List.of("worked"), events);
        events.clear();
        Duration took = stop(server, client("/background/20", "begun"));
        assertEquals(List.of("cancelled"), events);
        assertEquals(17, took.toSeconds());
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void requestInFlightStillAsksOthers(boolean isHttp2, boolean signalled) {
        isSignalled = signalled;
        HttpServer.Builder server = server(Duration.ofSeconds(8), Duration.ofSeconds(9)).get("/ask", r -> {
            HttpClient.Builder asking = HttpClient.builder();
            try (HttpClient http = isHttp2 ? asking.http2PriorKnowledge().build() : asking.build()) {
                String before = http.get("http://localhost:9090/").text();
                Heddle.sleep(Duration.ofSeconds(10));
                return Response.text(before + http.get("http://localhost:9090/").text()
                        + http.get("http://backend:9090/").text());
            }
        });
        HttpServer asked = HttpServer.builder().get("/", r -> Response.text("told ")).build();
        stop(server, () -> {
            Sim.current().network().name("backend", InetAddress.getLoopbackAddress());
            Sim.current().network().nameDelay(Duration.ofMillis(10));
            Heddle.group(g -> {
                g.spawn("backend", () -> asked.serve(HOST, 9090));
                Heddle.sleep(Duration.ofMillis(100));
                client("/ask", "told told told ").call();
                asked.stop(Duration.ZERO);
            });
            return "";
        });
    }

    @Test
    void handlerThatIgnoresItsCancelIsLeftBehindWithinTheRun() {
        HttpServer.Builder server = server(Duration.ofSeconds(8), Duration.ofMinutes(1));
        assertThrows(CancelledException.class, () -> stop(server, client("/shielded", "")));
    }

    @Test
    void peerOfAWebSocketThatDoesNotAnswerTheCloseHoldsNothingUp() {
        Duration took = stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), () -> {
            try (HttpClient http = HttpClient.create()) {
                WebSocket socket = http.webSocket("ws://" + HOST + ":" + PORT + "/socket").connect();
                Heddle.sleep(RUN);
                socket.abort();
            }
            return "";
        });
        assertTrue(took.compareTo(MAX) <= 0, "took " + took);
    }

    private List<String> warnings(Duration drain, Duration grace) {
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.heddle.http");
        logger.setFilter(entry -> !warnings.add(entry.getMessage()));
        try {
            Sim.run(() -> server(drain, grace).start(HOST, PORT).close());
        } finally {
            logger.setFilter(null);
        }
        return warnings;
    }

    @Test
    void whatDoesNotFitIsToldOnceAtTheStart() {
        List<String> told = warnings(Duration.ofSeconds(8), Duration.ofMinutes(1));
        assertEquals(1, told.size(), told.toString());
        for (String part : List.of(HOST + ":" + PORT, "drainDelay of 8 s", "stopGrace of 1 min",
                "shutdownTimeout of 30 s")) {
            assertTrue(told.getFirst().contains(part), told.getFirst());
        }
        assertEquals(1, warnings(Duration.ofMinutes(1), ServerLimits.DEFAULT.stopGrace()).size());
    }

    @Test
    void whatFitsAndTheDefaultsAreNotTold() {
        assertEquals(List.of(), warnings(Duration.ZERO, ServerLimits.DEFAULT.stopGrace()));
        assertEquals(List.of(), warnings(Duration.ofSeconds(12), ServerLimits.DEFAULT.stopGrace()));
        assertEquals(List.of(), warnings(Duration.ofSeconds(2), Duration.ofSeconds(15)));
    }

    @Test
    @Tag("full")
    void randomLimitsFitIntoTheRun() {
        var random = new Random(7);
        for (int i = 0; i < 100; i++) {
            Duration drain = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 60_000));
            Duration grace = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 120_000));
            String limits = "drain " + drain + ", grace " + grace;
            Duration took = stop(SimOptions.DEFAULT.withSeed(i), server(drain, grace),
                    List.of(client("/sleep/3600", ""), client("/download", "")));
            assertTrue(took.compareTo(MAX) <= 0, () -> limits + " took " + took);
            boolean fits = drain.plus(grace).plus(StopPlan.CLEAN_UP).compareTo(MAX) <= 0;
            if (fits) {
                assertEquals(drain.plus(grace).toSeconds(), took.toSeconds(), limits);
            }
        }
    }

    @Test
    @Tag("full")
    void randomPlansShareOutNoMoreThanThereIs() {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            Duration most = random(random);
            Duration drain = random(random);
            Duration grace = random(random);
            StopPlan plan = StopPlan.within(most, drain, grace);
            String told = most + ": " + plan;
            for (Duration part : List.of(plan.drain(), plan.grace(), plan.cleanUp())) {
                assertFalse(part.isNegative(), told);
            }
            assertTrue(plan.drain().compareTo(drain) <= 0 && plan.grace().compareTo(grace) <= 0, told);
            Duration all = plan.drain().plus(plan.grace()).plus(plan.cleanUp());
            assertTrue(all.compareTo(most) <= 0, told);
            Duration needed = drain.plus(grace).plus(StopPlan.CLEAN_UP);
            assertTrue(all.equals(needed) || needed.compareTo(most) > 0, told);
        }
    }

    private static Duration random(Random random) {
        return Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 60)));
    }

    /** How a loop with a server ends, as people have it: with a real port and a clock. */
    private enum End {
        SIGNAL {
            @Override
            Runnable begin(Config config, Action body) {
                Thread run = Thread.ofPlatform().start(() -> Heddle.run(config, body));
                return () -> {
                    run.interrupt();
                    awaitEnd(run);
                };
            }
        },
        CLOSE {
            @Override
            Runnable begin(Config config, Action body) {
                Loop loop = Loop.start(config);
                loop.spawn("main", body);
                return loop::close;
            }
        },
        GUEST {
            @Override
            Runnable begin(Config config, Action body) {
                ExecutorService host = Executors.newSingleThreadExecutor();
                Loop loop = Loop.guest(config, host);
                loop.spawn("main", body);
                return () -> {
                    loop.close();
                    host.shutdown();
                };
            }
        };

        /** Runs a main task; gives what ends it and returns when all is over. */
        abstract Runnable begin(Config config, Action body);

        private static void awaitEnd(Thread run) {
            try {
                run.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void clientOfHttp2SeesAStreamGoOnInTheStopAndThenCutOff(End end) throws Exception {
        var begun = new CompletableFuture<Void>();
        HttpServer.Builder builder = server(Duration.ofSeconds(1), ServerLimits.DEFAULT.stopGrace())
                .get("/until-stop", r -> {
                    running.background("work", () -> {
                        begun.complete(null);
                        untilStop();
                        events.add("worked");
                    });
                    untilStop();
                    return Response.text("answered");
                });
        var port = new CompletableFuture<Integer>();
        Config config = Config.DEFAULT.withShutdownTimeout(Duration.ofSeconds(4))
                .withFailureHandler((what, e) -> events.add(what));
        Runnable stop = end.begin(config, () -> {
            running = builder.build();
            tellPort(running, port);
            running.serve(HOST, 0);
        });
        String base = "http://" + HOST + ":" + port.get();
        Thread client = Thread.ofPlatform().start(() -> Heddle.run(() -> {
            try (HttpClient http = HttpClient.builder().http2PriorKnowledge().build();
                    Reply reply = http.get(base + "/download")) {
                events.add(http.get(base + "/until-stop").text());
                assertThrows(HeddleException.class, reply::bytes);
                events.add("cut off");
            }
        }));
        begun.get();
        stop.run();
        client.join();
        assertEquals("cut off", events.removeLast());
        assertEquals(Set.of("worked", "answered"), Set.copyOf(events));
    }

    private static void tellPort(HttpServer server, CompletableFuture<Integer> port) {
        Heddle.spawn("teller of the port", () -> {
            while (!port.isDone()) {
                try {
                    port.complete(server.port());
                } catch (IllegalStateException e) {
                    Heddle.sleep(Duration.ofMillis(10)); // it does not listen yet
                }
            }
        });
    }

    /** Goes on a little into the stop, and does not if that has cancelled the caller. */
    private static void untilStop() {
        while (Kernel.stopTime().toDays() > 0) {
            Heddle.sleep(Duration.ofMillis(10));
        }
        Heddle.sleep(Duration.ofMillis(10));
    }

    @Test
    @Tag("full")
    void signalledRunOfTheArchetypesShapeLeavesNothingBehind() throws Exception {
        Config config = Config.DEFAULT.withShutdownTimeout(Duration.ofSeconds(4))
                .withFailureHandler((what, e) -> events.add(what));
        var port = new CompletableFuture<Integer>();
        Thread run = Thread.ofPlatform().start(() -> {
            try {
                Heddle.run(config, () -> {
                    HttpServer server = server(Duration.ofSeconds(1), ServerLimits.DEFAULT.stopGrace()).build();
                    tellPort(server, port);
                    server.serve(HOST, 0);
                });
            } catch (CancelledException e) {
                events.add("ended");
            }
        });
        try (var socket = new Socket(HOST, port.get())) {
            socket.getOutputStream().write("GET /sleep/3600 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            Thread.sleep(500);
            run.interrupt();
            run.join();
        }
        assertEquals(List.of("cancelled", "ended"), events);
    }
}
