package dev.heddle.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * The deserializer of a component that has rules. What breaks them is noted and the document read on, so that all can be
 * told at once; the record is made all the same, and never given to anybody.
 */
final class CheckedDeserializer extends DelegatingDeserializer {

    private final Rules rules;

    CheckedDeserializer(ValueDeserializer<?> delegate, Rules rules) {
        super(delegate);
        this.rules = rules;
    }

    /** For a component whose own deserializer is found when its type is resolved. */
    static ValueDeserializer<Object> unresolved(Rules rules) {
        return new Unresolved(rules);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegate) {
        return new CheckedDeserializer(delegate, rules);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
        return checked(super.deserialize(parser, context), parser, context);
    }

    @Override
    public @Nullable Object deserializeWithType(
            JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        return checked(super.deserializeWithType(parser, context, types), parser, context);
    }

    private @Nullable Object checked(@Nullable Object value, JsonParser parser, DeserializationContext context) {
        if (context.getAttribute(Findings.class) instanceof Findings findings) {
            if (value != null) {
                findings.check(rules, value, parser);
            }
            return value;
        }
        throw new IllegalStateException("rules of values are checked by a JacksonCodec, not by its mapper alone");
    }

    /** In place of the deserializer until its type is resolved. */
    private static final class Unresolved extends ValueDeserializer<Object> {

        private final Rules rules;

        Unresolved(Rules rules) {
            this.rules = rules;
        }

        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            if (property == null) {
                throw new IllegalStateException("a component without its record");
            }
            return new CheckedDeserializer(
                    context.findContextualValueDeserializer(property.getType(), property), rules);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            throw new IllegalStateException("a component that was not resolved");
        }
    }
}
