package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows in both directions (RFC 9113, section 5.2), over memory. */
final class Http2FlowControlTest {

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", r -> Response.text("hello"))
            .get("/big", r -> Response.bytes("a/b", new byte[100_000]))
            .post("/length", r -> Response.text("" + r.bytes(1 << 20).length));

    /** Reads DATA until so many bytes have come. */
    private static int take(FrameWire wire, int id, int bytes) {
        int taken = 0;
        while (taken < bytes) {
            FrameWire.Frame frame = wire.read();
            if (frame.is(Http2Frame.DATA, id)) {
                taken += frame.payload().length;
            }
        }
        return taken;
    }

    /** Says that nothing but the reply to a PING comes. */
    private static void assertQuiet(FrameWire wire) {
        Heddle.sleep(Duration.ofSeconds(1));
        wire.frame(Http2Frame.PING, 0, 0, new byte[8]);
        assertEquals(Http2Frame.PING, wire.read().type());
    }

    @Test
    void responseStopsAtTheWindowOfItsStreamAndGoesOnWithIt() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 10_000).get(1, "/big");
            assertEquals(10_000, take(wire, 1, 10_000));
            assertQuiet(wire);
            wire.window(1, 5);
            assertEquals(5, take(wire, 1, 5));
            assertQuiet(wire);
        });
    }

    @Test
    void streamWithoutWindowHoldsNoOther() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 0).get(1, "/big").get(3, "/");
            wire.window(3, 100);
            assertEquals("hello", wire.answer(3).body());
        });
    }

    @Test
    void responsesStopAtTheWindowOfTheConnectionAndShareWhatItGets() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 0).get(1, "/big").get(3, "/big").get(5, "/big");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.settings(4, 1 << 20);
            int all = 0;
            Set<Integer> seen = new HashSet<>();
            while (all < 65_535) {
                FrameWire.Frame frame = wire.read();
                if (frame.type() == Http2Frame.DATA) {
                    all += frame.payload().length;
                    seen.add(frame.stream());
                }
            }
            assertEquals(65_535, all);
            assertEquals(Set.of(1, 3, 5), seen);
            assertQuiet(wire);
        });
    }

    @Test
    void windowMadeSmallerThanWhatIsUnderWayGoesBelowZeroAndComesBack() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 10_000).get(1, "/big");
            take(wire, 1, 10_000);
            wire.settings(4, 1_000).window(1, 9_000);
            assertEquals(Http2Frame.SETTINGS, wire.read().type());
            assertQuiet(wire);
            wire.window(1, 7);
            assertEquals(7, take(wire, 1, 7));
            wire.settings(4, 1_100);
            assertEquals(100, take(wire, 1, 100));
        });
    }

    @Test
    void handlerThatDoesNotReadGivesNoWindow() {
        var go = new ArrayList<Event>(List.of(Event.create()));
        server.post("/late", r -> {
            go.get(0).await();
            return Response.text("" + r.bytes(1 << 20).length);
        });
        FrameWire.play(server, wire -> {
            wire.post(1, "/late");
            for (int i = 0; i < 3; i++) {
                wire.frame(Http2Frame.DATA, 0, 1, new byte[16_384]);
            }
            assertQuiet(wire);
            go.get(0).set();
            FrameWire.Frame update = wire.read(Http2Frame.WINDOW_UPDATE);
            assertEquals(1, update.stream());
            assertTrue(update.word(0) >= 65_535 / 2);
            wire.data(1, "x", true);
            assertEquals("" + (3 * 16_384 + 1), wire.answer(1).body());
        });
    }

    @Test
    void stalledUploadHoldsNoOther() {
        server.post("/stall", r -> {
            Heddle.sleep(Duration.ofHours(1));
            return Response.empty(204);
        });
        FrameWire.play(server, wire -> {
            wire.post(1, "/stall");
            for (int i = 0; i < 3; i++) {
                wire.frame(Http2Frame.DATA, 0, 1, new byte[16_384]);
            }
            wire.post(3, "/length").data(3, "abc", true);
            assertEquals("3", wire.answer(3).body());
        });
    }

    @Test
    void moreThanTheWindowOfAStreamResetsIt() {
        server.post("/stall", r -> {
            r.awaitDisconnect();
            return Response.empty(204);
        });
        FrameWire.play(server, wire -> {

            wire.post(3, "/stall");
            for (int i = 0; i < 4; i++) {
                wire.frame(Http2Frame.DATA, 0, 3, new byte[16_384]);
            }
            assertEquals(Http2Error.FLOW_CONTROL_ERROR, wire.untilReset(3));
            wire.get(5, "/");
            assertEquals(200, wire.answer(5).status());
        });
    }

    @Test
    void moreThanTheWindowOfTheConnectionEndsIt() {
        server.http2(Http2Limits.DEFAULT.withStreamWindow(65_535).withConnectionWindow(65_535)).post("/stall", r -> {
            Heddle.sleep(Duration.ofHours(1));
            return Response.empty(204);
        });
        FrameWire.play(server, wire -> {
            wire.post(1, "/stall").post(3, "/stall");
            for (int i = 0; i < 2; i++) {
                wire.frame(Http2Frame.DATA, 0, 1, new byte[16_384]).frame(Http2Frame.DATA, 0, 3, new byte[16_384]);
            }
            wire.frame(Http2Frame.DATA, 0, 3, new byte[1]);
            assertEquals(Http2Error.FLOW_CONTROL_ERROR, wire.untilGone());
        });
    }

    @Test
    void whatNobodyReadGoesBackToTheConnection() {
        server.http2(Http2Limits.DEFAULT.withStreamWindow(65_535).withConnectionWindow(65_535)).post("/ignore",
                r -> Response.text("no"));
        FrameWire.play(server, wire -> {
            // Four times what the connection's window holds, on streams whose handlers read none of it.
            for (int i = 0; i < 16; i++) {
                wire.post(2 * i + 1, "/ignore").frame(Http2Frame.DATA, 1, 2 * i + 1, new byte[16_000]);
                assertEquals("no", wire.answer(2 * i + 1).body());
            }
        });
    }

    @Test
    void smallerSettingOfOursCountsOnlyAfterThePeerKnowsIt() {
        server.http2(Http2Limits.DEFAULT.withStreamWindow(1_000).withConnectionWindow(65_535));
        FrameWire.raw(server, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.settings().post(1, "/length").frame(Http2Frame.DATA, 1, 1, new byte[10_000]);
            assertEquals("10000", wire.answer(1).body());
            wire.frame(Http2Frame.SETTINGS, 1, 0);
            wire.post(3, "/length").frame(Http2Frame.DATA, 0, 3, new byte[1_001]);
            assertEquals(Http2Error.FLOW_CONTROL_ERROR, wire.untilReset(3));
        });
    }

    @Test
    void paddingCountsAndComesBack() {
        FrameWire.play(server, wire -> {
            byte[] padded = new byte[1 + 1 + 255];
            padded[0] = (byte) 255;
            wire.post(1, "/length");
            for (int i = 0; i < 1_000; i++) {
                wire.frame(Http2Frame.DATA, 8, 1, padded);
                if (i % 100 == 0) {
                    Heddle.checkpoint();
                    wire.frame(Http2Frame.PING, 0, 0, new byte[8]).read(Http2Frame.PING);
                }
            }
            wire.data(1, "", true);
            assertEquals("1000", wire.answer(1).body());
        });
    }

    @Test
    void largerFrameSizeOfThePeerIsUsedWithinReason() {
        FrameWire.raw(server, wire -> {
            wire.begin(5, 1 << 20, 4, 1 << 20).get(1, "/big");
            while (true) {
                FrameWire.Frame frame = wire.read(Http2Frame.DATA);
                assertTrue(frame.payload().length <= 16_384);
                if (frame.payload().length == 16_384) {
                    break;
                }
            }
        });
    }

    @Test
    void emptyEndNeedsNoWindow() {
        Event go = Event.create();
        server.http2(Http2Limits.DEFAULT.withStreamWindow(1_000).withConnectionWindow(65_535)).post("/late", r -> {
            go.await();
            return Response.text("" + r.bytes(1 << 20).length);
        });
        FrameWire.raw(server, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            // Before the peer knows how small the window is, it is the usual one.
            wire.settings().post(1, "/late").frame(Http2Frame.DATA, 0, 1, new byte[16_384]);
            wire.frame(Http2Frame.SETTINGS, 1, 0).frame(Http2Frame.DATA, 1, 1);
            Heddle.sleep(Duration.ofSeconds(1));
            go.set();
            assertEquals("16384", wire.answer(1).body());
        });
    }
}
