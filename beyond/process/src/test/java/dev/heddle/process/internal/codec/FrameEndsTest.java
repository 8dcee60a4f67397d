package dev.heddle.process.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection of processes that ends between two frames has ended; one that ends inside a frame is cut, each time. */
final class FrameEndsTest {

    private static final int BUFFER_BYTES = 1000;

    /** How much of a frame of 2000 bytes has come, behind a whole one. */
    enum Come {
        NOTHING(0),
        PART_OF_A_LENGTH(2),
        PART_OF_A_HEAD(Frame.FULL_HEAD_BYTES - 1),
        HEAD(Frame.FULL_HEAD_BYTES),
        PART_OF_THE_CONTENT(1500),
        ALL_BUT_A_BYTE(Frame.FULL_HEAD_BYTES + 1999),
        ALL(Frame.FULL_HEAD_BYTES + 2000);

        private final int bytes;

        Come(int bytes) {
            this.bytes = bytes;
        }

        boolean isWhole() {
            return this == NOTHING || this == ALL;
        }
    }

    /** What the peer does then, and what a read says. */
    enum Deed {
        HALF_CLOSE {
            @Override
            void play(ByteStream peer) {
                peer.closeOutput();
            }
        },
        RESET {
            @Override
            void play(ByteStream peer) {
                peer.abort();
            }
        },
        END {
            @Override
            void play(ByteStream peer) {
                peer.close();
            }
        },
        SILENCE {
            @Override
            void play(ByteStream peer) {}
        };

        abstract void play(ByteStream peer);

        String told(Come come) {
            if (this == RESET) {
                return "BrokenException";
            }
            return come.isWhole() ? "the end" : "TruncatedException";
        }
    }

    /** What is called before the read that is judged. */
    enum First {
        NOTHING,
        READ,
        WRITE
    }

    static Stream<Arguments> cells() {
        return Stream.of(Come.values()).flatMap(come -> Stream.of(Deed.values())
                .flatMap(deed -> Stream.of(First.values()).flatMap(first -> Stream.of(true, false)
                        .map(readerWaits -> Arguments.of(come, deed, first, readerWaits)))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void endIsToldAsAnEndOrACutEachTime(Come come, Deed deed, First first, boolean readerWaits) throws IOException {
        byte[] two = twoFrames();
        Sim.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
            var channel = new FrameChannel(pair.left(), BUFFER_BYTES, 10_000, 10);
            Task<Void> writer = Heddle.spawn(channel::write);
            Task<String> waiting = readerWaits ? Heddle.spawn(() -> readAll(channel, come)) : null;
            Heddle.checkpoint();
            pair.right().write(Arrays.copyOf(two, Frame.FULL_HEAD_BYTES + 10 + come.bytes));
            Heddle.checkpoint();
            deed.play(pair.right());
            if (first == First.WRITE) {
                channel.send(MessageKind.RESULT, false, 9, Output.of(new byte[5000]));
                Heddle.checkpoint();
            }

            Task<String> reader = waiting == null ? Heddle.spawn(() -> readAll(channel, come)) : waiting;
            if (deed == Deed.SILENCE) {
                Heddle.checkpoint();
                assertFalse(reader.isDone());
                pair.right().closeOutput();
            }
            assertEquals(deed.told(come), reader.join());
            for (int i = first == First.READ ? 0 : 2; i < 3; i++) {
                assertEquals(deed.told(come), read(channel::read));
            }
            // Whoever has something to say is told by the reader only, and is not held up.
            channel.send(MessageKind.RESULT, false, 10, Output.of(new byte[5000]));
            channel.awaitRoom();
            if (deed == Deed.RESET || deed == Deed.END) {
                writer.join();
            }
            writer.cancel();
            channel.close();
            pair.right().close();
        });
    }

    private static byte[] twoFrames() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrameWriter(Channels.newChannel(bytes)::write, BUFFER_BYTES);
        writer.put(MessageKind.RESULT, false, 1, Output.of(new byte[10]));
        writer.put(MessageKind.RESULT, false, 2, Output.of(new byte[2000]));
        writer.flush();
        return bytes.toByteArray();
    }

    /** Reads the frames that have come as a whole, and what is behind them. */
    private static String readAll(FrameChannel channel, Come come) {
        for (int number = 1; number <= (come == Come.ALL ? 2 : 1); number++) {
            assertEquals("frame " + number, read(channel::read));
        }
        return read(channel::read);
    }

    private static String read(Callable<Frame> next) {
        try {
            return "frame " + next.call().number();
        } catch (EOFException e) {
            return "the end";
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    /** Long work reaches a child as it comes, and each piece is a frame of its own. */
    @ParameterizedTest
    @CsvSource({"0, TruncatedException", "7, TruncatedException", "13, TruncatedException", "63, TruncatedException",
            "126, the end"})
    void endBetweenThePiecesOfLongWorkIsACut(int come, String told) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = new FrameWriter(Channels.newChannel(bytes)::write, BUFFER_BYTES);
        writer.put(MessageKind.LONG_WORK, false, 3, Output.of(ByteBuffer.allocate(4).putInt(100).array()));
        for (int i = 0; i < 2; i++) {
            writer.put(MessageKind.PIECE, false, 3, Output.of(new byte[50]));
        }
        writer.flush();
        byte[] head = Arrays.copyOf(bytes.toByteArray(), Frame.FULL_HEAD_BYTES + 4 + come);
        var reader = FrameReader.ofChild(
                Channels.newChannel(new java.io.ByteArrayInputStream(head))::read, BUFFER_BYTES, 1000);
        assertEquals(3, reader.read().number());
        for (int i = 0; i < 2; i++) {
            assertEquals(told, read(reader::read));
        }
    }
}
