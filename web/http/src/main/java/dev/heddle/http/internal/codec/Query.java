package dev.heddle.http.internal.codec;

import dev.heddle.http.Form;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.PathSegments;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The reading of query strings. */
public final class Query {

    private Query() {}

    /**
     * Takes a query string apart at {@code &} and {@code =}.
     *
     * @throws StatusException 400 if an escape is malformed
     */
    public static Form parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Form.of();
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
        return Form.of(pairs.toArray(String[]::new));
    }

    public static String decode(String raw) {
        String decoded = PathSegments.decode(raw, true);
        if (decoded == null) {
            throw new StatusException(400, "malformed query");
        }
        return decoded;
    }
}
