package dev.heddle.io;

import static dev.heddle.io.Fixtures.bytes;
import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.noise;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.io.internal.CoopBudget;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is the stream's own and not its transport's: buffers, fairness, cuts. */
final class ByteStreamTest {

    /** A pair of which the left one counts what it asks of its transport. */
    private record CountedPair(CountingTransport steps, ByteStream left, ByteStream right) {

        static CountedPair of(MemoryStreams.Pair pair) {
            var steps = new CountingTransport(pair.left().transport());
            return new CountedPair(steps, new ByteStream(steps), pair.right());
        }
    }

    private static void withPair(Fixtures.StreamBody body) {
        Heddle.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair(1 << 20)) {
                body.run(pair.left(), pair.right());
            }
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    @Test
    void bufferIsBorrowedOnlyWhileItHoldsBytes() {
        withPair((left, right) -> {
            BufferPool pool = BufferPool.current();
            left.write("one\ntwo\n");

            right.readLine(10);
            assertEquals(1, pool.borrowed());
            right.readLine(10);
            assertEquals(0, pool.borrowed());
        });
    }

    @Test
    void bufferThatAParserEmptiedIsGivenBackByTheNextCall() {
        withPair((left, right) -> {
            BufferPool pool = BufferPool.current();
            left.write("abc");
            ByteBuffer lent = right.fill();
            lent.position(lent.limit());

            right.buffered();

            assertEquals(0, pool.borrowed());
        });
    }

    @Test
    void bufferThatIsLentWhenTheStreamClosesIsNeverReused() {
        withPair((left, right) -> {
            left.write("secret");
            ByteBuffer lent = right.fill();

            right.close();

            assertEquals(0, BufferPool.current().borrowed());
            ByteBuffer other = BufferPool.current().borrow();
            assertNotSame(lent, other);
            BufferPool.current().release(other);
        });
    }

    @Test
    void whatIsLentBetweenCallsIsTheSameBufferWithoutCopies() {
        withPair((left, right) -> {
            left.write("abcd");
            ByteBuffer first = right.fill();
            first.get();

            assertSame(first, right.fill());
            assertSame(first, right.buffered());
            assertEquals("bcd", text(right.readExactly(3)));
        });
    }

    @Test
    void grownBufferShrinksBackWhenTheRestIsSmall() {
        byte[] big = noise(100_000, 1);
        withPair((left, right) -> {
            left.write(big);
            right.fill(100_000);

            assertEquals(99_990, right.readExactly(99_990).length);

            assertEquals(BufferPool.BUFFER_BYTES, right.buffered().capacity());
            assertEquals(10, right.readExactly(10).length);
        });
    }

    @Test
    void memoryGrowsWithTheBytesThatComeAndNotWithTheNumberAskedFor() {
        withPair((left, right) -> {
            Task<byte[]> reader = Heddle.spawn(() -> right.readExactly(Integer.MAX_VALUE));
            left.write("only a little");
            letOthersRun();
            left.closeOutput();

            var failure = assertThrows(EndOfStreamException.class, reader::join);
            assertEquals("only a little", text(failure.partial()));
        });
    }

    @Test
    void messagesLargerThanTheBufferAreCutAtEveryPlace() {
        byte[] line = new byte[BufferPool.BUFFER_BYTES - 1];
        Arrays.fill(line, (byte) 'x');
        withPair((left, right) -> {
            for (int extra = 0; extra < 4; extra++) {
                byte[] start = bytes("y".repeat(extra));
                left.write(ByteBuffer.wrap(start), ByteBuffer.wrap(line), ByteBuffer.wrap(bytes("\r\nnext\n")));

                assertEquals(line.length + extra, right.readLine(20_000).orElseThrow().length());
                assertEquals("next", right.readLine(4).orElseThrow());
            }
        });
    }

    @Test
    void malformedBytesOfALineBecomeReplacementCharacters() {
        withPair((left, right) -> {
            left.write(new byte[]{'a', (byte) 0xFF, (byte) 0xC3, '\n'});

            assertEquals("a\uFFFD\uFFFD", right.readLine(10).orElseThrow());
        });
    }

    @Test
    void mixedReadsKeepTheOrder() {
        byte[] big = noise(70_000, 2);
        withPair((left, right) -> {
            left.write("line\n");
            left.write(big);
            left.write("tail");
            left.closeOutput();

            assertEquals("line", right.readLine(10).orElseThrow());
            byte[] seen = new byte[big.length];
            int at = right.read(seen, 0, 3);
            assertEquals(3, at);
            right.fill(1000).get(seen, 3, 997);
            at = 1000;
            byte[] middle = right.readExactly(40_000);
            System.arraycopy(middle, 0, seen, at, middle.length);
            at += middle.length;
            while (at < seen.length) {
                at += right.read(seen, at, seen.length - at);
            }
            assertArrayEquals(big, seen);
            assertEquals("tail", text(right.readAll(4)));
        });
    }

    @Test
    void readyStreamLetsOtherTasksRunNowAndThen() {
        withPair((left, right) -> {
            left.write(new byte[1000]);
            boolean[] otherRan = new boolean[1];
            Heddle.spawn(() -> {
                otherRan[0] = true;
            });
            int reads = 0;
            while (!otherRan[0]) {
                right.read(new byte[1]);
                reads++;
            }
            assertTrue(reads <= CoopBudget.READY_IN_A_ROW + 1, "read " + reads + " times");
        });
    }

