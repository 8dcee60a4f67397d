package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Extensible priorities (RFC 9218): which response of a connection goes before which. */
final class Http2PriorityTest {

    private static final int FRAME = 16 * 1024;

    /** Wide windows, so that nothing but the order of turns decides. */
    private static final int WIDE = 1 << 24;

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/one", r -> Response.bytes("a/b", new byte[FRAME]))
            .get("/five", r -> Response.bytes("a/b", new byte[5 * FRAME]))
            .get("/fifty", r -> Response.bytes("a/b", new byte[50 * FRAME]))
            .get("/says/{what}", r -> Response.bytes("a/b", new byte[5 * FRAME]).withHeader("Priority", r.path("what")))
            .get("/written", r -> Response.stream("a/b", out -> {
                for (int i = 0; i < 50; i++) {
                    out.write(new byte[1000]);
                }
            }))
            .get("/asked", r -> Response.text(r.header("Priority").orElse("nothing")));

    private static byte[] update(int stream, String value) {
        return ByteBuffer.allocate(4 + value.length()).putInt(stream)
                .put(value.getBytes(StandardCharsets.US_ASCII)).array();
    }

    /** The streams of the DATA frames up to the end of the last of some streams. */
    private static List<Integer> order(FrameWire wire, Integer... wanted) {
        Set<Integer> open = new HashSet<>(List.of(wanted));
        List<Integer> streams = new ArrayList<>();
        while (!open.isEmpty()) {
            FrameWire.Frame frame = wire.read(Http2Frame.DATA);
            streams.add(frame.stream());
            if (frame.ends()) {
                open.remove(frame.stream());
            }
        }
        return streams;
    }

    /** The same without those that follow one of the same stream. */
    private static List<Integer> runs(List<Integer> order) {
        List<Integer> runs = new ArrayList<>();
        for (Integer stream : order) {
            if (runs.isEmpty() || !runs.getLast().equals(stream)) {
                runs.add(stream);
            }
        }
        return runs;
    }

    /** Asks, and opens the windows of all streams at once when all have something to send. */
    private static void begin(FrameWire wire, FrameWire.Peer asks) throws Exception {
        wire.begin(Http2Frame.SETTING_WINDOW, 0).window(0, WIDE);
        asks.play(wire);
        Heddle.sleep(Duration.ofSeconds(1));
        wire.settings(Http2Frame.SETTING_WINDOW, WIDE);
    }

    private List<Integer> orderOf(FrameWire.Peer asks, Integer... streams) {
        List<Integer> found = new ArrayList<>();
        FrameWire.raw(server, wire -> {
            begin(wire, asks);
            found.addAll(order(wire, streams));
        });
        return found;
    }

    /** Three responses of five frames each are asked for at once. */
    private List<Integer> orderOf(String first, String second, String third) {
        return orderOf(wire -> wire.get(1, "/five", "priority", first).get(3, "/five", "priority", second)
                .get(5, "/five", "priority", third), 1, 3, 5);
    }

    private void play(FrameWire.Peer peer) {
        FrameWire.play(server, peer);
    }

    // ---- turns ----

    @Test
    void mostUrgentGoesFirst() {
        assertEquals(List.of(5, 3, 1), runs(orderOf("u=7", "u=3", "u=0")));
        assertEquals(List.of(5, 1, 3), runs(orderOf("i, u=4", "u=6", "u=1, i")));
    }

    @Test
    void sameUrgencyGoesOneAfterTheOther() {
        assertEquals(List.of(1, 3, 5), runs(orderOf("u=3", "", "u=3, x")));
    }

    @Test
    void incrementalOnesTakeTurns() {
        assertEquals(List.of(1, 3, 5, 1, 3, 5, 1, 3, 5, 1, 3, 5), orderOf("i", "i", "u=3, i").subList(0, 12));
    }

    @Test
    void incrementalOnesHaveEveryOtherTurnBesideThoseInOrder() {
        assertEquals(List.of(1, 3, 1, 5, 1, 3, 1, 5), orderOf("", "i", "i").subList(0, 8));
    }

    @Test
    void requestsOfAPeerWithoutPrioritiesTakeTurns() {
        assertEquals(List.of(1, 3, 1, 3, 1, 3, 1, 3),
                orderOf(wire -> wire.get(1, "/five").get(3, "/five"), 1, 3).subList(0, 8));
    }

    @Test
    void silentRequestOfAPeerWithPrioritiesHasTheDefault() {
        assertEquals(List.of(1, 5, 7), runs(orderOf(wire -> wire.get(1, "/five", "priority", "u=2")
                .get(5, "/five").get(7, "/five"), 1, 5, 7)));
    }

    @Test
    void noneIsStarved() {
        List<Integer> order = orderOf(wire -> wire.get(1, "/one", "priority", "u=7")
                .get(3, "/fifty", "priority", "u=0"), 1, 3);
        assertEquals(15, order.indexOf(1), order::toString);
    }

