package dev.heddle.json;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of a component, and of what it holds. An optional is transparent: what is said of it holds for its value.
 *
 * @param own those of the value itself
 * @param content those of the elements of a list or the values of a map; null if there are none
 * @param keys those of the names in a map; null if there are none
 */
record Rules(List<Rule> own, @Nullable Rules content, @Nullable Rules keys) {

    /** What an optional holds, or the value itself; null for none. */
    static @Nullable Object unwrapped(@Nullable Object value) {
        return switch (value) {
            case Optional<?> optional -> unwrapped(optional.orElse(null));
            case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : null;
            case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : null;
            case OptionalDouble optional -> optional.isPresent() ? optional.getAsDouble() : null;
            case null, default -> value;
        };
    }

    /** Says them in the schema of the component. */
    void describe(ObjectNode schema) {
        // What may be null as well stands in one of two schemas.
        ObjectNode inner = schema.at("/anyOf/0") instanceof ObjectNode one ? one : schema;
        own.forEach(rule -> rule.describe(inner));
        if (content != null) {
            String place = inner.has("items") ? "items" : "additionalProperties";
            if (inner.get(place) instanceof ObjectNode held) {
                content.describe(held);
            }
        }
        if (keys != null) {
            keys.describe(inner.withObject("propertyNames"));
        }
    }
}