    @Test
    void everyCallChecksForACancelOnEntryEvenIfItNeedNotWait() {
        withPair((left, right) -> {
            left.write("abc");
            right.fill();
            CancelScope.open(scope -> {
                scope.cancel("enough");
                assertThrows(CancelledException.class, () -> right.read(new byte[1]));
                assertThrows(CancelledException.class, () -> right.fill());
                assertThrows(CancelledException.class, () -> right.readExactly(1));
                return "";
            });
            assertEquals("abc", text(right.readExactly(3)));
        });
    }

    @Test
    void gatheredSmallWritesAreOneStep() {
        Heddle.run(() -> {
            CountedPair pair = CountedPair.of(MemoryStreams.pair());

            pair.left().write(ByteBuffer.wrap(bytes("head")), ByteBuffer.wrap(bytes("body")),
                    ByteBuffer.wrap(bytes("tail")));

            assertEquals(1, pair.steps().writes);
            assertEquals("headbodytail", text(pair.right().readExactly(12)));
        });
    }

    @Test
    void gatheredWritesOfAHundredKilobytesAreOneStep() {
        Heddle.run(() -> {
            CountedPair pair = CountedPair.of(MemoryStreams.pair(1024 * 1024));
            byte[] page = noise(100 * 1024, 5);

            pair.left().write(ByteBuffer.wrap(bytes("head")), ByteBuffer.wrap(page));

            assertEquals(1, pair.steps().writes);
            assertEquals("head", text(pair.right().readExactly(4)));
            assertArrayEquals(page, pair.right().readExactly(page.length));
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    @Test
    void gatheredWritesOfAnySizesArriveWhole() {
        Heddle.run(() -> {
            int large = BufferPool.LARGE_BYTES;
            for (int[] sizes : new int[][]{{large - 1, 1}, {large / 2, large / 2}, {1, large},
                    {large / 2 - 1, large, 7}, {3, 3 * large}}) {
                MemoryStreams.Pair pair = MemoryStreams.pair(50_000);
                var whole = new ByteArrayOutputStream();
                ByteBuffer[] sources = new ByteBuffer[sizes.length];
                for (int i = 0; i < sizes.length; i++) {
                    byte[] part = noise(sizes[i], i);
                    whole.writeBytes(part);
                    sources[i] = ByteBuffer.wrap(part);
                }
                Task<Void> writer = Heddle.spawn(() -> pair.left().write(sources));
                assertArrayEquals(whole.toByteArray(), pair.right().readExactly(whole.size()));
                writer.join();
                assertEquals(0, BufferPool.current().borrowed());
            }
        });
    }

    @Test
    void readerOfShortMessagesTakesOneStepForEach() {
        Heddle.run(() -> {
            CountedPair pair = CountedPair.of(MemoryStreams.pair());
            Task<Void> reader = Heddle.spawn(() -> {
                for (int i = 0; i < 10; i++) {
                    assertEquals(4, pair.left().readExactly(4).length);
                    assertEquals(4, pair.left().read(new byte[1000]));
                }
            });
            for (int i = 0; i < 20; i++) {
                letOthersRun();
                pair.right().write("ping");
            }
            reader.join();

            assertEquals(21, pair.steps().reads, "the first is tried without knowing");
        });
    }

    @Test
    void readerOfLargeMessagesWithTheirHeadsTakesOneStepForEach() {
        byte[] message = noise(9 + 16 * 1024, 7); // the largest frame of HTTP/2 that needs no agreement
        Heddle.run(() -> {
            CountedPair pair = CountedPair.of(MemoryStreams.pair());
            Task<Void> reader = Heddle.spawn(() -> {
                for (int i = 0; i < 20; i++) {
                    ByteBuffer lent = pair.left().fill();
                    assertEquals(message.length, lent.remaining());
                    lent.position(lent.limit());
                }
            });
            for (int i = 0; i < 20; i++) {
                letOthersRun();
                pair.right().write(message);
            }
            reader.join();

            assertEquals(21, pair.steps().reads, "the first is tried without knowing");
        });
    }

    @Test
    void whatComesInBulkIsShownInFewSteps() {
        byte[] body = noise(300_000, 3);
        Heddle.run(() -> {
            CountedPair pair = CountedPair.of(MemoryStreams.pair(1 << 20));
            pair.right().write(body);
            pair.right().closeOutput();
            var all = new ByteArrayOutputStream();
            for (ByteBuffer lent = pair.left().fill(); lent.hasRemaining(); lent = pair.left().fill()) {
                byte[] piece = new byte[lent.remaining()];
                lent.get(piece);
                all.writeBytes(piece);
            }
            assertArrayEquals(body, all.toByteArray());
            assertEquals(4, pair.steps().reads, "a buffer, a large one, the rest, and the end");
            assertEquals(0, BufferPool.current().borrowed());
        });
    }

    @Test
    void streamThatWaitsWithALittleHoldsNoLargeBuffer() {
        withPair((left, right) -> {
            left.write(noise(BufferPool.BUFFER_BYTES, 1));
            right.fill().position(BufferPool.BUFFER_BYTES);
            left.write(new byte[100]);
            assertEquals(BufferPool.LARGE_BYTES, right.fill().capacity());
            Task<ByteBuffer> more = Heddle.spawn(() -> right.fill(101));
            letOthersRun();
            left.write(new byte[1]);
            ByteBuffer lent = more.join();
            assertEquals(101, lent.remaining());
            assertEquals(BufferPool.BUFFER_BYTES, lent.capacity());
        });
    }

    @Test
    void tinyReadsDoNotCostAStepEach() {
        Heddle.run(() -> {
            CountedPair pair = CountedPair.of(MemoryStreams.pair());
            pair.right().write(new byte[100]);

            for (int i = 0; i < 100; i++) {
                assertEquals(1, pair.left().read(new byte[1]));
            }

            assertEquals(1, pair.steps().reads);
        });
    }
}
