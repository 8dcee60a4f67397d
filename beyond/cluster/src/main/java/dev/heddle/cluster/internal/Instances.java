package dev.heddle.cluster.internal;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The one instance of each name that a node has, for as long as somebody uses it: names may be as many as orders.
 *
 * <p>Threads: any.
 *
 * @param <T> of what
 */
public final class Instances<T> {

    private static final int FIRST_SWEEP = 64;

    private final Map<Object, WeakReference<T>> byName = new HashMap<>();
    private int sweepAt = FIRST_SWEEP;

    /** Makes one without instances. */
    public Instances() {}

    /**
     * The instance of a name, made if nobody has it.
     *
     * @param name a value: a text, or a list of it and of what else tells instances apart
     */
    public synchronized T get(Object name, Supplier<? extends T> make) {
        WeakReference<T> reference = byName.get(name);
        T found = reference == null ? null : reference.get();
        if (found == null) {
            found = make.get();
            sweep();
            byName.put(name, new WeakReference<>(found));
        }
        return found;
    }

    private void sweep() {
        if (byName.size() >= sweepAt) {
            byName.values().removeIf(reference -> reference.refersTo(null));
            sweepAt = Math.max(FIRST_SWEEP, byName.size() * 2);
        }
    }
}
