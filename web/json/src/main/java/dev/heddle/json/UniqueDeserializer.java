package dev.heddle.json;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.type.CollectionType;

/**
 * The deserializer of a {@code Set}, which keeps the order of the document and refuses an element that comes twice: it
 * would come out as something else than it went in.
 */
final class UniqueDeserializer extends StdDeserializer<Object> {

    private final CollectionType type;

    /** Reads it as a list; null until the type is resolved. */
    private final @Nullable ValueDeserializer<?> elements;

    UniqueDeserializer(CollectionType type) {
        this(type, null);
    }

    private UniqueDeserializer(CollectionType type, @Nullable ValueDeserializer<?> elements) {
        super(type);
        this.type = type;
        this.elements = elements;
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        JavaType list = context.getTypeFactory().constructCollectionType(List.class, type.getContentType());
        return new UniqueDeserializer(type, context.findContextualValueDeserializer(list, property));
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
        Object read = Objects.requireNonNull(elements, "a set that was not resolved").deserialize(parser, context);
        if (!(read instanceof Collection<?> list)) {
            return read;
        }
        Set<Object> set = new LinkedHashSet<>(list);
        if (set.size() < list.size() && context.getAttribute(Findings.class) instanceof Findings findings) {
            findings.add(UniqueRule.UNIQUE, parser);
        }
        return set;
    }
}
