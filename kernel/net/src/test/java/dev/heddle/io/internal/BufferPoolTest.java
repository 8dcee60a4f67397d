package dev.heddle.io.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Buffers are lent, used again and bounded, and a forgotten one is never used again. */
final class BufferPoolTest {

    private final BufferPool pool = new BufferPool(true);

    @Test
    void withoutOffHeapMemoryBuffersAreUsedAgainAllTheSame() {
        var onHeap = new BufferPool(false);
        ByteBuffer first = onHeap.borrow();
        assertFalse(first.isDirect());
        onHeap.release(first);
        assertSame(first, onHeap.borrow());
        assertEquals(1, onHeap.borrowed());
        onHeap.forget(first);
        assertEquals(0, onHeap.borrowed());
    }

    @Test
    void releasedBufferIsUsedAgainAsGoodAsNew() {
        ByteBuffer first = pool.borrow();
        first.order(ByteOrder.LITTLE_ENDIAN).position(5).limit(10);
        pool.release(first);

        ByteBuffer second = pool.borrow();

        assertSame(first, second);
        assertEquals(ByteOrder.BIG_ENDIAN, second.order());
        assertEquals(0, second.position());
        assertEquals(BufferPool.BUFFER_BYTES, second.limit());
        assertEquals(1, pool.borrowed());
    }

    @Test
    void forgottenBufferIsNeverUsedAgain() {
        ByteBuffer first = pool.borrow();
        pool.forget(first);

        assertNotSame(first, pool.borrow());
        assertEquals(1, pool.borrowed());
    }

    @Test
    void offHeapBuffersAreBoundedAndTheRestIsGarbage() {
        List<ByteBuffer> borrowed = new ArrayList<>();
        for (int i = 0; i < BufferPool.MAX_DIRECT + 10; i++) {
            borrowed.add(pool.borrow());
        }
        assertTrue(borrowed.get(BufferPool.MAX_DIRECT - 1).isDirect());
        assertFalse(borrowed.get(BufferPool.MAX_DIRECT).isDirect());

        borrowed.forEach(pool::release);

        assertEquals(0, pool.borrowed());
        assertEquals(BufferPool.MAX_DIRECT, pool.idle());
    }

    @Test
    void largeBuffersAreFewAndWhoComesLaterGetsASmallOne() {
        List<ByteBuffer> bulk = new ArrayList<>();
        for (int i = 1; i < BufferPool.MAX_LARGE; i++) {
            bulk.add(pool.borrowForBulk());
            assertEquals(BufferPool.LARGE_BYTES, bulk.getLast().remaining());
            assertTrue(bulk.getLast().isDirect());
        }
        ByteBuffer small = pool.borrowForBulk();
        assertEquals(BufferPool.BUFFER_BYTES, small.remaining());
        ByteBuffer gathering = pool.borrowFor(BufferPool.BUFFER_BYTES + 1);
        assertEquals(BufferPool.LARGE_BYTES, gathering.remaining(), "the last one is for what does not wait");
        ByteBuffer second = pool.borrowFor(BufferPool.LARGE_BYTES);
        assertEquals(BufferPool.BUFFER_BYTES, second.remaining());

        gathering.position(7).order(ByteOrder.LITTLE_ENDIAN);
        pool.release(gathering);
        pool.release(second);
        pool.release(small);
        bulk.forEach(pool::release);
        assertEquals(0, pool.borrowed());
        assertEquals(2, pool.idle());

        assertSame(bulk.getLast(), pool.borrowFor(BufferPool.LARGE_BYTES + 1));
        assertSame(small, pool.borrowFor(BufferPool.BUFFER_BYTES), "as many as the others hold");
    }

    @Test
    void forgottenLargeBufferMakesRoomForAnother() {
        for (int i = 0; i < 3 * BufferPool.MAX_LARGE; i++) {
            ByteBuffer large = pool.borrowForBulk();
            assertEquals(BufferPool.LARGE_BYTES, large.remaining());
            pool.forget(large);
        }
        assertEquals(0, pool.borrowed());
    }

    @Test
    void lentBufferThatWasEmptiedComesBackWhenTheStreamIsClosed() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            pair.left().write("hello");
            ByteBuffer lent = pair.right().fill();
            lent.position(lent.limit());
            pair.right().close();
            assertEquals(0, BufferPool.current().borrowed());
            assertEquals(1, BufferPool.current().idle());
        });
    }

    @Test
    void lentBufferWithBytesInItIsNeverUsedAgainWhenTheStreamIsClosed() {
        Heddle.run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            pair.left().write("hello");
            ByteBuffer lent = pair.right().fill();
            pair.right().close();
            assertEquals(5, lent.remaining());
            assertEquals(0, BufferPool.current().borrowed());
            assertEquals(0, BufferPool.current().idle());
        });
    }

    @Test
    void eachLoopHasAPoolOfItsOwn() {
        BufferPool[] pools = new BufferPool[3];
        Heddle.run(() -> {
            pools[0] = BufferPool.current();
            pools[1] = BufferPool.current();
        });
        Heddle.run(() -> {
            pools[2] = BufferPool.current();
        });

        assertSame(pools[0], pools[1]);
        assertNotSame(pools[0], pools[2]);
    }
}
