package dev.heddle.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.WebSocket;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that stops with its run: drain, grace and clean-up fit into the shutdown timeout, in order, whatever they are. */
final class StopWithinTheRunTest {

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;
    private static final Duration RUN = Config.DEFAULT.shutdownTimeout();
    private static final Duration MOST = RUN.multipliedBy(3).dividedBy(4);

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    private HttpServer.Builder server(Duration drain, Duration grace) {
        return HttpServer.builder()
                .drainDelay(drain)
                .limits(ServerLimits.DEFAULT.withStopGrace(grace))
                .get("/sleep/{seconds}", r -> {
                    try {
                        Heddle.sleep(Duration.ofSeconds(Long.parseLong(r.path("seconds"))));
                        return Response.text("slept");
                    } catch (CancelledException e) {
                        events.add("cancelled");
                        throw e;
                    }
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
    private static Duration stop(SimOptions options, HttpServer.Builder server, List<Callable<?>> clients) {
        Duration[] took = {RUN.multipliedBy(2)};
        Sim.run(options, sim -> {
            Loop loop = Heddle.currentLoop();
            Task<Void> serving = loop.spawn("serving", () -> server.build().serve(HOST, PORT));
            Heddle.sleep(Duration.ofSeconds(1));
            List<Task<?>> asked = new ArrayList<>();
            for (Callable<?> client : clients) {
                asked.add(loop.spawn("client", () -> Heddle.<Object>shield(() -> client.call())));
            }
            Heddle.sleep(Duration.ofSeconds(1));
            long start = loop.nanoTime();
            loop.stop();
            Heddle.shield(() -> {
                serving.awaitOutcome();
                took[0] = since(start);
                asked.forEach(Task::join);
            });
        });
        return took[0];
    }

    private static Duration stop(HttpServer.Builder server, Callable<?>... clients) {
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
    @ValueSource(strings = {"/sleep/3600", "/events", "/download"})
    void whatIsLeftIsCancelledBeforeTheRunIsOver(String path) {
        Duration took = stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), client(path, ""));
        assertTrue(took.compareTo(MOST) <= 0, "took " + took);
        assertTrue(took.compareTo(MOST.minus(StopPlan.CLEAN_UP)) >= 0, "took " + took);
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
        assertTrue(took.compareTo(MOST) <= 0, "took " + took);
    }

    @Test
    void streamOfHttp2IsCutOffAndItsConnectionEnds() {
        Duration took = stop(server(Duration.ofSeconds(8), Duration.ofMinutes(1)), () -> {
            // Its frames by hand: the connection of a client would be cancelled with the loop.
            try (ByteStream peer = Tcp.connect(HOST, PORT)) {
                peer.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                peer.write(HexFormat.of().parseHex("000000040000000000" + "000010010500000001" + "82860409"));
                peer.write("/download");
                peer.write(HexFormat.of().parseHex("010161"));
                try {
                    events.add(peer.readAll(1_000_000).length > 8_000 ? "ended" : "short");
                } catch (BrokenException e) {
                    events.add("cut off");
                }
            }
            return "";
        });
        assertTrue(took.compareTo(MOST) <= 0, "took " + took);
        assertFalse(events.contains("short"), events.toString());
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
        assertTrue(took.compareTo(MOST) <= 0, "took " + took);
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
    void randomLimitsFitIntoTheRun() {
        var random = new Random(7);
        for (int i = 0; i < 100; i++) {
            Duration drain = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 60_000));
            Duration grace = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 120_000));
            String limits = "drain " + drain + ", grace " + grace;
            Duration took = stop(SimOptions.DEFAULT.withSeed(i), server(drain, grace),
                    List.of(client("/sleep/3600", ""), client("/events", "")));
            assertTrue(took.compareTo(MOST) <= 0, () -> limits + " took " + took);
            boolean fits = drain.plus(grace).plus(StopPlan.CLEAN_UP).compareTo(MOST) <= 0;
            if (fits) {
                assertEquals(drain.plus(grace).toSeconds(), took.toSeconds(), limits);
            }
        }
    }

    @Test
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

    /** As people have it, with a real port and a clock. */
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
                    Heddle.currentLoop().callLater(Duration.ofMillis(100), () -> port.complete(server.port()));
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
