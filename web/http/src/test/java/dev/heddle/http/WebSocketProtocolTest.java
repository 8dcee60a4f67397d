package dev.heddle.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.internal.websocket.FrameHead;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.io.MemoryStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server's WebSocket against frames that are right, wrong and hostile. */
@LeavesNothing
final class WebSocketProtocolTest {

    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;

    @Test
    void messagesOfEveryLengthEncodingComeBack() {
        FramePeer.talk(FramePeer::echo, peer -> {
            for (int length : new int[]{0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 200_000}) {
                byte[] payload = new byte[length];
                for (int i = 0; i < length; i++) {
                    payload[i] = (byte) i;
                }
                peer.send(BINARY, payload);
                FramePeer.Frame back = peer.next();
                assertEquals(BINARY, back.first());
                assertArrayEquals(payload, back.payload());
            }
            assertEquals("Grüße, 世界 🌍", peer.send(TEXT, "Grüße, 世界 🌍").next().text());
        });
    }

    @Test
    void fragmentsAreOneMessageAndControlFramesComeBetweenThem() {
        FramePeer.talk(FramePeer::echo, peer -> {
            peer.send(0x01, "Hel").send(0x89, "ping").send(0x00, "").send(0x8a, "nobody asked").send(0x80, "lo");
            FramePeer.Frame pong = peer.next();
            assertEquals(0x8a, pong.first());
            assertEquals("ping", pong.text());
            FramePeer.Frame back = peer.next();
            assertEquals(TEXT, back.first());
            assertEquals("Hello", back.text());
        });
    }

