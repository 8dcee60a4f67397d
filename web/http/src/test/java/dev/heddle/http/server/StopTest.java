package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The order in which a server stops, over the simulated network. */
final class StopTest {

    private static final String HOST = "127.0.0.1";

    private final List<String> events = new ArrayList<>();

    private HttpServer start() {
        return HttpServer.builder()
                .get("/", r -> Response.text("ok"))
                .get("/sleep/{seconds}", r -> {
                    try {
                        Heddle.sleep(Duration.ofSeconds(Long.parseLong(r.path("seconds"))));
                        return Response.text("slept");
                    } catch (CancelledException e) {
                        events.add("cancelled");
                        throw e;
                    }
                })
                .get("/ticks", r -> Response.events(out -> {
                    while (true) {
                        out.send("tick");
                        Heddle.sleep(Duration.ofMillis(10));
                    }
                }))
                .get("/quiet", r -> Response.events(out -> Heddle.sleep(Duration.ofHours(1))))
                .get("/late-events", r -> {
                    Heddle.sleep(Duration.ofMillis(900));
                    return Response.events(out -> Heddle.sleep(Duration.ofHours(1)));
                })
                .get("/swallow", r -> {
                    try {
                        Heddle.sleep(Duration.ofHours(1));
                    } catch (CancelledException e) {
                        events.add("swallowed");
                    }
                    return Response.text("never mind");
                })
                .get("/shielded", r -> {
                    Heddle.shield(() -> Heddle.sleep(Duration.ofHours(1)));
                    return Response.text("late");
                })
                .get("/stream", r -> Response.stream("a/b", out -> {
                    out.write('a');
                    out.flush();
                    Heddle.sleep(Duration.ofHours(1));
                }))
                .start(HOST, 0);
    }

    private final List<ByteStream> peers = new ArrayList<>();

    private void simulated(Action body) {
        Sim.run(() -> {
            try {
                body.run();
            } finally {
                peers.forEach(ByteStream::close);
            }
        });
    }

    private ByteStream ask(HttpServer server, String path) {
        ByteStream peer = Tcp.connect(HOST, server.port());
        peers.add(peer);
        peer.write("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        Heddle.sleep(Duration.ofMillis(100));
        return peer;
    }

    private static long seconds(long startNanos) {
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - startNanos).toSeconds();
    }

    @Test
    void idleConnectionsAreClosedAtOnceAndNewOnesRefused() {
        simulated(() -> {
            HttpServer server = start();
            ByteStream idle = ask(server, "/");
            Wire.response(idle);
            int port = server.port();
            long start = Heddle.currentLoop().nanoTime();
            server.stop(Duration.ofSeconds(10));
            assertEquals(0, seconds(start));
            assertEquals(-1, idle.read(new byte[1]));
            assertThrows(HeddleException.class, () -> Tcp.connect(HOST, port));
        });
    }

