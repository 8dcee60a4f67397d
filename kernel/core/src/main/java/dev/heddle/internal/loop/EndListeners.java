package dev.heddle.internal.loop;

import dev.heddle.internal.Throwables;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The listeners to the end of a task, in the order they came; each comes and goes in constant time. Mostly it is one. On
 * the task's loop.
 */
public final class EndListeners {

    /** Those that nobody hears any more are dropped when there are so many, and twice as many as the last time. */
    private static final int FIRST_SWEEP = 8;

    private @Nullable EndListener first;
    private @Nullable Set<EndListener> more;
    private int sweepAt = FIRST_SWEEP;

    public void add(EndListener listener) {
        if (first == null && more == null) {
            first = listener;
            return;
        }
        if (more == null) {
            more = new LinkedHashSet<>(2);
        }
        if (more.size() >= sweepAt) {
            more.removeIf(EndListener::isForgotten);
            sweepAt = Math.max(FIRST_SWEEP, 2 * more.size());
        }
        more.add(listener);
    }

    public void remove(EndListener listener) {
        if (first == listener) {
            first = null;
        } else if (more != null) {
            more.remove(listener);
        }
    }

    /** Tells all, also when one of them fails; the first failure is thrown at the end. */
    public void tell() {
        Throwable failure = first == null ? null : tell(first);
        if (more != null) {
            for (EndListener listener : more) {
                Throwable next = tell(listener);
                failure = failure == null ? next : failure;
            }
        }
        if (failure != null) {
            throw Throwables.unchecked(failure);
        }
    }

    private static @Nullable Throwable tell(EndListener listener) {
        try {
            listener.ended();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
