package dev.heddle.http.internal.syntax;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary of a structured field (RFC 9651, section 3.2), such as {@code sha-256=:AbC=:, sha-512=3}, as keys and the
 * texts of their items and inner lists. Parameters are read over.
 */
public final class FieldDictionary {

    private static final String DIGITS = "0123456789";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private final String text;
    private final FieldScanner scanner;

    private FieldDictionary(String text) {
        this.text = text;
        this.scanner = new FieldScanner(text);
    }

    /**
     * Parses the lines of a field, joined by commas.
     *
     * @return each key with its item as it was written, {@code ?1} for a key without one; null if it is malformed
     */
    public static @Nullable Map<String, String> parse(String text) {
        return new FieldDictionary(text).members();
    }

    private @Nullable Map<String, String> members() {
        var members = new LinkedHashMap<String, String>();
        scanner.skip(" ");
        while (!scanner.isAtEnd()) {
            String key = key();
            String item = key.isEmpty() ? null : scanner.take('=') ? item() : "?1";
            if (item == null || !skipParameters()) {
                return null;
            }
            members.put(key, item);
            scanner.skipBlanks();
            if (scanner.isAtEnd()) {
                return members;
            }
            if (!scanner.take(',')) {
                return null;
            }
            scanner.skipBlanks();
            if (scanner.isAtEnd()) {
                return null;
            }
        }
        return members;
    }

    private String key() {
        int start = scanner.position();
        if (isAtAny(LETTERS + "*")) {
            scanner.skip(LETTERS + DIGITS + "_-.*");
        }
        return text.substring(start, scanner.position());
    }

    /** The item or inner list that begins here, as it is written; null if none does. */
    private @Nullable String item() {
        int start = scanner.position();
        boolean isWhole;
        if (scanner.take('(')) {
            isWhole = skipList();
        } else if (scanner.isAt('"')) {
            isWhole = scanner.quoted() != null;
        } else if (scanner.take(':')) {
            scanner.until(":");
            isWhole = scanner.take(':');
        } else {
            // Numbers, tokens, booleans, dates.
            scanner.until(" \t,;()\"=");
            isWhole = scanner.position() > start;
        }
        return isWhole ? text.substring(start, scanner.position()) : null;
    }

    private boolean skipList() {
        scanner.skip(" ");
        while (!scanner.take(')')) {
            if (item() == null || !skipParameters() || !(scanner.isAt(' ') || scanner.isAt(')'))) {
                return false;
            }
            scanner.skip(" ");
        }
        return true;
    }

    private boolean skipParameters() {
        while (scanner.take(';')) {
            scanner.skip(" ");
            if (key().isEmpty() || (scanner.take('=') && item() == null)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAtAny(String chars) {
        return !scanner.isAtEnd() && chars.indexOf(text.charAt(scanner.position())) >= 0;
    }
}
