package dev.heddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Who has claimed a place of a ring, and is slow to use it, keeps others from using it and from nothing else. */
final class FifoRingTest {

    private final FifoRing<String> ring = new FifoRing<>(2);

    @Test
    void elementThatSomebodyHasClaimedIsNotTakenAgainALapLater() {
        assertTrue(ring.trySend("a"));
        assertTrue(ring.trySend("b"));
        assertTrue(ring.out.claim(ring.out.word));
        assertEquals("b", ring.tryReceive());
        assertNull(ring.tryReceive());
        assertNull(ring.poll());
        assertNull(ring.peek());
        assertEquals(0, ring.size());
    }

    @Test
    void placeThatIsNotEmptiedYetIsNotFilled() {
        assertTrue(ring.trySend("a"));
        assertTrue(ring.trySend("b"));
        assertTrue(ring.out.claim(ring.out.word));
        assertFalse(ring.trySend("c"));
        assertFalse(ring.hasRoom());
    }

    @Test
    void placeThatIsNotFilledYetHoldsReceiversUpAndIsCounted() {
        assertTrue(ring.in.claim(ring.in.word));
        assertTrue(ring.trySend("b"));
        assertFalse(ring.trySend("c"));
        assertNull(ring.tryReceive());
        assertEquals(2, ring.size());
    }

    @Test
    void endThatIsHeldIsLeftToThoseUnderTheLock() {
        ring.say(true, true, false, false);
        assertFalse(ring.trySend("a"));
        assertTrue(ring.offer("a"));
        assertNull(ring.tryReceive());
        assertEquals("a", ring.poll());
        ring.say(false, false, false, false);
        assertTrue(ring.trySend("b"));
        assertEquals("b", ring.tryReceive());
    }
}
