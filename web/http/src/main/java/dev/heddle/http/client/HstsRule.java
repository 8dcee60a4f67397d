package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.FieldSyntax;
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
        Map<String, String> directives = new Scanner(field).directives();
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

    /** Takes a value apart, from left to right. */
    private static final class Scanner {

        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        /** Names in lower case, with their values, which are empty where there are none; null if malformed. */
        @Nullable Map<String, String> directives() {
            var found = new HashMap<String, String>();
            while (true) {
                skipBlanks();
                String name = token().toLowerCase(Locale.ROOT);
                skipBlanks();
                String value = "";
                if (!name.isEmpty() && next('=')) {
                    skipBlanks();
                    value = value();
                    skipBlanks();
                }
                if (value == null || (!name.isEmpty() && found.put(name, value) != null)) {
                    return null;
                }
                if (at == text.length()) {
                    return found;
                }
                if (!next(';')) {
                    return null;
                }
            }
        }

        /** A token or what stands in quotes; null if it is neither. */
        private @Nullable String value() {
            if (!next('"')) {
                String token = token();
                return token.isEmpty() ? null : token;
            }
            var unquoted = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    return unquoted.toString();
                }
                if (c == '\\' && at < text.length()) {
                    c = text.charAt(at++);
                }
                unquoted.append(c);
            }
            return null;
        }

        private String token() {
            int start = at;
            while (at < text.length() && FieldSyntax.isTokenChar(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private boolean next(char c) {
            boolean there = at < text.length() && text.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }

        private void skipBlanks() {
            while (at < text.length() && FieldSyntax.isBlank(text.charAt(at))) {
                at++;
            }
        }
    }
}
