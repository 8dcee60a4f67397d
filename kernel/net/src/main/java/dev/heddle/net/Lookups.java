package dev.heddle.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The look-ups that a loop remembers, at most {@link Dns#MAX_REMEMBERED}, and those under way. The one not asked for
 * longest is forgotten first.
 *
 * @param <T> what is found
 */
final class Lookups<T> {

    /** By last use, so that the first entry is the one to forget. */
    private final LinkedHashMap<String, Lookup<T>> lookups = new LinkedHashMap<>(16, 0.75f, true);

    /** The look-up of a name, under way or still good; null if there is none. */
    @Nullable Lookup<T> get(String name, long now) {
        Lookup<T> lookup = lookups.get(name);
        return lookup == null || lookup.isStale(now) ? null : lookup;
    }

    /** Notes a look-up that begins now. */
    Lookup<T> begin(String name) {
        Lookup<T> lookup = new Lookup<>(name);
        lookups.put(name, lookup);
        forgetEldest();
        return lookup;
    }

    void remove(String name, Lookup<T> lookup) {
        lookups.remove(name, lookup);
    }

    void clear() {
        lookups.values().removeIf(Lookup::isDone);
    }

    int size() {
        return lookups.size();
    }

    /**
     * Keeps the bound, a step at a time. What is under way stays, it is bounded by those who run it; it goes to the
     * end, so that thousands of them are not looked at again and again.
     */
    private void forgetEldest() {
        for (int i = 0; i < 2 && lookups.size() > Dns.MAX_REMEMBERED; i++) {
            Map.Entry<String, Lookup<T>> eldest = lookups.firstEntry();
            lookups.remove(eldest.getKey());
            if (!eldest.getValue().isDone()) {
                lookups.put(eldest.getKey(), eldest.getValue());
            }
        }
    }
}
