package dev.heddle.process.shared;

import dev.heddle.ClosedException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The iterator that takes from a queue until the end. For one task or thread. */
final class TakeIterator<T> implements Iterator<T> {

    private final Supplier<T> source;
    private final BooleanSupplier ended;
    private @Nullable T next;

    /**
     * @param ended whether a ClosedException of the source means the end, and no failure
     */
    TakeIterator(Supplier<T> source, BooleanSupplier ended) {
        this.source = source;
        this.ended = ended;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = source.get();
            } catch (ClosedException e) {
                if (ended.getAsBoolean()) {
                    return false;
                }
                throw e;
            }
        }
        return true;
    }

    @Override
    public T next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        T taken = next;
        next = null;
        return taken;
    }
}
