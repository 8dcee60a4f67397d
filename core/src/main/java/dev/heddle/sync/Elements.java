package dev.heddle.sync;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Receives until the end. For one task or thread. */
final class Elements<T> implements Iterator<T> {

    private final Conduit<T> conduit;
    private final @Nullable End via;
    private @Nullable T next;

    Elements(Conduit<T> conduit, @Nullable End via) {
        this.conduit = conduit;
        this.via = via;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = conduit.receiveOrNull(via, null);
        }
        if (next == null && !conduit.endsOrderly(via)) {
            throw Objects.requireNonNull(conduit.endForReceiver(via));
        }
        return next != null;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        T element = Objects.requireNonNull(next);
        next = null;
        return element;
    }
}
