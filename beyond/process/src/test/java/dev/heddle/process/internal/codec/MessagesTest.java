package dev.heddle.process.internal.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link FrameWriter} writes, {@link FrameReader} cuts into the same messages. */
final class MessagesTest {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final FrameWriter writer = new FrameWriter(source -> {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        written.writeBytes(bytes);
    }, BUFFER_BYTES);

    private static ReadableByteChannel channel(byte[] bytes, int most) {
        ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(bytes));
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                int limit = target.limit();
                target.limit(Math.min(limit, target.position() + most));
                try {
                    return whole.read(target);
                } finally {
                    target.limit(limit);
                }
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    private static List<Frame> readAll(byte[] bytes, int most) throws IOException {
        FrameReader reader = new FrameReader(channel(bytes, most)::read, BUFFER_BYTES, 1 << 20);
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                @Nullable Frame frame = reader.next();
                if (frame == null) {
                    reader.fill();
                } else {
                    frames.add(frame);
                }
            }
        } catch (EOFException e) {
            return frames;
        }
    }

    @Test
    void messagesOfAllLengthsArriveInOrderHoweverTheyAreCut() throws IOException {
        Random random = new Random(1);
        List<byte[]> contents = new ArrayList<>();
        for (int length : new int[]{0, 1, 12, 13, 65_522, 65_523, 65_524, 65_536, 300_000, 0, 5}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            contents.add(content);
            writer.put(MessageKind.values()[contents.size()], false, length * 7L, Output.of(content));
        }
        writer.flush();
        for (int most : new int[]{1, 13, 1000, 65_536}) {
            List<Frame> frames = readAll(written.toByteArray(), most);
            assertEquals(contents.size(), frames.size());
            for (int i = 0; i < frames.size(); i++) {
                assertEquals(MessageKind.values()[i + 1], frames.get(i).kind());
                assertEquals(contents.get(i).length * 7L, frames.get(i).number());
                assertArrayEquals(contents.get(i), frames.get(i).content());
            }
        }
    }

    @Test
    void smallMessagesGoOutTogetherAndNotBeforeTheFlush() throws IOException {
        writer.put(MessageKind.WORK, false, 1, Output.of(new byte[100]));
        writer.put(MessageKind.WORK, false, 2, Output.of(new byte[100]));
        assertEquals(0, written.size());
        writer.flush();
        assertEquals(226, written.size());
        writer.flush();
        assertEquals(226, written.size());
    }

    @Test
    void lengthBeyondTheBoundIsRefusedBeforeMemoryIsTaken() throws IOException {
        writer.put(MessageKind.RESULT, false, 1, Output.of(new byte[101]));
        writer.flush();
        FrameReader reader = new FrameReader(channel(written.toByteArray(), 1000)::read, BUFFER_BYTES, 100);
        assertTrue(reader.fill());
        assertThrows(IOException.class, reader::next);
        reader = new FrameReader(channel(new byte[13], 1000)::read, BUFFER_BYTES, Integer.MAX_VALUE);
        assertTrue(reader.fill());
        assertThrows(IOException.class, reader::next);
    }

    @Test
    void whatAPeerDoesNotTakeAtOnceGoesOutInOrderLater() throws IOException {
        Random random = new Random(2);
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        FrameWriter slow = new FrameWriter(source -> {
            byte[] some = new byte[Math.min(source.remaining(), random.nextInt(3) * 700)];
            source.get(some);
            taken.writeBytes(some);
        }, 1024);
        List<byte[]> contents = new ArrayList<>();
        for (int length : new int[]{10, 5_000, 0, 1_011, 1_012, 100_000, 3}) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            contents.add(content);
            slow.put(MessageKind.RESULT, false, length, Output.of(content));
        }
        while (!slow.flush()) {
            // It takes more the next time.
        }
        List<Frame> frames = readAll(taken.toByteArray(), 65_536);
        assertEquals(contents.size(), frames.size());
        for (int i = 0; i < frames.size(); i++) {
            assertArrayEquals(contents.get(i), frames.get(i).content());
        }
    }

    private void piece(long number, byte[] content) throws IOException {
        writer.begin(MessageKind.PIECE, false, number, content.length);
        writer.append(content, 0, content.length);
    }

    private void beginLongWork(long number, int length) throws IOException {
        var total = new Output(Integer.BYTES);
        total.putInt(length);
        writer.put(MessageKind.LONG_WORK, false, number, total);
    }

    private FrameReader ofChild(int most) {
        return FrameReader.ofChild(channel(written.toByteArray(), most)::read, BUFFER_BYTES, 1 << 20);
    }

    private static byte[] all(Frame work) {
        Inflow inflow = work.inflow();
        assertNotNull(inflow);
        byte[] all = new byte[inflow.size()];
        inflow.read(all, 0, all.length);
        return all;
    }

    @Test
    void childGetsLongWorkWhenItBeginsHoweverItIsCutAndWhateverIsBetween() throws IOException {
        byte[] content = new byte[200_000];
        new Random(3).nextBytes(content);
        beginLongWork(7, content.length);
        piece(7, Arrays.copyOfRange(content, 0, 70_000));
        writer.put(MessageKind.CLASS, false, 6, Output.of(new byte[10]));
        piece(7, Arrays.copyOfRange(content, 70_000, 70_001));
        piece(7, Arrays.copyOfRange(content, 70_001, content.length));
        writer.put(MessageKind.WORK, false, 8, Output.of(new byte[5]));
        writer.put(MessageKind.WORK, false, 9, Output.of(content));
        writer.put(MessageKind.END, false, 0, Output.NOTHING);
        writer.flush();
        for (int most : new int[]{13, 1000, 65_536}) {
            FrameReader reader = ofChild(most);
            Frame first = reader.read();
            assertEquals(MessageKind.WORK, first.kind());
            assertEquals(7, first.number());
            assertEquals(6, reader.read().number());
            assertEquals(8, reader.read().number());
            assertArrayEquals(content, all(first));
            Frame last = reader.read();
            assertEquals(9, last.number());
            assertEquals(MessageKind.END, reader.read().kind());
            assertArrayEquals(content, all(last));
        }
    }

    @Test
    void longWorkThatIsDroppedMakesRoomForAnother() throws IOException {
        beginLongWork(7, 100);
        piece(7, new byte[60]);
        writer.put(MessageKind.CANCEL, false, 7, Output.NOTHING);
        beginLongWork(8, 3);
        piece(8, new byte[]{1, 2, 3});
        writer.put(MessageKind.END, false, 0, Output.NOTHING);
        writer.flush();
        FrameReader reader = ofChild(1000);
        Frame dropped = reader.read();
        assertEquals(MessageKind.CANCEL, reader.read().kind());
        reader.drop(8);
        reader.drop(7);
        reader.drop(7);
        Frame next = reader.read();
        assertEquals(MessageKind.END, reader.read().kind());
        reader.drop(8);
        assertThrows(UnreadableException.class, () -> all(dropped));
        assertNotNull(dropped.inflow());
        assertFalse(dropped.inflow().finish());
        assertArrayEquals(new byte[]{1, 2, 3}, all(next), "what is whole cannot be dropped");
        assertNotNull(next.inflow());
        assertTrue(next.inflow().finish());
    }

    @Test
    void piecesOfNothingAndLongWorkBeyondTheBoundAreRefused() throws IOException {
        piece(7, new byte[10]);
        assertRefused();
        beginLongWork(7, (1 << 20) + 1);
        assertRefused();
        beginLongWork(7, 20);
        piece(7, new byte[21]);
        assertRefused();
        beginLongWork(7, 20);
        piece(8, new byte[1]);
        assertRefused();
        beginLongWork(7, 20);
        beginLongWork(8, 20);
        assertRefused();
    }

    private void assertRefused() throws IOException {
        writer.flush();
        FrameReader reader = ofChild(1000);
        written.reset();
        IOException e = assertThrows(IOException.class, () -> {
            while (true) {
                reader.read();
            }
        });
        assertFalse(e instanceof EOFException, "it was not refused");
    }

    @Test
    void nobodyButAChildGetsLongWork() throws IOException {
        beginLongWork(7, 20);
        writer.flush();
        FrameReader reader = new FrameReader(channel(written.toByteArray(), 1000)::read, BUFFER_BYTES, 1000);
        assertFalse(assertThrows(IOException.class, reader::read) instanceof EOFException);
    }
}
