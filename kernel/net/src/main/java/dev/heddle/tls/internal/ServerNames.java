package dev.heddle.tls.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that a server answers to: exact ones, and wildcards for one label. */
public final class ServerNames {

    private ServerNames() {}

    /** Whether a name is among the patterns. */
    public static boolean contains(Set<String> patterns, String name) {
        return patterns.contains(lower(name)) || patterns.contains(wildcard(name));
    }

    /** What a name stands for: an exact entry goes before a wildcard. */
    public static <T> @Nullable T find(Map<String, T> entries, String name) {
        T exact = entries.get(lower(name));
        return exact == null ? entries.get(wildcard(name)) : exact;
    }

    private static String wildcard(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "*" : "*" + lower(name.substring(dot));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
