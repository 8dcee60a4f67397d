package dev.heddle.json;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The values of parameters: how texts are taken, in the words of people and of schemas. */
final class ParameterValue {

    private ParameterValue() {}

    /** What a text stands for; null if it is no such value. */
    static @Nullable Object of(String text, Class<?> type) {
        if (type == String.class) {
            return text;
        } else if (type == Integer.class || type == Long.class) {
            return number(text, type == Integer.class);
        } else if (type == Boolean.class) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
            };
        } else if (type == UUID.class) {
            return uuid(text);
        }
        return constants(type).contains(text) ? text : null;
    }

    private static @Nullable Number number(String text, boolean small) {
        int start = text.startsWith("-") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        try {
            if (text.length() - start > 19) {
                return null;
            }
            return small ? (Number) Integer.valueOf(text) : (Number) Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable UUID uuid(String text) {
        try {
            UUID value = UUID.fromString(text);
            return value.toString().equalsIgnoreCase(text) ? value : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + String.join(", ", constants(type));
        }
        return switch (type.getSimpleName()) {
            case "Integer" -> "an integer of 32 bits";
            case "Long" -> "an integer of 64 bits";
            case "Boolean" -> "true or false";
            case "String" -> "a text";
            default -> "a UUID";
        };
    }

    /** The keyword that refuses a text that is no such value. */
    static String rule(Class<?> type) {
        return type.isEnum() ? "enum" : type == UUID.class ? "format" : "type";
    }

    static ObjectNode schema(Parameter parameter) {
        Class<?> type = parameter.type();
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        if (type.isEnum()) {
            schema.put("type", "string");
            constants(type).forEach(schema.putArray("enum")::add);
        } else if (type == Integer.class || type == Long.class) {
            schema.put("type", "integer").put("format", type == Integer.class ? "int32" : "int64");
        } else if (type == UUID.class) {
            schema.put("type", "string").put("format", "uuid");
        } else {
            schema.put("type", type == Boolean.class ? "boolean" : "string");
        }
        parameter.rules().forEach(rule -> rule.describe(schema));
        return schema;
    }

    private static List<String> constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(each -> ((Enum<?>) each).name()).toList();
    }
}
