package dev.heddle.os;

import static dev.heddle.io.Fixtures.letOthersRun;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import org.junit.jupiter.api.Test;

/** What belongs to the process outlives its loops, so it must not hold them. */
final class BorrowedTest {

    @Test
    void nothingOfATaskStaysBehindWhenItsWaitHasEnded() {
        Heddle.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                CloseShieldTransport borrowed = new CloseShieldTransport(pair.left().transport());
                ByteStream stream = new ByteStream(borrowed);
                Task<byte[]> reader = Heddle.spawn(() -> stream.readExactly(1));
                Task<Void> writer = Heddle.spawn(() -> stream.write(new byte[1_000_000]));
                letOthersRun();
                assertTrue(borrowed.isWaitedFor());

                pair.right().write("x");
                assertEquals(1, reader.join().length);
                writer.cancel("enough");
                assertThrows(TaskCancelledException.class, writer::join);

                assertFalse(borrowed.isWaitedFor());
            }
        });
    }
}
