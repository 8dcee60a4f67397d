package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.heddle.http.JsonException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.SimTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;

/** What a request must have and may not have; a reply is read with more patience. */
final class RequestRulesTest {

    private static final String NO_SUCH_VALUE = "the JSON does not match: ";

    /** An annotation of some other library, for components. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Nullable {}

    enum Color { RED, GREEN }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle")})
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Item(String name, int count) {}

    record Order(Item first, List<Item> items, Map<String, Item> byName, Color color, Shape shape) {}

    record Loose(
            @org.jspecify.annotations.Nullable String text, @Nullable String other, Optional<Item> maybe,
            OptionalInt number, int @org.jspecify.annotations.Nullable [] array,
            @JsonProperty(isRequired = OptBoolean.FALSE) List<String> list) {}

    record Contents(
            List<String> texts, List<@org.jspecify.annotations.Nullable String> nullable, List<Optional<String>> maybe,
            List<Object> free, Item[] array, Map<String, Integer> map, JsonNode tree) {}

    record Table(List<List<String>> rows) {}

    record Page<T>(List<T> rows, T best) {}

    record Items(Page<Item> page) {}

    record Renamed(@JsonProperty("the-name") String name, @JsonIgnore @Nullable String secret) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Open(String name) {}

    record Around(Open open) {}

    record Wrapped(int value) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Wrapped of(int value) {
            return new Wrapped(value);
        }
    }

    record Holder(Wrapped wrapped) {}

    static final class Bean {
        public String name = "none";
    }

    private static final String ITEM = "{\"name\":\"a\",\"count\":1}";

    private static final String ORDER = "{\"first\":" + ITEM + ",\"items\":[" + ITEM + "],\"byName\":{\"k\":" + ITEM
            + "},\"color\":\"RED\",\"shape\":{\"form\":\"circle\",\"radius\":1}}";

    private static final String CONTENTS = "{\"texts\":[\"a\"],\"nullable\":[null],\"maybe\":[null],\"free\":[null],"
            + "\"array\":[],\"map\":{},\"tree\":null}";

    private final JacksonCodec codec = new JacksonCodec();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T taken(String document, Class<T> type) {
        return type.cast(Objects.requireNonNull(codec.readRequest(utf8(document), type)));
    }

    private static String refused(JacksonCodec codec, String document, Class<?> type) {
        String message = assertThrows(JsonException.class, () -> codec.readRequest(utf8(document), type), document)
                .text();
        assertTrue(message.startsWith(NO_SUCH_VALUE), message);
        return message.substring(NO_SUCH_VALUE.length());
    }

    @Test
    void wholeOrderIsTaken() {
        var item = new Item("a", 1);
        assertEquals(new Order(item, List.of(item), Map.of("k", item), Color.RED, new Circle(1)),
                taken(ORDER, Order.class));
    }

    /** Each in the place of the first, in a list and in a map. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"count\":1}                              | name is missing and must be a text",
            "{\"name\":null,\"count\":1}                | name must be a text, not null",
            "{\"name\":\"a\"}                           | count is missing and must be an integer of 32 bits",
            "{\"name\":\"a\",\"count\":null}            | count must be an integer of 32 bits, not null",
            "{\"name\":\"a\",\"count\":1,\"kount\":2}   | kount is no field here",
            "{\"kount\":2,\"name\":\"a\",\"count\":1}   | kount is no field here",
            "{\"name\":\"a\",\"count\":1,\"a.b\":{}}    | [\"a.b\"] is no field here",
            "{\"name\":\"a\",\"count\":\"1\"}           | count must be an integer of 32 bits, not a text",
            "{\"name\":\"a\",\"count\":3000000000}      | count must be an integer of 32 bits",
    })
    void wrongItemIsRefusedWithItsPathAndPlace(String item, String words) {
        String step = words.startsWith("[") ? words : "." + words;
        String first = "first" + step;
        refusedInOrder("{\"first\":" + item + "}", first);
        refusedInOrder("{\"items\":[" + ITEM + ",\n" + item + "]}", "items[1]" + step);
        refusedInOrder("{\"byName\":{\"x\":" + item + "}}", "byName.x" + step);
    }

    private void refusedInOrder(String document, String words) {
        String told = refused(codec, document, Order.class);
        assertTrue(told.matches("(?s).*, at line [12], column [0-9]+"), told);
        assertEquals(words, told.substring(0, told.lastIndexOf(", at line ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "items", "byName", "color", "shape"})
    void everyComponentMustBeThere(String name) {
        String without = ORDER.replace("\"" + name + "\":", "\"" + name.toUpperCase(Locale.ROOT) + "\":");
        for (JacksonCodec each : List.of(codec, JacksonCodec.skippingUnknownFields())) {
            String told = refused(each, without, Order.class);
            assertTrue(told.startsWith(name + " is missing and must be "), told);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "items", "byName", "color", "shape"})
    void nullIsNoComponent(String name) {
        String told = refused(codec, "{\"" + name + "\":null}", Order.class);
        assertTrue(told.startsWith(name + " must be ") && told.contains(", not null, at line 1, column "), told);
    }

    @Test
    void nullableAndOptionalComponentsMayBeMissingOrNull() {
        for (String document : List.of("{}", "{\"text\":null,\"other\":null,\"maybe\":null,\"number\":null,"
                + "\"array\":null}")) {
            Loose loose = taken(document, Loose.class);
            assertNull(loose.text());
            assertNull(loose.other());
            assertEquals(Optional.empty(), loose.maybe());
            assertEquals(OptionalInt.empty(), loose.number());
            assertNull(loose.array());
            assertNull(loose.list());
        }
        assertEquals(new Item("a", 1),
                taken("{\"maybe\":" + ITEM + "}", Loose.class).maybe().orElseThrow());
        assertTrue(refused(codec, "{\"maybe\":{}}", Loose.class).startsWith("maybe.name is missing and must be "));
    }

    @Test
    void nullInAListAnArrayOrAMapIsRefusedUnlessItsTypeHasOne() {
        Contents contents = taken(CONTENTS, Contents.class);
        assertNull(contents.nullable().getFirst());
        assertEquals(List.of(Optional.empty()), contents.maybe());
        assertNull(contents.free().getFirst());
        assertTrue(contents.tree().isNull());
        told("texts[1] must be a text, not null", CONTENTS.replace("[\"a\"]", "[\"a\",null]"));
        told("array[0] must be an object (Item), not null", CONTENTS.replace("\"array\":[]", "\"array\":[null]"));
        told("map.k must be an integer of 32 bits, not null", CONTENTS.replace("\"map\":{}", "\"map\":{\"k\":null}"));
    }

    private void told(String words, String document) {
        String told = refused(codec, document, Contents.class);
        assertTrue(told.startsWith(words + ", at line 1, column "), told);
    }

    @Test
    void nullInAnArrayThatIsTheDocumentIsRefused() {
        assertEquals("[1] must be an object (Item), not null", refused(codec, "[" + ITEM + ",null]", Item[].class));
        var own = new JacksonCodec(JacksonCodec.exact().build());
        assertEquals("[0] must be a text, not null", refused(own, "[null]", String[].class));
        assertEquals(1, taken("[null]", Object[].class).length);
        assertEquals(1, taken("[null]", Optional[].class).length);
        assertEquals(2, taken("[null,1]", List.class).size());
        assertTrue(taken("{\"a\":null}", Map.class).containsKey("a"));
        var old = new JacksonCodec(JacksonCodec.strict().build());
        assertEquals(1, ((String[]) Objects.requireNonNull(old.readRequest(utf8("[null]"), String[].class))).length);
    }

    @Test
    void listInAListHasTheRuleOfTheOuterOne() {
        String inner = refused(codec, "{\"rows\":[[\"a\",null]]}", Table.class);
        assertTrue(inner.startsWith("rows[0][1] must not be null, at line 1, column "), inner);
        String outer = refused(codec, "{\"rows\":[null]}", Table.class);
        assertTrue(outer.startsWith("rows[0] must be a list, not null, at line 1, column "), outer);
    }

    @Test
    void genericRecordIsReadWithItsArguments() {
        assertEquals(new Items(new Page<>(List.of(new Item("a", 1)), new Item("a", 1))),
                taken("{\"page\":{\"rows\":[" + ITEM + "],\"best\":" + ITEM + "}}", Items.class));
        assertTrue(refused(codec, "{\"page\":{\"rows\":[" + ITEM + ",{}],\"best\":" + ITEM + "}}", Items.class)
                .startsWith("page.rows[1].name is missing and must be a text"));
        assertTrue(refused(codec, "{\"page\":{\"rows\":[]}}", Items.class).startsWith("page.best is missing"));
        assertTrue(refused(codec, "{\"page\":{\"rows\":[null]}}", Items.class).startsWith("page.rows[0] must be"));
    }

    @Test
    void componentIsCalledAsTheDocumentCallsIt() {
        assertEquals(new Renamed("a", null), taken("{\"the-name\":\"a\"}", Renamed.class));
        assertTrue(refused(codec, "{}", Renamed.class).startsWith("the-name is missing and must be a text"));
    }

    @Test
    void recordTakesUnknownFieldsIfItSaysSoAndThoseAroundItDoNot() {
        assertEquals(new Around(new Open("a")), taken("{\"open\":{\"name\":\"a\",\"x\":[{}]}}", Around.class));
        assertTrue(refused(codec, "{\"open\":{\"name\":\"a\"},\"x\":1}", Around.class).startsWith("x is no field"));
        assertTrue(refused(codec, "{\"open\":{\"x\":1}}", Around.class).startsWith("open.name is missing"));
    }

    @Test
    void recordThatIsMadeInAnotherWayHasItsOwnRules() {
        assertEquals(new Holder(new Wrapped(5)), taken("{\"wrapped\":5}", Holder.class));
        assertTrue(refused(codec, "{}", Holder.class).startsWith("wrapped is missing"));
    }

    @Test
    void classThatIsNoRecordMayMissFieldsButHasNoOthers() {
        assertEquals("none", taken("{}", Bean.class).name);
        assertTrue(refused(codec, "{\"nam\":1}", Bean.class).startsWith("nam is no field here"));
    }

    @Test
    void serverThatSkipsUnknownFieldsStillMissesMissingOnes() {
        var skipping = JacksonCodec.skippingUnknownFields();
        assertEquals(new Item("a", 1), skipping.readRequest(utf8("{\"x\":1,\"name\":\"a\",\"count\":1}"), Item.class));
        assertTrue(refused(skipping, "{\"x\":1,\"name\":\"a\"}", Item.class).startsWith("count is missing"));
    }

    @Test
    void mapperOfTheProgramCountsForBoth() {
        var own = new JacksonCodec(JacksonCodec.exact().enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build());
        assertEquals(Color.RED, own.readRequest(utf8("\"red\""), Color.class));
        assertTrue(refused(own, "{}", Item.class).startsWith("name is missing"));
        assertThrows(JsonException.class, () -> own.read(utf8("{}"), Item.class));
        var old = new JacksonCodec(JacksonCodec.strict().build());
        assertEquals(new Item("a", 0), old.readRequest(utf8("{\"name\":\"a\",\"x\":1}"), Item.class));
    }

    /** So that a newer server can be understood. */
    @Test
    void replyMaySayMoreAndLess() {
        assertEquals(new Item("a", 0), codec.read(utf8("{\"name\":\"a\",\"x\":1}"), Item.class));
    }

