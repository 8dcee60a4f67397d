package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is taken from the heap is counted, whichever thread takes it. */
final class HeapTest {

    private static final int BYTES = 10_000_000;

    private static byte[] kept = new byte[0];

    @Test
    void bytesOfThreadsThatHaveEndedAreCounted() throws InterruptedException {
        long before = Heap.allocated();
        Thread.ofPlatform().start(() -> kept = new byte[BYTES]).join();
        assertTrue(Heap.allocated() - before >= BYTES);
        assertEquals(BYTES, kept.length);
    }

    @Test
    void bytesOfVirtualThreadsAreCounted() throws InterruptedException {
        long before = Heap.allocated();
        Thread.startVirtualThread(() -> kept = new byte[BYTES]).join();
        assertTrue(Heap.allocated() - before >= BYTES);
        assertEquals(BYTES, kept.length);
    }
}
