package dev.heddle.json;

import dev.heddle.http.ParameterFault.In;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The check of what a program says of a route's parameters against its path, and the reading of that. */
final class RouteParameters {

    /** A place of a route: its name, and its kind or the dots of one that takes several segments. */
    static final Pattern PLACE = Pattern.compile("\\{([^}:.]+)(?::([a-z]+)|(\\.\\.\\.))?}");

    private static final Map<String, Class<?>> KINDS = Map.of("int", Integer.class, "long", Long.class, "uuid",
            UUID.class);

    private RouteParameters() {}

    /** The type of a place that was found. */
    static Class<?> type(Matcher place) {
        return place.group(2) == null ? String.class : KINDS.getOrDefault(place.group(2), String.class);
    }

    /**
     * Refuses what cannot be.
     *
     * @param json whether the body is JSON
     */
    static void check(String method, String path, boolean json, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (parameter.in() == In.PATH) {
                checkPlace(path, parameter);
            } else if (parameter.in() == In.FORM && (json || method.equals("GET") || method.equals("DELETE"))) {
                throw new IllegalArgumentException(
                        method + " " + path + " takes no form, and so no " + parameter.name());
            }
        }
    }

    private static void checkPlace(String path, Parameter parameter) {
        Matcher places = PLACE.matcher(path);
        while (places.find()) {
            if (places.group(1).equals(parameter.name())) {
                if (type(places) != parameter.type()) {
                    throw new IllegalArgumentException(parameter.name() + " in " + path + " is "
                            + type(places).getSimpleName() + ", not " + parameter.type().getSimpleName());
                }
                return;
            }
        }
        throw new IllegalArgumentException(path + " has no " + parameter.name());
    }
}