    @Test
    void frameThatComesByteByByteIsRead() {
        FramePeer.talk(FramePeer::echo, peer -> {
            for (byte b : FramePeer.frame(TEXT, "drop by drop, ö".getBytes(UTF_8))) {
                peer.stream.write(new byte[]{b});
                Heddle.checkpoint();
            }
            assertEquals("drop by drop, ö", peer.next().text());
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "a frame without a mask, 8105 48656c6c6f",
            "RSV1 that nobody agreed on, c180 00000000",
            "RSV2, a180 00000000",
            "RSV3, 9180 00000000",
            "reserved data opcode 3, 8380 00000000",
            "reserved data opcode 7, 8780 00000000",
            "reserved control opcode 11, 8b80 00000000",
            "reserved control opcode 15, 8f80 00000000",
            "a ping in fragments, 0980 00000000",
            "a ping of 126 bytes, 89fe 007e 00000000",
            "a close in fragments, 0880 00000000",
            "RSV1 on a ping, c980 00000000",
            "a continuation of nothing, 8080 00000000",
            "a message inside of another, 0180 00000000 8180 00000000",
            "RSV1 on a continuation, 0180 00000000 c080 00000000",
            "a length of 16 bits below 126, 82fe 007d 00000000",
            "a length of 64 bits below 65536, 82ff 000000000000ffff 00000000",
            "a length of 64 bits with the highest set, 82ff 8000000000000001 00000000",
            "a close of one byte, 8881 00000000 03",
            "close code 0, 8882 00000000 0000",
            "close code 999, 8882 00000000 03e7",
            "close code 1004, 8882 00000000 03ec",
            "close code 1005, 8882 00000000 03ed",
            "close code 1006, 8882 00000000 03ee",
            "close code 1015, 8882 00000000 03f7",
            "close code 2999, 8882 00000000 0bb7",
            "close code 5000, 8882 00000000 1388"})
    void breachOfTheProtocolIsClosedWith1002(String name, String hex) {
        List<Throwable> thrown = new ArrayList<>();
        FramePeer.talk((request, socket) -> receiveAll(socket, thrown), peer -> {
            peer.sendHex(hex);
            peer.stream.closeOutput();
            peer.expectClose(1002);
        });
        assertInstanceOf(MalformedMessageException.class, thrown.getFirst());
    }

    private static void receiveAll(WebSocket socket, List<Throwable> thrown) {
        try {
            while (socket.receive().isPresent()) {
                // until it fails
            }
        } catch (HeddleException e) {
            thrown.add(e);
            throw e;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "c1bf", "e08080", "eda080", "f0808080", "f4908080", "f8", "80", "61e2826162",
            "ce"})
    void textThatIsNotUtf8IsClosedWith1007(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        FramePeer.talk(FramePeer::echo, peer -> {
            peer.send(TEXT, bad);
            peer.stream.closeOutput();
            peer.expectClose(1007);
        });
        FramePeer.talk(FramePeer::echo, peer -> {
            peer.send(0x88, FramePeer.join(new byte[]{3, (byte) 0xe8}, bad));
            peer.stream.closeOutput();
            peer.expectClose(1007);
        });
    }

    @Test
    void badTextIsRefusedAtItsFirstBadByteNotAtItsEnd() {
        FramePeer.talk(FramePeer::echo, peer -> {
            peer.sendHex("81 ff 0000000000010000 00000000 61 62 ff");
            assertEquals(1007, peer.next().code());
        });
    }

    @Test
    void characterMayBeCutByFragments() {
        FramePeer.talk(FramePeer::echo, peer -> {
            byte[] euro = "€".getBytes(UTF_8);
            peer.send(0x01, new byte[]{euro[0]}).send(0x00, new byte[]{euro[1]}).send(0x80, new byte[]{euro[2]});
            assertEquals("€", peer.next().text());
        });
    }

    @Test
    void declaredLengthOf2To62IsRefusedAtItsHead() {
        List<Throwable> thrown = new ArrayList<>();
        FramePeer.talk((request, socket) -> receiveAll(socket, thrown), peer -> {
            peer.sendHex("82ff 4000000000000000 00000000");
            peer.stream.closeOutput();
            peer.expectClose(1009);
        });
        assertInstanceOf(LimitExceededException.class, thrown.getFirst());
    }

    @Test
    void messageBeyondTheLimitIsClosedWith1009WhetherInOneFrameOrMany() {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withMaxMessageBytes(1000);
        FramePeer.talk(options, FramePeer::echo, peer -> {
            assertEquals(1000, peer.send(BINARY, new byte[1000]).next().payload().length);
            peer.sendHex("82fe 03e9 00000000");
            peer.stream.closeOutput();
            peer.expectClose(1009);
        });
        FramePeer.talk(options, FramePeer::echo, peer -> {
            peer.send(0x02, new byte[600]).send(0x00, new byte[400]).send(0x00, new byte[1]);
            peer.stream.closeOutput();
            peer.expectClose(1009);
        });
    }

    @Test
    void endlessEmptyFragmentsAreClosedWith1009() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withMaxMessageBytes(1000), FramePeer::echo, peer -> {
            peer.send(0x02, "");
            for (int i = 0; i < 1024; i++) {
                peer.send(0x00, "");
            }
            peer.stream.closeOutput();
            peer.expectClose(1009);
        });
    }

    @Test
    void pingFloodGetsPongsAndPilesNothingUp() {
        FramePeer.talk(FramePeer::echo, peer -> {
            Heddle.spawn(() -> {
                for (int i = 0; i < 20_000; i++) {
                    peer.send(0x89, "" + i);
                }
                peer.send(TEXT, "done");
            });
            int pongs = 0;
            FramePeer.Frame frame = peer.next();
            for (; frame.opcode() == FrameHead.PONG; frame = peer.next()) {
                pongs++;
            }
            assertEquals("done", frame.text());
            assertEquals(20_000, pongs);
        });
    }

    @Test
    void whileAFrameIsStuckOnlyTheLatestPingIsAnswered() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withCompression(false), (request, socket) -> {
            Heddle.spawn(() -> socket.sendBinary(new byte[300_000]));
            socket.awaitClose();
        }, peer -> {
            Heddle.sleep(Duration.ofMillis(1));
            for (int i = 0; i < 1000; i++) {
                peer.send(0x89, "" + i);
            }
            Heddle.sleep(Duration.ofMillis(1));
            assertEquals(300_000, peer.next().payload().length);
            assertEquals("999", peer.next().text());
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        });
    }

    @Test
    void whatIsWrittenAsAStreamGoesInFragmentsAndASmallOneWhole() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withCompression(false), (request, socket) -> {
            socket.streamText(out -> out.write("small".getBytes(UTF_8)));
            socket.streamBinary(out -> out.write(new byte[40_000]));
            socket.streamText(out -> {
                out.write("one ".getBytes(UTF_8));
                out.flush();
                out.write("two".getBytes(UTF_8));
            });
            socket.streamText(out -> {});
        }, peer -> {
            assertEquals("81 736d616c6c", peer.next().toString());
            assertEquals(2, peer.next().first());
            assertEquals(0, peer.next().first());
            FramePeer.Frame last = peer.next();
            assertEquals(0x80, last.first());
            assertEquals(40_000 - 2 * 16_384, last.payload().length);
            assertEquals("1 6f6e6520", peer.next().toString());
            assertEquals("80 74776f", peer.next().toString());
            assertEquals("81 ", peer.next().toString());
            assertEquals(1000, peer.next().code());
        });
    }

    @Test
    void messageThatItsWriterBreaksOffIsNeverEndedAndOnlyACloseFollows() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withCompression(false), (request, socket) -> {
            assertThrows(IllegalArgumentException.class, () -> socket.streamText(out -> out.write(0xff)));
            assertThrows(IllegalStateException.class, () -> socket.streamText(out -> {
                out.write("half".getBytes(UTF_8));
                out.flush();
                throw new IllegalStateException("no more");
            }));
            assertThrows(BrokenException.class, () -> socket.sendText("more"));
            socket.close(1011, "failed");
        }, peer -> {
            assertEquals("1 68616c66", peer.next().toString());
            FramePeer.Frame close = peer.next();
            assertEquals(1011, close.code());
            peer.sendClose(1011, "");
            peer.awaitEnd();
        });
    }

    @Test
    void longMessageIsReadWhileItComesAndWhatIsLeftOfItIsSkipped() {
        WebSocketOptions options = WebSocketOptions.DEFAULT.withMaxMessageBytes(1000).withMaxFrameBytes(1 << 20);
        FramePeer.talk(options, (request, socket) -> {
            WebSocketInput first = socket.receiveStream().orElseThrow();
            socket.sendText(first.isText() + " " + first.readAllBytes().length);
            WebSocketInput second = socket.receiveStream().orElseThrow();
            socket.sendText(second.isText() + " " + second.read());
            socket.sendText(((WebSocketMessage.Text) socket.receive().orElseThrow()).text());
            assertThrows(ClosedException.class, second::read);
        }, peer -> {
            peer.send(0x02, new byte[70_000]).send(0x80, new byte[30_000]);
            assertEquals("false 100000", peer.next().text());
            peer.send(TEXT, "a".repeat(5000));
            assertEquals("true 97", peer.next().text());
            peer.send(TEXT, "next");
            assertEquals("next", peer.next().text());
        });
    }

    @Test
    void streamedMessageHasALimitOfItsOwn() {
        FramePeer.talk(WebSocketOptions.DEFAULT.withMaxStreamBytes(5000),
                (request, socket) -> socket.receiveStream().orElseThrow().readAllBytes(), peer -> {
                    peer.send(0x02, new byte[4000]).send(0x80, new byte[1001]);
                    peer.stream.closeOutput();
                    peer.expectClose(1009);
                });
    }

    /** With its head as much as lies between the two ends in memory. */
    private static final byte[] FILLS_THE_WAY = new byte[MemoryStreams.DEFAULT_CAPACITY_BYTES - 4];

    /** The peer must have read the handshake before, since it reads ahead. */
    private static void fillTheWay(WebSocket socket) {
        Heddle.sleep(Duration.ofMillis(1));
        socket.sendBinary(FILLS_THE_WAY);
    }

    @Test
    void peerThatTakesNoAnswerToItsPingIsLost() {
        FramePeer.talk((request, socket) -> {
            fillTheWay(socket);
            var e = assertThrows(BrokenException.class, socket::receive);
            assertTrue(e.getMessage().endsWith(" did not take the answer to its ping"), e.getMessage());
        }, peer -> {
            peer.send(0x89, "there?");
            Heddle.sleep(Duration.ofSeconds(6));
        });
    }

    @Test
    void streamedMessageGoesOnAfterNoCut() {
        FramePeer.talk((request, socket) -> {
            fillTheWay(socket);
            assertThrows(BrokenException.class, () -> socket.streamText(out -> {
                boolean whole = Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                    out.write('a');
                    out.flush();
                });
                assertFalse(whole);
                out.write('b');
            }));
            assertThrows(BrokenException.class, () -> socket.sendText("c"));
            socket.close(1001, "");
        }, peer -> {
            Heddle.sleep(Duration.ofSeconds(2));
            assertEquals(FILLS_THE_WAY.length, peer.next().payload().length);
            assertEquals(1001, peer.next().code());
            peer.sendClose(1001, "");
            peer.awaitEnd();
        });
    }

    @Test
    void streamedTextGoesOnAfterNoByteThatIsNotUtf8() {
        FramePeer.talk((request, socket) -> {
            assertThrows(BrokenException.class, () -> socket.streamText(out -> {
                out.write(0xc3);
                assertThrows(IllegalArgumentException.class, () -> out.write(new byte[]{(byte) 0xa9, (byte) 0xff}));
                out.write('x');
            }));
            socket.sendText("nothing has left");
        }, peer -> {
            assertEquals("nothing has left", peer.next().text());
            assertEquals(1000, peer.next().code());
            peer.sendClose(1000, "");
            peer.awaitEnd();
        });
    }
}
