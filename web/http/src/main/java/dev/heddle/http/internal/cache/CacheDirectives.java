package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldScanner;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

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
            read(new FieldScanner(field), found);
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

    private static void read(FieldScanner field, Map<String, String> found) {
        while (!field.isAtEnd()) {
            field.skipBlanks();
            String name = field.token().toLowerCase(Locale.ROOT);
            String argument = "";
            field.skipBlanks();
            if (field.take('=')) {
                field.skipBlanks();
                argument = argument(field);
                field.skipBlanks();
            }
            boolean whole = field.isAtEnd() || field.isAt(',');
            if (!name.isEmpty()) {
                found.putIfAbsent(name, whole ? argument : MALFORMED);
            }
            skipToNext(field);
        }
    }

    private static String argument(FieldScanner field) {
        String argument = field.isAt('"') ? field.quoted() : field.token();
        return argument == null || argument.isEmpty() ? MALFORMED : argument;
    }

    /** Behind the next comma that stands in no quotes. */
    private static void skipToNext(FieldScanner field) {
        field.until(",\"");
        while (field.isAt('"')) {
            field.quoted();
            field.until(",\"");
        }
        field.take(',');
    }
}
