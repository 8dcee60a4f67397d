package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.FrameWire;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a connection of HTTP/2 ends: the server stops, the connection is old or idle, the peer is late. */
final class Http2StopTest {

    private final List<String> events = new ArrayList<>();

    private final HttpServer.Builder builder = HttpServer.builder()
            .get("/", r -> Response.text("hello"))
            .get("/sleep/{seconds}", r -> {
                try {
                    Heddle.sleep(Duration.ofSeconds(Long.parseLong(r.path("seconds"))));
                } catch (CancelledException e) {
                    events.add("cancelled");
                    throw e;
                }
                return Response.text("slept");
            })
            .post("/read", r -> Response.text("" + r.bytes(1 << 20).length))
            .get("/big", r -> {
                try {
                    return Response.stream("a/b", out -> out.write(new byte[1 << 20]));
                } finally {
                    events.add("began");
                }
            });

    private void stopping(FrameWire.Peer before, FrameWire.Peer after) {
        Sim.run(() -> {
            HttpServer server = builder.build();
            FrameWire.playAt(server, wire -> {
                wire.begin();
                before.play(wire);
                Heddle.sleep(Duration.ofMillis(10));
                Task<Void> stop = Heddle.spawn(() -> server.stop(Duration.ofSeconds(10)));
                after.play(wire);
                stop.join();
                wire.connection.awaitOutcome();
            });
        });
    }

    private static long seconds() {
        return Heddle.currentLoop().nanoTime() / 1_000_000_000;
    }

    @Test
    void eventsEndInOrderWhenTheServerStops() {
        builder.get("/ticks", r -> Response.events(out -> {
            while (true) {
                out.send("tick");
                Heddle.sleep(Duration.ofSeconds(1));
            }
        }));
        stopping(wire -> wire.get(1, "/ticks"), wire -> {
            FrameWire.Frame frame = wire.read();
            while (!frame.is(Http2Frame.DATA, 1) || !frame.ends()) {
                wire.take(frame);
                frame = wire.read();
            }
            assertEquals(0, seconds());
        });
    }

    @Test
    void stopIsAnnouncedTwiceAndWhatCameBetweenIsAnswered() {
        stopping(wire -> {}, wire -> {
            FrameWire.Frame first = wire.read();
            assertEquals(Http2Frame.GOAWAY, first.type());
            assertEquals(Integer.MAX_VALUE, first.word(0));
            assertEquals(Http2Error.NO_ERROR, first.error());
            FrameWire.Frame ping = wire.read();
            assertEquals(Http2Frame.PING, ping.type());
            // Sent by a client that had not seen the first one.
            wire.get(1, "/").frame(Http2Frame.PING, 1, 0, ping.payload());
            List<Integer> types = new ArrayList<>();
            FrameWire.Frame last = wire.read();
            while (last.type() != Http2Frame.GOAWAY) {
                types.add(last.type());
                last = wire.read();
            }
            assertEquals(1, last.word(0));
            if (types.isEmpty()) {
                assertEquals("hello", wire.answer(1).body());
            } else {
                assertEquals(List.of(Http2Frame.HEADERS, Http2Frame.DATA), types);
            }
            wire.stream.readAll(100);
        });
    }

    @Test
    void peerThatDoesNotAnswerThePingIsToldAgainAfterASecond() {
        stopping(wire -> {}, wire -> {
            long start = seconds();
            wire.read();
            wire.read();
            assertEquals(Http2Frame.GOAWAY, wire.read().type());
            assertEquals(1, seconds() - start);
        });
    }

    @Test
    void requestInFlightIsFinishedAndALaterOneIgnored() {
        stopping(wire -> wire.get(1, "/sleep/5"), wire -> {
            Heddle.sleep(Duration.ofSeconds(2));
            wire.get(3, "/");
            List<Integer> streams = new ArrayList<>();
            try {
                while (true) {
                    streams.add(wire.read().stream());
                }
            } catch (HeddleException end) {
                assertEquals(List.of(0, 0, 0, 1, 1, 0), streams);
            }
            assertEquals(List.of(), events);
        });
    }

    @Test
    void afterTheGraceHandlersAreCutOff() {
        stopping(wire -> wire.get(1, "/sleep/3600"), wire -> {
            long start = seconds();
            assertThrows(HeddleException.class, () -> wire.stream.readAll(1000));
            assertTrue(seconds() - start <= 16, "" + (seconds() - start));
        });
    }

