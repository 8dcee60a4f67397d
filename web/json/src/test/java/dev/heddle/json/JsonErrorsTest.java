package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.heddle.http.JsonException;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A refused document is told with the field, what it must be and where it stands, whatever it is called. */
final class JsonErrorsTest {

    private static final String NO_SUCH_VALUE = "the JSON does not match: ";

    enum Color {
        RED,
        @JsonProperty("light-green")
        GREEN
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Positive(int x) {
        Positive {
            if (x < 0) {
                throw new IllegalStateException("below zero");
            }
        }
    }

    record Strange(@JsonDeserialize(using = Refusing.class) Object a) {}

    static final class Refusing extends ValueDeserializer<Object> {
        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            return context.reportInputMismatch((Class<?>) null, "the rule of the %s\nprogram", "own");
        }
    }

    /** One field for each form that a value has. */
    record Line(
            @Nullable String name, double price, float weight, int count, long big, short small, byte tiny,
            @Nullable Integer boxed, @Nullable BigInteger huge, @Nullable BigDecimal exact, boolean ok, char letter,
            @Nullable Color color, long @Nullable [] longs, byte @Nullable [] bytes, Optional<Integer> maybe,
            OptionalInt perhaps, @Nullable Instant at, @Nullable Duration during, @Nullable UUID id,
            @Nullable List<String> tags, @Nullable Set<Integer> numbers, @Nullable Map<String, Integer> stock,
            @Nullable Map<Color, Integer> colors, @Nullable Shape shape, @Nullable Positive positive,
            @Nullable RetentionPolicy keep) {}

    record Order(@Nullable List<Line> lines, Line @Nullable [] array, @Nullable Map<String, Line> byName) {}

    record Root(@Nullable Order order) {}

    private final JacksonCodec lenient = new JacksonCodec();

    private final JacksonCodec strict = new JacksonCodec(JacksonCodec.strict()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build());

    private final JacksonCodec complete = new JacksonCodec(JacksonCodec.strict()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build());

