package dev.heddle.http.internal.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A field value with parameters, such as {@code form-data; name="a"} or {@code multipart/form-data; boundary=b} (RFC
 * 9110, section 5.6.6).
 *
 * <p>In a quoted value a backslash hides only a quote or a backslash: old browsers send {@code
 * filename="C:\dir\a.txt"}. A parameter that comes twice is refused, since two readers could take two different ones.
 */
public final class FieldParameters {

    private final String value;

    /** Lower-case names at even and values at odd places. */
    private final List<String> parameters = new ArrayList<>(4);

    private FieldParameters(FieldScanner text) {
        value = text.until(";").strip().toLowerCase(Locale.ROOT);
    }

    /** Parses a value; null if it is malformed. */
    public static @Nullable FieldParameters parse(String text) {
        var scanner = new FieldScanner(text);
        var parsed = new FieldParameters(scanner);
        while (!scanner.isAtEnd()) {
            if (!parsed.parseNext(scanner)) {
                return null;
            }
        }
        return parsed;
    }

    /** What stands before the parameters, in lower case. */
    public String value() {
        return value;
    }

    /** The value of a parameter, without its quotes; null if there is none. */
    public @Nullable String get(String lowerCaseName) {
        for (int i = 0; i < parameters.size(); i += 2) {
            if (parameters.get(i).equals(lowerCaseName)) {
                return parameters.get(i + 1);
            }
        }
        return null;
    }

    /** Takes a semicolon and, unless it is the last, a parameter; false if that is malformed. */
    private boolean parseNext(FieldScanner text) {
        if (!text.take(';')) {
            return false;
        }
        text.skipBlanks();
        if (text.isAtEnd()) {
            return true;
        }
        String name = text.token().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || !text.take('=') || get(name) != null) {
            return false;
        }
        // More than a token may be: boundaries with an equals sign come without quotes.
        boolean quoted = text.isAt('"');
        String parameter = quoted ? text.quoted("\"\\") : text.until(" \t;\"");
        if (parameter == null || (parameter.isEmpty() && !quoted)) {
            return false;
        }
        parameters.add(name);
        parameters.add(parameter);
        text.skipBlanks();
        return true;
    }
}
