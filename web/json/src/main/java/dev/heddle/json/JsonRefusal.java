package dev.heddle.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.heddle.http.JsonException;
import dev.heddle.http.JsonFault;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.IgnoredPropertyException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The report on a document that was refused: to the peer which field, what it must be and where it stands, and no
 * value; to the log some more.
 */
final class JsonRefusal {

    /** Most characters of Jackson's own words that are kept for the log; they quote the document. */
    static final int MAX_QUOTE = 500;

    static final String NO_SUCH_VALUE = "the JSON does not match: ";

    private JsonRefusal() {}

    /** The failure that is told. */
    static JsonException of(JacksonException e, JsonParser parser, JsonMapper mapper) {
        TokenStreamLocation place = place(e, parser);
        var fault = new JsonFault(FieldPath.pointer(e.getPath()), expected(e, mapper), rule(e, mapper),
                place == null ? 0 : place.getLineNr(), place == null ? 0 : Math.max(0, place.getColumnNr()));
        return new JsonException(text(e, place, mapper), List.of(fault), cause(e));
    }

    /** The words for the peer. */
    private static String text(JacksonException e, @Nullable TokenStreamLocation at, JsonMapper mapper) {
        String place = at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
        if (isOfAValue(e)) {
            return NO_SUCH_VALUE + whatIsWrong(e, mapper) + place;
        }
        return "the JSON is malformed or beyond a limit" + place;
    }

    /** Whether the document is well-formed and only a value in it is wrong. */
    static boolean isOfAValue(JacksonException e) {
        // A number beyond its type is for Jackson a mistake of form; with its field known it is one of the value.
        return e instanceof DatabindException || e instanceof InputCoercionException;
    }

    /** For a null in an array that is the document. */
    static JsonException nullElement(int index, Class<?> type, JsonMapper mapper) {
        var fault = new JsonFault("/" + index, ExpectedType.words(type, mapper), "type", 0, 0);
        return new JsonException(
                NO_SUCH_VALUE + "[" + index + "]" + mustBe(type, JsonToken.VALUE_NULL, mapper), List.of(fault), null);
    }

    private static String whatIsWrong(JacksonException e, JsonMapper mapper) {
        String path = FieldPath.of(e.getPath());
        String field = path.isEmpty() ? "it" : path;
        return switch (e) {
            case UnrecognizedPropertyException _,IgnoredPropertyException _ -> field + " is no field here";
            case InvalidTypeIdException unknown -> field + kind(unknown.getBaseType());
            case InvalidNullException inner when isInner(inner.getPath()) -> field + " must not be null";
            case MismatchedInputException wrong -> mismatch(wrong, field, mapper);
            case InputCoercionException wide when wide.getTargetType() != null ->
                field + mustBe(wide.getTargetType(), wide.getInputType(), mapper);
            case ValueInstantiationException refused ->
                field + " is refused by what makes a " + refused.getType().getRawClass().getSimpleName();
            default -> field + " is wrong";
        };
    }

    private static String mismatch(MismatchedInputException e, String field, JsonMapper mapper) {
        JsonToken token = e.getCurrentToken();
        Class<?> type = e.getTargetType();
        if (isTrailing(e)) {
            return "there is more behind its end";
        } else if (type == null) {
            return field + " is wrong";
        } else if (token == null && e.getPath().isEmpty()) {
            return "it is empty and" + mustBe(type, null, mapper);
        } else if (token == JsonToken.END_OBJECT) {
            return field + " is " + (isNull(e) ? "null" : "missing") + " and" + mustBe(type, null, mapper);
        } else if (token == JsonToken.PROPERTY_NAME) {
            return "a name in " + field + mustBe(type, null, mapper);
        }
        return field + mustBe(element(e, type), token, mapper);
    }

    /** Whether it is in a list or map of lists or maps: Jackson says the type of what is in the outer one. */
    private static boolean isInner(List<JacksonException.Reference> path) {
        int size = path.size();
        return size >= 2 && holds(path.get(size - 1).from()) && holds(path.get(size - 2).from());
    }

    private static boolean holds(@Nullable Object from) {
        return from instanceof Collection || from instanceof Map || from instanceof Object[];
    }

    /** A null may be found at the end of its object, as what is missing; which of the two stands in the words. */
    private static boolean isNull(MismatchedInputException e) {
        return e.getOriginalMessage().startsWith("Null value");
    }

