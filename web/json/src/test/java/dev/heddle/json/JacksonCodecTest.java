package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.heddle.http.JsonException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** What the codec takes, what it refuses, and what it says of that. */
final class JacksonCodecTest {

    record User(String name, int age) {}

    record Numbers(double d, float f, long l, @Nullable Double boxed) {}

    record Checked(String name) {
        Checked {
            Objects.requireNonNull(name, "name");
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Anything {}

    record Evil(int a) implements Anything {
        static int made;

        Evil {
            made++;
        }
    }

    private final JacksonCodec codec = new JacksonCodec();

    private @Nullable Object read(String document, Type type) {
        return codec.read(document.getBytes(StandardCharsets.UTF_8), type);
    }

    private String refused(String document, Type type) {
        return refused(document.getBytes(StandardCharsets.UTF_8), type);
    }

    private String refused(byte[] document, Type type) {
        return assertThrows(JsonException.class, () -> codec.read(document, type),
                new String(document, 0, Math.min(100, document.length), StandardCharsets.UTF_8)).getMessage();
    }

    private String write(Object value) {
        return new String(codec.write(value), StandardCharsets.UTF_8);
    }

    @Test
    void recordsListsAndMapsGoOutAndComeIn() {
        assertEquals("{\"name\":\"\u00e4\\\"\",\"age\":3}", write(new User("\u00e4\"", 3)));
        assertEquals(new User("\u00e4\"", 3), read(write(new User("\u00e4\"", 3)), User.class));
        assertArrayEquals(new User[]{new User("a", 1)}, (User[]) read("[{\"name\":\"a\",\"age\":1}]", User[].class));
        assertEquals(List.of(new User("a", 1)),
                read("[{\"age\":1,\"name\":\"a\"}]", new TypeReference<List<User>>() {}.getType()));
        assertEquals(Map.of("a", List.of(1, true, "x")), read(" {\"a\" : [1, true, \"x\"]}\n", Map.class));
        assertEquals("\"1970-01-01T00:00:00Z\"", write(Instant.EPOCH));
        assertEquals("[1]", write(Optional.of(List.of(1))));
        assertEquals(7, ((JsonNode) Objects.requireNonNull(read("{\"a\":7}", JsonNode.class))).get("a").asInt());
        assertEquals(new Circle(2), read("{\"@type\":\"circle\",\"radius\":2}", Shape.class));
        assertNull(read("null", User.class));
    }

    @Test
    void malformedDocumentsAreRefusedWithTheirPlaceAndNothingOfThem() {
        assertEquals("the JSON is malformed or beyond a limit, at line 2, column 10",
                refused("{\n \"name\": secret}", User.class));
        assertEquals("the JSON does not match: age must be an integer of 32 bits, not a text,"
                + " at line 2, column 9",
                refused("{\n \"age\": \"secret\"}", User.class));
        for (String document : List.of(
                "", " ", "{", "[1", "{\"a\"", "{\"a\":}", "{a:1}", "{'a':1}", "[1,]", "[,1]", "{\"a\":1,}", "01", "+1",
                ".5",
                "1.", "1e", "-", "0x1", "tru", "nul", "\"a", "\"\n\"", "\"\\x\"", "\"\\u12\"", "// c\n1", "/* */1",
                "NaN",
                "Infinity", "-Infinity", "undefined", "\0", "1\0")) {
            refused(document, Object.class);
        }
    }

    @Test
    void whatStandsBehindTheValueIsRefused() {
        for (String rest : List.of("x", "1", "{}", "]", ",", "\0")) {
            refused("{\"name\":\"a\",\"age\":1} " + rest, User.class);
        }
        assertEquals(new User("a", 1), read("{\"name\":\"a\",\"age\":1} \r\n\t", User.class));
    }

    @Test
    void nameTwiceInOneObjectIsRefused() {
        refused("{\"name\":\"a\",\"age\":1,\"name\":\"b\"}", User.class);
        refused("{\"x\":{\"a\":1,\"\\u0061\":2}}", Map.class);
        refused("{\"skipped\":{\"a\":1,\"a\":2}}", User.class);
        refused("{\"a\":1,\"a\":2}", JsonNode.class);
    }

    @Test
    void depthOfTenThousandIsRefusedBeforeAnythingIsMade() {
        assertEquals(100, depth((List<?>) Objects.requireNonNull(read("[".repeat(100) + "]".repeat(100), List.class))));
        refused("[".repeat(101) + "]".repeat(101), List.class);
        refused("[".repeat(10_000), Object.class);
        refused("{\"a\":".repeat(10_000), JsonNode.class);
        refused("{\"skipped\":" + "[".repeat(10_000), User.class);
    }

    private static int depth(List<?> list) {
        return list.isEmpty() ? 1 : 1 + depth((List<?>) list.getFirst());
    }

    @Test
    void numbersBeyondTheirRangeAreRefusedNotRounded() {
        assertEquals(new Numbers(1e308, 1e38f, Long.MAX_VALUE, 0.5),
                read("{\"d\":1e308,\"f\":1e38,\"l\":9223372036854775807,\"boxed\":0.5}", Numbers.class));
        for (String field : List.of(
                "\"d\":1e9999", "\"d\":-1e309", "\"f\":1e39", "\"l\":9223372036854775808", "\"boxed\":1e9999",
                "\"l\":1.5",
                "\"l\":1e30", "\"d\":\"1\"", "\"d\":\"NaN\"", "\"d\":\"Infinity\"", "\"boxed\":\"\"", "\"l\":true",
                "\"d\":null",
                "\"d\":NaN")) {
            refused("{" + field + "}", Numbers.class);
        }
        refused("1e9999", Object.class);
        for (Class<?> type : List.of(double[].class, float[].class, Double[].class, Float[].class)) {
            refused("[1e9999]", type);
            refused("[1, \"NaN\"]", type);
            refused("[\"-INF\"]", type);
        }
        assertArrayEquals(new double[]{1, 0.5}, (double[]) read("[1, 0.5]", double[].class));
        assertEquals(new Numbers(0, 0, 0, null), read("{}", Numbers.class));
        refused("{\"a\":1e9999}", Map.class);
        refused("{\"a\":1e9999}", JsonNode.class);
        refused("5", String.class);
        refused("true", String.class);
        assertEquals(new BigDecimal("1e9999"), read("1e9999", BigDecimal.class));
    }

    record Heat(double degrees) implements Weather {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Heat.class, name = "heat"))
    sealed interface Weather {}

