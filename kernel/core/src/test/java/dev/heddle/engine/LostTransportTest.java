package dev.heddle.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What the skeleton of transports remembers of a lost connection. */
final class LostTransportTest {

    private final Skeleton transport = new Skeleton();

    @Test
    void lossIsToldToBothDirectionsAgainAndAgain() {
        var cause = new IOException("reset");
        BrokenException _ = transport.lost(cause);

        for (int i = 0; i < 3; i++) {
            var ofRead = assertThrows(BrokenException.class, () -> transport.tryRead(ByteBuffer.allocate(1)));
            var ofWrite = assertThrows(BrokenException.class, () -> transport.tryWrite(ByteBuffer.allocate(1)));
            assertSame(cause, ofRead.getCause());
            assertEquals("skeleton is lost: reset", ofWrite.getMessage());
        }
        assertTrue(transport.isLost());
    }

    @Test
    void lossOfTheOutputLeavesTheEnd() {
        BrokenException _ = transport.outputLost("the peer has closed");

        assertThrows(BrokenException.class, () -> transport.tryWrite(ByteBuffer.allocate(1)));
        assertEquals(-1, transport.tryRead(ByteBuffer.allocate(1)));
        assertFalse(transport.isLost());
    }

    @Test
    void lossOfAllBehindThatOfTheOutputLeavesNone() {
        BrokenException _ = transport.outputLost("the peer has closed");
        BrokenException _ = transport.lost("reset");

        var failure = assertThrows(BrokenException.class, () -> transport.tryRead(ByteBuffer.allocate(1)));
        assertEquals("skeleton is lost: the peer has closed", failure.getMessage());
    }

    @Test
    void endThatWasToldStaysAnEnd() {
        assertEquals(-1, transport.tryRead(ByteBuffer.allocate(1)));
        BrokenException _ = transport.lost("timed out");

        assertEquals(-1, transport.tryRead(ByteBuffer.allocate(1)));
        assertThrows(BrokenException.class, () -> transport.tryWrite(ByteBuffer.allocate(1)));
    }

    /** Its system says at each read that nothing will come. */
    private static final class Skeleton extends AbstractTransport {

        @Override
        public int tryRead(ByteBuffer target) {
            checkOpen();
            return endOfInput();
        }

        @Override
        public void awaitReadable() {}

        @Override
        public int tryWrite(ByteBuffer source) {
            checkOutputOpen();
            return 0;
        }

        @Override
        public void awaitWritable() {}

        @Override
        protected void endOutput() {}

        @Override
        protected void resetOnClose() {}

        @Override
        protected void release() {}

        @Override
        public String localAddress() {
            return "here";
        }

        @Override
        public String remoteAddress() {
            return "there";
        }

        @Override
        public String toString() {
            return "skeleton";
        }
    }
}