    @Test
    void connectionThatIsIdleEnds() {
        builder.limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofSeconds(30)));
        FrameWire.play(builder, wire -> {
            wire.get(1, "/");
            wire.answer(1);
            long start = seconds();
            assertEquals(Http2Error.NO_ERROR, wire.untilGone());
            assertEquals(30, seconds() - start);
        });
    }

    @Test
    void connectionWithARequestIsNotIdle() {
        builder.limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofSeconds(30)));
        FrameWire.play(builder, wire -> {
            wire.get(1, "/sleep/300");
            assertEquals("slept", wire.answer(1).body());
        });
    }

    @Test
    void prefaceThatDoesNotComeEndsTheConnection() {
        FrameWire.raw(builder, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.stream.write(new byte[]{0, 0});
            long start = seconds();
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
            assertEquals(10, seconds() - start);
        });
    }

    @Test
    void frameOrHeaderBlockThatTricklesEndsTheConnection() {
        FrameWire.play(builder, wire -> {
            wire.get(1, "/sleep/3600");
            long start = seconds();
            Task<Long> told = Heddle.spawn(() -> {
                assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
                return seconds() - start;
            });
            byte[] frame = new byte[9 + 8];
            frame[2] = 8;
            frame[3] = Http2Frame.PING;
            for (int i = 0; i < frame.length - 1 && !told.isDone(); i++) {
                wire.stream.write(frame, i, 1);
                Heddle.sleep(Duration.ofSeconds(1));
            }
            assertEquals(10, told.join());
        });
        FrameWire.play(builder, wire -> {
            long start = seconds();
            Task<Long> told = Heddle.spawn(() -> {
                assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
                return seconds() - start;
            });
            wire.frame(Http2Frame.HEADERS, 1, 1);
            for (int i = 0; i < 5 && !told.isDone(); i++) {
                Heddle.sleep(Duration.ofSeconds(3));
                if (!told.isDone()) {
                    wire.frame(Http2Frame.CONTINUATION, 0, 1, (byte) 0x82);
                }
            }
            assertEquals(10, told.join());
        });
    }

    @Test
    void bodyThatTricklesGetsA408AndTheConnectionGoesOn() {
        FrameWire.play(builder, wire -> {
            wire.post(1, "/read").data(1, "x", false);
            FrameWire.Answer answer = wire.answer(1);
            assertEquals(408, answer.status());
            wire.get(3, "/");
            assertEquals("hello", wire.answer(3).body());
        });
    }

    @Test
    void responseWhoseWindowDoesNotOpenIsReset_CVE_2019_9517() {
        FrameWire.raw(builder, wire -> {
            wire.begin(4, 1_000).get(1, "/big");
            assertEquals(Http2Error.INTERNAL_ERROR, wire.untilReset(1));
            wire.get(3, "/");
            assertEquals("hello", wire.answer(3).body());
        });
    }

    @Test
    void connectionEndsAfterItsLastRequestAndItsLifetime() {
        builder.limits(ServerLimits.DEFAULT.withMaxRequests(3).withMaxLifetime(Duration.ofMinutes(10)));
        FrameWire.play(builder, wire -> {
            wire.get(1, "/").get(3, "/").get(5, "/");
            assertEquals(Http2Error.NO_ERROR, wire.untilGone());
        });
        builder.limits(ServerLimits.DEFAULT.withMaxRequests(1_000).withMaxLifetime(Duration.ofMinutes(10)));
        FrameWire.play(builder, wire -> {
            for (int i = 0; i < 11; i++) {
                Heddle.sleep(Duration.ofSeconds(50));
                wire.get(2 * i + 1, "/");
                assertEquals("hello", wire.answer(2 * i + 1).body());
            }
            Heddle.sleep(Duration.ofSeconds(55));
            wire.get(101, "/");
            assertEquals(Http2Error.NO_ERROR, wire.untilGone());
        });
    }

    @Test
    void peerThatGoesLeavesNoHandlerWaiting() {
        FrameWire.play(builder, wire -> {
            wire.post(1, "/read").get(3, "/big");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.stream.abort();
            wire.connection.awaitOutcome();
            assertThrows(ClosedException.class, wire::read);
        });
    }

    @Test
    void whatALeftOutRequestStillSendsHarmsNoOther() {
        stopping(wire -> wire.get(1, "/sleep/5"), wire -> {
            Heddle.sleep(Duration.ofSeconds(2));
            wire.post(3, "/read").data(3, "abc", false).window(3, 10).reset(3, Http2Error.CANCEL);
            wire.post(5, "/read").data(5, "abc", true);
            List<Http2Error> goodbyes = new ArrayList<>();
            var body = new StringBuilder();
            try {
                while (true) {
                    FrameWire.Frame frame = wire.read();
                    if (frame.type() == Http2Frame.GOAWAY) {
                        goodbyes.add(frame.error());
                    } else if (frame.is(Http2Frame.DATA, 1)) {
                        body.append(frame.text());
                    }
                }
            } catch (HeddleException end) {
                assertEquals("slept", body.toString());
                assertEquals(List.of(Http2Error.NO_ERROR, Http2Error.NO_ERROR, Http2Error.NO_ERROR), goodbyes);
            }
        });
    }

    @Test
    void peerThatDoesNotAcknowledgeOurSettingsIsToldSo() {
        FrameWire.raw(builder, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.settings().get(1, "/sleep/3600");
            long start = seconds();
            assertEquals(Http2Error.SETTINGS_TIMEOUT, wire.untilGone());
            assertEquals(10, seconds() - start);
        });
    }
}
