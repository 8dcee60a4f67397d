package dev.heddle.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of types as a mapper writes them (JSON Schema 2020-12), each record a component. Owned by the call that
 * makes a document.
 */
final class Schemas {

    /** Components of one document; a type that makes new ones for ever is found by that. */
    static final int MAX_COMPONENTS = 10_000;

    /** What a text means, where a class says so. */
    private static final Map<Class<?>, String> FORMATS = Map.of(
            UUID.class, "uuid", URI.class, "uri", Instant.class, "date-time", OffsetDateTime.class, "date-time",
            ZonedDateTime.class, "date-time", LocalDate.class, "date", LocalTime.class, "time", Duration.class,
            "duration");

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final JsonMapper mapper;
    private final Map<JavaType, String> names = new HashMap<>();
    private final Map<String, ObjectNode> components = new TreeMap<>();

    /** Components that requests are read into, which refuse fields that they do not know. */
    private final Set<String> read = new HashSet<>();

    /** Those that take fields that they do not know. */
    private final Set<ObjectNode> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Whether the mapper has rules of values checked. */
    private final boolean ruled;

    private boolean sending;

    Schemas(JsonMapper mapper) {
        this.mapper = mapper;
        this.ruled = ValueRules.areIn(mapper);
    }

    /** Notes what requests are read into. */
    void sent(Class<?> type) {
        if (type != Void.class) {
            sending = true;
            of(type);
            sending = false;
        }
    }

    ObjectNode of(Class<?> type) {
        return schema(mapper.constructType(type));
    }

    /** What a refused request is answered with. */
    ObjectNode refusal() {
        components.computeIfAbsent(RefusalSchema.NAME, name -> RefusalSchema.make(nodes));
        return reference(RefusalSchema.NAME);
    }

