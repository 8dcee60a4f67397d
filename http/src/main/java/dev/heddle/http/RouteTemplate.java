package dev.heddle.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A route's path with its places for values: {@code /users/{id}} or {@code /docs/{path...}}.
 *
 * @param text as written
 * @param segments the literal text of each segment, or {@link #PLACE}, or as the last {@link #REST}
 * @param names the names of the places in order
 */
record RouteTemplate(String text, List<String> segments, List<String> names) {

    /** One segment of any text. No literal has braces, so nothing else is equal to it. */
    static final String PLACE = "{}";

    /** One or more segments of any text, up to the end. */
    static final String REST = "{...}";

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it does not start with a slash, or a place is malformed or named twice
     */
    static RouteTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a route starts with a slash: " + text);
        }
        var segments = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (String part : text.substring(1).split("/", -1)) {
            if (!segments.isEmpty() && segments.getLast().equals(REST)) {
                throw new IllegalArgumentException("nothing may follow {...}: " + text);
            }
            if (part.startsWith("{") && part.endsWith("}")) {
                boolean rest = part.endsWith("...}");
                names.add(part.substring(1, part.length() - (rest ? 4 : 1)));
                segments.add(rest ? REST : PLACE);
            } else {
                checkLiteral(part, text);
                segments.add(part);
            }
        }
        for (String name : names) {
            if (!FieldSyntax.isToken(name)) {
                throw new IllegalArgumentException("a place needs a plain name: " + text);
            }
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("a name comes twice: " + text);
        }
        return new RouteTemplate(text, List.copyOf(segments), List.copyOf(names));
    }

    private static void checkLiteral(String part, String text) {
        if (part.equals(".") || part.equals("..") || part.indexOf('?') >= 0 || part.indexOf('#') >= 0) {
            throw new IllegalArgumentException("no request can have this path: " + text);
        }
        if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a place is a whole segment: " + text);
        }
    }

    /** Whether it has no places, so that it can be looked up as it is. */
    boolean isLiteral() {
        return names.isEmpty();
    }
}
