package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.FramePeer;
import dev.heddle.http.FrameWire;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client speaks HTTP/2 with a server that says frame by frame what a test wants, in virtual time. */
final class Http2ClientWireTest {

    /** What one connection does; the last one serves all later ones. */
    interface Script {
        void play(FrameWire wire) throws Exception;
    }

    interface Body {
        void run(HttpClient http) throws Exception;
    }

    private int connects;

    private void play(Body body, Script... scripts) {
        play(new int[0], HttpClient.builder(), body, scripts);
    }

    private void play(int[] settings, HttpClient.Builder options, Body body, Script... scripts) {
        Sim.run(() -> {
            List<Task<Void>> playing = new ArrayList<>();
            options.connector((host, port) -> {
                Script script = scripts[Math.min(connects++, scripts.length - 1)];
                MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
                playing.add(Heddle.currentLoop().spawn(() -> {
                    try {
                        script.play(FrameWire.server(pair.right(), settings));
                        pair.right().readAll(1 << 20);
                    } catch (BrokenException | ClosedException e) {
                        // The client has ended the connection, as some tests want it to.
                    } finally {
                        pair.right().close();
                    }
                }));
                return pair.left();
            });
            try (HttpClient http = options.http2PriorKnowledge().build()) {
                body.run(http);
            }
            playing.forEach(Task::join);
        });
    }

    /** The next request: its fields. */
    private static Map<String, String> request(FrameWire wire, int id) {
        FrameWire.Frame head = wire.read(Http2Frame.HEADERS);
        assertEquals(id, head.stream());
        return wire.fields(head);
    }

    @Test
    void requestHasItsPseudoFieldsFirstAndNoneOfHttp1() {
        play(http -> {
            assertEquals("a", http.request("GET", "http://site:81/x?y=1").header("X-A", "b").send().text());
            assertEquals("b",
                    http.request("POST", "http://site:81/").header("Host", "other").body("abc").send().text());
        }, wire -> {
            Map<String, String> fields = request(wire, 1);
            assertEquals(List.of(":method", ":scheme", ":authority", ":path"), fields.keySet().stream().limit(4)
                    .toList());
            assertEquals(List.of("GET", "http", "site:81", "/x?y=1"), fields.values().stream().limit(4).toList());
            assertEquals("b", fields.get("x-a"));
            assertTrue(fields.keySet().stream().noneMatch(name -> List.of("host", "connection", "content-length")
                    .contains(name)), fields.toString());
            wire.respond(1, "a");
            fields = request(wire, 3);
            assertEquals("other", fields.get(":authority"));
            assertEquals("3", fields.get("content-length"));
            wire.respond(3, "b");
        });
    }

    @Test
    void refusedStreamIsTriedOnceMoreWhateverItsMethod() {
        play(http -> {
            assertEquals("ok", http.post("http://site/", "abc").text());
            var e = assertThrows(BrokenException.class, () -> http.post("http://site/", "abc"));
            assertEquals("POST http://site/: the peer reset stream 7: REFUSED_STREAM", e.getMessage());
        }, wire -> {
            request(wire, 1);
            wire.reset(1, Http2Error.REFUSED_STREAM);
            request(wire, 3);
            wire.respond(3, "ok");
            request(wire, 5);
            wire.reset(5, Http2Error.REFUSED_STREAM);
            request(wire, 7);
            wire.reset(7, Http2Error.REFUSED_STREAM);
        });
    }

    /** Some servers want it for what needs a certificate of the client, for example. */
    @Test
    void serverThatRequiresHttp1GetsItForThisRequestAndTheNext() {
        Sim.run(() -> {
            List<String> heads = new ArrayList<>();
            HttpClient.Builder options = HttpClient.builder().connector((host, port) -> {
                MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
                boolean first = connects++ == 0;
                Heddle.currentLoop().spawn(() -> {
                    try (ByteStream server = pair.right()) {
                        if (first) {
                            FrameWire wire = FrameWire.server(server);
                            request(wire, 1);
                            request(wire, 3);
                            wire.reset(3, Http2Error.HTTP_1_1_REQUIRED);
                            wire.respond(1, "two");
                            server.readAll(1 << 20);
                        } else {
                            answerHttp1(server, heads);
                        }
                    } catch (BrokenException | ClosedException e) {
                        // The client has ended the connection.
                    }
                });
                return pair.left();
            });
            try (HttpClient http = options.http2PriorKnowledge().build()) {
                Task<String> under = Heddle.spawn(() -> http.get("http://site/a").text());
                Heddle.sleep(Duration.ofSeconds(1));
                Reply reply = http.post("http://site/b", "abc");
                assertEquals("HTTP/1.1", reply.version());
                assertEquals("one", reply.text());
                assertEquals("two", under.join());
                assertEquals("one", http.get("http://site/c").text());
                assertEquals(2, connects);
                assertEquals(List.of("POST /b HTTP/1.1", "GET /c HTTP/1.1"), heads);
            }
        });
    }

