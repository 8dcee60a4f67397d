package dev.heddle.cluster.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.Sim;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A link that ends inside a message is cut, and no fault of what its peer says; whoever waits learns of it, each time. */
final class LinkEndsTest {

    /** How much of what is to come has come. */
    enum Come {
        NOTHING(0),
        PART_OF_A_HEAD(5),
        A_HEAD(14),
        PART_OF_A_MESSAGE(20),
        A_MESSAGE(Integer.MAX_VALUE);

        private final int bytes;

        Come(int bytes) {
            this.bytes = bytes;
        }
    }

    /** What is on its way. */
    enum Sent {
        SHORT(100),
        GATHERED_WHERE_IT_BELONGS(20_000),
        ANSWER_IN_PIECES(200_000),
        BODY_IN_PIECES(200_000);

        private final int size;

        Sent(int size) {
            this.size = size;
        }

        boolean comesInPieces() {
            return size > 100_000;
        }

        /** The first frame of it. */
        byte[] frame() {
            return Sim.run(() -> {
                MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
                var link = new Link(pair.left(), 1_000_000);
                Task<Void> writer = Heddle.spawn(link::write);
                link.send(this == ANSWER_IN_PIECES ? Kind.ANSWER : Kind.BODY, 1, new byte[10], new byte[size]);
                byte[] length = pair.right().readExactly(Integer.BYTES);
                byte[] rest = pair.right().readExactly(ByteBuffer.wrap(length).getInt());
                writer.cancel();
                return ByteBuffer.allocate(length.length + rest.length).put(length).put(rest).array();
            });
        }
    }

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
        };

        abstract void play(ByteStream peer);
    }

    static Stream<Arguments> cells() {
        return Stream.of(Sent.values()).flatMap(sent -> Stream.of(Come.values())
                .flatMap(come -> Stream.of(Deed.values())
                        .flatMap(deed -> Stream.of(true, false)
                                .map(readerFirst -> Arguments.of(sent, come, deed, readerFirst)))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void endInsideAMessageIsACut(Sent sent, Come come, Deed deed, boolean readerFirst) {
        byte[] frame = sent.frame();
        Sim.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20);
            var link = new Link(pair.left(), 1_000_000);
            link.greeted();
            Task<Void> writer = Heddle.spawn(link::write);
            Task<@Nullable Message> reader = readerFirst ? Heddle.spawn(link::read) : null;
            Heddle.checkpoint();
            pair.right().write(Arrays.copyOf(frame, Math.min(frame.length, come.bytes)));
            Heddle.checkpoint();
            deed.play(pair.right());

            boolean hasMessage = come == Come.A_MESSAGE && sent != Sent.ANSWER_IN_PIECES;
            boolean isWhole = come == Come.NOTHING || (come == Come.A_MESSAGE && !sent.comesInPieces());
            if (hasMessage) {
                Message message = reader == null ? link.read() : reader.join();
                assertEquals(1, message == null ? -1 : message.number());
                reader = null;
            }
            assertEnd(link, reader, deed, isWhole);
            assertEnd(link, null, deed, isWhole);
            // What is still sent to a lost peer goes nowhere, and ends the writer.
            if (deed != Deed.HALF_CLOSE) {
                link.send(Kind.BODY, 2, new byte[10], new byte[100_000]);
                writer.join();
            }
            link.abort();
            writer.cancel();
        });
    }

    private static void assertEnd(Link link, @Nullable Task<@Nullable Message> reader, Deed deed, boolean isWhole) {
        if (deed != Deed.RESET && isWhole) {
            assertNull(reader == null ? link.read() : reader.join());
            return;
        }
        var failure = assertThrows(BrokenException.class, () -> {
            var _ = reader == null ? link.read() : reader.join();
        });
        assertSame(deed == Deed.RESET ? BrokenException.class : TruncatedException.class, failure.getClass());
        assertTrue(failure.getMessage().contains("memory:"), failure.getMessage());
    }
}
