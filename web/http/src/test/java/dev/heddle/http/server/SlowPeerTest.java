package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Peers that trickle: every phase has a deadline, and bytes buy only their share of time. */
final class SlowPeerTest {

    private final List<String> seen = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder()
            .post("/", r -> {
                try {
                    return Response.text("" + r.bytes(1 << 20).length);
                } catch (CancelledException e) {
                    seen.add("cancelled");
                    throw e;
                }
            })
            .get("/big", r -> Response.bytes("a/b", new byte[10_000_000]))
            .get("/endless", r -> Response.stream("a/b", out -> {
                while (true) {
                    out.write(new byte[1000]);
                }
            }))
            .get("/", r -> Response.text("ok"));

    /** Sends one byte at a time until the server closes; the seconds it took. */
    private static long trickle(ByteStream peer, String text, Duration pause) {
        long start = Heddle.currentLoop().nanoTime();
        Heddle.race(() -> {
            for (byte b : Wire.latin1(text)) {
                peer.write(new byte[]{b});
                Heddle.sleep(pause);
            }
            Heddle.sleep(Duration.ofDays(1));
            return "";
        }, () -> {
            peer.fill();
            return "";
        });
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds();
    }

    @Test
    void headThatTricklesGets408AtItsDeadline() {
        Wire.play(server, (peer, connection) -> {
            long took = trickle(peer, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(1000), Duration.ofSeconds(1));
            assertTrue(took >= 10 && took <= 11, "took " + took);
            String answer = Wire.text(peer.readAll(1000));
            assertEquals(408, Wire.status(answer));
            assertTrue(answer.contains("Connection: close"), answer);
        });
    }

    @Test
    void headThatComesFastEnoughGetsMoreTimeButNotForEver() {
        server.limits(ServerLimits.DEFAULT.withHeadTime(Duration.ofSeconds(10)).withMaxHeadTime(Duration.ofSeconds(20))
                .withHeadRate(10));
        Wire.play(server, (peer, connection) -> {
            long took = trickle(peer, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(10_000), Duration.ofMillis(50));
            assertTrue(took >= 19 && took <= 21, "took " + took);
        });
    }

    @Test
    void connectionThatSendsNothingIsClosedWithoutAWord() {
        Wire.play(server, (peer, connection) -> {
            long took = trickle(peer, "", Duration.ofSeconds(1));
            assertEquals(60, took);
            assertEquals(0, peer.readAll(10).length);
        });
    }

    @Test
    void bodyThatTricklesCancelsTheHandlerAndGets408() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            long took = trickle(peer, "x".repeat(100), Duration.ofSeconds(1));
            assertTrue(took >= 20 && took <= 22, "took " + took);
            assertEquals(408, Wire.status(Wire.text(peer.readAll(1000))));
            assertEquals(List.of("cancelled"), seen);
        });
    }

    @Test
    void chunksOfOneByteThatTrickleAreNoWayOut() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            long took = trickle(peer, "1\r\nx\r\n".repeat(100), Duration.ofMillis(500));
            assertTrue(took >= 20 && took <= 22, "took " + took);
        });
    }

    @Test
    void slowButSteadyBodyIsRead() {
        Wire.play(server, (peer, connection) -> {
            peer.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");
            for (int i = 0; i < 60; i++) {
                peer.write(new byte[1000]);
                Heddle.sleep(Duration.ofSeconds(1));
            }
            assertTrue(Wire.response(peer).endsWith("60000"));
        });
    }

    @Test
    void peerThatReadsNothingIsCutOff() {
        for (String path : List.of("/big", "/endless")) {
            Wire.play(server, (peer, connection) -> {
                long start = Heddle.currentLoop().nanoTime();
                peer.write("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                connection.join();
                long took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds();
                assertTrue(took < 600, path + " took " + took);
                assertThrows(BrokenException.class, () -> {
                    while (peer.read(new byte[100_000]) >= 0) {
                        Heddle.checkpoint();
                    }
                });
            });
        }
    }

    @Test
    void peerThatStopsReadingIsGivenTheTimeOfWhatItTookAndOfSixtyFourKilobytesMore() {
        var strict = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withMinRate(16 * 1024).withTransferGrace(Duration.ofSeconds(10)))
                .get("/", request -> Response.bytes("a/b", new byte[1024 * 1024]));
        Wire.play(strict, (peer, connection) -> {
            long start = Heddle.currentLoop().nanoTime();
            peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            connection.join();
            // The pipe of the test holds 64 KiB.
            assertEquals(Duration.ofSeconds(10 + 4 + 4), Duration.ofNanos(Heddle.currentLoop().nanoTime() - start));
        });
    }

    @Test
    void peerThatReadsSlowlyButSteadilyGetsAll() {
        Wire.play(server, (peer, connection) -> {
            peer.write("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            long got = 0;
            var part = new byte[20_000];
            for (int n = peer.read(part); n >= 0; n = peer.read(part)) {
                got += n;
                Heddle.sleep(Duration.ofSeconds(1));
            }
            assertTrue(got > 10_000_000, "got " + got);
        });
    }

    @Test
    void peerThatKeepsSendingAfterTheCloseIsLeftAfterAWhile() {
        Wire.play(server, (peer, connection) -> {
            peer.write("BAD\r\n\r\n");
            long start = Heddle.currentLoop().nanoTime();
            Heddle.spawn(() -> {
                while (true) {
                    peer.write("x");
                    Heddle.sleep(Duration.ofMillis(100));
                }
            });
            connection.join();
            assertEquals(2, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
        });
    }

    @Test
    void peerThatDoesNotTakeItsGoAheadIsCutOff() {
        Sim.run(() -> {
            // Room for less than a 100.
            MemoryStreams.Pair pair = MemoryStreams.pair(16);
            HttpServer built = server.build();
            Task<Void> connection = Heddle.spawn(() -> built.serve(pair.right()));
            pair.left().write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            long start = Heddle.currentLoop().nanoTime();
            assertTrue(Heddle.moveOnAfter(Duration.ofMinutes(5), () -> {
                connection.join();
            }), "nobody bounds it");
            assertEquals(20, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
            assertEquals(List.of("cancelled"), seen);
            pair.left().close();
        });
    }

    @Test
    void bodyOfAHeadThatTricklesGets408WithoutABody() {
        var reading = HttpServer.builder().get("/", r -> Response.text(r.text(10)));
        String answer = Wire.ask(reading, "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        assertEquals(408, Wire.status(answer));
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void requestThatComesAtTheVeryDeadlineBeginsNoHandlerThatIsCutOff() {
        for (long seed = 1; seed <= 40; seed++) {
            seen.clear();
            var answering = HttpServer.builder().get("/", r -> {
                seen.add("begun");
                Heddle.checkpoint();
                seen.add("done");
                return Response.text("ok");
            });
            Sim.run(SimOptions.DEFAULT.withSeed(seed), sim -> {
                MemoryStreams.Pair pair = MemoryStreams.pair();
                HttpServer built = answering.build();
                byte[] request = Wire.latin1("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                Heddle.currentLoop().callLater(Duration.ofSeconds(60),
                        () -> pair.left().transport().tryWrite(ByteBuffer.wrap(request)));
                built.serve(pair.right());
                String answer = Wire.text(pair.left().readAll(1000));
                assertTrue(answer.isEmpty() || Wire.status(answer) == 200, answer);
                pair.left().close();
            });
            assertTrue(seen.isEmpty() || seen.equals(List.of("begun", "done")), "seed " + seed + ": " + seen);
        }
    }
}
