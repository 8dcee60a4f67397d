package dev.heddle.process;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * An array of {@code long} in shared memory, which several processes change at a time; with one element, a counter.
 *
 * <pre>{@code
 * try (SharedLongs hits = SharedLongs.create(1)) {
 *     pool.map(pages, page -> hits.addAndGet(0, count(page)));
 *     System.out.println(hits.get(0));
 * }
 * }</pre>
 *
 * <p>Single elements are read and written as those of an {@link java.util.concurrent.atomic.AtomicLongArray}: whole,
 * and in one order that all threads and processes see. {@link #read} and {@link #write} are quick and promise neither.
 *
 * <p>It travels as its memory does. Threads: any. Nothing waits. To test code that uses it, create some.
 *
 * @param memory where it lies
 * @param firstByte where in it, a multiple of 8
 * @param length how many elements it has
 */
public record SharedLongs(SharedMemory memory, long firstByte, long length) implements AutoCloseable {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /** @throws IllegalArgumentException if it does not lie inside the memory */
    public SharedLongs {
        SharedMemory.requireInside(memory, firstByte, length, Long.BYTES);
    }

    /** Makes memory for so many elements, all 0, which {@link #close} closes; as {@link SharedMemory#create(long)}. */
    public static SharedLongs create(long length) {
        return in(SharedMemory.create(Math.multiplyExact(length, Long.BYTES)));
    }

    /** The whole of some memory, as far as it is elements. */
    public static SharedLongs in(SharedMemory memory) {
        return new SharedLongs(memory, 0, memory.size() / Long.BYTES);
    }

    private long offset(long index) {
        return firstByte + Objects.checkIndex(index, length) * Long.BYTES;
    }

    /** Reads an element. */
    public long get(long index) {
        return (long) LONG.getVolatile(memory.segment(), offset(index));
    }

    /** Writes an element. */
    public void set(long index, long value) {
        LONG.setVolatile(memory.segment(), offset(index), value);
    }

    /** Adds to an element and gives what it is then. */
    public long addAndGet(long index, long delta) {
        return (long) LONG.getAndAdd(memory.segment(), offset(index), delta) + delta;
    }

    /** Writes an element if it is what was expected, and says whether it was. */
    public boolean compareAndSet(long index, long expected, long value) {
        return LONG.compareAndSet(memory.segment(), offset(index), expected, value);
    }

    /** Copies elements, from an index on, into all of an array. */
    public void read(long index, long[] target) {
        Objects.checkFromIndexSize(index, target.length, length);
        MemorySegment.copy(memory.segment(), ValueLayout.JAVA_LONG, firstByte + index * Long.BYTES, target, 0,
                target.length);
    }

    /** Copies all of an array over the elements from an index on. */
    public void write(long index, long[] source) {
        Objects.checkFromIndexSize(index, source.length, length);
        MemorySegment.copy(source, 0, memory.segment(), ValueLayout.JAVA_LONG, firstByte + index * Long.BYTES,
                source.length);
    }

    /** Closes the memory. */
    @Override
    public void close() {
        memory.close();
    }
}
