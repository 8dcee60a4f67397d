package dev.heddle.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an interest is kept, at no system call, and when it is taken back, so that no selector repeats it for ever. */
final class NioInterestTest {

    private static final int MANY = 100;

    private final NioBacklog backlog = new NioBacklog();
    private final NioInterest reading = new NioInterest(backlog, SelectionKey.OP_READ, "reading ", "a pipe");
    private Selector selector;
    private Pipe pipe;
    private SelectionKey key;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        key = pipe.source().register(selector, 0);
        pipe.sink().write(ByteBuffer.allocate(1));
    }

    @AfterEach
    void close() throws IOException {
        pipe.sink().close();
        pipe.source().close();
        selector.close();
    }

    /** One look at what is ready, as a loop does between its tasks; says how much was. */
    private int look() throws IOException {
        return selector.selectNow(reading::happened);
    }

    /** A wait that ends with the first look. */
    private void waitAndBeWoken() throws Exception {
        Thread waiting = Thread.startVirtualThread(() -> reading.await(key));
        while (key.interestOps() == 0 || waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(1, look());
        waiting.join();
    }

    @Test
    void interestIsKeptWhileTheWokenTaskWaitsForItsTurn() throws Exception {
        waitAndBeWoken();
        for (int i = 0; i < 10; i++) {
            assertEquals(1, look(), "a selector repeats itself");
        }
        assertEquals(SelectionKey.OP_READ, key.interestOps());
    }

    @Test
    void readinessThatNobodyUsesIsNotRepeatedForEver() throws Exception {
        waitAndBeWoken();
        int repeated = 0;
        while (look() > 0) {
            repeated++;
            assertTrue(repeated < MANY, "it is repeated for ever");
        }
        assertEquals(0, key.interestOps());
        reading.await(key);
    }

    @Test
    void whoeverHasTriedIsToldAnew() throws Exception {
        waitAndBeWoken();
        for (int i = 0; i < MANY; i++) {
            assertEquals(1, look());
            reading.used();
            waitAndBeWoken();
        }
        assertEquals(SelectionKey.OP_READ, key.interestOps());
    }

    @Test
    void theNextLookIsPutOffUntilTheWokenTaskHasTriedOnce() throws Exception {
        waitAndBeWoken();
        assertTrue(backlog.putsOff());
        reading.used();
        assertFalse(backlog.putsOff());
        reading.used();
        waitAndBeWoken();
        assertTrue(backlog.putsOff(), "a second try counts for nobody");
    }
}
