package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.sync.Barrier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and responses of HTTP/2, over memory. */
final class Http2ServerTest {

    @TempDir
    private Path temp;

    private final List<String> events = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/hello/{name}", r -> Response.text("hello " + r.path("name")).withHeader("X-Version", r.version()))
            .get("/task", r -> Response.text(Heddle.currentTask().name()))
            .get("/empty", r -> Response.empty(204))
            .get("/big", r -> Response.bytes("a/b", new byte[300_000]))
            .get("/fail", r -> {
                throw new IllegalStateException("secret");
            })
            .get("/stream", r -> Response.stream("text/plain", out -> {
                for (int i = 0; i < 5; i++) {
                    out.write(("part " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            }))
            .get("/short", r -> Response.stream("text/plain", out -> out.write('x')))
            .get("/broken", r -> Response.stream("text/plain", out -> {
                out.write('x');
                out.flush();
                throw new IllegalStateException("in the middle");
            }))
            .get("/cookie", r -> Response.text(r.header("Cookie").orElse("none")))
            .get("/host", r -> Response.text(r.host().orElse("none")))
            .post("/echo", r -> Response.text(r.text(1 << 20) + r.trailers().get("x-sum").orElse("")));

    @Test
    void smallResponseIsOneBatchOfHeadersAndData() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/hello/Ada");
            FrameWire.Answer answer = wire.answer(1);
            assertEquals(200, answer.status());
            assertEquals("hello Ada", answer.body());
            assertEquals("9", answer.fields().get("content-length"));
            assertEquals("HTTP/2", answer.fields().get("x-version"));
            assertTrue(answer.fields().containsKey("date"));
        });
    }

