package dev.heddle.internal.generators;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes written so far: a lambda in one of them is found as in any other class, but they have no files.
 *
 * <p>Threads: any.
 */
final class Machines {

    /** Keeps neither a machine nor its host alive. */
    private static final Map<Class<?>, Written> ALL = Collections.synchronizedMap(new WeakHashMap<>());

    private static final class Written {
        private final byte[] bytes;
        private final WeakReference<Class<?>> host;

        Written(byte[] bytes, Class<?> host) {
            this.bytes = bytes;
            this.host = new WeakReference<>(host);
        }
    }

    private Machines() {}

    static void add(Class<?> machine, byte[] bytes, Class<?> host) {
        ALL.put(machine, new Written(bytes, host));
    }

    static byte @Nullable [] bytes(Class<?> machine) {
        Written written = ALL.get(machine);
        return written == null ? null : written.bytes;
    }

    /** The class whose code a machine runs; null for any other class. */
    static @Nullable Class<?> hostOf(Class<?> machine) {
        Written written = ALL.get(machine);
        return written == null ? null : written.host.get();
    }
}