    @Test
    void fieldBeforeItsKindIsNamedToo() {
        String text = refused("{\"degrees\":1e400,\"kind\":\"heat\"}", Weather.class);
        assertTrue(text.contains("degrees must be a number of 64 bits"), text);
        assertTrue(refused("", Weather.class).contains("it is empty"));
    }

    record Formed(
            @JsonFormat(pattern = "dd.MM.yyyy") LocalDate day,
            @JsonFormat(shape = JsonFormat.Shape.NUMBER_INT) Instant at,
            LocalDate usual) {}

    @Test
    void formThatTheProgramHasChosenIsTaken() {
        Formed formed = new Formed(LocalDate.of(2026, 11, 27), Instant.ofEpochSecond(1764200000),
                LocalDate.of(2026, 11, 28));
        String document = "{\"day\":\"27.11.2026\",\"at\":1764200000,\"usual\":\"2026-11-28\"}";
        assertEquals(formed, read(document, Formed.class));
        refused(document.replace("2026-11-28", "28.11.2026"), Formed.class);
        var own = new SimpleModule().addDeserializer(LocalDate.class, new StdDeserializer<LocalDate>(LocalDate.class) {
            @Override
            public LocalDate deserialize(JsonParser parser, DeserializationContext context) {
                return LocalDate.ofEpochDay(parser.getLongValue());
            }
        });
        assertEquals(LocalDate.ofEpochDay(5),
                new JacksonCodec(JacksonCodec.exact().addModule(own).build()).read(new byte[]{'5'}, LocalDate.class));
    }

    @Test
    void exponentThatStandsForGigabytesIsRefused() {
        assertEquals(new BigDecimal("1e-10000"), read("1e-10000", BigDecimal.class));
        refused("1e1000000000", BigDecimal.class);
        refused("1e-10001", BigDecimal.class);
    }

    @Test
    void numberOf100KilobytesIsRefused() {
        assertEquals(new BigInteger("1".repeat(1000)), read("1".repeat(1000), BigInteger.class));
        refused("1".repeat(100_000), BigInteger.class);
        refused("1".repeat(100_000), Object.class);
        refused("1e999999999", BigInteger.class);
    }

