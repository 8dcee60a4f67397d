package dev.heddle.json;

import dev.heddle.http.ParameterFault.In;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A parameter that a route of an {@link Api} takes beside its body, with the rules of its value.
 *
 * <pre>{@code
 * Operation.of("Orders")
 *         .with(Parameter.query("limit", Integer.class).optional().atLeast(1).atMost(100).about("at most so many"))
 *         .with(Parameter.path("sku", String.class).matching("[A-Z]{3}-[0-9]+", "the number of an article"))
 *         .with(Parameter.header("X-Tenant", UUID.class))
 * }</pre>
 *
 * <p>A request whose parameter is missing, comes twice or breaks a rule gets 400 before the handler runs: a problem
 * (RFC 9457) with all such parameters by their names, what each must be and the keyword of JSON Schema that is broken.
 * The handler reads them as ever: {@code request.queryInt}, {@code path}, {@code header}, {@code form}.
 *
 * <p>Immutable, for any thread.
 */
public final class Parameter {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private static final List<Class<?>> TYPES = List.of(
            String.class, Integer.class, Long.class, Boolean.class, UUID.class);

    /** Fields that a document has other words for; it would be read without them (OpenAPI 3.1.1, 4.8.12). */
    private static final Set<String> NOT_IN_DOCUMENTS = Set.of("accept", "content-type", "authorization");

    private final In in;
    private final String name;
    private final Class<?> type;
    private final boolean required;
    private final String text;
    private final List<Rule> rules;

    private Parameter(In in, String name, Class<?> type, boolean required, String text, List<Rule> rules) {
        this.in = in;
        this.name = name;
        this.type = type;
        this.required = required;
        this.text = text;
        this.rules = rules;
    }

    /**
     * A parameter of the query that must be there.
     *
     * @param name 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}
     * @param type {@code String}, {@code Integer}, {@code Long}, {@code Boolean}, {@code UUID} or an enum, whose
     *     constants are taken by their names
     * @throws IllegalArgumentException if the name or the type is another one
     */
    public static Parameter query(String name, Class<?> type) {
        return of(In.QUERY, name, type);
    }

    /**
     * A field of the head that must be there, as {@link #query}.
     *
     * @param name in any case; not {@code Accept}, {@code Content-Type} or {@code Authorization}, of which documents
     *     speak in other words
     */
    public static Parameter header(String name, Class<?> type) {
        if (NOT_IN_DOCUMENTS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + " is no parameter in a document");
        }
        return of(In.HEADER, name, type);
    }

    /**
     * A field of a form that must be there, as {@link #query}. The route reads its body as {@code
     * application/x-www-form-urlencoded}, within the default limits; the handler gets the same form by {@code
     * request.form()}.
     */
    public static Parameter form(String name, Class<?> type) {
        return of(In.FORM, name, type);
    }

    /**
     * A place of the route's path, to say more of it. One that is not of its kind is another path and gets 404; one
     * that breaks a rule gets 400.
     *
     * @param type as the route has it: {@code Integer} for {@code {name:int}}, {@code Long}, {@code UUID}, or {@code
     *     String}
     */
    public static Parameter path(String name, Class<?> type) {
        return of(In.PATH, name, type);
    }

    /** A place of which nothing is said; its name is the route's. */
    static Parameter place(String name, Class<?> type) {
        return new Parameter(In.PATH, name, type, true, "", List.of());
    }

    private static Parameter of(In in, String name, Class<?> type) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name has 1 to 64 letters, digits, _ . and -, not \"" + name + "\"");
        }
        if (!type.isEnum() && !TYPES.contains(type)) {
            throw new IllegalArgumentException(
                    "a parameter is a String, Integer, Long, Boolean, UUID or an enum, not " + type.getName());
        }
        return new Parameter(in, name, type, true, "", List.of());
    }

    /**
     * The same, which may be there or not.
     *
     * @throws IllegalArgumentException for a place of a path
     */
    public Parameter optional() {
        if (in == In.PATH) {
            throw new IllegalArgumentException("a path without " + name + " is another path");
        }
        return new Parameter(in, name, type, false, text, rules);
    }

    /** The same with words on what it is for, in CommonMark. */
    public Parameter about(String text) {
        return new Parameter(in, name, type, required, Objects.requireNonNull(text), rules);
    }

    /**
     * The same with a least value.
     *
     * @throws IllegalArgumentException if it is no number
     */
    public Parameter atLeast(long least) {
        return number(Bounds.atLeast(BigDecimal.valueOf(least)));
    }

    /** The same with a greatest value, as {@link #atLeast}. */
    public Parameter atMost(long most) {
        return number(Bounds.atMost(BigDecimal.valueOf(most)));
    }

    /**
     * The same with a length in characters of Unicode.
     *
     * @param min 0 or more
     * @param max {@code min} or more
     * @throws IllegalArgumentException if it is no text
     */
    public Parameter length(int min, int max) {
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("a length from " + min + " to " + max);
        }
        Parameter bounded = text(SizeRule.of(SizeRule.Measure.TEXT, true, max));
        return min == 0 ? bounded : bounded.text(SizeRule.of(SizeRule.Measure.TEXT, false, min));
    }

    /**
     * The same with a pattern that the whole text matches, as {@link String#matches}. It has so many steps for each
     * request; with loops in loops it may be given up.
     *
     * @param regexp stands in the document if JavaScript takes it the same way
     * @param expected what it must be, in words for the peer
     * @throws IllegalArgumentException if it is no text, or the pattern is malformed
     */
    public Parameter matching(String regexp, String expected) {
        return text(new WordedRule(PatternRule.of(Pattern.compile(regexp)), "must be " + expected));
    }

    private Parameter number(Rule rule) {
        if (!NumberRule.isNumber(type)) {
            throw new IllegalArgumentException(name + " is no number");
        }
        return with(rule);
    }

    private Parameter text(Rule rule) {
        if (type != String.class) {
            throw new IllegalArgumentException(name + " is no text");
        }
        return with(rule);
    }

    private Parameter with(Rule rule) {
        var all = new ArrayList<>(rules);
        all.add(rule);
        return new Parameter(in, name, type, required, text, List.copyOf(all));
    }

    // ---- for the API ----

    In in() {
        return in;
    }

    String name() {
        return name;
    }

    Class<?> type() {
        return type;
    }

    boolean required() {
        return required;
    }

    String text() {
        return text;
    }

    List<Rule> rules() {
        return rules;
    }

    /** Whether the other one would have its place; names of header fields have no case. */
    boolean isSame(Parameter other) {
        return in == other.in && (in == In.HEADER ? name.equalsIgnoreCase(other.name) : name.equals(other.name));
    }

    @Override
    public String toString() {
        return "Parameter[" + name + " in the " + in + "]";
    }
}
