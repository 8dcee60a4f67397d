package dev.heddle.io;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An iterator over what a stream receives, one after the other: {@link #hasNext} waits. */
final class Incoming<T> implements Iterator<T> {

    private final Supplier<Optional<T>> receive;
    private @Nullable T found;

    /**
     * @param receive waits for the next one; empty at the end, again and again
     */
    Incoming(Supplier<Optional<T>> receive) {
        this.receive = receive;
    }

    @Override
    public boolean hasNext() {
        if (found == null) {
            found = receive.get().orElse(null);
        }
        return found != null;
    }

    @Override
    public T next() {
        T next = hasNext() ? found : null;
        if (next == null) {
            throw new NoSuchElementException("the stream has ended");
        }
        found = null;
        return next;
    }
}
