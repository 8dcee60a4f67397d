package dev.heddle.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.internal.codec.SpareCodecs;
import dev.heddle.http.internal.websocket.MessageDeflater;
import dev.heddle.io.LimitExceededException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages (RFC 7692), made and read here by nothing but zlib. */
@LeavesNothing
final class WebSocketCompressionTest {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final WebSocketOptions ALL = WebSocketOptions.DEFAULT.withMinCompressBytes(0);
    private static final WebSocketOptions CONTEXT = WebSocketOptions.DEFAULT.withMinCompressBytes(0)
            .withContextTakeover(true);

    /** What zlib makes of a message, without its tail. */
    private static byte[] deflate(Deflater deflater, byte[] bytes) {
        deflater.setInput(bytes);
        byte[] out = new byte[bytes.length + 1000];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, size - 4);
    }

    private static byte[] inflate(Inflater inflater, byte[] bytes) throws Exception {
        inflater.setInput(FramePeer.join(bytes, new byte[]{0, 0, -1, -1}));
        byte[] out = new byte[1 << 21];
        return Arrays.copyOf(out, inflater.inflate(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; server_max_window_bits=8", "; server_max_window_bits=9",
            "; server_max_window_bits=12"})
    void messagesOfEveryLengthAndKindComeBackEachByItself(String parameters) {
        FramePeer.talk(ALL.withMaxMessageBytes(1 << 21), FramePeer::echo, peer -> {
            var random = new Random(1);
            for (int length : new int[]{0, 1, 5, 100, 511, 4096, 4097, 16_384, 70_000, 300_000}) {
                for (int kind = 0; kind < 3; kind++) {
                    byte[] bytes = new byte[length];
                    for (int i = 0; i < length; i++) {
                        bytes[i] = (byte) switch (kind) {
                            case 0 -> 'x';
                            case 1 -> random.nextInt(256);
                            default -> "{\"a\":".charAt(random.nextInt(5));
                        };
                    }
                    var deflater = new Deflater(6, true);
                    var inflater = new Inflater(true);
                    peer.send(0xc2, deflate(deflater, bytes));
                    FramePeer.Frame back = peer.next();
                    assertEquals(0xc2, back.first());
                    assertArrayEquals(bytes, inflate(inflater, back.payload()));
                    deflater.end();
                    inflater.end();
                }
            }
        }, OFFER + parameters);
    }

    @Test
    void examplesOfTheStandardAreRead() {
        FramePeer.talk(WebSocketOptions.DEFAULT, FramePeer::echo, peer -> {
            // RFC 7692, section 7.2.3: one block, a final block, two blocks, a stored one.
            for (String hex : new String[]{"f248cdc9c90700", "f348cdc9c9070000", "f24805000000ffffcac9c90700",
                    "000500faff48656c6c6f00"}) {
                peer.send(0xc1, HexFormat.of().parseHex(hex));
                assertEquals("Hello", peer.next().text(), hex);
            }
            peer.send(0x41, HexFormat.of().parseHex("f248cd")).send(0x80, HexFormat.of().parseHex("c9c90700"));
            assertEquals("Hello", peer.next().text());
        }, OFFER);
    }

    @Test
    void withContextAMessageThatComesAgainIsShort() {
        FramePeer.talk(CONTEXT, FramePeer::echo, peer -> {
            var deflater = new Deflater(6, true);
            var inflater = new Inflater(true);
            byte[] text = new byte[3000];
            new Random(2).nextBytes(text);
            int first = 0;
            for (int i = 0; i < 5; i++) {
                byte[] sent = deflate(deflater, text);
                peer.send(0xc2, sent);
                FramePeer.Frame back = peer.next();
                assertArrayEquals(text, inflate(inflater, back.payload()));
                if (i == 0) {
                    first = back.payload().length;
                } else {
                    assertTrue(back.payload().length < first / 10, back.payload().length + " after " + first);
                }
            }
            deflater.end();
            inflater.end();
        }, OFFER);
    }

    @Test
    void shortMessagesAreSentAsTheyAre() {
        FramePeer.talk(WebSocketOptions.DEFAULT, FramePeer::echo, peer -> {
            assertEquals(0x82, peer.send(0x82, new byte[511]).next().first());
            FramePeer.Frame longer = peer.send(0x82, new byte[512]).next();
            assertEquals(0xc2, longer.first());
            assertTrue(longer.payload().length < 20);
        }, OFFER);
    }

    @Test
    void streamedMessageIsCompressedPieceByPiece() {
        FramePeer.talk(CONTEXT, (request, socket) -> {
            for (int round = 0; round < 2; round++) {
                socket.streamText(out -> {
                    for (int i = 0; i < 10_000; i++) {
                        out.write(("line " + i + "\n").getBytes(UTF_8));
                    }
                    out.flush();
                });
                socket.sendText("between");
            }
        }, peer -> {
            var inflater = new Inflater(true);
            for (int round = 0; round < 2; round++) {
                FramePeer.Frame frame = peer.next();
                assertEquals(0x41, frame.first());
                byte[] all = frame.payload();
                while (frame.first() != 0x80) {
                    frame = peer.next();
                    all = FramePeer.join(all, frame.payload());
                }
                String text = new String(inflate(inflater, all), UTF_8);
                assertEquals(10_000, text.lines().count());
                assertTrue(all.length < text.length() / 3);
                assertEquals("between", new String(inflate(inflater, peer.next().payload()), UTF_8));
            }
            inflater.end();
        }, OFFER);
    }

    @Test
    void bombIsRefusedWhileItIsInflated() {
        var thrown = new AtomicReference<HeddleException>();
        FramePeer.talk(WebSocketOptions.DEFAULT, (request, socket) -> {
            thrown.set(assertThrows(HeddleException.class, socket::receive));
        }, peer -> {
            var deflater = new Deflater(9, true);
            byte[] bomb = deflate(deflater, new byte[100 << 20]);
            deflater.end();
            assertTrue(bomb.length < 200_000);
            peer.send(0xc2, bomb);
            peer.stream.closeOutput();
            peer.expectClose(1009);
        }, OFFER);
        assertInstanceOf(LimitExceededException.class, thrown.get());
    }

    @Test
    void othersHaveTheirTurnsWhileMuchIsInflatedFromLittle() {
        int[] turns = new int[2];
        boolean[] over = new boolean[1];
        FramePeer.talk(WebSocketOptions.DEFAULT, (request, socket) -> {
            Task<Void> other = Heddle.spawn(() -> {
                while (!over[0]) {
                    turns[0]++;
                    Heddle.checkpoint();
                }
            });
            WebSocketInput input = socket.receiveStream().orElseThrow();
            assertEquals(0, input.read());
            int before = turns[0];
            assertEquals((64 << 20) - 1, input.readAllBytes().length);
            turns[1] = turns[0] - before;
            over[0] = true;
            other.join();
        }, peer -> {
            var deflater = new Deflater(9, true);
            peer.send(0xc2, deflate(deflater, new byte[64 << 20]));
            deflater.end();
            assertEquals(1000, peer.next().code());
            peer.sendClose(1000, "");
            peer.awaitEnd();
        }, OFFER);
        assertTrue(turns[1] > 100, turns[1] + " turns");
    }

    @Test
    void messageOfExactlyTheLimitIsReadAndOneByteMoreIsNot() {
        FramePeer.talk(ALL.withMaxMessageBytes(10_000), FramePeer::echo, peer -> {
            var deflater = new Deflater(6, true);
            assertEquals(0xc2, peer.send(0xc2, deflate(deflater, new byte[10_000])).next().first());
            deflater.reset();
            peer.send(0xc2, deflate(deflater, new byte[10_001]));
            peer.stream.closeOutput();
            peer.expectClose(1009);
            deflater.end();
        }, OFFER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "0600", "000500faff4865"})
    void whatCannotBeInflatedIsRefused(String hex) {
        FramePeer.talk(WebSocketOptions.DEFAULT, FramePeer::echo, peer -> {
            peer.send(0xc1, HexFormat.of().parseHex(hex));
            peer.stream.closeOutput();
            assertEquals(1007, peer.next().code());
        }, OFFER);
    }

    /** A final block and no byte behind it: what the next message begins with would be its rest. */
    @Test
    void messageThatWouldGoOnInTheNextIsRefused_CVE_2026_87022() {
        FramePeer.talk(CONTEXT, FramePeer::echo, peer -> {
            peer.send(0xc1, HexFormat.of().parseHex("f348cdc9c90700")).send(0xc1,
                    FramePeer.join(new byte[1], new byte[9]));
            peer.stream.closeOutput();
            assertEquals(1007, peer.next().code());
        }, OFFER);
    }

    @Test
    void textIsCheckedAfterInflating() {
        FramePeer.talk(WebSocketOptions.DEFAULT, FramePeer::echo, peer -> {
            var deflater = new Deflater(6, true);
            peer.send(0xc1, deflate(deflater, new byte[]{'a', (byte) 0xff}));
            deflater.end();
            peer.stream.closeOutput();
            peer.expectClose(1007);
        }, OFFER);
    }

    @Test
    void bitOnAContinuationOrAControlFrameIsRefused() {
        FramePeer.talk(WebSocketOptions.DEFAULT, FramePeer::echo, peer -> {
            peer.send(0x41, HexFormat.of().parseHex("f248cd")).send(0xc0, HexFormat.of().parseHex("c9c90700"));
            peer.stream.closeOutput();
            peer.expectClose(1002);
        }, OFFER);
        FramePeer.talk(WebSocketOptions.DEFAULT, FramePeer::echo, peer -> {
            peer.send(0xc9, "");
            peer.stream.closeOutput();
            peer.expectClose(1002);
        }, OFFER);
    }

    @Test
    void compressorsAreUsedAgainByTheirLevel() throws Exception {
        Deflater first = SpareCodecs.deflater(6);
        SpareCodecs.give(6, first);
        assertSame(first, SpareCodecs.deflater(6));
        SpareCodecs.give(6, first);
        var inflater = new Inflater(true);
        for (int i = 0; i < 1000; i++) {
            byte[] message = new MessageDeflater(1 + i / 3 % 9, false, 15).deflate(new byte[1000], 0, 1000, true);
            assertArrayEquals(new byte[1000], inflate(inflater, message));
            inflater.reset();
        }
        inflater.end();
    }

    @Test
    void whatIsThrownAwayIsNotInflatedUnlessLaterMessagesReferToIt() {
        for (WebSocketOptions options : List.of(ALL, CONTEXT)) {
            FramePeer.talk(options, (request, socket) -> {
                socket.close(1000, "");
                assertEquals(OptionalInt.of(options == ALL ? 4000 : 1007), socket.closeCode());
            }, peer -> {
                assertEquals(1000, peer.next().code());
                peer.send(0xc1, HexFormat.of().parseHex("ffffffff")).sendClose(4000, "");
                peer.stream.readAll(0);
            }, OFFER);
        }
    }

    @Test
    void messageBehindOneThatWasReadInPartIsWhole() {
        FramePeer.talk(ALL, (request, socket) -> {
            assertEquals('H', socket.receiveStream().orElseThrow().read());
            assertEquals(new WebSocketMessage.Text("Hello"), socket.receive().orElseThrow());
        }, peer -> {
            byte[] hello = HexFormat.of().parseHex("f248cdc9c90700");
            peer.send(0x41, Arrays.copyOf(hello, 3)).send(0x80, Arrays.copyOfRange(hello, 3, 7)).send(0xc1, hello);
            assertEquals(1000, peer.next().code());
            peer.sendClose(1000, "");
            peer.awaitEnd();
        }, OFFER);
    }
}
