package dev.heddle.http.internal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.sim.SimTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The memory of files on their way to slow readers is bounded. */
final class FileBuffersTest {

    private final FileBuffers buffers = new FileBuffers((file, failure) -> {});

    @SimTest
    void onlySoManyLargeBuffersAreLentAndLaterOnesAreSmall() {
        List<ByteBuffer> lent = new ArrayList<>();
        for (int i = 0; i < FileBuffers.MAX_LARGE; i++) {
            lent.add(buffers.take());
            assertEquals(FileBuffers.LARGE_BYTES, lent.getLast().capacity());
        }
        ByteBuffer small = buffers.take();
        assertEquals(FileBuffers.SMALL_BYTES, small.capacity());
        buffers.give(small);
        assertEquals(FileBuffers.SMALL_BYTES, buffers.take().capacity());
        buffers.give(lent.removeLast());
        assertEquals(FileBuffers.LARGE_BYTES, buffers.take().capacity());
    }

    @SimTest
    void lastOneGivenBackIsTheNextOneTaken() {
        ByteBuffer first = buffers.take();
        buffers.give(first.position(5));
        ByteBuffer second = buffers.take();
        assertSame(first, second);
        assertEquals(FileBuffers.LARGE_BYTES, second.remaining());
    }
}
