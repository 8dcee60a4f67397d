package dev.heddle.json;

import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.deser.jdk.PrimitiveArrayDeserializers;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * A deserializer that refuses the texts "NaN" and "Infinity", which Jackson takes for numbers, whatever is said of
 * texts; they pass many checks of a range.
 */
final class FiniteDeserializer extends DelegatingDeserializer {

    private FiniteDeserializer(ValueDeserializer<?> delegate) {
        super(delegate);
    }

    /** For all types of floating point. */
    static JacksonModule module() {
        var module = new SimpleModule("heddle-finite");
        for (Class<?> type : List.of(double.class, Double.class, float.class, Float.class)) {
            add(module, type, NumberDeserializers.find(type));
        }
        add(module, double[].class, PrimitiveArrayDeserializers.forType(double.class));
        add(module, float[].class, PrimitiveArrayDeserializers.forType(float.class));
        return module;
    }

    @SuppressWarnings("unchecked")
    private static void add(SimpleModule module, Class<?> type, ValueDeserializer<?> standard) {
        module.addDeserializer((Class<Object>) type, new FiniteDeserializer(standard));
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegate) {
        return new FiniteDeserializer(delegate);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        Object value = super.deserialize(parser, context);
        return isFinite(value) ? value : context.reportInputMismatch(this, "no finite number");
    }

    private static boolean isFinite(Object value) {
        return switch (value) {
            case Double d -> Double.isFinite(d);
            case Float f -> Float.isFinite(f);
            case double[] all -> {
                boolean finite = true;
                for (double d : all) {
                    finite &= Double.isFinite(d);
                }
                yield finite;
            }
            case float[] all -> {
                boolean finite = true;
                for (float f : all) {
                    finite &= Float.isFinite(f);
                }
                yield finite;
            }
            case null, default -> true;
        };
    }
}
