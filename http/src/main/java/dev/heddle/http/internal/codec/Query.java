package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.PathSegments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string, in order. Looked through one by one: the request line is bounded, so there are few,
 * and nobody can aim at a hash table.
 */
public final class Query {

    private static final Query EMPTY = new Query(List.of());

    /** Names at even and values at odd places. */
    private final List<String> pairs;

    private Query(List<String> pairs) {
        this.pairs = pairs;
    }

    /**
     * Takes a query string apart at {@code &} and {@code =}.
     *
     * @throws StatusException 400 if an escape is malformed
     */
    public static Query parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return EMPTY;
        }
        var pairs = new ArrayList<String>();
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('&', start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                int equals = text.indexOf('=', start, end);
                boolean valued = equals >= 0;
                pairs.add(decode(text.substring(start, valued ? equals : end)));
                pairs.add(valued ? decode(text.substring(equals + 1, end)) : "");
            }
            start = end + 1;
        }
        return new Query(pairs);
    }

    public static String decode(String raw) {
        String decoded = PathSegments.decode(raw, true);
        if (decoded == null) {
            throw new StatusException(400, "malformed query");
        }
        return decoded;
    }

    public @Nullable String first(String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return pairs.get(i + 1);
            }
        }
        return null;
    }

    public List<String> all(String name) {
        var values = new ArrayList<String>(2);
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                values.add(pairs.get(i + 1));
            }
        }
        return List.copyOf(values);
    }
}
