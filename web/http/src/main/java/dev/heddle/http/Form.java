package dev.heddle.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The names and values of a form, in the order in which they came. A name may come more than once, and may be empty.
 *
 * <pre>{@code
 * Form form = request.form();
 * String name = form.get("name").orElseThrow(() -> new StatusException(400, "name is missing"));
 * List<String> colours = form.all("colour");
 * }</pre>
 *
 * <p>Text is UTF-8, always: a field {@code _charset_} is a field like any other.
 *
 * <p>Threads: any. To test code that uses one, make it with {@link #of}.
 */
public final class Form {

    /** Names at even and values at odd places; looked through one by one, so nobody can aim at a hash table. */
    private final List<String> pairs;

    private Form(List<String> pairs) {
        this.pairs = pairs;
    }

    /**
     * Makes a form from names and values in turn.
     *
     * @param namesAndValues a name, its value, the next name, and so on
     * @throws IllegalArgumentException if the count is odd
     */
    public static Form of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, got " + namesAndValues.length);
        }
        return new Form(List.of(namesAndValues));
    }

    /** The first value of a name; empty if the form has no such name. */
    public Optional<String> get(String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return Optional.of(pairs.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** All values of a name, in order; empty if the form has no such name. */
    public List<String> all(String name) {
        var values = new ArrayList<String>(2);
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                values.add(pairs.get(i + 1));
            }
        }
        return Collections.unmodifiableList(values);
    }

    /** The names in order of first appearance, each once. */
    public Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (int i = 0; i < pairs.size(); i += 2) {
            names.add(pairs.get(i));
        }
        return Collections.unmodifiableSet(names);
    }

    /** Calls the action with each name and its value, in order. */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < pairs.size(); i += 2) {
            action.accept(pairs.get(i), pairs.get(i + 1));
        }
    }

    /** How many values there are; a name that comes twice counts twice. */
    public int size() {
        return pairs.size() / 2;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return pairs.isEmpty();
    }

    /** How many values there are; neither names nor values, which may be secret. */
    @Override
    public String toString() {
        return "Form[" + size() + "]";
    }
}
