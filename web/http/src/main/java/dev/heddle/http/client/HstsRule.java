package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.FieldScanner;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value of a Strict-Transport-Security field (RFC 6797, section 6.1).
 *
 * @param seconds how long it holds, at most {@link #MAX_SECONDS}; 0 takes back what was said before
 * @param below whether it holds for the names below that of the host too
 */
record HstsRule(long seconds, boolean below) {

    /** Two years: what lists of browsers ask for at most. */
    static final long MAX_SECONDS = 730L * 24 * 60 * 60;

    /**
     * Reads a value; null if it is malformed, has a directive twice or no age: then all of it counts for nothing.
     * Unknown directives are passed over.
     */
    static @Nullable HstsRule parse(String field) {
        Map<String, String> directives = directives(new FieldScanner(field));
        String age = directives == null ? null : directives.get("max-age");
        if (directives == null || age == null) {
            return null;
        }
        String below = directives.get("includesubdomains");
        long seconds = seconds(age);
        return seconds < 0 || (below != null && !below.isEmpty()) ? null : new HstsRule(seconds, below != null);
    }

    /** Of any number of digits; -1 if it is no number. */
    private static long seconds(String digits) {
        long seconds = digits.isEmpty() ? -1 : 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            seconds = Math.min(MAX_SECONDS, seconds * 10 + (c - '0'));
        }
        return seconds;
    }

    /** Names in lower case, with their values, which are empty where there are none; null if malformed. */
    private static @Nullable Map<String, String> directives(FieldScanner field) {
        var found = new HashMap<String, String>();
        while (true) {
            field.skipBlanks();
            String name = field.token().toLowerCase(Locale.ROOT);
            field.skipBlanks();
            String value = "";
            if (!name.isEmpty() && field.take('=')) {
                field.skipBlanks();
                value = value(field);
                field.skipBlanks();
            }
            if (value == null || (!name.isEmpty() && found.put(name, value) != null)) {
                return null;
            }
            if (field.isAtEnd()) {
                return found;
            }
            if (!field.take(';')) {
                return null;
            }
        }
    }

    /** A token or what stands in quotes; null if it is neither. */
    private static @Nullable String value(FieldScanner field) {
        if (field.isAt('"')) {
            return field.quoted();
        }
        String token = field.token();
        return token.isEmpty() ? null : token;
    }
}
