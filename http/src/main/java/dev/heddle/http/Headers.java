package dev.heddle.http;

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
 * white space at either end. The case of a name says nothing: what came by HTTP/2 has lower case, and what came by HTTP/1 has the usual
 * case if the name is well known.
 *
 * <p>Threads: any.
 */
public final class Headers {

    /** No headers. */
    public static final Headers EMPTY = new Headers(new String[0], 0);

    /** Names at even and values at odd places; never changed once published. */
    private final String[] fields;

    private final int length;

    private Headers(String[] fields, int length) {
        this.fields = fields;
        this.length = length;
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
        var builder = new Builder(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** Makes headers from the first names and values in turn, known to be well formed, which are copied. */
    public static Headers ofChecked(String[] namesAndValues, int length) {
        return length == 0 ? EMPTY : new Headers(Arrays.copyOf(namesAndValues, length), length);
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
        var builder = new Builder(size());
        for (int i = 0; i < length; i += 2) {
            if (i == first) {
                builder.addChecked(name, value);
            } else if (!fields[i].equalsIgnoreCase(name)) {
                builder.addChecked(fields[i], fields[i + 1]);
            }
        }
        return builder.build();
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
        var builder = new Builder(size());
        for (int i = 0; i < length; i += 2) {
            if (!fields[i].equalsIgnoreCase(name)) {
                builder.addChecked(fields[i], fields[i + 1]);
            }
        }
        return builder.build();
    }

    /** The value of the first field of this name. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(first(name));
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

    /** The names in order of first appearance, each once and spelt as it first came. */
    public Set<String> names() {
        var seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        var names = new LinkedHashSet<String>();
        for (int i = 0; i < length; i += 2) {
            if (seen.add(fields[i])) {
                names.add(fields[i]);
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /** Calls the action with the name and value of every field, in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /** How many fields there are; a name that comes twice counts twice. */
    public int size() {
        return length / 2;
    }

    /** Whether there is no field. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Like {@link #get}, without the wrapper. */
    public @Nullable String first(String name) {
        int at = indexOf(name, 0);
        return at < 0 ? null : fields[at + 1];
    }

    /** How many fields have this name. */
    public int count(String name) {
        int count = 0;
        for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 2)) {
            count++;
        }
        return count;
    }

    /** The name of the field at an index from 0 to {@code size() - 1}. */
    public String nameAt(int index) {
        return fields[index * 2];
    }

    /** The value of the field at an index from 0 to {@code size() - 1}. */
    public String valueAt(int index) {
        return fields[index * 2 + 1];
    }

    private int indexOf(String name, int from) {
        for (int i = from; i < length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private Headers appended(String name, String value) {
        var grown = Arrays.copyOf(fields, length + 2);
        grown[length] = name;
        grown[length + 1] = value;
        return new Headers(grown, length + 2);
    }

    /** Same fields in the same order; names without regard to case. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Headers that) || that.length != length) {
            return false;
        }
        for (int i = 0; i < length; i += 2) {
            if (!fields[i].equalsIgnoreCase(that.fields[i]) || !fields[i + 1].equals(that.fields[i + 1])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = length;
        for (int i = 1; i < length; i += 2) {
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

        private String[] fields;
        private int length;

        public Builder(int expectedFields) {
            fields = new String[expectedFields * 2];
        }

        /** Adds a field after checking it. */
        public Builder add(String name, String value) {
            FieldSyntax.checkName(name);
            FieldSyntax.checkValue(name, value);
            return addChecked(name, value);
        }

        /** Adds a field whose name and value are known to be well formed, as a strict parser gives them. */
        public Builder addChecked(String name, String value) {
            if (length == fields.length) {
                fields = Arrays.copyOf(fields, Math.max(16, length * 2));
            }
            fields[length++] = name;
            fields[length++] = value;
            return this;
        }

        public int size() {
            return length / 2;
        }

        /** Whether a field of exactly this name is there. */
        public boolean contains(String name) {
            for (int i = 0; i < length; i += 2) {
                if (fields[i].equals(name)) {
                    return true;
                }
            }
            return false;
        }

        /** Hands the fields over; the builder is not used again. */
        public Headers build() {
            return length == 0 ? EMPTY : new Headers(fields, length);
        }
    }
}