    private ObjectNode reference(String name) {
        return nodes.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    ObjectNode components() {
        ObjectNode all = nodes.objectNode();
        components.forEach((name, schema) -> {
            if (read.contains(name) && schema.has("properties") && !open.contains(schema)) {
                schema.put("additionalProperties", false);
            }
            all.set(name, schema);
        });
        return all;
    }

    private ObjectNode schema(JavaType type) {
        if (type.isJavaLangObject()) {
            return nodes.objectNode();
        }
        if (type.isReferenceType()) {
            return orNull(schema(Objects.requireNonNull(type.getContentType())));
        }
        if (type.isMapLikeType()) {
            ObjectNode map = nodes.objectNode().put("type", "object");
            map.set("additionalProperties", schema(type.getContentType()));
            return map;
        }
        if (type.getRawClass() == byte[].class) {
            return nodes.objectNode().put("type", "string").put("contentEncoding", "base64");
        }
        if (type.isContainerType()) {
            ObjectNode list = nodes.objectNode().put("type", "array");
            list.set("items", schema(type.getContentType()));
            if (ruled && (type.getRawClass() == Set.class || type.getRawClass() == HashSet.class)) {
                UniqueRule.UNIQUE.describe(list);
            }
            return list;
        }
        List<NamedType> kinds = kinds(type);
        if (type.getRawClass().isRecord() || !kinds.isEmpty()) {
            return reference(component(type, kinds));
        }
        return look(type).schema();
    }

    /** The same, or null. */
    private ObjectNode orNull(ObjectNode schema) {
        if (schema.isEmpty()) {
            return schema;
        }
        ObjectNode either = nodes.objectNode();
        either.putArray("anyOf").add(schema).addObject().put("type", "null");
        return either;
    }

    private String component(JavaType type, List<NamedType> kinds) {
        String known = names.get(type);
        if (known != null) {
            if (sending && read.add(known)) {
                // What it holds is read as well.
                fill(Objects.requireNonNull(components.get(known)), type, kinds);
            }
            return known;
        }
        String simple = type.getRawClass().getSimpleName() + arguments(type);
        String name = components.containsKey(simple) || simple.equals(RefusalSchema.NAME)
                ? type.toCanonical().replaceAll("[^A-Za-z0-9._-]+", "_")
                : simple;
        if (components.size() == MAX_COMPONENTS) {
            throw new IllegalArgumentException("more than " + MAX_COMPONENTS + " types in one API");
        }
        ObjectNode component = nodes.objectNode();
        // Known before it is filled, since it may hold itself.
        names.put(type, name);
        components.put(name, component);
        if (sending) {
            read.add(name);
        }
        fill(component, type, kinds);
        return name;
    }

    /** {@code _Order} for {@code Page<Order>}. */
    private static String arguments(JavaType type) {
        var text = new StringBuilder();
        for (JavaType argument : type.getBindings().getTypeParameters()) {
            text.append('_').append(argument.getRawClass().getSimpleName()).append(arguments(argument));
        }
        return text.toString();
    }

    private void fill(ObjectNode component, JavaType type, List<NamedType> kinds) {
        component.removeAll();
        if (type.isAbstract() && !kinds.isEmpty()) {
            ArrayNode either = component.putArray("oneOf");
            for (NamedType kind : kinds) {
                either.add(schema(mapper.constructType(kind.getType())));
            }
            component.putObject("discriminator").put("propertyName", property(type));
            return;
        }
        component.put("type", "object");
        JsonIgnoreProperties ignored = type.getRawClass().getAnnotation(JsonIgnoreProperties.class);
        if (ignored != null && ignored.ignoreUnknown()) {
            open.add(component);
        }
        ObjectNode properties = component.putObject("properties");
        List<String> required = new ArrayList<>();
        String told = property(type);
        if (told != null) {
            properties.putObject(told).put("const", kinds.stream()
                    .filter(kind -> kind.getType() == type.getRawClass())
                    .map(Schemas::name)
                    .findFirst()
                    .orElseGet(() -> name(new NamedType(type.getRawClass()))));
            required.add(told);
        }
        look(type).properties.forEach((name, one) -> {
            boolean nullable = RequiredComponents.isOptional(type.getRawClass(), one.getMember().getName());
            ObjectNode schema = schema(one.getType());
            ObjectNode property = nullable && !one.getType().isReferenceType() ? orNull(schema) : schema;
            Rules rules = ruled
                    ? ComponentRules.of(type.getRawClass(), one.getMember().getName(), one.getType())
                    : null;
            if (rules != null) {
                rules.describe(property);
            }
            properties.set(name, property);
            if (!nullable) {
                required.add(name);
            }
        });
        if (!required.isEmpty()) {
            required.forEach(component.putArray("required")::add);
        }
    }

    // ---- what Jackson knows ----

    private JsonTypeInfo.@Nullable Value told(JavaType type) {
        SerializationConfig config = mapper.serializationConfig();
        return config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, annotated(type));
    }

    private AnnotatedClass annotated(JavaType type) {
        return mapper.serializationConfig().classIntrospectorInstance().introspectClassAnnotations(type);
    }

    /** The property that tells which of several kinds a value is; null if none does. */
    private @Nullable String property(JavaType type) {
        JsonTypeInfo.Value told = told(type);
        if (told == null || told.getIdType() != JsonTypeInfo.Id.NAME
                || told.getInclusionType() != JsonTypeInfo.As.PROPERTY) {
            return null;
        }
        String name = told.getPropertyName();
        return name == null ? told.getIdType().getDefaultPropertyName() : name;
    }

    /** What a value of this type may be, if a property tells which. */
    private List<NamedType> kinds(JavaType type) {
        if (property(type) == null) {
            return List.of();
        }
        SerializationConfig config = mapper.serializationConfig();
        Collection<NamedType> all = config.getSubtypeResolver()
                .collectAndResolveSubtypesByTypeId(config, annotated(type));
        return all.stream().filter(kind -> !mapper.constructType(kind.getType()).isAbstract())
                .sorted(Comparator.comparing(Schemas::name))
                .toList();
    }

