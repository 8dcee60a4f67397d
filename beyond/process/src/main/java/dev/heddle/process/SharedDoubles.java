package dev.heddle.process;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * An array of {@code double} in shared memory, which several processes change at a time; as {@link SharedLongs}.
 *
 * <pre>{@code
 * try (SharedDoubles grid = SharedDoubles.create(1000 * 1000)) {
 *     pool.map(rows, row -> relax(grid, row));
 * }
 * }</pre>
 *
 * <p>It travels as its memory does. Threads: any. Nothing waits. To test code that uses it, create some.
 *
 * @param memory where it lies
 * @param firstByte where in it, a multiple of 8
 * @param length how many elements it has
 */
public record SharedDoubles(SharedMemory memory, long firstByte, long length) implements AutoCloseable {

    private static final VarHandle DOUBLE = ValueLayout.JAVA_DOUBLE.varHandle();

    /** @throws IllegalArgumentException if it does not lie inside the memory */
    public SharedDoubles {
        SharedMemory.requireInside(memory, firstByte, length, Double.BYTES);
    }

    /** Makes memory for so many elements, all 0, which {@link #close} closes; as {@link SharedMemory#create(long)}. */
    public static SharedDoubles create(long length) {
        return in(SharedMemory.create(Math.multiplyExact(length, Double.BYTES)));
    }

    /** The whole of some memory, as far as it is elements. */
    public static SharedDoubles in(SharedMemory memory) {
        return new SharedDoubles(memory, 0, memory.size() / Double.BYTES);
    }

    private long offset(long index) {
        return firstByte + Objects.checkIndex(index, length) * Double.BYTES;
    }

    /** Reads an element. */
    public double get(long index) {
        return (double) DOUBLE.getVolatile(memory.segment(), offset(index));
    }

    /** Writes an element. */
    public void set(long index, double value) {
        DOUBLE.setVolatile(memory.segment(), offset(index), value);
    }

    /** Adds to an element and gives what it is then. */
    public double addAndGet(long index, double delta) {
        while (true) {
            double before = get(index);
            double after = before + delta;
            if (compareAndSet(index, before, after)) {
                return after;
            }
        }
    }

    /** Writes an element if it is, bit by bit, what was expected, and says whether it was. */
    public boolean compareAndSet(long index, double expected, double value) {
        return DOUBLE.compareAndSet(memory.segment(), offset(index), expected, value);
    }

    /** Copies elements, from an index on, into all of an array. */
    public void read(long index, double[] target) {
        Objects.checkFromIndexSize(index, target.length, length);
        MemorySegment.copy(
                memory.segment(), ValueLayout.JAVA_DOUBLE, firstByte + index * Double.BYTES, target, 0, target.length);
    }

    /** Copies all of an array over the elements from an index on. */
    public void write(long index, double[] source) {
        Objects.checkFromIndexSize(index, source.length, length);
        MemorySegment.copy(
                source, 0, memory.segment(), ValueLayout.JAVA_DOUBLE, firstByte + index * Double.BYTES, source.length);
    }

    /** Closes the memory. */
    @Override
    public void close() {
        memory.close();
    }
}
