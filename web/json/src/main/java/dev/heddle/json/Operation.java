package dev.heddle.json;

import dev.heddle.http.server.RouteOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The operation of an {@link Api}'s document: what it says of a route beyond its types, and the parameters that it takes beside its body.
 *
 * <pre>{@code
 * Operation.of("What was ordered, the newest first")
 *         .optional("after", Long.class, "only orders with a higher number")
 *         .optional("state", State.class, "only orders of this state")
 *         .with(Parameter.query("limit", Integer.class).optional().atLeast(1).atMost(100))
 * }</pre>
 *
 * <p>Parameters are checked before the handler runs: {@link Parameter}.
 *
 * <p>Immutable, for any thread.
 */
public final class Operation {

    /** Nothing said: no query, status 200. */
    public static final Operation DEFAULT = new Operation(
            "", "", "", 200, List.of(), Map.of(), RouteOptions.DEFAULT);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final String summary;
    private final String id;
    private final String tag;
    private final int status;
    private final List<Parameter> parameters;
    private final Map<Integer, String> errors;
    private final RouteOptions options;

    private Operation(String summary, String id, String tag, int status, List<Parameter> parameters,
            Map<Integer, String> errors, RouteOptions options) {
        this.summary = summary;
        this.id = id;
        this.tag = tag;
        this.status = status;
        this.parameters = parameters;
        this.errors = errors;
        this.options = options;
    }

    /** An operation that is summed up so, in a line. */
    public static Operation of(String summary) {
        return new Operation(Objects.requireNonNull(summary), "", "", 200, List.of(), Map.of(), RouteOptions.DEFAULT);
    }

    /**
     * The same with an id, by which tools name their methods; else it is made of the method and the path.
     *
     * @throws IllegalArgumentException if it is not 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}
     */
    public Operation withId(String id) {
        return new Operation(summary, checked(id), tag, status, parameters, errors, options);
    }

    /** The same in a group of operations that documents show together. */
    public Operation withTag(String tag) {
        return new Operation(summary, id, Objects.requireNonNull(tag), status, parameters, errors, options);
    }

    /**
     * The same that answers with another status than 200.
     *
     * @param status 200 to 299; with 204 and 205 nothing of the value is written
     */
    public Operation withStatus(int status) {
        if (status < 200 || status > 299) {
            throw new IllegalArgumentException("an operation succeeds with 200 to 299, not " + status);
        }
        return new Operation(summary, id, tag, status, parameters, errors, options);
    }

    /**
     * The same that may answer with an error, of which the document tells.
     *
     * @param status 400 to 599
     */
    public Operation withError(int status, String meaning) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("an error is 400 to 599, not " + status);
        }
        var all = new LinkedHashMap<>(errors);
        all.put(status, Objects.requireNonNull(meaning));
        return new Operation(summary, id, tag, this.status, parameters, all, options);
    }

    /** The same with other options of its route. */
    public Operation withOptions(RouteOptions options) {
        return new Operation(summary, id, tag, status, parameters, errors, Objects.requireNonNull(options));
    }

    /**
     * The same with a parameter of the query that must be there, without rules.
     *
     * @param name as {@link Parameter#query} takes it, like the type
     * @param text what it is for
     * @throws IllegalArgumentException if the name is there already, or the type is another one
     */
    public Operation required(String name, Class<?> type, String text) {
        return with(Parameter.query(name, type).about(text));
    }

    /** The same with a parameter of the query that may be there, as {@link #required}. */
    public Operation optional(String name, Class<?> type, String text) {
        return with(Parameter.query(name, type).optional().about(text));
    }

    /**
     * The same with a parameter.
     *
     * @throws IllegalArgumentException if it is there already
     */
    public Operation with(Parameter parameter) {
        for (Parameter each : parameters) {
            if (each.isSame(parameter)) {
                throw new IllegalArgumentException("the parameter " + parameter.name() + " is there already");
            }
        }
        var all = new ArrayList<>(parameters);
        all.add(parameter);
        return new Operation(summary, id, tag, status, List.copyOf(all), errors, options);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name has 1 to 64 letters, digits, _ . and -, not \"" + name + "\"");
        }
        return name;
    }

    // ---- for the API ----

    String summary() {
        return summary;
    }

    String id() {
        return id;
    }

    String tag() {
        return tag;
    }

    int status() {
        return status;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    Map<Integer, String> errors() {
        return errors;
    }

    RouteOptions options() {
        return options;
    }

    @Override
    public String toString() {
        return "Operation[" + summary + "]";
    }
}
