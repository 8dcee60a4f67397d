package dev.heddle.http.internal.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reading half of a WebSocket by itself, frame by frame: its limits at their exact bytes, and what it leaves. */
@LeavesNothing
final class WebSocketInboundTest {

    private static final int CONTINUATION = 0x00;
    private static final int TEXT = 0x01;
    private static final int BINARY = 0x02;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int FIN = 0x80;
    private static final int COMPRESSED = 0x40;

    /** Reads as a client, whose peer does not mask, and remembers what it is told. */
    private static final class Reader implements WebSocketInbound.Events {

        final ByteStream peer;
        final WebSocketInbound in;
        final List<String> told = new ArrayList<>();
        int heard;

        Reader(MemoryStreams.Pair pair, WebSocketOptions options, @Nullable MessageInflater inflater) {
            this.peer = pair.left();
            this.in = new WebSocketInbound(pair.right(), false, options, inflater, this);
        }

        @Override
        public void heard() {
            heard++;
        }

        @Override
        public void ping(byte[] payload) {
            told.add("ping " + new String(payload, UTF_8));
        }

        @Override
        public void pong(byte[] payload) {
            told.add("pong " + new String(payload, UTF_8));
        }

        Reader send(int first, byte[] payload) {
            head(first, payload.length);
            peer.write(payload);
            return this;
        }

        Reader send(int first, String payload) {
            return send(first, payload.getBytes(UTF_8));
        }

        /** The head of a frame without a byte of its payload. */
        Reader head(int first, int length) {
            byte[] head = new byte[FrameHead.MAX_BYTES];
            peer.write(head, 0, FrameHead.write(head, first, length, false, 0));
            return this;
        }
    }

    /** What a test does with both ends. */
    private interface Play {
        void play(Reader reader) throws Exception;
    }

