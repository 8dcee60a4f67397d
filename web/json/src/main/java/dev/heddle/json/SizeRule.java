package dev.heddle.json;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rule of how long a text is, or how many a list or an object has.
 *
 * @param most whether the limit is the most that may be, not the least
 */
record SizeRule(Measure measure, boolean most, int limit, String expected) implements Rule {

    /** What is counted. */
    enum Measure {
        /** Characters of Unicode, as JSON Schema counts them; not the units of a Java String. */
        TEXT("Length", "a text of", "character"),
        /** Bytes that are written as base64. */
        BYTES("Length", "a text in base64 of", "byte"),
        LIST("Items", "a list of", "item"),
        OBJECT("Properties", "an object of", "member");

        private final String keyword;
        private final String what;
        private final String unit;

        Measure(String keyword, String what, String unit) {
            this.keyword = keyword;
            this.what = what;
            this.unit = unit;
        }

        String words(boolean most, int limit) {
            return what + (most ? " at most " : " at least ") + limit + ' ' + unit + (limit == 1 ? "" : "s");
        }
    }

    static SizeRule of(Measure measure, boolean most, int limit) {
        return new SizeRule(measure, most, limit, measure.words(most, limit));
    }

    /** What is counted of values of this class; null if nothing is. */
    static @Nullable Measure measure(Class<?> type) {
        if (CharSequence.class.isAssignableFrom(type)) {
            return Measure.TEXT;
        } else if (type == byte[].class) {
            return Measure.BYTES;
        } else if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return Measure.LIST;
        }
        return Map.class.isAssignableFrom(type) ? Measure.OBJECT : null;
    }

    @Override
    public String keyword() {
        return (most ? "max" : "min") + measure.keyword;
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        int size = switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case CharSequence text -> Character.codePointCount(text, 0, text.length());
            case Collection<?> all -> all.size();
            case Map<?, ?> all -> all.size();
            default -> Array.getLength(value);
        };
        return most ? size <= limit : size >= limit;
    }

    @Override
    public void describe(ObjectNode schema) {
        Rule.add(schema, keyword(), node -> node.put(keyword(), written()));
    }

    /** Four characters stand for three bytes. */
    private long written() {
        return measure == Measure.BYTES ? (limit + 2L) / 3 * 4 : limit;
    }
}