    @Test
    void unknownFieldsOf10MegabytesAndOf10000LevelsAreInNoMessage() {
        String told = refused(codec, "{\"x\":\"" + "secret".repeat(1_700_000) + "\"}", Item.class);
        assertFalse(told.contains("secret"), told);
        assertTrue(told.length() < 200, told);
        String deep = assertThrows(JsonException.class,
                () -> codec.readRequest(utf8("{\"x\":" + "[".repeat(10_000)), Item.class)).text();
        assertTrue(deep.length() < 200, deep);
    }

    @SimTest(seeds = 3)
    void requestIsReadByTheRulesAndTheReplyIsNot() {
        try (var http = HttpClient.create();
                var server = HttpServer.builder()
                        .post("/items", r -> Response.json(Map.of("name", r.json(Item.class).name(), "more", 1)))
                        .start("127.0.0.1", 0);
                var skipping = HttpServer.builder()
                        .json(JacksonCodec.skippingUnknownFields())
                        .post("/items", r -> Response.json(r.json(Item.class)))
                        .start("127.0.0.1", 0)) {
            String url = "http://127.0.0.1:" + server.port() + "/items";
            assertEquals(new Item("a", 0), http.request("POST", url).json(ITEM).send().json(Item.class));
            String more = "{\"name\":\"a\",\"count\":1,\n\"password\":\"hunter2\"}";
            answered(http.request("POST", url).json(more).send(), "password is no field here, at line 2, column ");
            answered(http.request("POST", url).json("{\"name\":\"hunter2\"}").send(),
                    "count is missing and must be an integer of 32 bits, at line 1, column ");
            answered(http.request("POST", url).json("{\"name\":\"a\",\"name\":\"hunter2\"}").send(),
                    "at line 1, column ");
            answered(http.request("POST", url).json(" ").send(),
                    "it is empty and must be an object (Item), at line 1, column ");
            answered(http.request("POST", url).json("null").send(), "null");
            for (String type : List.of("text/plain", "application/json; charset=utf-16")) {
                assertEquals(415, http.request("POST", url).header("Content-Type", type).body(ITEM).send().status());
            }
            assertEquals(200,
                    http.request("POST", "http://127.0.0.1:" + skipping.port() + "/items").json(more).send().status());
        }
    }

    private static void answered(Reply reply, String words) {
        String text = reply.text();
        assertEquals(400, reply.status(), text);
        assertEquals(List.of("application/problem+json"), reply.headers().all("Content-Type"));
        assertTrue(text.contains(words), text);
        assertFalse(text.contains("hunter2"), text);
    }
}