    @Test
    void responseWhoseWindowIsShutHoldsNobodyUp() {
        FrameWire.raw(server, wire -> {
            wire.begin(Http2Frame.SETTING_WINDOW, 0).window(0, WIDE);
            wire.gather().get(1, "/five", "priority", "u=0").get(3, "/five", "priority", "u=7").send();
            wire.window(3, WIDE);
            assertEquals(List.of(3), runs(order(wire, 3)));
            wire.window(1, WIDE);
            assertEquals(List.of(1), runs(order(wire, 1)));
        });
    }

    /** Each piece is written when the one before has left: meanwhile nobody less urgent slips in. */
    @Test
    void bodyThatIsWrittenPieceByPieceKeepsItsTurns() {
        assertEquals(List.of(3, 1), runs(orderOf(wire -> wire.get(1, "/five", "priority", "u=5")
                .get(3, "/written", "priority", "u=1"), 1, 3)));
    }

    /** What the peer takes of others before is no slowness of its own. */
    @Test
    void responseThatIsPassedByWaitsAsLongAsThePeerTakesTheOthers() {
        FrameWire.raw(server, wire -> {
            wire.begin(Http2Frame.SETTING_WINDOW, WIDE);
            wire.gather().get(1, "/fifty", "priority", "u=3").get(3, "/one", "priority", "u=3").send();
            long start = Heddle.currentLoop().nanoTime();
            Heddle.spawn(() -> {
                while (true) {
                    Heddle.sleep(Duration.ofSeconds(10));
                    wire.window(0, FRAME);
                }
            });
            Set<Integer> ended = new HashSet<>();
            while (ended.size() < 2) {
                FrameWire.Frame frame = wire.read(Http2Frame.DATA);
                if (frame.ends()) {
                    ended.add(frame.stream());
                }
            }
            assertTrue(Heddle.currentLoop().nanoTime() - start > Duration.ofMinutes(5).toNanos());
        });
    }

    @Test
    void passedByResponsesOfAPeerThatTakesCrumbsEndWithTheGraceTime() {
        FrameWire.raw(server, wire -> {
            wire.begin(Http2Frame.SETTING_WINDOW, WIDE);
            for (int id = 1; id < 21; id += 2) {
                wire.get(id, "/five", "priority", "u=3");
            }
            long start = Heddle.currentLoop().nanoTime();
            Heddle.spawn(() -> {
                while (true) {
                    Heddle.sleep(Duration.ofSeconds(1));
                    wire.window(0, 10);
                }
            });
            int lost = 0;
            while (lost < 10) {
                lost += wire.read().type() == Http2Frame.RST_STREAM ? 1 : 0;
            }
            long seconds = Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds();
            assertTrue(seconds < 200, seconds + " s");
        });
    }

    // ---- PRIORITY_UPDATE ----

