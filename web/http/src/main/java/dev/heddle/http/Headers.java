package dev.heddle.http;

import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message: ordered, immutable, found by name without regard to case.
 *
 * <p>Every name is a token (RFC 9110, section 5.6.2) and every value is free of line ends, NUL and other control
 * characters, so headers that exist can be written to the wire as they are. Values are Latin-1 text; a value has no
 * white space at either end. The case of a name says nothing: what came by HTTP/2 has lower case, and what came by
 * HTTP/1 has the usual case if the name is well known.
 *
 * <p>To change some, make a copy:
 *
 * <pre>{@code
 * Headers passedOn = request.headers().endToEnd().without("Cookie").with("X-Request-Id", id);
 * }</pre>
 *
 * <p>Threads: any.
 */
public final class Headers {

    /**
     * What is for one connection or its proxy only (RFC 9110, section 7.6.1), or says how this message is cut; as of
     * 2026-11. A new one of that kind stands in {@code Connection}, by which it goes away too.
     */
    private static final Set<String> OF_ONE_CONNECTION = FieldSyntax.names(
            "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-authenticate",
            "proxy-authentication-info", "proxy-authorization", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade");

    /** No headers. */
    public static final Headers EMPTY = new Headers(new String[0]);

    /** Names at even and values at odd places; never changed once published. */
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    /** Also for {@code ReadHeaders}, which has looked at each field. */
    private static Headers ofChecked(FieldList fields) {
        return fields.size() == 0 ? EMPTY : new Headers(fields.toArray());
    }

    /**
     * Makes headers from names and values in turn.
     *
     * @param namesAndValues a name, its value, the next name, and so on; the same name may come again
     * @throws IllegalArgumentException if the count is odd, a name is no token or a value has a forbidden character
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, got " + namesAndValues.length);
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** Begins headers of which there are many, or not always the same. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * These headers with exactly one field of this name: it takes the place of the first such field, others go away.
     *
     * @throws IllegalArgumentException if the name is no token or the value has a forbidden character
     */
    public Headers with(String name, String value) {
        FieldSyntax.checkName(name);
        FieldSyntax.checkValue(name, value);
        int first = indexOf(name, 0);
        if (first < 0) {
            return appended(name, value);
        }
        var kept = new FieldList(size());
        for (int i = 0; i < fields.length; i += 2) {
            if (i == first) {
                kept.add(name, value);
            } else if (!fields[i].equalsIgnoreCase(name)) {
                kept.add(fields[i], fields[i + 1]);
            }
        }
        return ofChecked(kept);
    }

    /**
     * These headers with one more field at the end, whether or not the name is there already.
     *
     * @throws IllegalArgumentException if the name is no token or the value has a forbidden character
     */
    public Headers withAdded(String name, String value) {
        FieldSyntax.checkName(name);
        FieldSyntax.checkValue(name, value);
        return appended(name, value);
    }

    /** These headers without the fields of this name. */
    public Headers without(String name) {
        if (!contains(name)) {
            return this;
        }
        var kept = new FieldList(size());
        for (int i = 0; i < fields.length; i += 2) {
            if (!fields[i].equalsIgnoreCase(name)) {
                kept.add(fields[i], fields[i + 1]);
            }
        }
        return ofChecked(kept);
    }

    /**
     * These headers with those of others: each name that the others have comes with all its values from there and in
     * their order, behind what stays of these.
     */
    public Headers with(Headers others) {
        if (isEmpty() || others.isEmpty()) {
            return isEmpty() ? others : this;
        }
        var kept = new FieldList(size() + others.size());
        Set<String> replaced = others.namesInAnyCase();
        for (int i = 0; i < fields.length; i += 2) {
            if (!replaced.contains(fields[i])) {
                kept.add(fields[i], fields[i + 1]);
            }
        }
        others.forEach(kept::add);
        return ofChecked(kept);
    }

    /**
     * These headers without what is for one connection only (RFC 9110, section 7.6.1): for a message that is passed on.
     * Away go {@code Connection} and every field that it names, what belongs to a proxy, and what says how long the
     * message is, since whoever sends it on says that anew. {@code Host} stays, and so does {@code Content-Encoding},
     * which is right only for a body that is passed on as it came.
     */
    public Headers endToEnd() {
        Set<String> named = namedByConnection();
        var kept = new FieldList(size());
        for (int i = 0; i < fields.length; i += 2) {
            if (!OF_ONE_CONNECTION.contains(fields[i]) && !named.contains(fields[i])) {
                kept.add(fields[i], fields[i + 1]);
            }
        }
        return kept.size() == size() ? this : ofChecked(kept);
    }

    /** Beside those that belong to a connection anyway. */
    private Set<String> namedByConnection() {
        Set<String> named = Set.of();
        for (int at = indexOf("Connection", 0); at >= 0; at = indexOf("Connection", at + 2)) {
            String value = fields[at + 1];
            if (OF_ONE_CONNECTION.contains(value) || value.equalsIgnoreCase("close")) {
                continue;
            }
            named = named.isEmpty() ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : named;
            for (String name : value.split(",", -1)) {
                named.add(name.strip());
            }
        }
        return named;
    }

    private Set<String> namesInAnyCase() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < fields.length; i += 2) {
            names.add(fields[i]);
        }
        return names;
    }

    /** The value of the first field of this name. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(first(name));
    }

    /** The value of the first field of this name, or null: {@link #get} for code that runs for each message. */
    public @Nullable String first(String name) {
        int at = indexOf(name, 0);
        return at < 0 ? null : fields[at + 1];
    }

    /** The values of all fields of this name in order; empty if there is none. Not split at commas. */
    public List<String> all(String name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return List.of();
        }
        var values = new ArrayList<String>(2);
        for (; at >= 0; at = indexOf(name, at + 2)) {
            values.add(fields[at + 1]);
        }
        return Collections.unmodifiableList(values);
    }

    /** Whether there is a field of this name. */
    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** How many fields have this name. */
    public int count(String name) {
        int count = 0;
        for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 2)) {
            count++;
        }
        return count;
    }

    /** The names in order of first appearance, each once and spelt as it first came. */
    public Set<String> names() {
        var seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        var names = new LinkedHashSet<String>();
        for (int i = 0; i < fields.length; i += 2) {
            if (seen.add(fields[i])) {
                names.add(fields[i]);
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /** Calls the action with the name and value of every field, in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < fields.length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /** How many fields there are; a name that comes twice counts twice. */
    public int size() {
        return fields.length / 2;
    }

    /** Whether there is no field. */
    public boolean isEmpty() {
        return fields.length == 0;
    }

    /**
     * The name of one field, as it came.
     *
     * @param index from 0 to {@code size() - 1}
     */
    public String name(int index) {
        return fields[index * 2];
    }

    /**
     * The value of one field.
     *
     * @param index from 0 to {@code size() - 1}
     */
    public String value(int index) {
        return fields[index * 2 + 1];
    }

    private int indexOf(String name, int from) {
        for (int i = from; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private Headers appended(String name, String value) {
        String[] grown = Arrays.copyOf(fields, fields.length + 2);
        grown[fields.length] = name;
        grown[fields.length + 1] = value;
        return new Headers(grown);
    }

    /** Same fields in the same order; names without regard to case. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Headers that) || that.fields.length != fields.length) {
            return false;
        }
        for (int i = 0; i < fields.length; i += 2) {
            if (!fields[i].equalsIgnoreCase(that.fields[i]) || !fields[i + 1].equals(that.fields[i + 1])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = fields.length;
        for (int i = 1; i < fields.length; i += 2) {
            hash = 31 * hash + fields[i].hashCode();
        }
        return hash;
    }

    /** The names and how many fields there are; no values, since those may be secret. */
    @Override
    public String toString() {
        return "Headers" + names();
    }

    /** Collects fields in order. For one task. */
    public static final class Builder {

        private final FieldList fields = new FieldList(8);

        private Builder() {}

        /**
         * Adds a field at the end, whether or not the name is there already.
         *
         * @throws IllegalArgumentException if the name is no token or the value has a forbidden character
         */
        public Builder add(String name, String value) {
            FieldSyntax.checkName(name);
            FieldSyntax.checkValue(name, value);
            fields.add(name, value);
            return this;
        }

        /** The headers so far. */
        public Headers build() {
            return ofChecked(fields);
        }
    }
}
