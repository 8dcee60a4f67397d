package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.FramePeer;
import dev.heddle.http.FrameWire;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.http2.Http2Error;
import dev.heddle.http.internal.http2.Http2Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A WebSocket on a stream of HTTP/2 (RFC 8441), frame by frame as a client sends it. */
final class Http2TunnelWireTest {

    /** A final text frame "hi" under a mask of zeros, and the server's echo of it. */
    private static final String HI = "\u0081\u0082\0\0\0\0hi";

    private static final String ECHO = "\u0081\u0002hi";

    private final List<String> seen = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/", request -> Response.text("page"))
            .post("/post", request -> Response.text("posted"))
            .webSocket("/echo", WebSocketOptions.DEFAULT, FramePeer::echo)
            .webSocket("/listen", (request, socket) -> {
                try {
                    seen.add("ended " + socket.receive().isEmpty());
                } catch (BrokenException e) {
                    seen.add(e.getMessage());
                }
            });

    private static String[] connect(String path, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http",
                ":authority", "site", ":path", path, "sec-websocket-version", "13"));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    @Test
    void settingsSayThatItIsAllowed() {
        FrameWire.raw(server, wire -> {
            wire.stream.write(Http2Frame.PREFACE);
            wire.settings();
            byte[] settings = wire.read(Http2Frame.SETTINGS).payload();
            boolean allowed = false;
            for (int i = 0; i < settings.length; i += 6) {
                allowed |= settings[i + 1] == 8 && settings[i + 5] == 1;
            }
            assertTrue(allowed);
        });
    }

    @Test
    void answerIs200WithoutProofAndDataIsTheFrames() {
        FrameWire.play(server, wire -> {
            wire.head(1, false, connect("/echo"));
            FrameWire.Frame head = wire.read(Http2Frame.HEADERS);
            var fields = wire.fields(head);
            assertEquals("200", fields.get(":status"));
            assertFalse(head.ends());
            assertFalse(fields.containsKey("sec-websocket-accept"));
            assertFalse(fields.containsKey("content-length"));
            assertFalse(fields.containsKey("upgrade"));
            wire.data(1, HI, false);
            assertEquals(ECHO, wire.read(Http2Frame.DATA).text());
            // In crumbs it is the same.
            for (int i = 0; i < HI.length(); i++) {
                wire.data(1, HI.substring(i, i + 1), false);
            }
            assertEquals(ECHO, wire.read(Http2Frame.DATA).text());
            wire.data(1, "\u0088\u0080\0\0\0\0", true);
            FrameWire.Frame close = wire.read(Http2Frame.DATA);
            assertArrayEquals(new byte[]{(byte) 0x88, 0}, close.payload());
            while (!close.ends()) {
                close = wire.read(Http2Frame.DATA);
            }
            wire.get(3, "/");
            assertEquals("page", wire.answer(3).body());
        });
    }

    @Test
    void endOfTheStreamWithoutACloseIsALoss() {
        FrameWire.play(server, wire -> {
            wire.head(1, false, connect("/listen"));
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.data(1, "", true);
            wire.get(3, "/");
            assertEquals("page", wire.answer(3).body());
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1, seen.size());
            assertFalse(seen.getFirst().startsWith("ended"), seen.getFirst());
        });
    }

    @Test
    void resetIsALoss() {
        FrameWire.play(server, wire -> {
            wire.head(1, false, connect("/listen"));
            wire.fields(wire.read(Http2Frame.HEADERS));
            wire.reset(1, Http2Error.CANCEL);
            wire.get(3, "/");
            assertEquals("page", wire.answer(3).body());
            Heddle.sleep(Duration.ofSeconds(1));
            assertEquals(1, seen.size());
            assertTrue(seen.getFirst().endsWith(" is lost: the peer reset stream 1: CANCEL"), seen.getFirst());
        });
    }

    @ParameterizedTest
    @CsvSource({"GET,websocket,/echo,false,", "CONNECT,websocket,,false,", "CONNECT,websocket,/echo,true,",
            "CONNECT,websocket,/echo,false,content-length"})
    void malformedIsReset(String method, String protocol, String path, boolean end, String field) {
        FrameWire.play(server, wire -> {
            List<String> fields = new ArrayList<>(List.of(":method", method, ":protocol", protocol, ":scheme", "http",
                    ":authority", "site"));
            if (path != null) {
                fields.addAll(List.of(":path", path));
            }
            if (field != null) {
                fields.addAll(List.of(field, "7"));
            }
            wire.head(1, end, fields.toArray(String[]::new));
            assertEquals(Http2Error.PROTOCOL_ERROR, wire.untilReset(1));
            wire.get(3, "/");
            assertEquals("page", wire.answer(3).body());
        });
    }

    @ParameterizedTest
    @CsvSource({"connect-udp,/echo,13,501", "websocket,/,13,501", "websocket,/none,13,404", "websocket,/post,13,405",
            "websocket,/echo,12,400"})
    void otherProtocolsPathsAndVersionsAreRefusedInWords(String protocol, String path, String version, int status) {
        FrameWire.play(server, wire -> {
            wire.head(1, false, ":method", "CONNECT", ":protocol", protocol, ":scheme", "http", ":authority", "site",
                    ":path", path, "sec-websocket-version", version);
            assertEquals(status, wire.answer(1).status());
            wire.get(3, "/");
            assertEquals("page", wire.answer(3).body());
        });
    }

    @Test
    void requestOfHttp1sFormIsNoneOverHttp2() {
        FrameWire.play(server, wire -> {
            wire.get(1, "/echo", "sec-websocket-version", "13", "sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
            assertEquals(400, wire.answer(1).status());
        });
    }
}
