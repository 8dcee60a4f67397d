package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route's path with its places for values: {@code /users/{id:int}} or {@code /docs/{path...}}.
 *
 * @param text as written
 * @param segments the literal text of each segment, or {@link PathParameterType#mark}, or as the last {@link #REST}
 * @param names the names of the places in order
 */
public record RouteTemplate(String text, List<String> segments, List<String> names) {

    /** One or more segments of any text, up to the end. */
    public static final String REST = "{...}";

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it does not start with a slash, or a place is malformed or named twice
     */
    public static RouteTemplate parse(String text) {
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
                String place = part.substring(1, part.length() - (rest ? 4 : 1));
                int colon = rest ? -1 : place.indexOf(':');
                names.add(colon < 0 ? place : place.substring(0, colon));
                segments.add(rest
                        ? REST
                        : kind(colon < 0 ? PathParameterType.TEXT : PathParameterType.named(place.substring(colon + 1)),
                                text));
            } else {
                checkSpelling(part, text);
                checkLiteral(part, text);
                segments.add(part);
            }
        }
        for (String name : names) {
            if (!FieldSyntax.isToken(name) || name.indexOf('*') >= 0) {
                throw new IllegalArgumentException("a place needs a plain name, {name} or {name...}: " + text);
            }
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("a name comes twice: " + text);
        }
        return new RouteTemplate(text, List.copyOf(segments), List.copyOf(names));
    }

    /**
     * This path below a prefix, of which {@code /} stands for the prefix itself.
     *
     * @param prefix without a slash at the end; empty for none
     * @throws IllegalArgumentException if both have a place of the same name
     */
    public RouteTemplate below(String prefix) {
        return prefix.isEmpty() ? this : parse(text.equals("/") ? prefix : prefix + text);
    }

    private static String kind(@Nullable PathParameterType kind, String text) {
        if (kind == null) {
            throw new IllegalArgumentException("the kinds of places are int, long and uuid: " + text);
        }
        return kind.mark();
    }

    private static void checkLiteral(String part, String text) {
        if (part.equals(".") || part.equals("..") || part.indexOf('?') >= 0 || part.indexOf('#') >= 0) {
            throw new IllegalArgumentException("no request can have this path: " + text);
        }
        if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a place is a whole segment: " + text);
        }
    }

    /** Refuses the places of other frameworks, which would be literals here that no request has. */
    private static void checkSpelling(String part, String text) {
        String place = part.startsWith("*") || part.equals("(.*)") ? "{path...}" : "{name}";
        if (part.startsWith(":") || (part.startsWith("<") && part.endsWith(">"))) {
            String name = part.replaceFirst("^<\\w+:", "").replaceAll("\\W", "");
            place = name.isEmpty() ? place : "{" + name + "}";
        } else if (!part.startsWith("*") && !part.equals("(.*)")) {
            return;
        }
        throw new IllegalArgumentException("a place is written " + place + ", not " + part + ": " + text);
    }

    /** Whether it has no places, so that it can be looked up as it is. */
    public boolean isLiteral() {
        return names.isEmpty();
    }
}