    @Test
    void halvesOfSurrogatePairsStayWhatTheyAre() {
        assertEquals("\ud800", read("\"\\ud800\"", String.class));
        assertEquals("\"\\uD800\"", write("\ud800").replace("\\ud800", "\\uD800"));
        assertEquals("\ud83d\ude00", read(write("\ud83d\ude00"), String.class));
    }

    @Test
    void anyEncodingButUtf8IsRefused() {
        String document = "{\"name\":\"\u00e4\",\"age\":1}";
        for (var charset : List.of(
                StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_32, StandardCharsets.UTF_32LE)) {
            assertEquals("the JSON is not UTF-8", refused(document.getBytes(charset), User.class), charset.name());
        }
        for (int[] bytes : new int[][]{{0xff}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {0xc3}, {0xf5, 0x80, 0x80, 0x80}}) {
            var quoted = new byte[bytes.length + 2];
            quoted[0] = '"';
            quoted[bytes.length + 1] = '"';
            for (int i = 0; i < bytes.length; i++) {
                quoted[i + 1] = (byte) bytes[i];
            }
            assertEquals("the JSON is not UTF-8", refused(quoted, String.class));
        }
        assertEquals(new User("\u00e4", 1), read("\ufeff" + document, User.class));
    }

    @Test
    void unknownNamesAreSkippedUnlessAProgramWantsOtherwise() {
        assertEquals(new User("a", 1), read("{\"name\":\"a\",\"new\":{\"x\":[1]},\"age\":1}", User.class));
        var strict = new JacksonCodec(
                JacksonCodec.strict().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build());
        assertThrows(JsonException.class,
                () -> strict.read("{\"new\":1}".getBytes(StandardCharsets.UTF_8), User.class));
    }

    @Test
    void whatAConstructorRefusesIsRefused() {
        assertEquals(new Checked("a"), read("{\"name\":\"a\"}", Checked.class));
        String message = refused("{\"other\":\"secret\"}", Checked.class);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void documentNeverNamesTheClassThatIsMadeOfIt() {
        assertEquals(new User("a", 1), read("{\"@class\":\"java.lang.Runtime\",\"name\":\"a\",\"age\":1}", User.class));
        assertEquals(Map.of("@class", "x"), read("{\"@class\":\"x\"}", Object.class));
        refused("{\"@type\":\"java.lang.Runtime\"}", Shape.class);
        String evil = "{\"@class\":\"" + Evil.class.getName() + "\",\"a\":1}";
        try {
            read(evil, Anything.class);
        } catch (JsonException | IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("JSON"), e.getMessage());
        }
        assertEquals(0, Evil.made);
    }

    @Test
    void serializedStreamOfJavaIsRefused() {
        refused(new byte[]{(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r'}, Object.class);
    }

    @Test
    void whatHasNoFormInJsonIsNotWritten() {
        var self = new ArrayList<Object>();
        self.add(self);
        for (Object value : List.of(
                Double.NaN, Float.NEGATIVE_INFINITY, new double[]{1, Double.NaN}, List.of(Float.NaN),
                new float[]{Float.NaN},
                Map.of("a", Double.POSITIVE_INFINITY), new Numbers(Double.NaN, 0, 0, null), self)) {
            var error = assertThrows(IllegalArgumentException.class, () -> codec.write(value));
            assertTrue(error.getMessage().contains("cannot be written as JSON"), error.getMessage());
        }
        assertEquals("[1.5,0.0]", write(new double[]{1.5, 0}));
        assertEquals("[1.5]", write(List.of(1.5f)));
    }

    @Test
    void typeThatCannotBeReadIsTheProgramsMistake() {
        assertThrows(IllegalArgumentException.class, () -> read("{}", Runnable.class));
    }

    @Test
    void everyDocumentThatIsCutOffIsRefused() {
        String document = "{\"name\":\"\u20ac\\u00e4\",\"age\":-12,\"x\":[true,null,{\"y\":1.5e3}]}";
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        for (int end = 0; end < bytes.length; end++) {
            byte[] part = Arrays.copyOf(bytes, end);
            refused(part, User.class);
        }
        assertEquals(new User("\u20ac\u00e4", -12), read(document, User.class));
    }
}