    @Test
    void updateChangesTheTurnsOfResponsesUnderWay() {
        FrameWire.raw(server, wire -> {
            wire.begin(Http2Frame.SETTING_WINDOW, WIDE);
            wire.gather().get(1, "/fifty", "priority", "u=3").get(3, "/fifty", "priority", "u=3").send();
            Heddle.sleep(Duration.ofSeconds(1));
            wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(3, "u=1")).window(0, WIDE);
            List<Integer> order = order(wire, 1, 3);
            assertTrue(order.lastIndexOf(3) < order.lastIndexOf(1), order::toString);
        });
    }

    @Test
    void updateBeforeItsRequestCountsMoreThanTheField() {
        assertEquals(List.of(5, 1, 3), runs(orderOf(wire -> wire
                .frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(5, "u=6"))
                .frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(5, "u=0"))
                .get(1, "/five").get(3, "/five").get(5, "/five", "priority", "u=7"), 1, 3, 5)));
    }

    @Test
    void updateOfAnEndedOrPassedOverStreamIsIgnored() {
        play(wire -> {
            wire.get(5, "/asked");
            assertEquals("nothing", wire.answer(5).body());
            wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(5, "u=0"))
                    .frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(3, "u=0")).get(7, "/asked");
            assertEquals("nothing", wire.answer(7).body());
        });
    }

    @Test
    void updatesOfStreamsToComeAreAsManyAsStreams() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(10));
        play(wire -> {
            for (int id = 1; id < 21; id += 2) {
                wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(id, "u=0"));
            }
            wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(19, "u=1")).get(1, "/asked");
            assertEquals("nothing", wire.answer(1).body());
            Heddle.sleep(Duration.ofSeconds(1));
            wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(21, "u=0"))
                    .frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(23, "u=0"));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1, PROTOCOL_ERROR", "0, 0, PROTOCOL_ERROR", "0, 2, PROTOCOL_ERROR"})
    void updateOnAStreamOrOfNoneOfTheClientsIsAnError(int on, int of, Http2Error error) {
        play(wire -> {
            wire.frame(Http2Frame.PRIORITY_UPDATE, 0, on, update(of, "u=0"));
            assertEquals(error, wire.untilGone());
        });
    }

    @Test
    void updateThatIsTooShortIsAnError() {
        play(wire -> {
            wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, new byte[3]);
            assertEquals(Http2Error.FRAME_SIZE_ERROR, wire.untilGone());
        });
    }

    // ---- the setting ----

    @Test
    void serverSaysThatItDoesNotGoByTheOldPriorities() {
        FrameWire.raw(server, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.settings();
            ByteBuffer settings = ByteBuffer.wrap(wire.read().payload());
            List<String> told = new ArrayList<>();
            while (settings.hasRemaining()) {
                told.add(settings.getShort() + "=" + settings.getInt());
            }
            assertTrue(told.contains("9=1"), told::toString);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -1, 1})
    void settingThatIsNoChoiceOrChangesIsAnError(int value) {
        play(wire -> {
            wire.settings(9, value);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        });
    }

    @Test
    void settingMayStandInTheFirstFrameAndBeSaidAgain() {
        FrameWire.raw(server, wire -> {
            wire.begin(9, 1).settings(9, 1).get(1, "/asked");
            assertEquals("nothing", wire.answer(1).body());
        });
    }

    // ---- what a response says ----

    @Test
    void responseSaysItselfHowUrgentItIs() {
        assertEquals(List.of(3, 5, 1), runs(orderOf(wire -> wire.get(1, "/says/u=6", "priority", "u=0")
                .get(3, "/says/u=1").get(5, "/says/i"), 1, 3, 5)));
    }

    // ---- values ----

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | 3 false
            u=0             | 0 false
            u=7, i          | 7 true
            i=?1;a=b,u=5    | 5 true
            i=?0            | 3 false
            u=8             | 3 false
            u=-1, i         | 3 true
            u="1", i=1      | 3 false
            u=1, u=2        | 2 false
            u=1.5           | 3 false
            new=(a "b" 1;x), u=1  | 1 false
            b=:aGk=:, u=1   | 1 false
            U=1             | 3 false
            u=1,            | 3 false
            u=1 i           | 3 false
            'u=1, ='        | 3 false
            u=              | 3 false
            """)
    void valueIsReadAsADictionary(String value, String wanted) {
        Http2Priority read = Http2Priority.parse(value, Http2Priority.DEFAULT);
        assertEquals(wanted, read.urgency() + " " + read.incremental());
    }

    @Test
    void valuesOfAllKindsHarmNothing() {
        for (int seed = 0; seed < 20_000; seed++) {
            var text = new StringBuilder();
            for (int rest = seed * 0x9e3779b1; text.length() < 8; rest = rest * 31 + 7) {
                text.append("ui=?01,;( )\":ab\\7\u00ff".charAt(Math.floorMod(rest >>> 7, 18)));
            }
            Http2Priority read = Http2Priority.parse(text.toString(), Http2Priority.DEFAULT);
            assertTrue(read.urgency() >= 0 && read.urgency() <= 7, text::toString);
        }
    }

    // ---- client and gateway ----

    @Test
    void clientAsksAndGatewaysPassItOnWithWhatTheResponseSays() {
        Sim.run(() -> {
            try (HttpServer upstream = server.start("127.0.0.1", 0);
                    HttpClient up = HttpClient.builder().http2PriorKnowledge().build();
                    Proxying passing = Proxying.to(Upstreams.of("http://127.0.0.1:" + upstream.port()), up);
                    HttpServer gateway = HttpServer.builder().any("/{path...}", passing).start("127.0.0.1", 0);
                    HttpClient http = HttpClient.builder().http2PriorKnowledge().build()) {
                String base = "http://127.0.0.1:" + gateway.port();
                assertEquals("u=1, i", http.request("GET", base + "/asked").priority(1, true).send().text());
                assertEquals("u=7", http.request("GET", base + "/asked").priority(7, false).send().text());
                try (var reply = http.get(base + "/says/u=5")) {
                    assertEquals("u=5", reply.headers().first("Priority"));
                }
            }
        });
    }

    @Test
    void serverThatSendsAnUpdateIsRefused() {
        Sim.run(() -> {
            var pair = MemoryStreams.pair(1 << 20);
            try (ByteStream far = pair.right();
                    HttpClient http = HttpClient.builder().http2PriorKnowledge()
                            .connector((host, port) -> pair.left()).build()) {
                var asked = Heddle.spawn(() -> http.get("http://site/").text());
                FrameWire wire = FrameWire.server(far);
                wire.frame(Http2Frame.PRIORITY_UPDATE, 0, 0, update(1, "u=0"));
                assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
                asked.awaitOutcome();
            }
        });
    }
}