    /** As Jackson names a kind that has no name: its class without the package. */
    private static String name(NamedType kind) {
        String binary = kind.getType().getName();
        return kind.hasName() ? kind.getName() : binary.substring(binary.lastIndexOf('.') + 1);
    }

    private Look look(JavaType type) {
        var look = new Look(type);
        try {
            mapper.acceptJsonFormatVisitor(type, look);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a " + type.toCanonical() + " cannot be described", e);
        }
        return look;
    }

    /** What Jackson tells of one type, without what that holds. */
    private final class Look extends JsonFormatVisitorWrapper.Base {

        private final JavaType type;
        private final Map<String, BeanProperty> properties = new LinkedHashMap<>();
        private final ObjectNode said = nodes.objectNode();

        Look(JavaType type) {
            this.type = type;
        }

        ObjectNode schema() {
            return said;
        }

        @Override
        public JsonObjectFormatVisitor expectObjectFormat(JavaType looked) {
            said.put("type", "object");
            return new JsonObjectFormatVisitor.Base(getContext()) {
                @Override
                public void property(BeanProperty one) {
                    properties.put(one.getName(), one);
                }

                @Override
                public void optionalProperty(BeanProperty one) {
                    properties.put(one.getName(), one);
                }
            };
        }

        @Override
        public JsonArrayFormatVisitor expectArrayFormat(JavaType looked) {
            said.put("type", "array");
            return new JsonArrayFormatVisitor.Base(getContext());
        }

        @Override
        public JsonMapFormatVisitor expectMapFormat(JavaType looked) {
            said.put("type", "object");
            return new JsonMapFormatVisitor.Base(getContext());
        }

        @Override
        public JsonStringFormatVisitor expectStringFormat(JavaType looked) {
            said.put("type", "string");
            String format = FORMATS.get(type.getRawClass());
            if (format != null) {
                said.put("format", format);
            }
            return new JsonStringFormatVisitor.Base() {
                @Override
                public void enumTypes(Set<String> constants) {
                    ArrayNode all = said.putArray("enum");
                    constants.forEach(all::add);
                }
            };
        }

        @Override
        public JsonIntegerFormatVisitor expectIntegerFormat(JavaType looked) {
            said.put("type", "integer");
            return new JsonIntegerFormatVisitor.Base() {
                @Override
                public void numberType(JsonParser.NumberType number) {
                    Class<?> raw = MethodType.methodType(type.getRawClass()).wrap().returnType();
                    if (raw == Byte.class || raw == Short.class) {
                        said.put("minimum", raw == Byte.class ? Byte.MIN_VALUE : Short.MIN_VALUE);
                        said.put("maximum", raw == Byte.class ? Byte.MAX_VALUE : Short.MAX_VALUE);
                    } else if (number == JsonParser.NumberType.INT || number == JsonParser.NumberType.LONG) {
                        said.put("format", number == JsonParser.NumberType.INT ? "int32" : "int64");
                    }
                }
            };
        }

        @Override
        public JsonNumberFormatVisitor expectNumberFormat(JavaType looked) {
            said.put("type", "number");
            return new JsonNumberFormatVisitor.Base() {
                @Override
                public void numberType(JsonParser.NumberType number) {
                    if (type.getRawClass() != BigDecimal.class && number == JsonParser.NumberType.DOUBLE) {
                        said.put("format", "double");
                    }
                }
            };
        }

        @Override
        public JsonBooleanFormatVisitor expectBooleanFormat(JavaType looked) {
            said.put("type", "boolean");
            return new JsonBooleanFormatVisitor.Base();
        }

        @Override
        public JsonAnyFormatVisitor expectAnyFormat(JavaType looked) {
            return new JsonAnyFormatVisitor.Base();
        }
    }
}
