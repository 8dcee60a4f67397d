package dev.heddle.io.internal;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopLocal;
import dev.heddle.internal.sight.BufferFigures;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The buffers that the streams of one loop share: a stream borrows one while it holds bytes, so an idle connection
 * costs none.
 *
 * <p>Borrowing never waits, since a stream that waits for a buffer of another stream could wait for itself. Instead
 * only the off-heap buffers are bounded; what is needed beyond them lives on the heap and goes with the garbage.
 *
 * <p>Threads: tasks of one loop.
 */
public final class BufferPool {

    /**
     * The room of each buffer: for 16 KiB, in which many protocols send what is large, and what they put around it. So
     * such a message does not fill it, and who reads knows without one more call of the system that this was all.
     */
    public static final int BUFFER_BYTES = 17 * 1024;

    /** The room of a large buffer. */
    public static final int LARGE_BYTES = 256 * 1024;

    /** The most large buffers of a loop; the last one is for bytes that are gathered, never for any that wait. */
    static final int MAX_LARGE = 8;

    /** The most off-heap buffers of a loop. */
    static final int MAX_DIRECT = 256;

    private static final PartKind<OfLoop> KIND = PartKind.later(() -> PartKind.<OfLoop, BufferFigures>of(
            "buffers", of -> of.pool.figures(), (of, figures) -> PartKind.share(figures.borrowed(), MAX_DIRECT))
            .onLoop(of -> of.loop)
            .until(of -> of.loop.isClosed()));

    private static final LoopLocal<OfLoop> POOLS = LoopLocal.withInitial(() -> OfLoop.of(Heddle.currentLoop()));

    /** The pool of a loop, as others see it. */
    private record OfLoop(Loop loop, BufferPool pool) {

        static OfLoop of(Loop loop) {
            boolean real = !loop.engine().isSimulated();
            var made = new OfLoop(loop, new BufferPool(real));
            if (real) {
                Parts.addLate(KIND, made); // who is the first to use it has not made it
            }
            return made;
        }
    }

    private final boolean direct;
    private final ByteBuffer[] idle = new ByteBuffer[MAX_DIRECT];
    private int idleCount;
    private int directCount;
    private int borrowed;

    private final ByteBuffer[] idleLarge = new ByteBuffer[MAX_LARGE];
    private int idleLargeCount;
    private int largeCount;

    /**
     * @param direct whether buffers are off-heap. Not so in a simulation: no kernel wants them there, and where
     *     thousands of simulations have used up what there is, the JDK waits in real time for the collector
     */
    BufferPool(boolean direct) {
        this.direct = direct;
    }

    /** The current loop's pool. */
    public static BufferPool current() {
        return POOLS.get().pool;
    }

    /** An empty buffer with {@link #BUFFER_BYTES} of room: position 0, limit at the end. */
    public ByteBuffer borrow() {
        borrowed++;
        if (idleCount > 0) {
            return idle[--idleCount].clear().order(ByteOrder.BIG_ENDIAN);
        }
        if (direct && directCount < MAX_DIRECT) {
            directCount++;
            return ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        return ByteBuffer.allocate(BUFFER_BYTES);
    }

    /**
     * An empty buffer to gather bytes in that are handed over at once. It has {@link #LARGE_BYTES} of room if so many
     * bytes need more than {@link #BUFFER_BYTES} and there is one.
     */
    public ByteBuffer borrowFor(int bytes) {
        return bytes <= BUFFER_BYTES ? borrow() : borrowLarge(MAX_LARGE);
    }

    /** An empty buffer for bytes that come in bulk; one of {@link #LARGE_BYTES} unless others have these. */
    public ByteBuffer borrowForBulk() {
        return borrowLarge(MAX_LARGE - 1);
    }

    private ByteBuffer borrowLarge(int most) {
        if (largeCount - idleLargeCount >= most) {
            return borrow();
        }
        borrowed++;
        if (idleLargeCount > 0) {
            return idleLarge[--idleLargeCount].clear().order(ByteOrder.BIG_ENDIAN);
        }
        largeCount++;
        return direct ? ByteBuffer.allocateDirect(LARGE_BYTES) : ByteBuffer.allocate(LARGE_BYTES);
    }

    /** Takes a buffer back; nobody else may still look at it. */
    public void release(ByteBuffer buffer) {
        borrowed--;
        if (buffer.capacity() == LARGE_BYTES) {
            idleLarge[idleLargeCount++] = buffer;
        } else if (buffer.isDirect() == direct && idleCount < MAX_DIRECT) {
            idle[idleCount++] = buffer;
        }
    }

    /** Gives up a buffer that somebody may still look at: it is never used again. */
    public void forget(ByteBuffer buffer) {
        borrowed--;
        if (buffer.capacity() == LARGE_BYTES) {
            largeCount--;
        } else if (buffer.isDirect()) {
            directCount--;
        }
    }

    /** As other threads see it, who may be a little behind. */
    private BufferFigures figures() {
        return new BufferFigures(borrowed, idleCount, BUFFER_BYTES);
    }

    /** How many buffers are out: zero when all streams are idle or closed. */
    public int borrowed() {
        return borrowed;
    }

    /** How many buffers lie ready. */
    public int idle() {
        return idleCount;
    }
}
