package dev.heddle.http.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values that middleware has left with one request: few, so they are looked through one by one. */
final class Attributes {

    /** Keys at even and values at odd places. */
    private final List<Object> pairs = new ArrayList<>(4);

    void set(RequestKey<?> key, Object value) {
        Objects.requireNonNull(value);
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i) == key) {
                pairs.set(i + 1, value);
                return;
            }
        }
        pairs.add(key);
        pairs.add(value);
    }

    @Nullable Object get(RequestKey<?> key) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i) == key) {
                return pairs.get(i + 1);
            }
        }
        return null;
    }
}
