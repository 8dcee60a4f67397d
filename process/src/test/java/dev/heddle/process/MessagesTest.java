package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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

/** What {@link Outlet} writes, {@link Intake} cuts into the same messages. */
class MessagesTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Outlet outlet = new Outlet(source -> {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        written.writeBytes(bytes);
    });

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
        Intake intake = new Intake(1 << 20);
        ReadableByteChannel channel = channel(bytes, most);
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                @Nullable Frame frame = intake.next();
                if (frame == null) {
                    intake.readFrom(channel);
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
            outlet.put((byte) contents.size(), length * 7L, content);
        }
        outlet.flush();
        for (int most : new int[]{1, 13, 1000, 65_536}) {
            List<Frame> frames = readAll(written.toByteArray(), most);
            assertEquals(contents.size(), frames.size());
            for (int i = 0; i < frames.size(); i++) {
                assertEquals(i + 1, frames.get(i).kind());
                assertEquals(contents.get(i).length * 7L, frames.get(i).number());
                assertArrayEquals(contents.get(i), frames.get(i).content());
            }
        }
    }

    @Test
    void smallMessagesGoOutTogetherAndNotBeforeTheFlush() throws IOException {
        outlet.put(Frame.WORK, 1, new byte[100]);
        outlet.put(Frame.WORK, 2, new byte[100]);
        assertEquals(0, written.size());
        outlet.flush();
        assertEquals(226, written.size());
        outlet.flush();
        assertEquals(226, written.size());
    }

    @Test
    void aLengthBeyondTheBoundIsRefusedBeforeMemoryIsTaken() throws IOException {
        outlet.put(Frame.RESULT, 1, new byte[101]);
        outlet.flush();
        Intake intake = new Intake(100);
        assertTrue(intake.readFrom(channel(written.toByteArray(), 1000)));
        assertThrows(IOException.class, intake::next);
        intake = new Intake(Integer.MAX_VALUE);
        assertTrue(intake.readFrom(channel(new byte[13], 1000)));
        assertThrows(IOException.class, intake::next);
    }

    @Test
    void anEndInsideAMessageIsSaid() throws IOException {
        outlet.put(Frame.RESULT, 1, new byte[10]);
        outlet.flush();
        byte[] cut = Arrays.copyOf(written.toByteArray(), 20);
        Intake intake = new Intake(100);
        ReadableByteChannel channel = channel(cut, 1000);
        assertTrue(intake.readFrom(channel));
        assertNull(intake.next());
        EOFException e = assertThrows(EOFException.class, () -> intake.readFrom(channel));
        assertNotNull(e.getMessage());
        assertFalse(e.getMessage().isEmpty());
    }
}
