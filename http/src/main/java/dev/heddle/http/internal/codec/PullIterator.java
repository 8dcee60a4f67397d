package dev.heddle.http.internal.codec;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The iterator over what a source gives until it has nothing more, pulled one ahead. For one task. */
public final class PullIterator<T> implements Iterator<T> {

    /** Where the elements come from. */
    @FunctionalInterface
    public interface Source<T> {

        /** The next one, waiting for it; null if there is none, which may be asked again. */
        @Nullable T next();
    }

    private final Source<T> source;
    private final String over;
    private @Nullable T ahead;

    /**
     * @param over says that there are no more
     */
    public PullIterator(Source<T> source, String over) {
        this.source = source;
        this.over = over;
    }

    @Override
    public boolean hasNext() {
        if (ahead == null) {
            ahead = source.next();
        }
        return ahead != null;
    }

    @Override
    public T next() {
        T next = hasNext() ? ahead : null;
        if (next == null) {
            throw new NoSuchElementException(over);
        }
        ahead = null;
        return next;
    }
}