    /** Jackson names the root's type here; that something follows it stands only in the words. */
    private static boolean isTrailing(MismatchedInputException e) {
        return e.getPath().isEmpty() && e.getOriginalMessage().startsWith("Trailing token");
    }

    /** The type of what stands in an array of primitives: Jackson says the array's. */
    private static Class<?> element(MismatchedInputException e, Class<?> type) {
        List<JacksonException.Reference> path = e.getPath();
        Class<?> component = type.getComponentType();
        if (component == null || !component.isPrimitive() || path.isEmpty()) {
            return type;
        }
        Object from = path.getLast().from();
        return path.getLast().getPropertyName() == null && (from == type || type.isInstance(from)) ? component : type;
    }

    private static String mustBe(Class<?> type, @Nullable JsonToken token, JsonMapper mapper) {
        String expected = ExpectedType.words(type, mapper);
        return " must be " + expected + ExpectedType.butIs(token, expected);
    }

    private static String kind(JavaType base) {
        Class<?> type = base.getRawClass();
        JsonTypeInfo info = type.getAnnotation(JsonTypeInfo.class);
        String by = "";
        if (info != null && info.include() == JsonTypeInfo.As.PROPERTY) {
            String name = info.property().isEmpty() ? info.use().getDefaultPropertyName() : info.property();
            by = ", an object that names one in \"" + name + "\"";
        }
        return " must be a known kind of " + type.getSimpleName() + by;
    }

    /** What must stand there, where that is a matter of type. */
    private static String expected(JacksonException e, JsonMapper mapper) {
        return switch (e) {
            case UnrecognizedPropertyException _,IgnoredPropertyException _ -> "";
            case InvalidNullException inner when isInner(inner.getPath()) -> "";
            case InvalidTypeIdException unknown ->
                "a known kind of " + unknown.getBaseType().getRawClass().getSimpleName();
            case MismatchedInputException wrong when wrong.getTargetType() != null && !isTrailing(wrong) ->
                ExpectedType.words(element(wrong, wrong.getTargetType()), mapper);
            case InputCoercionException wide when wide.getTargetType() != null ->
                ExpectedType.words(wide.getTargetType(), mapper);
            default -> "";
        };
    }

    /** What is broken, by the keyword of the schema that the type has in a document. */
    private static String rule(JacksonException e, JsonMapper mapper) {
        return switch (e) {
            case UnrecognizedPropertyException _,IgnoredPropertyException _ -> "additionalProperties";
            case InvalidTypeIdException _ -> "oneOf";
            case MismatchedInputException wrong when wrong.getTargetType() != null && !isTrailing(wrong) ->
                rule(wrong, element(wrong, wrong.getTargetType()), mapper);
            case InvalidNullException _ -> "type";
            case InputCoercionException _ -> "format";
            default -> "";
        };
    }

    private static String rule(MismatchedInputException e, Class<?> type, JsonMapper mapper) {
        JsonToken token = e.getCurrentToken();
        if (token == JsonToken.END_OBJECT && !isNull(e)) {
            return "required";
        } else if (token == JsonToken.PROPERTY_NAME) {
            return "propertyNames";
        } else
            if (token == JsonToken.VALUE_STRING
                    && ExpectedType.butIs(token, ExpectedType.words(type, mapper)).isEmpty()) {
                        return type.isEnum() ? "enum" : "format";
                    }
        return "type";
    }

    private static @Nullable TokenStreamLocation place(JacksonException e, JsonParser parser) {
        TokenStreamLocation place = e.getLocation();
        if (place == null || place.getLineNr() < 1) {
            place = parser.currentTokenLocation();
        }
        return place == null || place.getLineNr() < 1 ? null : place;
    }

    /**
     * What goes to the log: Jackson's words, which may quote the document whole, cut and escaped, and the failure of
     * the program's own code if there was one.
     */
    static Throwable cause(JacksonException e) {
        boolean own = !(e instanceof MismatchedInputException) && !(e.getCause() instanceof JacksonException);
        var cause = new IllegalArgumentException(
                FieldPath.shown(e.getOriginalMessage(), MAX_QUOTE), own ? e.getCause() : null);
        cause.setStackTrace(e.getStackTrace());
        return cause;
    }
}
