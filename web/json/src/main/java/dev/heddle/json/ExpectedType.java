package dev.heddle.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The words for what a field must be, and for what stands there instead, in the terms of JSON. */
final class ExpectedType {

    /** Most constants of an enum that are named. */
    static final int MAX_CONSTANTS = 20;

    /** Types that are texts of a form of their own, by an example: the peer does not know the names of Java. */
    private static final Map<Class<?>, String> EXAMPLES = Map.of(
            LocalDate.class, "a date such as 2026-11-27",
            LocalTime.class, "a time such as 13:45:00",
            LocalDateTime.class, "a date and time such as 2026-11-27T13:45:00",
            OffsetDateTime.class, "a date and time such as 2026-11-27T13:45:00+01:00",
            ZonedDateTime.class, "a date and time such as 2026-11-27T13:45:00+01:00",
            Instant.class, "a date and time such as 2026-11-27T13:45:00Z",
            Duration.class, "a duration such as PT1H30M",
            YearMonth.class, "a month such as 2026-11",
            URI.class, "a URI such as https://example.org/",
            UUID.class, "a UUID such as 123e4567-e89b-12d3-a456-426614174000");

    private ExpectedType() {}

    /** What a value of this class looks like; constants as the mapper writes them. */
    static String words(Class<?> type, JsonMapper mapper) {
        if (type == String.class || type == CharSequence.class) {
            return "a text";
        } else if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        } else if (type == char.class || type == Character.class) {
            return "a text of one character";
        } else if (type == byte[].class) {
            return "a text in base64";
        } else if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        } else if (Map.class.isAssignableFrom(type)) {
            return "an object";
        } else if (type.isRecord()) {
            return "an object (" + type.getSimpleName() + ")";
        } else if (EXAMPLES.containsKey(type)) {
            return EXAMPLES.get(type);
        } else if (type.getPackageName().equals("java.time")) {
            return "a text of type " + type.getSimpleName();
        } else if (type.isEnum()) {
            return "one of " + constants(type, mapper);
        }
        String number = number(type);
        return number == null ? "a value of type " + type.getSimpleName() : number;
    }

    private static @Nullable String number(Class<?> type) {
        if (type == byte.class || type == Byte.class) {
            return "an integer of 8 bits";
        } else if (type == short.class || type == Short.class) {
            return "an integer of 16 bits";
        } else if (type == int.class || type == Integer.class || type == OptionalInt.class) {
            return "an integer of 32 bits";
        } else if (type == long.class || type == Long.class || type == OptionalLong.class) {
            return "an integer of 64 bits";
        } else if (type == BigInteger.class) {
            return "an integer";
        } else if (type == float.class || type == Float.class) {
            return "a number of 32 bits";
        } else if (type == double.class || type == Double.class || type == OptionalDouble.class) {
            return "a number of 64 bits";
        } else if (type == BigDecimal.class || type == Number.class) {
            return "a number";
        }
        return null;
    }

    private static String constants(Class<?> type, JsonMapper mapper) {
        var names = new StringJoiner(", ");
        int count = 0;
        for (Object constant : type.getEnumConstants()) {
            if (count++ == MAX_CONSTANTS) {
                names.add("...");
                break;
            }
            names.add(FieldPath.shown(constantName(constant, mapper), FieldPath.MAX_NAME));
        }
        return names.toString();
    }

    private static String constantName(Object constant, JsonMapper mapper) {
        try {
            return mapper.valueToTree(constant).asString();
        } catch (JacksonException e) {
            // A constant that has no text of its own in JSON: then the program's name for it.
            return ((Enum<?>) constant).name();
        }
    }

    /** ", not a list" for a list; empty if what stands there has the right form and only its content is wrong. */
    static String butIs(@Nullable JsonToken token, String expected) {
        String found = found(token);
        boolean right = found.isEmpty()
                || expected.startsWith(found)
                || (found.equals("a text") && (expected.startsWith("one of ") || EXAMPLES.containsValue(expected)))
                || (token != null && token.isNumeric() && expected.startsWith("a number"));
        return right ? "" : ", not " + found;
    }

    private static String found(@Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case null, default -> "";
        };
    }
}