    @Test
    void eachRequestHasATaskNamedLikeIt() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/task?secret=1");
            assertEquals("GET /task", wire.answer(1).body());
        });
    }

    @Test
    void requestsOfOneConnectionRunAtTheSameTime() {
        var both = Barrier.of(2);
        server.get("/meet", r -> {
            both.await();
            return Response.text("met");
        });
        FrameWire.play(server, wire -> {
            wire.gather().get(1, "/meet").get(3, "/meet").send();
            assertEquals("met", wire.answer(1).body());
            assertEquals("met", wire.answer(3).body());
        });
    }

    @Test
    void answersAreThoseOfTheirOwnRequestsWhicheverEndsFirst_CVE_2024_52317() {
        server.post("/late/{millis}", r -> {
            Heddle.sleep(Duration.ofMillis(Long.parseLong(r.path("millis"))));
            return Response.text(r.path("millis") + " " + r.text(100) + " " + r.header("x-own").orElseThrow());
        });
        FrameWire.play(server, wire -> {
            for (int id = 1; id < 100; id += 2) {
                wire.gather().post(id, "/late/" + id * 37 % 101, "x-own", "" + id).data(id, "body ", false);
                if (id % 5 == 0) {
                    wire.reset(id, Http2Error.CANCEL);
                }
                wire.send();
            }
            for (int id = 99; id > 0; id -= 2) {
                if (id % 5 != 0) {
                    wire.data(id, "of " + id, true);
                }
            }
            for (int id = 1; id < 100; id += 2) {
                if (id % 5 != 0) {
                    assertEquals(id * 37 % 101 + " body of " + id + " " + id, wire.answer(id).body());
                }
            }
        });
    }

    @Test
    void bodiesOfAllKindsComeWhole() throws IOException {
        Files.write(temp.resolve("f.bin"), new byte[200_000]);
        server.files("/files", temp);
        FrameWire.play(server, wire -> {
            wire.get(1, "/big");
            assertEquals(300_000, wire.answer(1).body().length());
            wire.get(3, "/stream");
            assertEquals("part 0\npart 1\npart 2\npart 3\npart 4\n", wire.answer(3).body());
            wire.get(5, "/files/f.bin");
            FrameWire.Answer file = wire.answer(5);
            assertEquals(200_000, file.body().length());
            assertEquals("200000", file.fields().get("content-length"));
            wire.get(7, "/short");
            assertEquals("1", wire.answer(7).fields().get("content-length"));
        });
    }

    @Test
    void headAndStatusesWithoutABodyHaveNoData() {
        FrameWire.play(server, wire -> {
            wire.frame(Http2Frame.HEADERS, 5, 1, wire.block(FrameWire.request("HEAD", "/big")));
            FrameWire.Frame head = wire.read(Http2Frame.HEADERS);
            assertTrue(head.ends());
            assertEquals("300000", wire.fields(head).get("content-length"));
            wire.get(3, "/empty");
            FrameWire.Frame empty = wire.read(Http2Frame.HEADERS);
            assertTrue(empty.ends());
            assertFalse(wire.fields(empty).containsKey("content-length"));
        });
    }

    @Test
    void bodyAndItsTrailersReachTheHandler() {
        FrameWire.play(server, wire -> {
            wire.post(1, "/echo").data(1, "abc", false).data(1, "def", false);
            wire.frame(Http2Frame.HEADERS, 5, 1, wire.block("x-sum", "6"));
            assertEquals("abcdef6", wire.answer(1).body());
        });
    }

    @Test
    void peerThatWaitsForA100GetsItWhenTheHandlerReads() {
        FrameWire.play(server, wire -> {
            wire.post(1, "/echo", "expect", "100-continue");
            FrameWire.Frame interim = wire.read(Http2Frame.HEADERS);
            assertEquals("100", wire.fields(interim).get(":status"));
            assertFalse(interim.ends());
            wire.data(1, "now", true);
            assertEquals("now", wire.answer(1).body());
        });
    }

    @Test
    void piecesOfACookieBecomeOneField() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/cookie", "cookie", "a=1", "cookie", "b=2");
            assertEquals("a=1; b=2", wire.answer(1).body());
        });
    }

    @Test
    void authorityIsTheHost() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/host");
            assertEquals("localhost", wire.answer(1).body());
            wire.frame(Http2Frame.HEADERS, 5, 3, wire.block(
                    ":method", "GET", ":scheme", "http", ":path", "/host", "host", "example.org:8080"));
            assertEquals("example.org:8080", wire.answer(3).body());
        });
    }

    @Test
    void failedHandlerGivesA500WithoutDetailsOrAResetAfterTheHead() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/fail");
            FrameWire.Answer answer = wire.answer(1);
            assertEquals(500, answer.status());
            assertFalse(answer.body().contains("secret"));
            wire.get(3, "/broken");
            assertEquals(Http2Error.INTERNAL_ERROR, wire.untilReset(3));
            wire.get(5, "/hello/x");
            assertEquals(200, wire.answer(5).status());
        });
    }

    @Test
    void uploadThatIsNotWantedIsStoppedAfterItsAnswer() {
        server.post("/ignore", r -> Response.text("ignored"));
        FrameWire.play(server, wire -> {
            wire.post(1, "/ignore").data(1, "some", false);
            assertEquals("ignored", wire.answer(1).body());
            assertEquals(Http2Error.NO_ERROR, wire.untilReset(1));
            for (int i = 0; i < 2_000; i++) {
                wire.data(1, "on its way", false);
            }
            wire.data(1, "end", true).get(3, "/hello/x");
            assertEquals(200, wire.answer(3).status());
        });
    }

    @Test
    void refusalsThatHaveAStatusAreAnsweredWithIt() {
        server.limits(ServerLimits.DEFAULT.withMaxStartLine(100).withMaxHeaderBytes(4000).withMaxHeaderCount(20)
                .withMaxBodyBytes(10));
        FrameWire.play(server, wire -> {
            wire.get(1, "/" + "x".repeat(200));
            assertEquals(414, wire.answer(1).status());
            wire.get(3, "/hello/x", "a", "b".repeat(5000));
            assertEquals(431, wire.answer(3).status());
            String[] many = new String[60];
            for (int i = 0; i < many.length; i++) {
                many[i] = i % 2 == 0 ? "x" + i : "y";
            }
            wire.get(5, "/hello/x", many);
            assertEquals(431, wire.answer(5).status());
            wire.post(7, "/echo", "content-length", "11");
            assertEquals(413, wire.answer(7).status());
            wire.post(9, "/echo").data(9, "elevenbytes", true);
            assertEquals(413, wire.answer(9).status());
            wire.get(11, "/hello/x", "expect", "miracles");
            assertEquals(417, wire.answer(11).status());
            wire.get(13, "/hello/x", "range", "a", "range", "b");
            assertEquals(400, wire.answer(13).status());
            wire.frame(Http2Frame.HEADERS, 5, 15, wire.block(":method", "CONNECT", ":authority", "a:1"));
            assertEquals(501, wire.answer(15).status());
            wire.get(17, "/nowhere");
            assertEquals(404, wire.answer(17).status());
        });
    }

    @Test
    void handlerHearsThatThePeerHasGone() {
        server.get("/wait", r -> {
            r.awaitDisconnect();
            events.add("gone");
            return Response.text("too late");
        });
        FrameWire.play(server, wire -> {
            wire.get(1, "/wait");
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of(), events);
            wire.reset(1, Http2Error.CANCEL).get(3, "/hello/x");
            assertEquals(200, wire.answer(3).status());
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(List.of("gone"), events);
            wire.get(5, "/wait");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.stream.close();
            wire.connection.join();
            assertEquals(List.of("gone", "gone"), events);
        });
    }

    @Test
    void fieldsOfHttp1ConnectionsAreNotSentAndACloseEndsTheConnection() {
        server.get("/last", r -> Response.text("bye")
                .withHeader("Connection", "close")
                .withHeader("Keep-Alive", "timeout=5")
                .withHeader("Upgrade", "h2c"));
        FrameWire.play(server, wire -> {
            wire.get(1, "/last");
            FrameWire.Frame first = wire.read();
            assertEquals(Http2Frame.GOAWAY, first.type());
            assertEquals(Integer.MAX_VALUE, first.word(0));
            FrameWire.Frame head = wire.read(Http2Frame.HEADERS);
            assertEquals(List.of(":status", "content-type", "date", "content-length"),
                    List.copyOf(wire.fields(head).keySet()));
            assertEquals(Http2Error.NO_ERROR, wire.untilGone());
        });
    }

    @Test
    void accessLogAndTheStatisticsCountRequestsOfHttp2() {
        List<String> log = new ArrayList<>();
        server.accessLog(record -> log.add(record.status() + " " + record.bodyBytes()));
        FrameWire.play(server, wire -> {
            wire.get(1, "/hello/Ada");
            wire.answer(1);
            wire.get(3, "/nowhere");
            wire.answer(3);
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals("200 9", log.get(0));
            assertEquals(2, log.size());
        });
    }

    @Test
    void http1GoesOnBesideIt() {
        assertEquals(200, Wire.status(Wire.ask(server,
                "GET /hello/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        assertEquals(200, Wire.status(Wire.askByByte(server,
                "GET /hello/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        String upgrade = Wire.ask(server,
                "GET /hello/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close"
                        + "\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
        assertEquals(200, Wire.status(upgrade));
    }

    @Test
    void serverOfHttp1OnlyRefusesThePreface() {
        String answer = Wire.ask(server.http1Only(), Http2Frame.PREFACE);
        assertEquals(505, Wire.status(answer));
    }

    @Test
    void prefaceByteByByteIsOneToo() {
        FrameWire.raw(server, wire -> {
            for (String each : Http2Frame.PREFACE.split("")) {
                wire.stream.write(each);
                Heddle.checkpoint();
            }
            wire.settings().get(1, "/hello/x");
            assertEquals(200, wire.answer(1).status());
        });
    }

    @Test
    void refusedHeadRequestGetsNoBody() {
        FrameWire.play(server, wire -> {
            wire.frame(Http2Frame.HEADERS, 5, 1, FrameWire.literal(FrameWire.request("HEAD", "/" + "x".repeat(9_000))));
            FrameWire.Answer answer = wire.answer(1);
            assertEquals(414, answer.status());
            assertEquals("", answer.body());
            assertTrue(answer.fields().containsKey("content-length"), answer.toString());
        });
    }

    @Test
    void goAheadNeverFollowsTheHeadOfTheResponse() {
        server.post("/talk", r -> Response.stream("text/plain", out -> {
            out.write('a');
            out.flush();
            out.write(r.bytes(100));
        }));
        FrameWire.play(server, wire -> {
            wire.post(1, "/talk", "expect", "100-continue");
            assertEquals("200", wire.fields(wire.read(Http2Frame.HEADERS)).get(":status"));
            wire.data(1, "b", true);
            FrameWire.Answer answer = wire.answer(1);
            assertEquals("ab", answer.body());
            assertEquals(Map.of(), answer.fields());
        });
    }

    @Test
    void responseWithAWriteThatWasCutOffNeverEndsWell() {
        server.get("/cut", r -> Response.stream("a/b", out -> {
            boolean whole = Heddle.moveOnAfter(Duration.ofSeconds(1), () -> out.write(new byte[100_000]));
            events.add("whole: " + whole);
            out.write("the end".getBytes(StandardCharsets.US_ASCII));
        }));
        FrameWire.play(server, wire -> {
            wire.get(1, "/cut");
            Heddle.sleep(Duration.ofSeconds(2));
            wire.window(0, 1 << 20).window(1, 1 << 20);
            assertEquals(Http2Error.INTERNAL_ERROR, wire.untilReset(1));
            assertEquals(List.of("whole: false"), events);
        });
    }

    @Test
    void bodyWhoseWriterFailsAsALostStreamWouldIsStillA500() {
        server.get("/closed", r -> Response.stream("a/b", out -> {
            throw new ClosedException("some other stream is closed");
        }));
        FrameWire.play(server, wire -> {
            wire.get(1, "/closed");
            assertEquals(500, wire.answer(1).status());
        });
    }

    @Test
    void tableSmallerThanTheFirstOneCountsFromItsAcknowledgement() {
        server.http2(Http2Limits.DEFAULT.withHeaderTableBytes(0).withMaxContinuations(8));
        FrameWire.Peer early = wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.settings().get(1, "/hello/a", "x-custom", "value").get(3, "/hello/b", "x-custom", "value");
            assertEquals("hello b", wire.answer(3).body());
            wire.frame(Http2Frame.SETTINGS, 1, 0);
        };
        FrameWire.raw(server, wire -> {
            early.play(wire);
            var block = new ByteArrayOutputStream();
            block.write(0x20);
            block.writeBytes(FrameWire.literal(FrameWire.request("GET", "/hello/c")));
            wire.frame(Http2Frame.HEADERS, 5, 5, block.toByteArray());
            assertEquals("hello c", wire.answer(5).body());
        });
        FrameWire.raw(server, wire -> {
            early.play(wire);
            wire.get(5, "/hello/c");
            assertEquals(Http2Error.COMPRESSION_ERROR, wire.untilGone());
        });
    }

    @Test
    void valueMayEndWithACharacterWhoseLastByteIsASpaceElsewhere() {
        List<String> cookies = List.of(
                "a=voil\u00c3\u00a0", "a=\u00e2\u0080\u00a0", "a=\u00f0\u009f\u0098\u00a0", "a=\u00c3\u0085");
        for (String cookie : cookies) {
            String[] request = FrameWire.request("GET", "/cookie", "cookie", cookie);
            FrameWire.play(server, wire -> {
                wire.frame(Http2Frame.HEADERS, 5, 1, FrameWire.literal(request));
                assertEquals(200, wire.answer(1).status());
            });
        }
    }

    @Test
    void cancelThatIsNotTheHandlersOwnEndsNoOtherRequest() {
        server.get("/stray", r -> {
            throw new CancelledException("kept from elsewhere");
        }).get("/stray-stream", r -> Response.stream("a/b", out -> {
            throw new CancelledException("kept from elsewhere");
        }));
        FrameWire.play(server, wire -> {
            wire.gather().get(1, "/stray").get(3, "/stray-stream").get(5, "/hello/a").send();
            assertEquals(500, wire.answer(1).status());
            assertEquals("hello a", wire.answer(5).body());
            assertEquals(500, wire.answer(3).status());
            wire.get(7, "/hello/b");
            assertEquals("hello b", wire.answer(7).body());
        });
    }
}