    private static JsonException refused(JacksonCodec codec, String document, Type type) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        return assertThrows(JsonException.class, () -> codec.read(bytes, type), document);
    }

    private String told(String document, Type type) {
        String message = refused(lenient, document, type).getMessage();
        assertTrue(message.startsWith(NO_SUCH_VALUE), message);
        return message.substring(NO_SUCH_VALUE.length());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"name\":5          | name must be a text, not an integer",
            "\"name\":{}         | name must be a text, not an object",
            "\"price\":\"x\"     | price must be a number of 64 bits, not a text",
            "\"price\":[]        | price must be a number of 64 bits, not a list",
            "\"price\":null      | price must be a number of 64 bits, not null",
            "\"price\":1e999     | price must be a number of 64 bits",
            "\"weight\":true     | weight must be a number of 32 bits, not true or false",
            "\"count\":1.5       | count must be an integer of 32 bits, not a fraction",
            "\"count\":3000000000| count must be an integer of 32 bits",
            "\"big\":\"1\"       | big must be an integer of 64 bits, not a text",
            "\"small\":99999     | small must be an integer of 16 bits",
            "\"tiny\":999        | tiny must be an integer of 8 bits",
            "\"boxed\":\"\"      | boxed must be an integer of 32 bits, not a text",
            "\"huge\":1.5        | huge must be an integer, not a fraction",
            "\"exact\":\"x\"     | exact must be a number, not a text",
            "\"ok\":1            | ok must be true or false, not an integer",
            "\"ok\":\"true\"     | ok must be true or false, not a text",
            "\"letter\":\"xx\"   | letter must be a text of one character",
            "\"color\":\"BLUE\"  | color must be one of RED, light-green",
            "\"color\":1         | color must be one of RED, light-green, not an integer",
            "\"color\":\"1\"     | color must be one of RED, light-green",
            "\"color\":{}        | color must be one of RED, light-green, not an object",
            "\"longs\":[1,\"x\"] | longs[1] must be an integer of 64 bits, not a text",
            "\"longs\":{}        | longs must be a list, not an object",
            "\"bytes\":\"!!\"    | bytes must be a text in base64",
            "\"maybe\":\"x\"     | maybe must be an integer of 32 bits, not a text",
            "\"perhaps\":\"x\"   | perhaps must be an integer of 32 bits, not a text",
            "\"at\":\"x\"        | at must be a date and time such as 2026-11-27T13:45:00Z",
            "\"at\":[]           | at must be a date and time such as 2026-11-27T13:45:00Z, not a list",
            "\"during\":\"x\"    | during must be a duration such as PT1H30M",
            "\"id\":\"x\"        | id must be a UUID such as 123e4567-e89b-12d3-a456-426614174000",
            "\"tags\":{}         | tags must be a list, not an object",
            "\"tags\":[\"a\",5]  | tags[1] must be a text, not an integer",
            "\"numbers\":\"x\"   | numbers must be a list, not a text",
            "\"numbers\":[true]  | numbers[0] must be an integer of 32 bits, not true or false",
            "\"stock\":[]        | stock must be an object, not a list",
            "\"stock\":{\"a b\":\"x\"} | stock[\"a b\"] must be an integer of 32 bits, not a text",
            "\"colors\":{\"BLUE\":1} | a name in colors must be one of RED, light-green",
            "\"shape\":{}        | shape must be a known kind of Shape, an object that names one in \"form\"",
            "\"shape\":5         | shape must be a known kind of Shape, an object that names one in \"form\"",
            "\"shape\":{\"form\":\"x\"} | shape must be a known kind of Shape, an object that names one in \"form\"",
            "\"shape\":{\"form\":\"circle\",\"radius\":{}} | shape.radius must be an integer of 32 bits, not an object",
            "\"positive\":[]     | positive must be an object (Positive), not a list",
            "\"positive\":5      | positive must be an object (Positive), not an integer",
            "\"positive\":{\"x\":-1} | positive is refused by what makes a Positive",
            "\"keep\":\"x\"      | keep must be one of SOURCE, CLASS, RUNTIME",
    })
    void wrongFieldIsNamedWithWhatItMustBeInAListAnArrayAndAMap(String field, String words) {
        assertEquals("order.lines[1]." + words, told("{\"order\":{\"lines\":[{},{" + field + "}]}}", words));
        assertEquals("order.array[0]." + words, told("{\"order\":{\"array\":[{" + field + "}]}}", words));
        assertEquals("order.byName.k." + words, told("{\"order\":{\"byName\":{\"k\":{" + field + "}}}}", words));
    }

    /** What is told of a bad line, without its place, which is required; "a name in" is moved behind the path. */
    private String told(String document, String words) {
        String told = told(document, Root.class);
        int place = told.indexOf(", at line 1, column ");
        assertTrue(place > 0, told);
        told = told.substring(0, place);
        return words.startsWith("a name in ")
                ? told.replaceFirst("^a name in (.*)\\.([a-z]+ must)", "$1.a name in $2")
                : told;
    }

    @Test
    void placeIsThatOfTheValue() {
        assertEquals("order.lines[0].count must be an integer of 32 bits, not a text, at line 3, column 16",
                told("{\"order\":\n {\"lines\":\n  [{ \"count\" : \"x\"}]}}", Root.class));
        assertEquals("order.lines[0].count must be an integer of 32 bits, not true or false, at line 1, column 31",
                told("{\"order\":{\"lines\":[{\"count\":  true}]}}", Root.class));
    }

    @Test
    void rootIsNamedIt() {
        assertEquals("it must be an object (Root), not a list, at line 1, column 1", told("[]", Root.class));
        assertEquals("it must be a list, not an object, at line 1, column 1", told("{}", List.class));
        assertEquals("it must be an integer of 32 bits, not a text, at line 1, column 1", told("\"x\"", Integer.class));
        assertEquals("[1].x must be an integer of 32 bits, not null, at line 1, column 15",
                told("[{\"x\":1},{\"x\":null}]", Positive[].class));
        assertEquals("it is empty and must be an object (Root), at line 1, column 0", told("", Root.class));
        assertEquals("there is more behind its end, at line 1, column 4", told("{} {}", Root.class));
    }

    @Test
    void missingFieldIsNamedWhereAProgramWantsIt() {
        assertEquals(NO_SUCH_VALUE + "order is missing and must be an object (Order), at line 1, column 2",
                refused(complete, "{}", Root.class).getMessage());
        assertEquals(NO_SUCH_VALUE + "[0].x is missing and must be an integer of 32 bits, at line 1, column 3",
                refused(complete, "[{}]", Positive[].class).getMessage());
        assertNotNull(lenient.read("{}".getBytes(StandardCharsets.UTF_8), Root.class));
    }

    /** With the end of its object for a place: Jackson keeps such a field until the rest is read. */
    @Test
    void unknownFieldIsNamedWhereAProgramWantsIt() {
        assertEquals(NO_SUCH_VALUE + "colour is no field here, at line 1, column 22",
                refused(strict, "{\"x\":1,\"colour\":\"red\"}", Positive.class).getMessage());
        assertEquals(NO_SUCH_VALUE + "[0][\"a.b\"] is no field here, at line 2, column 11",
                refused(strict, "[{\n \"a.b\":[1]}]", Positive[].class).getMessage());
    }

    @Test
    void constantByItsNumberIsRefusedAndByItsNameTaken() {
        assertEquals(List.of(Color.RED, Color.GREEN), List.of(Objects.requireNonNull((Color[]) lenient.read(
                "[\"RED\",\"light-green\"]".getBytes(StandardCharsets.UTF_8), Color[].class))));
        assertEquals("[0] must be one of RED, light-green, not an integer, at line 1, column 2",
                told("[1]", Color[].class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31m", "a\\nb", "<script>", "\u202e", "\u00e4", "a'b", "\\\"", "\\\\", "a&b"})
    void hostileNameIsEscaped(String name) {
        for (String message : List.of(
                told("{\"order\":{\"byName\":{\"" + escaped(name) + "\":{\"count\":\"x\"}}}}", Root.class),
                refused(strict, "{\"" + escaped(name) + "\":1}", Root.class).getMessage())) {
            String path = message.substring(message.indexOf("[\"") + 2, message.indexOf("\"]"));
            assertTrue(path.contains("\\u"), message);
            assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
            assertFalse(message.contains("<"), message);
        }
    }

    private static String escaped(String name) {
        return name.replace("\u001b", "\\u001b");
    }

    @Test
    void longNameIsCut() {
        String name = "z".repeat(49_000);
        assertEquals(NO_SUCH_VALUE + "[\"" + "z".repeat(64) + "...\"] is no field here, at line 1, column 49006",
                refused(strict, "{\"" + name + "\":1}", Root.class).getMessage());
    }

    @Test
    void pathOfAHundredLongNamesKeepsItsEnd() {
        String open = ("{\"" + "z".repeat(1000) + "\":").repeat(50);
        Type deep = lenientType();
        String message = told(open + "{\"end\":\"x\"}" + "}".repeat(50), deep);
        assertTrue(message.startsWith("..."), message);
        assertTrue(message.contains("].end must be an integer of 32 bits"), message);
        assertTrue(message.length() < 500, message);
    }

    /** A map of maps, 51 of them, of integers. */
    private static Type lenientType() {
        var types = tools.jackson.databind.type.TypeFactory.createDefaultInstance();
        var type = types.constructType(Integer.class);
        for (int i = 0; i < 51; i++) {
            type = types.constructMapType(Map.class, types.constructType(String.class), type);
        }
        return type;
    }

    @ParameterizedTest
    @ValueSource(strings = {"count", "at", "id", "color", "bytes", "big", "during", "keep"})
    void textOf10MegabytesIsInNoMessage(String field) {
        bounded(refused(lenient, "{\"order\":{\"lines\":[{\"" + field + "\":\"" + "x\\n".repeat(3_400_000) + "\"}]}}",
                Root.class));
    }

    @Test
    void kindOf10MegabytesAndRubbishOf10MegabytesAreInNoMessage() {
        bounded(refused(lenient, "{\"form\":\"" + "x\\u202e".repeat(1_500_000) + "\"}", Shape.class));
        bounded(refused(lenient, "x".repeat(10_000_000), Root.class));
        bounded(refused(lenient, "{\"" + "x".repeat(10_000_000) + "\":1}", Root.class));
        bounded(refused(lenient, "{\"" + "x".repeat(40_000) + "\":1,\"" + "x".repeat(40_000) + "\":1}", Map.class));
    }

    private static void bounded(JsonException e) {
        for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
            String message = Objects.requireNonNull(t.getMessage());
            assertTrue(message.length() < 4000, () -> message.length() + " characters");
            assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
        }
        assertFalse(e.text().contains("xx"), e.text());
    }

    @Test
    void ownFailureOfAConstructorGoesToTheLogAndNotToThePeer() {
        JsonException e = refused(lenient, "{\"x\":-1}", Positive.class);
        assertFalse(e.text().contains("below zero"), e.text());
        Throwable cause = Objects.requireNonNull(e.getCause());
        assertInstanceOf(IllegalStateException.class, cause.getCause());
    }

    @Test
    void ownWordsOfADeserializerGoToTheLogInOneLine() {
        JsonException e = refused(lenient, "{\"a\":1}", Strange.class);
        assertEquals(NO_SUCH_VALUE + "a is wrong, at line 1, column 6", e.text());
        Throwable cause = Objects.requireNonNull(e.getCause());
        assertEquals("the rule of the own\\u000aprogram", cause.getMessage());
        assertNull(cause.getCause());
    }
}
