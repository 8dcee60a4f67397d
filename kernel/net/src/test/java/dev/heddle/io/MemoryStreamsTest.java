package dev.heddle.io;

import static dev.heddle.io.Fixtures.letOthersRun;
import static dev.heddle.io.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What in-memory pairs promise beyond every transport's contract. */
final class MemoryStreamsTest {

    @Test
    void eachDirectionHoldsItsCapacityAndNotMore() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair(10);
            ByteBuffer source = ByteBuffer.allocate(25);

            assertEquals(10, pair.left().transport().tryWrite(source));
            assertEquals(0, pair.left().transport().tryWrite(source));
            assertEquals(10, source.position());
            assertEquals(10, pair.right().transport().tryWrite(ByteBuffer.allocate(25)), "the other way is its own");

            assertEquals(4, pair.right().transport().tryRead(ByteBuffer.allocate(4)));
            assertEquals(4, pair.left().transport().tryWrite(source));
        });
    }

    @Test
    void writerOfMoreThanTheCapacityWaitsForTheReader() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair(3);
            Task<Void> writer = Heddle.spawn(() -> pair.left().write("0123456789"));
            letOthersRun();
            assertFalse(writer.isDone());

            assertEquals("0123456789", text(pair.right().readExactly(10)));
            writer.join();
        });
    }

    @Test
    void resetIsSeenAtOnceBehindTheBytesThatCameBefore() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            pair.left().write("unread");

            pair.left().abort();

            assertThrows(BrokenException.class, () -> pair.right().write("x"));
            assertEquals("unread", text(pair.right().readExactly(6)));
            assertThrows(BrokenException.class, () -> pair.right().read(new byte[10]));
        });
    }

    @Test
    void peerThatClosedBreaksTheFirstWriteAlready() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            pair.left().write("last words");
            pair.left().close();

            assertThrows(BrokenException.class, () -> pair.right().write("x"));
            assertEquals("last words", text(pair.right().readAll(100)));
        });
    }

    @Test
    void closingThePairClosesBothEnds() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            pair.close();

            assertFalse(pair.left().isOpen());
            assertFalse(pair.right().isOpen());
        });
    }

    @Test
    void namesTellTheEndsOfOnePairApart() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();

            assertTrue(pair.left().localAddress().matches("memory:\\d+:left"), pair.left().localAddress());
            assertTrue(pair.left().remoteAddress().matches("memory:\\d+:right"), pair.left().remoteAddress());
        });
    }

    @Test
    void pairWithoutRoomIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MemoryStreams.pair(0));
    }
}
