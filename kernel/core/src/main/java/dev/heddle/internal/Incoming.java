package dev.heddle.internal;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An iterator over what is received, one after the other: {@link #hasNext} waits. */
public final class Incoming<T> implements Iterator<T> {

    private final Supplier<Optional<T>> receive;
    private final String ended;
    private @Nullable T found;

    /**
     * Makes an iterator over what comes from now on.
     *
     * @param receive waits for the next one; empty at the end, again and again
     * @param ended says that no more come
     */
    public Incoming(Supplier<Optional<T>> receive, String ended) {
        this.receive = receive;
        this.ended = ended;
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
            throw new NoSuchElementException(ended);
        }
        found = null;
        return next;
    }
}