    private static void answerHttp1(ByteStream server, List<String> heads) {
        while (server.fill().hasRemaining()) {
            String head = Wire.text(server.readUntil(Wire.latin1("\r\n\r\n"), 1_000));
            heads.add(head.lines().findFirst().orElseThrow());
            server.readExactly(head.startsWith("POST") ? 3 : 0);
            server.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
        }
    }

    @Test
    void streamResetForAnotherReasonIsNotTriedAgain() {
        play(http -> {
            var e = assertThrows(BrokenException.class, () -> http.get("http://site/"));
            assertEquals("GET http://site/: the peer reset stream 1: INTERNAL_ERROR", e.getMessage());
            assertEquals("ok", http.get("http://site/").text());
            assertEquals(1, connects);
        }, wire -> {
            request(wire, 1);
            wire.reset(1, Http2Error.INTERNAL_ERROR);
            request(wire, 3);
            wire.respond(3, "ok");
        });
    }

    @Test
    void goAwaySendsWhatWasNotTakenElsewhereAndLetsTheRestFinish() {
        play(http -> {
            Task<String> first = Heddle.spawn(() -> http.post("http://site/first", "abc").text());
            Heddle.sleep(Duration.ofMillis(1));
            Task<String> second = Heddle.spawn(() -> http.post("http://site/second", "abc").text());
            assertEquals("elsewhere", second.join());
            assertEquals("first", first.join());
            assertEquals("elsewhere", http.get("http://site/").text());
            assertEquals(2, connects);
        }, wire -> {
            request(wire, 1);
            request(wire, 3);
            wire.goAway(1, Http2Error.NO_ERROR);
            Heddle.sleep(Duration.ofSeconds(1));
            wire.respond(1, "first");
            assertEquals(Http2Error.NO_ERROR, wire.untilGone());
        }, wire -> {
            for (int id = 1; id <= 3; id += 2) {
                request(wire, id);
                wire.respond(id, "elsewhere");
            }
        });
    }

    @Test
    void codeOfAGoAwayIsTold() {
        play(http -> {
            HeddleException lost = assertThrows(HeddleException.class, () -> http.get("http://site/").text());
            assertTrue(lost.getMessage().contains("which says ENHANCE_YOUR_CALM"), lost.getMessage());
        }, wire -> {
            request(wire, 1);
            wire.goAway(0, Http2Error.ENHANCE_YOUR_CALM);
        });
    }

