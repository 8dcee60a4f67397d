package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directives of all Cache-Control fields of one message (RFC 9111, section 5.2). Of a directive that comes twice
 * the first counts (section 4.2.1); what is malformed is passed over up to the next comma.
 */
public final class CacheDirectives {

    /** More seconds than this count as this many (section 1.2.2). */
    static final long MAX_SECONDS = 1L << 31;

    /** What counts as said where something is that cannot be read: no number, and not nothing. */
    private static final String MALFORMED = "?";

    /** Names in lower case, with their arguments without quotes, which are empty where there are none. */
    private final Map<String, String> directives;

    private CacheDirectives(Map<String, String> directives) {
        this.directives = directives;
    }

    /** Those of a message with these fields. */
    public static CacheDirectives of(Headers headers) {
        var found = new HashMap<String, String>();
        for (String field : headers.all("Cache-Control")) {
            new Scanner(field).read(found);
        }
        return new CacheDirectives(Map.copyOf(found));
    }

    /** Whether it is there, whatever its argument. */
    public boolean has(String lowerCaseName) {
        return directives.containsKey(lowerCaseName);
    }

    /** Whether it is there and says no number, as {@code max-stale} may. */
    boolean isBare(String lowerCaseName) {
        return "".equals(directives.get(lowerCaseName));
    }

    /**
     * The seconds that it says, at most {@link #MAX_SECONDS}.
     *
     * @param malformed what an argument counts as that is no number
     * @return -1 if the directive is not there
     */
    long seconds(String lowerCaseName, long malformed) {
        String argument = directives.get(lowerCaseName);
        return argument == null ? -1 : parseSeconds(argument, malformed);
    }

    /** Reads digits and nothing else; more than {@link #MAX_SECONDS} count as that. */
    static long parseSeconds(String digits, long malformed) {
        long seconds = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return malformed;
            }
            seconds = Math.min(MAX_SECONDS, seconds * 10 + (c - '0'));
        }
        return digits.isEmpty() ? malformed : seconds;
    }

    /** The names; arguments may tell what is secret. */
    @Override
    public String toString() {
        return "CacheDirectives" + directives.keySet();
    }

    /** Takes a field apart, from left to right. */
    private static final class Scanner {

        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        void read(Map<String, String> found) {
            while (at < text.length()) {
                skipBlanks();
                String name = token().toLowerCase(Locale.ROOT);
                String argument = "";
                skipBlanks();
                if (next('=')) {
                    skipBlanks();
                    argument = argument();
                    skipBlanks();
                }
                boolean whole = at == text.length() || text.charAt(at) == ',';
                if (!name.isEmpty()) {
                    found.putIfAbsent(name, whole ? argument : MALFORMED);
                }
                skipToComma();
            }
        }

        private String argument() {
            String argument = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
            return argument == null || argument.isEmpty() ? MALFORMED : argument;
        }

        /** What stands in quotes; null if they have no end. */
        private @Nullable String quoted() {
            var unquoted = new StringBuilder();
            at++;
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

        /** Behind the next comma that stands in no quotes. */
        private void skipToComma() {
            while (at < text.length() && text.charAt(at) != ',') {
                if (text.charAt(at) == '"') {
                    quoted();
                } else {
                    at++;
                }
            }
            at++;
        }
    }
}
