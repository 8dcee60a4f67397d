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

    private final String text;
    private int at;

    private FieldParameters(String text) {
        this.text = text;
        int end = text.indexOf(';');
        at = end < 0 ? text.length() : end;
        value = text.substring(0, at).strip().toLowerCase(Locale.ROOT);
    }

    /** Parses a value; null if it is malformed. */
    public static @Nullable FieldParameters parse(String text) {
        var parsed = new FieldParameters(text);
        while (parsed.at < text.length()) {
            if (!parsed.parseNext()) {
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
    private boolean parseNext() {
        if (text.charAt(at) != ';') {
            return false;
        }
        at++;
        skipBlanks();
        if (at == text.length()) {
            return true;
        }
        int start = at;
        while (at < text.length() && FieldSyntax.isTokenChar(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at).toLowerCase(Locale.ROOT);
        if (name.isEmpty() || at == text.length() || text.charAt(at) != '=' || get(name) != null) {
            return false;
        }
        at++;
        String parameter = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
        if (parameter == null) {
            return false;
        }
        parameters.add(name);
        parameters.add(parameter);
        skipBlanks();
        return true;
    }

    private @Nullable String quoted() {
        var unquoted = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                at = i + 1;
                return unquoted.toString();
            }
            if (c == '\\' && i + 1 < text.length() && (text.charAt(i + 1) == '"' || text.charAt(i + 1) == '\\')) {
                i++;
                c = text.charAt(i);
            }
            unquoted.append(c);
        }
        return null;
    }

    /** More than a token may be: boundaries with an equals sign come without quotes. */
    private @Nullable String bare() {
        int start = at;
        while (at < text.length() && " \t;\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at == start ? null : text.substring(start, at);
    }

    private void skipBlanks() {
        while (at < text.length() && FieldSyntax.isBlank(text.charAt(at))) {
            at++;
        }
    }
}
