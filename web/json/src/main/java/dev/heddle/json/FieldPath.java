package dev.heddle.json;

import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;

/**
 * The way from the root of a document to one of its fields, as {@code order.lines[2].price}. A name that is no plain
 * word stands as {@code map["a.b"]}.
 *
 * <p>Names of maps and unknown names come from the peer. So a name is cut, a long way loses its beginning, and all but
 * the harmless part of ASCII is escaped: what comes out is fit for a log, a terminal and a page.
 */
final class FieldPath {

    /** Most characters of one name, before its escapes. */
    static final int MAX_NAME = 64;

    /** Most characters of the path, unless its last step alone is longer. */
    static final int MAX_PATH = 400;

    private static final String CUT = "...";

    private FieldPath() {}

    /** The path in words, empty for the root. */
    static String of(List<JacksonException.Reference> steps) {
        var path = new StringBuilder();
        // From the end, since that is the part to keep.
        for (int i = steps.size() - 1; i >= 0; i--) {
            String step = step(steps.get(i), i == 0);
            if (!path.isEmpty() && path.length() + step.length() > MAX_PATH) {
                return path.insert(0, CUT).toString();
            }
            path.insert(0, step);
        }
        return path.toString();
    }

    /**
     * The path as a JSON Pointer (RFC 6901), up to a step that is too long or not known, so that it always points at
     * something.
     */
    static String pointer(List<JacksonException.Reference> steps) {
        var pointer = new StringBuilder();
        for (JacksonException.Reference step : steps) {
            String name = step.getPropertyName();
            if (name == null ? step.getIndex() < 0 : name.length() > MAX_NAME) {
                break;
            }
            String part = name == null
                    ? Integer.toString(step.getIndex())
                    : name.replace("~", "~0").replace("/", "~1");
            if (pointer.length() + part.length() >= MAX_PATH) {
                break;
            }
            pointer.append('/').append(part);
        }
        return pointer.toString();
    }

    private static String step(JacksonException.Reference step, boolean first) {
        String name = step.getPropertyName();
        if (name == null) {
            return "[" + (step.getIndex() < 0 ? "?" : step.getIndex()) + "]";
        }
        if (isPlain(name)) {
            return first ? name : "." + name;
        }
        return "[\"" + shown(name, MAX_NAME) + "\"]";
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '@';
            if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '-'))) {
                return false;
            }
        }
        return true;
    }

    /** A text cut at so many characters, with escapes for all that could do something where it is shown. */
    static String shown(String text, int max) {
        var shown = new StringBuilder();
        for (int i = 0; i < Math.min(max, text.length()); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || "\"\\<>&'".indexOf(c) >= 0) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > max ? shown.append(CUT).toString() : shown.toString();
    }
}
