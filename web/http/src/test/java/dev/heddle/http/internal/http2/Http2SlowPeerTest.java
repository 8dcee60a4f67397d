package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Peers that trickle: only what has gone buys them time, and nothing that they owe keeps a connection. */
final class Http2SlowPeerTest {

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", r -> Response.text("hello"))
            .get("/window", r -> Response.bytes("a/b", new byte[Http2Frame.INITIAL_WINDOW]))
            .get("/long", r -> Response.bytes("a/b", new byte[200_000]))
            .get("/big", r -> Response.bytes("a/b", new byte[100_000]));

    private static long secondsSince(long start) {
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds();
    }

    @Test
    void hundredStreamsWhoseWindowsOpenInCrumbsEndWithTheGraceTime() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 0);
            long start = Heddle.currentLoop().nanoTime();
            Set<Integer> slow = new HashSet<>();
            for (int id = 1; id < 200; id += 2) {
                wire.get(id, "/big");
                slow.add(id);
            }
            Heddle.spawn(() -> {
                for (int round = 0; round < 100; round++) {
                    Heddle.sleep(Duration.ofSeconds(1));
                    for (int id = 2 * (round % 10) + 1; id < 200; id += 20) {
                        wire.window(id, 1);
                    }
                }
            });
            while (!slow.isEmpty()) {
                FrameWire.Frame frame = wire.read();
                if (frame.type() == Http2Frame.RST_STREAM) {
                    slow.remove(frame.stream());
                }
            }
            assertEquals(20, secondsSince(start));
            wire.get(201, "/").window(201, 100);
            assertEquals("hello", wire.answer(201).body());
        });
    }

    @Test
    void streamsOfAConnectionWhoseWindowOpensInCrumbsEndWithTheGraceTime() {
        FrameWire.raw(server, wire -> {
            useUpTheWindow(wire);
            long start = Heddle.currentLoop().nanoTime();
            Set<Integer> slow = new HashSet<>();
            for (int id = 3; id < 183; id += 2) {
                wire.get(id, "/big");
                slow.add(id);
            }
            Heddle.spawn(() -> {
                while (true) {
                    Heddle.sleep(Duration.ofMillis(500));
                    wire.window(0, 10);
                }
            });
            while (!slow.isEmpty()) {
                FrameWire.Frame frame = wire.read();
                if (frame.type() == Http2Frame.RST_STREAM) {
                    slow.remove(frame.stream());
                }
            }
            assertEquals(20, secondsSince(start));
            wire.get(203, "/").window(0, 100);
            assertEquals("hello", wire.answer(203).body());
        });
    }

    @Test
    void responseThatIsResetWhileItWaitsForTheConnectionsWindowLeavesTheOthersTheirTurn() {
        FrameWire.raw(server, wire -> {
            useUpTheWindow(wire);
            wire.get(3, "/big").get(5, "/").reset(3, Http2Error.CANCEL);
            Heddle.sleep(Duration.ofSeconds(1));
            wire.window(0, 5);
            assertEquals("hello", wire.answer(5).body());
        });
    }

    @Test
    void windowThatComesWithTheResetOfAStreamIsThereForTheOthers_CVE_2026_68763() {
        FrameWire.raw(server, wire -> {
            useUpTheWindow(wire);
            for (int id = 3; id < 123; id += 6) {
                wire.gather().get(id, "/big").get(id + 2, "/big").get(id + 4, "/").send();
                Heddle.sleep(Duration.ofSeconds(1));
                wire.gather().window(0, 5).reset(id, Http2Error.CANCEL).reset(id + 2, Http2Error.CANCEL).send();
                int taken = 0;
                boolean ended = false;
                while (!ended) {
                    FrameWire.Frame frame = wire.read();
                    if (frame.type() == Http2Frame.DATA && !frame.is(Http2Frame.DATA, id + 4)) {
                        // It was on its way before the reset came: as much is still owed.
                        taken += frame.payload().length;
                        wire.window(0, frame.payload().length);
                    }
                    wire.take(frame);
                    ended = frame.is(Http2Frame.DATA, id + 4) && frame.ends();
                }
                assertEquals("hello", wire.answer(id + 4).body());
                assertTrue(taken <= 5, taken + " bytes");
            }
        });
    }

    /** Leaves the connection no window, and streams a wide one. */
    private static void useUpTheWindow(FrameWire wire) {
        wire.begin(4, 1 << 20).get(1, "/window");
        for (int left = Http2Frame.INITIAL_WINDOW; left > 0;) {
            FrameWire.Frame frame = wire.read();
            wire.take(frame);
            left -= frame.type() == Http2Frame.DATA ? frame.payload().length : 0;
        }
    }

    @Test
    void streamWhoseWindowOpensFastEnoughGetsAll() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 0).get(1, "/big");
            long start = Heddle.currentLoop().nanoTime();
            int taken = 0;
            while (taken < 100_000) {
                Heddle.sleep(Duration.ofSeconds(1));
                wire.window(1, 1_000).window(0, 1_000);
                taken += wire.read(Http2Frame.DATA).payload().length;
            }
            assertTrue(secondsSince(start) >= 100);
        });
    }

    /** Also behind a fast start, which counts as no more than a stall. */
    @Test
    void streamWhoseWindowOpensSeldomButWideEnoughGetsAll() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/long");
            int taken = 0;
            while (taken < 200_000) {
                taken += wire.read(Http2Frame.DATA).payload().length;
                if (taken >= Http2Frame.INITIAL_WINDOW) {
                    Heddle.sleep(Duration.ofSeconds(11));
                    wire.window(1, 16_384).window(0, 16_384);
                }
            }
        });
    }

    @Test
    void connectionWithoutStreamsIsIdleAlsoIfThePeerAlwaysOwesTheRestOfAFrame() {
        FrameWire.play(server, wire -> {
            long start = Heddle.currentLoop().nanoTime();
            byte[] update = {0, 0, 4, Http2Frame.WINDOW_UPDATE, 0, 0, 0, 0, 0, 0, 0, 0, 1};
            Heddle.spawn(() -> {
                wire.stream.write(update, 0, update.length - 1);
                while (true) {
                    Heddle.sleep(Duration.ofSeconds(9));
                    wire.stream.write(update, update.length - 1, 1);
                    wire.stream.write(update, 0, update.length - 1);
                }
            });
            assertEquals(Http2Error.NO_ERROR, wire.read(Http2Frame.GOAWAY).error());
            assertEquals(60, secondsSince(start));
        });
    }
}
