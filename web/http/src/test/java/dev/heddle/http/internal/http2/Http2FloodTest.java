package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Floods of valid frames, each by the number it became known under. */
final class Http2FloodTest {

    private int handlers;
    private int running;
    private int mostRunning;

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", r -> {
                handlers++;
                return Response.text("hello");
            })
            .get("/slow", r -> {
                handlers++;
                mostRunning = Math.max(mostRunning, ++running);
                try {
                    Heddle.sleep(Duration.ofHours(1));
                } finally {
                    running--;
                }
                return Response.text("late");
            })
            .get("/big", r -> Response.bytes("a/b", new byte[100_000]))
            .post("/read", r -> Response.text("" + r.bytes(1 << 20).length));

    /** Sends steps until the server has had enough; says what it said. */
    private static Http2Error flood(FrameWire wire, int steps, IntConsumer step) {
        var told = Heddle.spawn(wire::untilGone);
        try {
            for (int i = 0; i < steps && !told.isDone(); i++) {
                step.accept(i);
                if (i % 50 == 0) {
                    Heddle.checkpoint();
                }
            }
        } catch (ClosedException | BrokenException refused) {
            // The server has closed already.
        }
        return Heddle.timeout(Duration.ofSeconds(10), told::join);
    }

    @Test
    void rapidReset_CVE_2023_44487_runsFewHandlersAndEnds() {
        FrameWire.play(server, wire -> {
            Http2Error error = flood(wire, 100_000,
                    i -> wire.gather().get(2 * i + 1, "/").reset(2 * i + 1, Http2Error.CANCEL).send());
            assertEquals(Http2Error.ENHANCE_YOUR_CALM, error);
            assertTrue(handlers < 500, handlers + " handlers");
        });
    }

    @Test
    void slowHandlersOfResetStreamsKeepTheirPlaces() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(10).withMaxResets(50));
        FrameWire.play(server, wire -> {
            Http2Error error = flood(wire, 100_000, i -> {
                wire.get(2 * i + 1, "/slow");
                Heddle.checkpoint();
                Heddle.checkpoint();
                wire.reset(2 * i + 1, Http2Error.CANCEL);
            });
            assertEquals(Http2Error.ENHANCE_YOUR_CALM, error);
            assertTrue(mostRunning <= 10, mostRunning + " at once");
            assertTrue(mostRunning > 1, mostRunning + " at once");
        });
    }

    @Test
    void madeYouReset_CVE_2025_8671_countsResetsThatThePeerProvokes() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(20));
        FrameWire.play(server, wire -> {
            Http2Error error = flood(wire, 100_000, i -> {
                int id = 2 * i + 1;
                wire.get(id, "/slow");
                Heddle.checkpoint();
                Heddle.checkpoint();
                switch (i % 4) {
                    case 0 -> wire.window(id, 0);
                    case 1 -> wire.window(id, Integer.MAX_VALUE);
                    case 2 -> wire.data(id, "after the end", true);
                    default -> wire.frame(Http2Frame.HEADERS, 5, id, wire.block("late", "trailers"));
                }
            });
            assertEquals(Http2Error.ENHANCE_YOUR_CALM, error);
            assertTrue(handlers < 500 && mostRunning <= 20, handlers + " handlers, " + mostRunning + " at once");
        });
    }

    @Test
    void continuationFlood_CVE_2024_27316_endsAfterAFew() {
        FrameWire.play(server, wire -> {
            wire.frame(Http2Frame.HEADERS, 1, 1, wire.block(FrameWire.request("GET", "/")));
            Http2Error error = flood(wire, 100_000,
                    i -> wire.frame(Http2Frame.CONTINUATION, 0, 1, FrameWire.literal("x", "y")));
            assertEquals(Http2Error.ENHANCE_YOUR_CALM, error);
            assertEquals(0, handlers);
        });
    }

    @Test
    void continuationFloodWithoutPayload_CVE_2019_9518_endsAfterAFew() {
        FrameWire.play(server, wire -> {
            wire.frame(Http2Frame.HEADERS, 1, 1);
            assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                    flood(wire, 100_000, i -> wire.frame(Http2Frame.CONTINUATION, 0, 1)));
        });
    }

    @Test
    void limitOfThePeerForFieldsMakesNoResets_CVE_2026_50560_norAnyMemory_CVE_2025_1948() {
        for (int bytes : new int[]{0, 1, -1}) {
            FrameWire.play(server, wire -> {
                wire.settings(6, bytes);
                for (int id = 1; id < 400; id += 2) {
                    assertEquals("hello", wire.get(id, "/").answer(id).body());
                }
            });
        }
        assertEquals(600, handlers);
    }

    @Test
    void headerBlockBeyondItsBytesEnds() {
        FrameWire.play(server, wire -> {
            byte[] part = FrameWire.literal("x", "y".repeat(16_000));
            wire.frame(Http2Frame.HEADERS, 1, 1, part);
            assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                    flood(wire, 5, i -> wire.frame(Http2Frame.CONTINUATION, 0, 1, part)));
        });
    }

    @Test
    void emptyDataFlood_CVE_2019_9518_ends() {
        FrameWire.play(server, wire -> {
            wire.post(1, "/read");
            assertEquals(Http2Error.ENHANCE_YOUR_CALM, flood(wire, 100_000, i -> wire.data(1, "", false)));
        });
    }

    @Test
    void paddingOnlyDataIsEmptyToo() {
        FrameWire.play(server, wire -> {
            wire.post(1, "/read");
            assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                    flood(wire, 100_000,
                            i -> wire.frame(Http2Frame.DATA, 8, 1, (byte) 3, (byte) 0, (byte) 0, (byte) 0)));
        });
    }

    @Test
    void pingFlood_CVE_2019_9512_ends() {
        FrameWire.play(server, wire -> assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                flood(wire, 100_000, i -> wire.frame(Http2Frame.PING, 0, 0, new byte[8]))));
    }

    @Test
    void settingsFlood_CVE_2019_9515_ends() {
        FrameWire.play(server, wire -> assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                flood(wire, 100_000, i -> wire.settings(4, 65_535 + i % 2))));
    }

    @Test
    void resetFlood_CVE_2019_9514_ofStreamsThatAreNoMoreEnds() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/");
            wire.answer(1);
            assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                    flood(wire, 100_000, i -> wire.reset(1, Http2Error.CANCEL)));
        });
    }

    @Test
    void priorityFlood_CVE_2019_9513_ends() {
        FrameWire.play(server, wire -> assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                flood(wire, 100_000, i -> wire.frame(Http2Frame.PRIORITY, 0, 3, new byte[]{0, 0, 0, 1, 1}))));
    }

    @Test
    void priorityUpdateFloodEnds() {
        FrameWire.play(server, wire -> assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                flood(wire, 100_000, i -> wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0,
                        new byte[]{0, 0, 0, (byte) (2 * (i % 50) + 1), 'u', '=', '1'}))));
    }

    @Test
    void unknownFramesWithoutEndEnd() {
        FrameWire.play(server, wire -> assertEquals(Http2Error.ENHANCE_YOUR_CALM,
                flood(wire, 100_000, i -> wire.frame(0x77, 0xff, i, new byte[10]))));
    }

    @Test
    void windowUpdatesInCrumbs_CVE_2019_9511_end() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, 0).get(1, "/big");
            assertEquals(Http2Error.ENHANCE_YOUR_CALM, flood(wire, 100_000, i -> wire.window(1, 1)));
        });
    }

    @Test
    void readerThatPaysForItsWindowUpdatesMaySendMany() {
        server.get("/huge", r -> Response.bytes("a/b", new byte[2_000_000]));
        FrameWire.play(server, wire -> {
            wire.get(1, "/huge");
            assertEquals(2_000_000, wire.answer(1).body().length());
        });
    }

    @Test
    void repliesThatThePeerDoesNotRead_CVE_2019_9517_areFew() {
        server.http2(Http2Limits.DEFAULT.withMaxSettings(1_000_000).withMaxPings(1_000_000).withMaxQueuedReplies(200));
        FrameWire.play(server, wire -> {
            // The memory stream holds what the system's buffers would; nobody takes any of it.
            var flooding = Heddle.spawn(() -> {
                try {
                    while (true) {
                        wire.frame(Http2Frame.PING, 0, 0, new byte[8]);
                    }
                } catch (ClosedException | BrokenException refused) {
                    return "refused";
                }
            });
            assertEquals("refused", Heddle.timeout(Duration.ofMinutes(1), flooding::join));
        });
    }

    @Test
    void responsesThatThePeerDoesNotReadStopItsHandlers_CVE_2019_9517() {
        FrameWire.raw(server, wire -> {
            wire.begin(4, Integer.MAX_VALUE).window(0, Integer.MAX_VALUE - 65_535);
            for (int i = 0; i < 100; i++) {
                wire.get(2 * i + 1, "/big");
            }
            // A peer that has given windows for all of it and takes nothing is cut off.
            Heddle.timeout(Duration.ofMinutes(10), () -> wire.connection.join());
        });
    }

    @Test
    void hpackBomb_CVE_2016_6581_costsWhatItsBytesCost() {
        FrameWire.play(server, wire -> {
            var bomb = new ByteArrayOutputStream();
            bomb.writeBytes(wire.block(FrameWire.request("GET", "/")));
            // One entry of nearly the whole table, then thousands of times its number.
            byte[] entry = FrameWire.literal("bomb", "x".repeat(3_900));
            entry[0] = 0x40;
            bomb.writeBytes(entry);
            for (int i = 0; i < 12_000; i++) {
                bomb.write(0x80 | 62);
            }
            wire.frame(Http2Frame.HEADERS, 5, 1, bomb.toByteArray());
            assertEquals(431, wire.answer(1).status());
            assertEquals(0, handlers);
            wire.frame(Http2Frame.HEADERS, 5, 3, FrameWire.literal(FrameWire.request("GET", "/")));
            assertEquals(200, wire.answer(3).status());
        });
    }

    @Test
    void handlerThatWaitsHoldsNobodyElse() {
        var go = Event.create();
        server.get("/wait", r -> {
            go.await();
            return Response.text("went");
        });
        FrameWire.play(server, wire -> {
            wire.get(1, "/wait").get(3, "/");
            assertEquals("hello", wire.answer(3).body());
            go.set();
            assertEquals("went", wire.answer(1).body());
        });
    }
}