    @Test
    void requestOnItsWayWhenTheServerStopsIsAnswered() {
        simulated(() -> {
            HttpServer server = start();
            ByteStream idle = ask(server, "/");
            Wire.response(idle);
            ByteStream fresh = Tcp.connect(HOST, server.port());
            peers.add(fresh);
            for (ByteStream peer : peers) {
                peer.write("GET /sleep/3 HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            server.stop(Duration.ofSeconds(10));
            for (ByteStream peer : peers) {
                String answer = Wire.text(peer.readAll(1000));
                assertTrue(answer.endsWith("slept") && answer.contains("Connection: close\r\n"), answer);
            }
        });
    }

    private static List<Socket> connected(int port) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            var socket = new Socket(HOST, port);
            sockets.add(socket);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return sockets;
    }

    /** The loop is held while they connect, so that none is accepted before the stop. */
    @Test
    void whoIsConnectedWhenTheServerStopsIsAnswered() {
        Heddle.run(() -> {
            HttpServer server = start();
            int port = server.port();
            try (ByteStream first = Tcp.connect(HOST, port)) { // so that it accepts by now
                first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                Wire.response(first);
            }
            var connecting = new FutureTask<>(() -> connected(port));
            Thread.ofPlatform().start(connecting);
            while (!connecting.isDone()) {
                Thread.onSpinWait();
            }
            server.stop(Duration.ofSeconds(10));
            for (Socket socket : connecting.resultNow()) {
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(answer.endsWith("ok") && answer.contains("Connection: close\r\n"), answer);
                socket.close();
            }
        });
    }

    @Test
    void eventsEndInOrderWhenTheServerStops() {
        simulated(() -> {
            HttpServer server = start();
            ByteStream ticking = ask(server, "/ticks");
            ByteStream quiet = ask(server, "/quiet");
            ByteStream late = ask(server, "/late-events");
            long start = Heddle.currentLoop().nanoTime();
            server.stop(Duration.ofSeconds(10));
            assertTrue(Wire.text(ticking.readAll(100_000)).endsWith("data: tick\n\n\r\n0\r\n\r\n"));
            assertTrue(Wire.text(quiet.readAll(100_000)).endsWith("0\r\n\r\n"));
            assertTrue(Wire.text(late.readAll(100_000)).contains("text/event-stream"));
            assertEquals(List.of(), events);
            assertEquals(0, seconds(start));
        });
    }

    @Test
    void requestInFlightIsFinishedAndItsResponseAnnouncesTheClose() {
        simulated(() -> {
            HttpServer server = start();
            ByteStream busy = ask(server, "/sleep/3");
            server.stop(Duration.ofSeconds(10));
            String answer = Wire.text(busy.readAll(1000));
            assertTrue(answer.endsWith("slept") && answer.contains("Connection: close\r\n"), answer);
            assertEquals(List.of(), events);
        });
    }

    private void asOwnerIsCancelled(boolean stops) {
        simulated(() -> {
            var started = new Promise<HttpServer>();
            Task<Void> owner = Heddle.spawn("owner", () -> {
                HttpServer server = start();
                started.complete(server);
                try {
                    Heddle.sleep(Duration.ofHours(1));
                } finally {
                    if (stops) {
                        server.stop(Duration.ofSeconds(10));
                    }
                }
            });
            HttpServer server = started.join();
            ByteStream busy = ask(server, "/sleep/3");
            ByteStream idle = ask(server, "/");
            Wire.response(idle);
            owner.cancel("SIGTERM");
            String answer = Wire.text(busy.readAll(1000));
            assertTrue(answer.endsWith("slept") && answer.contains("Connection: close\r\n"), answer);
            assertEquals(-1, idle.read(new byte[1]));
            assertEquals(List.of(), events);
            long start = Heddle.currentLoop().nanoTime();
            owner.awaitOutcome();
            assertEquals(0, seconds(start));
        });
    }

    @Test
    void stopInAFinallyBehindACancelLetsRequestsFinish() {
        asOwnerIsCancelled(true);
    }

    @Test
    void cancelOfTheOwnerStopsInOrderToo() {
        asOwnerIsCancelled(false);
    }

    @Test
    void cancelOfTheOwnerGivesRequestsNoMoreThanTheGraceOfTheLimits() {
        simulated(() -> {
            var started = new Promise<HttpServer>();
            Task<Void> owner = Heddle.spawn("owner", () -> {
                started.complete(start());
                Heddle.sleep(Duration.ofHours(1));
            });
            ask(started.join(), "/sleep/3600");
            long start = Heddle.currentLoop().nanoTime();
            owner.cancel("SIGTERM");
            owner.awaitOutcome();
            assertEquals(ServerLimits.DEFAULT.stopGrace().toSeconds(), seconds(start));
            assertEquals(List.of("cancelled"), events);
        });
    }

    @Test
    void endOfTheOwnerCutsRequestsOff() {
        simulated(() -> {
            var started = new Promise<HttpServer>();
            Task<Void> owner = Heddle.spawn("owner", () -> {
                started.complete(start());
                Heddle.sleep(Duration.ofSeconds(1));
            });
            long start = Heddle.currentLoop().nanoTime();
            ask(started.join(), "/sleep/3600");
            owner.awaitOutcome();
            assertEquals(List.of("cancelled"), events);
            assertEquals(1, seconds(start));
        });
    }

    @Test
    void afterTheGraceAHandlerIsCancelledAndItsConnectionCut() {
        simulated(() -> {
            HttpServer server = start();
            ByteStream busy = ask(server, "/sleep/3600");
            ByteStream streaming = ask(server, "/stream");
            long start = Heddle.currentLoop().nanoTime();
            server.stop(Duration.ofSeconds(10));
            assertEquals(10, seconds(start));
            assertEquals(List.of("cancelled"), events);
            assertThrows(BrokenException.class, () -> busy.readAll(1000));
            assertThrows(BrokenException.class, () -> streaming.readAll(1000));
        });
    }

    @Test
    void handlerThatSwallowsTheCancelCannotHangTheStop() {
        simulated(() -> {
            HttpServer server = start();
            ask(server, "/swallow");
            long start = Heddle.currentLoop().nanoTime();
            server.stop(Duration.ofSeconds(1));
            assertEquals(1, seconds(start));
            assertEquals(List.of("swallowed"), events);
        });
    }

    @Test
    void handlerBehindAShieldIsLeftBehindAndItsPeerCutOff() {
        simulated(() -> {
            HttpServer server = start();
            ByteStream peer = ask(server, "/shielded");
            long start = Heddle.currentLoop().nanoTime();
            server.stop(Duration.ofSeconds(1));
            assertTrue(seconds(start) <= 7, "took " + seconds(start));
            assertThrows(BrokenException.class, () -> peer.readAll(1000));
        });
    }

    @Test
    void closeUsesTheGraceOfTheLimits() {
        simulated(() -> {
            HttpServer server = start();
            ask(server, "/sleep/3600");
            long start = Heddle.currentLoop().nanoTime();
            server.close();
            assertEquals(10, seconds(start));
            server.close();
        });
    }

    @Test
    void blockingServeStopsInOrderWhenItIsCancelled() {
        simulated(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/", r -> {
                        Heddle.sleep(Duration.ofSeconds(3));
                        return Response.text("whole");
                    })
                    .build();
            var serving = Heddle.spawn(() -> server.serve(HOST, 0));
            Heddle.sleep(Duration.ofMillis(1));
            ByteStream peer = ask(server, "/");
            serving.cancel();
            assertTrue(Wire.text(peer.readAll(1000)).endsWith("whole"));
            assertThrows(HeddleException.class, serving::join);
        });
    }

    @Test
    void blockingServeReturnsWhenTheServerIsStopped() {
        simulated(() -> {
            HttpServer server = HttpServer.builder().get("/", r -> Response.text("ok")).build();
            var serving = Heddle.spawn(() -> server.serve(HOST, 0));
            Heddle.sleep(Duration.ofMillis(1));
            assertTrue(Wire.response(ask(server, "/")).endsWith("ok"));
            server.close();
            serving.join();
        });
    }

    @Test
    void serverDiesWithTheTaskThatStartedIt() {
        simulated(() -> {
            var ports = new ArrayList<Integer>();
            Heddle.spawn(() -> {
                ports.add(start().port());
                Heddle.sleep(Duration.ofSeconds(1));
            }).join();
            assertThrows(HeddleException.class, () -> Tcp.connect(HOST, ports.getFirst()));
        });
    }

    @Test
    void serverIsStartedOnce() {
        simulated(() -> {
            HttpServer server = start();
            assertThrows(IllegalStateException.class, () -> server.start(HOST, 0));
            server.close();
            assertThrows(IllegalStateException.class, () -> server.start(HOST, 0));
            HttpServer never = HttpServer.builder().build();
            never.close();
            assertThrows(IllegalStateException.class, () -> never.start(HOST, 0));
            assertThrows(IllegalStateException.class, never::port);
            assertFalse(never.toString().isEmpty());
        });
    }

    @Test
    void connectionsThatCloseAtOnceLeaveNothing_CVE_2024_1635() {
        simulated(() -> {
            HttpServer server = HttpServer.builder()
                    .limits(ServerLimits.DEFAULT.withMaxConnections(2))
                    .get("/", r -> Response.text("ok"))
                    .start(HOST, 0);
            for (int i = 0; i < 1_000; i++) {
                ByteStream stream = Tcp.connect(HOST, server.port());
                switch (i % 4) {
                    case 0 -> stream.close();
                    case 1 -> stream.abort();
                    case 2 -> {
                        stream.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: jboss-remoting\r\n");
                        stream.abort();
                    }
                    default -> {
                        stream.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                        stream.close();
                    }
                }
            }
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(0, server.statistics().connections());
            ask(server, "/").close();
            server.close();
        });
    }

    @Test
    void thereAreNeverMoreConnectionsThanTheLimit() {
        simulated(() -> {
            HttpServer server = HttpServer.builder()
                    .limits(ServerLimits.DEFAULT.withMaxConnections(2))
                    .get("/", r -> {
                        events.add("served");
                        return Response.text("ok");
                    })
                    .start(HOST, 0);
            ByteStream first = ask(server, "/");
            ask(server, "/");
            ask(server, "/");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(2, events.size());
            first.close();
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(3, events.size());
            server.close();
        });
    }

    @Test
    void responseThatThePeerTakesLateIsNotCutOff() {
        simulated(() -> {
            String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf";
            // Room for less than a response, which waits behind what has come of the body.
            MemoryStreams.Pair pair = MemoryStreams.pair(request.length());
            peers.add(pair.left());
            HttpServer server = HttpServer.builder().post("/", r -> Response.text("whole")).build();
            var connection = Heddle.spawn(() -> server.serve(pair.right()));
            pair.left().write(request);
            Heddle.sleep(Duration.ofSeconds(1));
            var stopping = Heddle.spawn(() -> server.stop(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            long start = Heddle.currentLoop().nanoTime();
            assertTrue(Wire.text(pair.left().readAll(1_000)).endsWith("whole"));
            pair.left().close();
            stopping.join();
            connection.join();
            assertEquals(0, seconds(start));
        });
    }

    @Test
    void connectionThatEntersWhileTheServerStopsHoldsNothingUp() {
        simulated(() -> {
            HttpServer server = HttpServer.builder()
                    .proxyProtocol("127.0.0.1")
                    .get("/", r -> {
                        Heddle.sleep(Duration.ofSeconds(3));
                        return Response.text("whole");
                    })
                    .start(HOST, 0);
            ByteStream busy = Tcp.connect(HOST, server.port());
            peers.add(busy);
            busy.write("PROXY UNKNOWN\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
            ByteStream entering = Tcp.connect(HOST, server.port());
            peers.add(entering);
            Heddle.sleep(Duration.ofSeconds(1));
            long start = Heddle.currentLoop().nanoTime();
            var stopping = Heddle.spawn(() -> server.stop(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            entering.write("PROXY UNKNOWN\r\n");
            assertEquals(-1, entering.read(new byte[1]));
            assertTrue(Wire.text(busy.readAll(1_000)).endsWith("whole"));
            stopping.join();
            assertTrue(seconds(start) <= 3, "took " + seconds(start));
        });
    }

    /** Closing with unread bytes makes a system send a reset, which overtakes the response. */
    @Test
    void peerThatStillSendsItsBodyGetsItsResponse() {
        simulated(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            peers.add(pair.left());
            HttpServer server = HttpServer.builder().post("/", r -> {
                Heddle.sleep(Duration.ofSeconds(1));
                return Response.text("whole");
            }).build();
            var connection = Heddle.spawn(() -> server.serve(pair.right()));
            pair.left().write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
            Heddle.sleep(Duration.ofMillis(500));
            var stopping = Heddle.spawn(() -> server.stop(Duration.ofSeconds(10)));
            Heddle.sleep(Duration.ofSeconds(1));
            pair.left().write(new byte[100_000]);
            assertTrue(Wire.text(pair.left().readAll(1_000)).endsWith("whole"));
            long start = Heddle.currentLoop().nanoTime();
            stopping.join();
            connection.join();
            assertTrue(seconds(start) <= 2, "took " + seconds(start));
        });
    }
}
