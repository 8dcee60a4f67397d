package dev.heddle.sync;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The iterator over what a receiver receives, until the end. For one task or thread. */
final class Elements<T> implements Iterator<T> {

    private final ChannelCore<T> core;
    private final @Nullable End via;
    private @Nullable T next;

    Elements(ChannelCore<T> core, @Nullable End via) {
        this.core = core;
        this.via = via;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = core.receiveOrNull(via, null);
        }
        if (next == null && !core.endsOrderly(via)) {
            throw Objects.requireNonNull(core.endForReceiver(via));
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
