package dev.heddle.http.internal.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Http2Limits;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests and frames that can be read in more than one way, or in none: what each costs its stream or its connection.
 */
final class Http2MalformedTest {

    private int handlers;

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", r -> {
                handlers++;
                return Response.text("hello");
            })
            .post("/", r -> Response.text("" + r.bytes(1 << 20).length));

    /** The fields reset their stream, reach no handler, and leave the connection as good as it was. */
    private void assertMalformed(String... fields) {
        FrameWire.play(server, wire -> {
            wire.frame(Http2Frame.HEADERS, 5, 1, FrameWire.literal(fields));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1), String.join(" ", fields));
            assertEquals(0, handlers);
            wire.get(3, "/");
            assertEquals(200, wire.answer(3).status());
            handlers = 0;
        });
    }

    private void assertMalformedWith(String... more) {
        assertMalformed(FrameWire.request("GET", "/", more));
    }

    private void assertEnds(Http2Error error, FrameWire.Peer peer) {
        FrameWire.play(server, wire -> {
            peer.play(wire);
            assertEquals(error, wire.untilGone());
        });
    }

    @Test
    void pseudoHeaderFieldsMissingRepeatedLateUnknownOrOfResponsesAreMalformed() {
        assertMalformed(":scheme", "http", ":authority", "a", ":path", "/");
        assertMalformed(":method", "GET", ":authority", "a", ":path", "/");
        assertMalformed(":method", "GET", ":scheme", "http", ":authority", "a");
        assertMalformedWith(":path", "/again");
        assertMalformedWith("x", "y", ":path", "/late");
        assertMalformedWith(":unknown", "x");
        assertMalformedWith(":status", "200");
        assertMalformedWith(":protocol", "websocket");
        assertMalformed(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "");
        assertMalformed(":method", "G T", ":scheme", "http", ":authority", "a", ":path", "/");
        assertMalformed(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/a b");
        assertMalformed(":method", "CONNECT", ":scheme", "http", ":authority", "a", ":path", "/");
    }

    @Test
    void schemeThatIsNoneIsMalformed() {
        for (String scheme : List.of("", "ht tp", "http://evil/?", "1http", "http:", "h\u00e4tp")) {
            assertMalformed(":method", "GET", ":scheme", scheme, ":authority", "a", ":path", "/");
        }
    }

    @Test
    void schemeOfAnotherProtocolIsRefusedAsInHttp1() {
        FrameWire.play(server, wire -> {
            wire.frame(Http2Frame.HEADERS, 5, 1,
                    wire.block(":method", "GET", ":scheme", "ftp", ":authority", "a", ":path", "/"));
            assertEquals(400, wire.answer(1).status());
            assertEquals(0, handlers);
            wire.frame(Http2Frame.HEADERS, 5, 3,
                    wire.block(":method", "GET", ":scheme", "HTTPS", ":authority", "a", ":path", "/"));
            assertEquals(200, wire.answer(3).status());
        });
    }

    @Test
    void fieldsOfHttp1ConnectionsAreMalformed() {
        for (String name : new String[]{"connection", "keep-alive", "proxy-connection", "transfer-encoding",
                "upgrade"}) {
            assertMalformedWith(name, "close");
        }
        assertMalformedWith("te", "gzip");
    }

    @Test
    void namesAndValuesThatHttp1WouldReadApartAreMalformed() {
        assertMalformedWith("Upper", "x");
        assertMalformedWith("with space", "x");
        assertMalformedWith("", "x");
        assertMalformedWith("colon:", "x");
        assertMalformedWith("x", "a\r\nb: c");
        assertMalformedWith("x", "a\nb");
        assertMalformedWith("x", "a\0b");
        assertMalformedWith("x", " a");
        assertMalformedWith("x", "a\t");
        assertMalformedWith("x", "a\u00a0");
        assertMalformedWith("x", "a\u00a0\u00a0");
        assertMalformedWith("x", "\u00c3a\u00a0");
        assertMalformedWith("x", "\u00a0a");
    }

    @Test
    void authorityWithUserInformationOrAgainstTheHostIsMalformed() {
        assertMalformed(":method", "GET", ":scheme", "http", ":authority", "u:p@a", ":path", "/");
        assertMalformedWith("host", "elsewhere");
    }

    @Test
    void bodyThatIsNotAsLongAsAnnouncedIsMalformed() {
        assertMalformedWith("content-length", "5");
        assertMalformedWith("content-length", "+0");
        FrameWire.play(server, wire -> {
            wire.post(1, "/", "content-length", "5").data(1, "four", true);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            wire.post(3, "/", "content-length", "5").data(3, "sixsix", false);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(3));
            wire.post(5, "/", "content-length", "5").data(5, "fives", true);
            assertEquals("5", wire.answer(5).body());
        });
    }

    @Test
    void trailersWithPseudoHeaderFieldsOrWithoutTheEndAreMalformed() {
        FrameWire.play(server, wire -> {
            wire.post(1, "/").frame(Http2Frame.HEADERS, 5, 1, wire.block(":path", "/"));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            wire.post(3, "/").frame(Http2Frame.HEADERS, 4, 3, wire.block("x", "y"));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(3));
        });
    }

    @Test
    void streamNumbersThatAreEvenDecreasingOrIdleEndTheConnection() {
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.get(2, "/"));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.get(5, "/").get(3, "/"));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.get(0, "/"));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.data(7, "x", true));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.window(7, 1));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.reset(7, Http2Error.CANCEL));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.window(2, 1));
    }

    @Test
    void highestStreamNumberIsServedAndNoneComesAfterIt() {
        FrameWire.play(server, wire -> {
            wire.get(Integer.MAX_VALUE, "/");
            assertEquals(200, wire.answer(Integer.MAX_VALUE).status());
            wire.get(1, "/");
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        });
    }

    @Test
    void framesOfWrongSizeEndTheConnection() {
        assertEnds(Http2Error.FRAME_SIZE_ERROR, wire -> wire.frame(Http2Frame.DATA, 0, 1, new byte[16_385]));
        assertEnds(Http2Error.FRAME_SIZE_ERROR, wire -> wire.frame(Http2Frame.PING, 0, 0, new byte[7]));
        assertEnds(Http2Error.FRAME_SIZE_ERROR, wire -> wire.frame(Http2Frame.SETTINGS, 0, 0, new byte[5]));
        assertEnds(Http2Error.FRAME_SIZE_ERROR, wire -> wire.frame(Http2Frame.SETTINGS, 1, 0, new byte[6]));
        assertEnds(Http2Error.FRAME_SIZE_ERROR, wire -> wire.frame(Http2Frame.GOAWAY, 0, 0, new byte[7]));
        assertEnds(Http2Error.FRAME_SIZE_ERROR,
                wire -> wire.get(1, "/").frame(Http2Frame.RST_STREAM, 0, 1, new byte[3]));
        assertEnds(Http2Error.FRAME_SIZE_ERROR, wire -> wire.frame(Http2Frame.WINDOW_UPDATE, 0, 0, new byte[5]));
    }

    @Test
    void morePaddingThanFrameEndsTheConnection() {
        assertEnds(Http2Error.PROTOCOL_ERROR,
                wire -> wire.post(1, "/").frame(Http2Frame.DATA, 8, 1, (byte) 4, (byte) 0));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.frame(Http2Frame.HEADERS, 0xd, 1, (byte) 200, (byte) 0x82));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.post(1, "/").frame(Http2Frame.DATA, 8, 1));
    }

    @Test
    void settingsOutOfRangeEndTheConnection() {
        assertEnds(Http2Error.FLOW_CONTROL_ERROR, wire -> wire.settings(4, -1));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.settings(5, 16_383));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.settings(5, 1 << 24));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.settings(2, 2));
    }

    @Test
    void pushOfAClientEndsTheConnection() {
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.frame(Http2Frame.PUSH_PROMISE, 4, 1, new byte[4]));
    }

    @Test
    void headerBlockThatIsInterruptedOrContinuesNothingEndsTheConnection() {
        assertEnds(Http2Error.PROTOCOL_ERROR,
                wire -> wire.frame(Http2Frame.HEADERS, 1, 1).frame(Http2Frame.PING, 0, 0, new byte[8]));
        assertEnds(Http2Error.PROTOCOL_ERROR,
                wire -> wire.frame(Http2Frame.HEADERS, 1, 1).frame(Http2Frame.CONTINUATION, 4, 3));
        assertEnds(Http2Error.PROTOCOL_ERROR, wire -> wire.frame(Http2Frame.CONTINUATION, 4, 1));
    }

    @Test
    void headerBlockThatCannotBeReadEndsTheConnection() {
        assertEnds(Http2Error.COMPRESSION_ERROR, wire -> wire.frame(Http2Frame.HEADERS, 5, 1, (byte) 0x80));
        assertEnds(Http2Error.COMPRESSION_ERROR,
                wire -> wire.frame(Http2Frame.HEADERS, 5, 1, (byte) 0x3f, (byte) 0xe2, (byte) 0x1f));
    }

    @Test
    void restOfARequestAfterItsEndClosesItsStream() {
        server.get("/wait", r -> {
            r.awaitDisconnect();
            return Response.empty(204);
        });
        FrameWire.play(server, wire -> {
            wire.get(1, "/wait").data(1, "x", true);
            assertEquals(Http2Error.STREAM_CLOSED, wire.untilReset(1));
            wire.get(3, "/wait").frame(Http2Frame.HEADERS, 5, 3, wire.block("x", "y"));
            assertEquals(Http2Error.STREAM_CLOSED, wire.untilReset(3));
        });
        assertEnds(Http2Error.STREAM_CLOSED, wire -> {
            wire.get(1, "/");
            wire.answer(1);
            wire.data(1, "x", true);
        });
    }

    @Test
    void peerThatHasResetAStreamSendsNoMoreOnItAlsoIfWeHaveResetItFirst() {
        assertEnds(Http2Error.STREAM_CLOSED, wire -> {
            wire.frame(Http2Frame.HEADERS, 4, 1, wire.block(FrameWire.request("GET", "/")));
            assertEquals(Http2Error.NO_ERROR, wire.untilReset(1));
            wire.data(1, "on its way", false).reset(1, Http2Error.CANCEL).data(1, "too much", true);
        });
    }

    @Test
    void anythingBeforeTheSettingsEndsTheConnection() {
        FrameWire.raw(server, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.frame(Http2Frame.PING, 0, 0, new byte[8]);
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilGone());
        });
    }

    @Test
    void moreStreamsThanAllowedAreRefusedAndMayComeAgain() {
        server.http2(Http2Limits.DEFAULT.withMaxStreams(2)).get("/wait", r -> {
            r.awaitDisconnect();
            return Response.empty(204);
        });
        FrameWire.play(server, wire -> {
            wire.get(1, "/wait").get(3, "/wait").get(5, "/");
            assertEquals(Http2Error.REFUSED_STREAM, wire.untilReset(5));
            wire.reset(1, Http2Error.CANCEL).reset(3, Http2Error.CANCEL);
            // The places are free when the handlers have returned, which is before the simulated time goes on.
            Heddle.sleep(Duration.ofSeconds(1));
            wire.get(7, "/");
            assertEquals(200, wire.answer(7).status());
        });
    }

    @Test
    void whatIsUnderWayForAnyOfManyResetStreamsIsIgnored() {
        FrameWire.play(server, wire -> {
            // As many as a peer can have opened until it hears that the first one was reset.
            for (int i = 0; i < 180; i++) {
                wire.post(2 * i + 1, "/none");
                assertEquals(404, wire.answer(2 * i + 1).status());
            }
            wire.data(1, "late", false).get(1001, "/");
            assertEquals(200, wire.answer(1001).status());
        });
    }

    @Test
    void fieldsOfARefusedRequestAndTrailersOfAResetOneAreInNoOther_CVE_2026_86350_CVE_2026_77762() {
        var echo = HttpServer.builder()
                .get("/", r -> Response.text(String.join(" ", r.headers().names())))
                .post("/", r -> Response.text(r.bytes(100).length + String.join(" ", r.trailers().names())));
        FrameWire.play(echo, wire -> {
            String[] malformed = FrameWire.request("GET", "/", "x-first", "1", "connection", "close");
            wire.frame(Http2Frame.HEADERS, 5, 1, wire.block(malformed));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            wire.get(3, "/", "x-second", "2");
            assertEquals("x-second", wire.answer(3).body());

            wire.post(5, "/none");
            assertEquals(404, wire.answer(5).status());
            wire.gather().post(7, "/").data(7, "a", false).post(9, "/").data(9, "bb", false);
            wire.frame(Http2Frame.HEADERS, 5, 5, wire.block("x-late", "1"));
            wire.frame(Http2Frame.HEADERS, 5, 7, wire.block("x-own", "1"));
            wire.data(9, "", true).get(11, "/", "x-late", "1").send();
            assertEquals("1x-own", wire.answer(7).body());
            assertEquals("2", wire.answer(9).body());
            assertEquals("x-late", wire.answer(11).body());
        });
    }
}