    private static void with(WebSocketOptions options, @Nullable MessageInflater inflater, Play play) {
        Sim.run(1, () -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20)) {
                var reader = new Reader(pair, options, inflater);
                play.play(reader);
                reader.in.free();
            }
        });
    }

    private static void with(Play play) {
        with(WebSocketOptions.DEFAULT, null, play);
    }

    /** What zlib makes of a message, without its tail. */
    private static byte[] deflated(byte[] bytes) {
        var deflater = new Deflater(6, true);
        deflater.setInput(bytes);
        byte[] out = new byte[bytes.length + 1000];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - 4);
    }

    private static boolean receivesWithinASecond(Reader reader) {
        return Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
            reader.in.receive();
        });
    }

    private static int codeOf(Runnable refused) {
        return assertThrows(WebSocketViolation.class, refused::run).code();
    }

    @Test
    void controlFramesThatComeByteByByteAreToldWhole() {
        with(reader -> {
            Task<Void> drip = Heddle.spawn(() -> {
                for (byte b : new byte[]{(byte) PING, 2, 'h', 'i', (byte) PONG, 3, 'y', 'e', 's', (byte) CLOSE, 0}) {
                    reader.peer.write(new byte[]{b});
                    Heddle.sleep(Duration.ofMillis(1));
                }
            });
            assertNull(reader.in.receive());
            assertEquals(List.of("ping hi", "pong yes"), reader.told);
            drip.join();
        });
    }

    @Test
    void controlFrameIsToldThoughNothingComesBehindIt() {
        with(reader -> {
            reader.send(PING, "now");
            assertFalse(receivesWithinASecond(reader));
            assertEquals(List.of("ping now"), reader.told);
        });
    }

    @Test
    void everyArrivalIsHeardAlsoInsideOfALongFrame() {
        with(reader -> {
            reader.head(FIN | BINARY, 3);
            assertTrue(reader.in.begin(1000));
            assertEquals(1, reader.heard);
            for (int i = 0; i < 3; i++) {
                reader.peer.write(new byte[]{(byte) i});
                assertEquals(1, reader.in.read(new byte[10], 0, 10));
                assertEquals(2 + i, reader.heard);
            }
        });
    }

    @Test
    void endOfAMessageIsMinusOneAndSoIsWhatIsReadBetweenMessages() {
        with(reader -> {
            byte[] target = new byte[10];
            assertEquals(-1, reader.in.read(target, 0, 10));
            reader.send(FIN | TEXT, "ab");
            assertTrue(reader.in.begin(1000));
            assertEquals(2, reader.in.read(target, 0, 10));
            assertEquals(-1, reader.in.read(target, 0, 10));
            assertEquals(-1, reader.in.read(target, 0, 10));
        });
    }

    @Test
    void messageOfManyFramesIsRefusedAtTheHeadOfTheFrameThatIsTooMuch() {
        with(WebSocketOptions.DEFAULT.withMaxMessageBytes(1000), null, reader -> {
            reader.send(BINARY, new byte[600]).send(CONTINUATION, new byte[400]).head(FIN | CONTINUATION, 1);
            assertEquals(CloseCodes.TOO_BIG, codeOf(reader.in::receive));
        });
    }

    @Test
    void frameOfExactlyTheLimitIsReadAndOneByteMoreIsNot() {
        with(WebSocketOptions.DEFAULT.withMaxFrameBytes(125), null, reader -> {
            reader.head(BINARY, 125);
            assertTrue(reader.in.begin(1000));
        });
        with(WebSocketOptions.DEFAULT.withMaxFrameBytes(125), null, reader -> {
            reader.head(BINARY, 126);
            assertEquals(CloseCodes.TOO_BIG, codeOf(() -> reader.in.begin(1000)));
        });
    }

    /** Deflate adds a few bytes to what has no pattern, so a little more than the limit is let through to the codec. */
    @Test
    void compressedMessageMayBeAnEighthAnd256BytesLongerThanItsLimit() {
        with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
            reader.head(FIN | COMPRESSED | BINARY, 8000 + 1000 + 256);
            assertTrue(reader.in.begin(8000));
        });
        with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
            reader.head(FIN | COMPRESSED | BINARY, 8000 + 1000 + 257);
            assertEquals(CloseCodes.TOO_BIG, codeOf(() -> reader.in.begin(8000)));
        });
    }

    /** A short message may have 1,024 fragments, a long one one for each 256 bytes of its limit. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 2000})
    void messageOfAsManyFragmentsAsAllowedIsReadAndOneMoreIsTooMany(int allowed) {
        int limit = allowed == 1024 ? 1000 : 256 * allowed;
        with(WebSocketOptions.DEFAULT.withMaxMessageBytes(limit), null, reader -> {
            reader.send(BINARY, "");
            for (int i = 2; i < allowed; i++) {
                reader.send(CONTINUATION, "");
            }
            reader.send(FIN | CONTINUATION, "end");
            assertEquals(new WebSocketMessage.Binary("end".getBytes(UTF_8)), reader.in.receive());
            reader.send(BINARY, "");
            for (int i = 1; i < allowed; i++) {
                reader.send(CONTINUATION, "");
            }
            reader.send(FIN | CONTINUATION, "end");
            assertEquals(CloseCodes.TOO_BIG, codeOf(reader.in::receive));
        });
    }

    @Test
    void closeInsideOfATextThatIsCutInACharacterIsACloseAndNotBadText() {
        with(reader -> {
            reader.send(TEXT, new byte[]{(byte) 0xe2}).send(CLOSE, CloseCodes.payload(1001, "going"));
            assertNull(reader.in.receive());
            assertTrue(reader.in.isEnded());
            assertEquals(1001, reader.in.closeCode());
            assertEquals("going", reader.in.closeReason());
        });
    }

    @Test
    void textBehindACompressedOneThatWasLeftInsideOfACharacterIsWhole() {
        with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
            reader.send(FIN | COMPRESSED | TEXT, deflated("€".getBytes(UTF_8))).send(FIN | TEXT, "next");
            assertTrue(reader.in.begin(1000));
            assertEquals(1, reader.in.read(new byte[1], 0, 1));
            assertEquals(new WebSocketMessage.Text("next"), reader.in.receive());
        });
    }

    @Test
    void messageOfManyPiecesIsThrownAwayToItsEnd() {
        byte[] random = new byte[20_000];
        new Random(1).nextBytes(random);
        for (boolean compressed : new boolean[]{true, false}) {
            with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
                if (compressed) {
                    reader.send(COMPRESSED | BINARY, deflated(random)).send(FIN | CONTINUATION, "");
                } else {
                    reader.send(BINARY, random).send(FIN | CONTINUATION, "");
                }
                reader.send(FIN | TEXT, "next");
                assertTrue(reader.in.begin(100_000));
                assertEquals(new WebSocketMessage.Text("next"), reader.in.receive());
            });
        }
    }

    @Test
    void textIsCheckedThoughItIsThrownAwayUnlessItWouldHaveToBeInflatedForIt() {
        byte[] bad = {'a', (byte) 0xff};
        with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
            reader.send(FIN | TEXT, bad);
            assertTrue(reader.in.begin(1000));
            assertEquals(CloseCodes.NOT_UTF8, codeOf(() -> reader.in.begin(1000)));
        });
        with(WebSocketOptions.DEFAULT, new MessageInflater(true), reader -> {
            reader.send(FIN | COMPRESSED | TEXT, deflated(bad));
            assertTrue(reader.in.begin(1000));
            assertEquals(CloseCodes.NOT_UTF8, codeOf(() -> reader.in.begin(1000)));
        });
        with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
            reader.send(FIN | COMPRESSED | TEXT, deflated(bad)).send(CLOSE, "");
            assertTrue(reader.in.begin(1000));
            assertFalse(reader.in.begin(1000));
        });
    }

    @Test
    void whatACancelledReceiveHasReadIsReadAgainInPiecesOfAnySize() {
        with(reader -> {
            reader.send(TEXT, "abcdefg");
            assertFalse(receivesWithinASecond(reader));
            reader.send(FIN | CONTINUATION, "hi");
            assertTrue(reader.in.begin(1000));
            var text = new StringBuilder();
            byte[] target = new byte[6];
            for (int count = reader.in.read(target, 1, 3); count >= 0; count = reader.in.read(target, 1, 3)) {
                text.append(new String(target, 1, count, UTF_8)).append(' ');
            }
            assertEquals("abc def g hi ", text.toString());
        });
    }

    /** A turn for each 256 KiB, however little was read to make them, and not one for each call. */
    @Test
    void othersHaveATurnForEachQuarterOfAMebibyteThatIsInflated() {
        with(WebSocketOptions.DEFAULT, new MessageInflater(false), reader -> {
            int[] turns = new int[1];
            boolean[] over = new boolean[1];
            reader.send(FIN | COMPRESSED | BINARY, deflated(new byte[4 << 20]));
            Task<Void> other = Heddle.spawn(() -> {
                while (!over[0]) {
                    turns[0]++;
                    Heddle.checkpoint();
                }
            });
            assertTrue(reader.in.begin(8 << 20));
            byte[] target = new byte[4096];
            assertEquals(4096, reader.in.read(target, 0, 4096));
            int before = turns[0];
            int most = 0;
            while (reader.in.read(target, 0, 4096) > 0) {
                most = Math.max(most, turns[0] - before);
            }
            assertTrue(most >= 5 && most <= 50, most + " turns");
            over[0] = true;
            other.join();
        });
    }

    @Test
    void whatIsFreedHoldsNoDecompressor() {
        var inflater = new MessageInflater(true);
        with(WebSocketOptions.DEFAULT, inflater, reader -> {
            reader.send(FIN | COMPRESSED | TEXT, deflated("kept".getBytes(UTF_8)));
            assertEquals(new WebSocketMessage.Text("kept"), reader.in.receive());
            assertDoesNotThrow(() -> inflater.inflate(new byte[1], 0, 1));
        });
        assertThrows(IllegalStateException.class, () -> inflater.inflate(new byte[1], 0, 1));
    }
}