    @Test
    void lostConnectionFailsAllItsRequestsByTheirNames() {
        play(http -> {
            List<Task<String>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int n = i;
                all.add(Heddle.spawn(() -> assertThrows(BrokenException.class,
                        () -> http.post("http://site/" + n, "abc")).getMessage()));
            }
            for (int i = 0; i < 3; i++) {
                assertEquals("POST http://site/" + i + ": the peer has ended the connection", all.get(i).join());
            }
            Heddle.sleep(Duration.ofSeconds(2));
            assertEquals(0, http.statistics().connections());
        }, wire -> {
            for (int i = 0; i < 3; i++) {
                wire.read(Http2Frame.HEADERS);
            }
            wire.stream.closeOutput();
        });
    }

    @Test
    void keptConnectionThatIsLostBeforeAnAnswerIsReplacedOnceForWhatMayBeRepeated() {
        play(http -> {
            assertEquals("one", http.get("http://site/").text());
            assertEquals("two", http.get("http://site/").text());
            assertEquals(2, connects);
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "one");
            request(wire, 3);
            wire.stream.closeOutput();
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "two");
        });
    }

    @Test
    void interimResponsesArePassedOver() {
        play(http -> assertEquals("ok", http.get("http://site/").text()), wire -> {
            request(wire, 1);
            wire.head(1, false, ":status", "103", "link", "</a>").head(1, false, ":status", "102").respond(1, "ok");
        });
    }

    @Test
    void tooManyInterimResponsesAreAnError() {
        play(http -> {
            var e = assertThrows(BadReplyException.class, () -> http.get("http://site/"));
            assertTrue(e.getMessage().contains("more than 16 interim responses"), e.getMessage());
        }, wire -> {
            request(wire, 1);
            for (int i = 0; i < 17; i++) {
                wire.head(1, false, ":status", "103");
            }
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
        });
    }

    @Test
    void trailersAreThereBehindTheBody() {
        play(http -> {
            Reply reply = http.get("http://site/");
            assertEquals(0, reply.trailers().size());
            assertEquals("body", reply.text());
            assertEquals("1", reply.trailers().first("x-sum"));
        }, wire -> {
            request(wire, 1);
            wire.head(1, false, ":status", "200");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.data(1, "body", false).head(1, true, "x-sum", "1");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "x=1", ":status=20", ":status=099", ":status=2x0", ":status=101", ":status=200|:status=200",
            ":status=200|:path=/", ":status=200|Connection=close", ":status=200|X-Upper=1",
            ":status=200|transfer-encoding=chunked", ":status=200|content-length=x", ":status=200|x=a\nb", ":state=200",
            ":status=200|content-length=1|content-length=2", "x=1|:status=200", ":status=200|te=gzip"})
    void malformedHeadFailsItsRequestAndNoOther(String head) {
        play(http -> {
            var e = assertThrows(BadReplyException.class, () -> http.get("http://site/"));
            assertTrue(e.getMessage().startsWith("GET http://site/: malformed response: "), e.getMessage());
            assertEquals("ok", http.get("http://site/").text());
        }, wire -> {
            request(wire, 1);
            wire.frame(Http2Frame.HEADERS, 4, 1, FrameWire.literal(head.split("[=|]")));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            request(wire, 3);
            wire.respond(3, "ok");
        });
    }

    @Test
    void headBeyondTheLimitsIsAnErrorAndTheConnectionLivesOn() {
        var limits = ClientLimits.DEFAULT.withMaxFields(10);
        play(new int[0], HttpClient.builder().limits(limits), http -> {
            var e = assertThrows(BadReplyException.class, () -> http.get("http://site/"));
            assertTrue(e.getMessage().contains("its head is larger than the client's limits"), e.getMessage());
            assertEquals("ok", http.get("http://site/").text());
        }, wire -> {
            request(wire, 1);
            String[] many = new String[24];
            Arrays.fill(many, "x");
            many[0] = ":status";
            many[1] = "200";
            wire.head(1, true, many);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            request(wire, 3);
            wire.respond(3, "ok");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "6"})
    void bodyOfAnotherLengthThanAnnouncedIsAnError(String length) {
        play(http -> {
            Reply reply = http.get("http://site/");
            var e = assertThrows(BadReplyException.class, reply::bytes);
            assertTrue(e.getMessage().contains("than announced"), e.getMessage());
        }, wire -> {
            request(wire, 1);
            wire.head(1, false, ":status", "200", "content-length", length);
            Heddle.sleep(Duration.ofSeconds(1));
            wire.data(1, "01234", true);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
        });
    }

    @Test
    void bodyThatIsCutOffIsAnErrorAndNeverItsEnd() {
        play(http -> {
            Reply reply = http.get("http://site/");
            assertThrows(BrokenException.class, reply::bytes);
        }, wire -> {
            request(wire, 1);
            wire.head(1, false, ":status", "200");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.data(1, "01234", false);
            wire.stream.closeOutput();
        });
    }

    @Test
    void trailersWithAStatusAreAnError() {
        play(http -> {
            Reply reply = http.get("http://site/");
            assertThrows(BadReplyException.class, reply::bytes);
        }, wire -> {
            request(wire, 1);
            wire.head(1, false, ":status", "200");
            Heddle.sleep(Duration.ofSeconds(1));
            wire.head(1, true, ":status", "200");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void whatMustHaveNoBodyHasNone(int status) {
        play(http -> {
            Reply reply = http.get("http://site/");
            assertEquals(status, reply.status());
            assertEquals(0, reply.bytes().length);
            assertEquals("ok", http.get("http://site/").text());
        }, wire -> {
            request(wire, 1);
            wire.head(1, false, ":status", "" + status, "content-length", "5").data(1, "01234", true);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            request(wire, 3);
            wire.respond(3, "ok");
        });
    }

    @Test
    void wholeAnswerCountsThoughTheServerStopsTheUpload() {
        play(http -> {
            assertEquals("enough", http.post("http://site/", new byte[1_000_000]).text());
            assertEquals("ok", http.get("http://site/").text());
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "enough").reset(1, Http2Error.NO_ERROR);
            FrameWire.Frame next = wire.read();
            while (next.type() != Http2Frame.HEADERS) {
                next = wire.read();
            }
            assertEquals(3, next.stream());
            wire.fields(next);
            wire.respond(3, "ok");
        });
    }

    @Test
    void uploadsKeepToTheWindowsOfTheServer() {
        byte[] body = new byte[1_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        play(new int[]{Http2Frame.SETTING_WINDOW, 10}, HttpClient.builder(), http -> {
            http.get("http://site/").text();
            assertEquals("ok", http.request("POST", "http://site/").body(body).send().text());
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "ok");
            request(wire, 3);
            byte[] got = new byte[0];
            while (got.length < body.length) {
                FrameWire.Frame data = wire.read(Http2Frame.DATA);
                assertTrue(data.payload().length <= 10);
                got = FramePeer.join(got, data.payload());
                wire.window(3, data.payload().length);
            }
            assertArrayEquals(body, got);
            wire.respond(3, "ok");
        });
    }

    @Test
    void requestsBeyondTheServersLimitWaitInOrder() {
        var limits = ClientLimits.DEFAULT.withMaxConnectionsPerHost(1);
        play(new int[]{Http2Frame.SETTING_STREAMS, 1}, HttpClient.builder().limits(limits), http -> {
            http.get("http://site/0").text();
            List<Task<String>> all = new ArrayList<>();
            for (int i = 1; i < 4; i++) {
                int n = i;
                all.add(Heddle.spawn(() -> http.get("http://site/" + n).text()));
                Heddle.sleep(Duration.ofMillis(1));
            }
            assertEquals(2, http.statistics().waiting());
            for (int i = 1; i < 4; i++) {
                assertEquals("/" + i, all.get(i - 1).join());
            }
            assertEquals(1, connects);
        }, wire -> {
            for (int i = 0; i < 4; i++) {
                String path = request(wire, 2 * i + 1).get(":path");
                assertEquals("/" + i, path);
                Heddle.sleep(Duration.ofMillis(100));
                wire.respond(2 * i + 1, path);
            }
        });
    }

    @Test
    void moreStreamsAllowedServeThoseWhoWait() {
        var limits = ClientLimits.DEFAULT.withMaxConnectionsPerHost(1);
        play(new int[]{Http2Frame.SETTING_STREAMS, 1}, HttpClient.builder().limits(limits), http -> {
            http.get("http://site/0").text();
            assertEquals(List.of("a", "b"), Heddle.map(List.of("a", "b"), 2, n -> http.get("http://site/" + n).text()));
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "");
            String first = request(wire, 3).getOrDefault(":path", "").substring(1);
            wire.settings(Http2Frame.SETTING_STREAMS, 2);
            String second = request(wire, 5).getOrDefault(":path", "").substring(1);
            wire.respond(5, second).respond(3, first);
        });
    }

    @Test
    void cancelledRequestsInAnyNumberMakeNoFaultOfWhatIsUnderWay() {
        play(new int[]{Http2Frame.SETTING_STREAMS, 1_000}, HttpClient.builder(), http -> {
            http.get("http://site/").text();
            Heddle.moveOnAfter(Duration.ofMillis(500), () -> Heddle.group(group -> {
                for (int i = 0; i < 400; i++) {
                    group.spawn("get", () -> http.get("http://site/").close());
                }
            }));
            assertEquals("ok", http.get("http://site/").text());
            assertEquals(1, connects);
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "");
            for (int i = 0; i < 400; i++) {
                request(wire, 2 * i + 3);
            }
            for (int i = 0; i < 400; i++) {
                FrameWire.Frame reset = wire.read();
                assertEquals(Http2Frame.RST_STREAM, reset.type());
                assertEquals(Http2Error.CANCEL, reset.error());
            }
            for (int i = 0; i < 400; i++) {
                wire.respond(2 * i + 3, "too late");
            }
            request(wire, 803);
            wire.respond(803, "ok");
        });
    }

    @Test
    void serverThatHasFallenSilentGetsNoMoreRequests() {
        var timeouts = ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(2));
        play(new int[0], HttpClient.builder().timeouts(timeouts), http -> {
            assertThrows(DeadlineExceededException.class, () -> http.get("http://site/"));
            assertEquals(1, connects);
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals("there", http.get("http://site/").text());
            assertEquals(2, connects);
        }, wire -> {
            request(wire, 1);
            Heddle.sleep(Duration.ofSeconds(10));
        }, wire -> {
            request(wire, 1);
            wire.respond(1, "there");
        });
    }

    @Test
    void serverThatIsOnlySlowKeepsItsConnection() {
        var timeouts = ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(2));
        play(new int[0], HttpClient.builder().timeouts(timeouts), http -> {
            assertThrows(DeadlineExceededException.class, () -> http.get("http://site/"));
            Heddle.sleep(Duration.ofSeconds(3));
            assertEquals("there", http.get("http://site/").text());
            assertEquals(1, connects);
        }, wire -> {
            request(wire, 1);
            wire.frame(Http2Frame.PING, 1, 0, pinged(wire));
            request(wire, 3);
            wire.respond(3, "there");
        });
    }

    /** What the client's PING carries. */
    private static byte[] pinged(FrameWire wire) {
        FrameWire.Frame frame = wire.read();
        while (frame.type() != Http2Frame.PING) {
            frame = wire.read();
        }
        assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        return frame.payload();
    }

    @Test
    void pushIsAFaultOfTheConnection() {
        play(http -> {
            var e = assertThrows(BrokenException.class, () -> http.get("http://site/"));
            assertTrue(e.getMessage().contains("PUSH_PROMISE"), e.getMessage());
        }, wire -> {
            request(wire, 1);
            wire.frame(Http2Frame.PUSH_PROMISE, 4, 1, FrameWire.word(2));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        });
    }

    @Test
    void serverThatSpeaksHttp1IsAClearError() {
        Sim.run(() -> {
            try (var server = ScriptedServer.of(peer -> {
                peer.send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
                peer.awaitEnd();
            });
                    HttpClient http = server.client().http2PriorKnowledge().build()) {
                var e = assertThrows(BrokenException.class, () -> http.get("http://site/"));
                assertTrue(e.getMessage().startsWith("GET http://site/: the connection failed: "), e.getMessage());
            }
        });
    }

    @Test
    void bodyBeforeItsHeadIsNoResponse() {
        play(http -> {
            var e = assertThrows(BadReplyException.class, () -> http.get("http://site/"));
            assertTrue(e.getMessage().contains("its body comes before its head"), e.getMessage());
            assertEquals("ok", http.get("http://site/").text());
        }, wire -> {
            request(wire, 1);
            wire.data(1, "x", false);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            request(wire, 3);
            wire.respond(3, "ok");
        });
    }

    @Test
    void uploadWithAWriteThatWasCutOffNeverEndsWell() {
        play(http -> {
            var request = http.request("POST", "http://site/").body(out -> {
                boolean whole = Heddle.moveOnAfter(Duration.ofSeconds(1), () -> out.write(new byte[100_000]));
                assertEquals(false, whole);
                out.write("the end".getBytes(StandardCharsets.US_ASCII));
            });
            var e = assertThrows(BrokenException.class, request::send);
            assertTrue(e.getMessage().contains("cut off"), e.getMessage());
        }, wire -> {
            request(wire, 1);
            Heddle.sleep(Duration.ofSeconds(2));
            wire.window(0, 1 << 20).window(1, 1 << 20);
            assertEquals(Http2Error.CANCEL, wire.untilReset(1));
        });
    }
}
