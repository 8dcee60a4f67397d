package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.testing.TestClient;
import dev.heddle.json.ValueRulesTest.Card;
import dev.heddle.json.ValueRulesTest.Drawing;
import dev.heddle.json.ValueRulesTest.One;
import dev.heddle.json.ValueRulesTest.Order;
import dev.heddle.json.ValueRulesTest.Pages;
import dev.heddle.json.ValueRulesTest.Sets;
import dev.heddle.sim.SimTest;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A document says what the server does: rules of values, refusals, and what is answered. */
final class SchemaTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String LINE = "{\"article\":\"a\",\"count\":1}";

    private static Api api() {
        return Api.of("Rules", "1")
                .post("/one", One.class, One.class, (request, one) -> one)
                .post("/order", Order.class, Order.class, (request, one) -> one)
                .post("/drawing", Drawing.class, Drawing.class, (request, one) -> one)
                .post("/pages", Pages.class, Pages.class, (request, one) -> one)
                .post("/sets", Sets.class, Sets.class, (request, one) -> one)
                .post("/card", Card.class, Card.class, (request, one) -> one)
                .post("/patterns", Patterns.class, Patterns.class, (request, one) -> one);
    }

    record Patterns(
            @Pattern(regexp = "a|b") String either,
            @Pattern(regexp = "a", flags = Pattern.Flag.CASE_INSENSITIVE) String flag,
            @Pattern(regexp = "\\p{Alpha}*+") String java, @Pattern(regexp = "[a-z&&[^b]]") String set,
            @Pattern(regexp = "(?<year>\\d{4})") @Nullable String named) {}

    private static JsonNode property(JsonNode document, String type, String name) {
        JsonNode schema = document.at("/components/schemas/" + type + "/properties/" + name);
        assertFalse(schema.isMissingNode(), name);
        return schema.path("anyOf").path(0).isMissingNode() ? schema : schema.at("/anyOf/0");
    }

    @Test
    void rulesStandInTheSchemaOfTheirComponent() {
        JsonNode document = JSON.readTree(api().json("/"));
        assertEquals(JSON.readTree("{\"type\":\"string\",\"minLength\":2,\"maxLength\":3}"),
                property(document, "One", "text"));
        assertEquals(JSON.readTree("{\"type\":\"string\",\"pattern\":\"\\\\S\"}"), property(document, "One", "filled"));
        assertEquals(JSON.readTree("{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-\\\\d+$\",\"maxLength\":10000}"),
                property(document, "One", "sku"));
        assertEquals(JSON.readTree("{\"type\":\"string\",\"format\":\"email\"}"), property(document, "One", "mail"));
        assertEquals(JSON.readTree("{\"type\":\"integer\",\"format\":\"int32\",\"minimum\":1,\"maximum\":10}"),
                property(document, "One", "count"));
        assertEquals(
                JSON.readTree("{\"type\":\"number\",\"format\":\"double\",\"minimum\":0.1,\"exclusiveMaximum\":0.9}"),
                property(document, "One", "part"));
        assertEquals("{\"type\":\"number\",\"exclusiveMaximum\":1000,\"exclusiveMinimum\":-1000,\"multipleOf\":0.01}",
                property(document, "One", "price").toString());
        assertEquals(JSON.readTree("{\"type\":\"string\",\"contentEncoding\":\"base64\",\"maxLength\":8}"),
                property(document, "One", "bytes"));
        assertEquals(JSON.readTree("""
                {"type":"object","propertyNames":{"pattern":"^[a-z]+$","maxLength":10000},
                 "additionalProperties":{"type":"integer","format":"int32","exclusiveMinimum":0}}"""),
                property(document, "Order", "marks"));
        assertEquals(JSON.readTree("""
                {"type":"array","maxItems":2,"items":{"type":"array","maxItems":3,
                 "items":{"type":"integer","format":"int32","minimum":1}}}"""), property(document, "Order", "table"));
        assertEquals(JSON.readTree("""
                {"type":"string","minLength":8,"maxLength":8,"pattern":"^[0-9]*$"}"""),
                property(document, "Card", "number"));
        assertEquals(JSON.readTree("""
                {"type":"string","pattern":"^a.*$","maxLength":10000,"allOf":[{"pattern":"^.*z$"}]}"""),
                property(document, "Card", "letters"));
        assertTrue(document.at("/components/schemas/Drawing/required").toString().contains("last"));
    }

    /** What JavaScript would take otherwise is left to the server. */
    @Test
    void patternStandsInTheSchemaOnlyIfItMeansTheSameThere() {
        JsonNode document = JSON.readTree(api().json("/"));
        assertEquals("^(?:a|b)$", property(document, "Patterns", "either").get("pattern").stringValue());
        for (String name : List.of("flag", "java", "set", "named")) {
            assertFalse(property(document, "Patterns", name).has("pattern"), name);
        }
    }

    @SimTest(seeds = 5)
    void serverTakesWhatTheSchemaAllowsAndRefusesWhatItDoesNot() {
        Api api = api();
        JsonNode document = JSON.readTree(api.json("/"));
        var checker = new SchemaChecker(document);
        try (TestClient client = TestClient.of(HttpServer.builder().mount("/", api.routes()).build())) {
            List.of("{}", "{\"text\":\"a\"}", "{\"text\":\"ab\"}", "{\"text\":null}", "{\"text\":\"abcd\"}",
                    "{\"text\":\"\ud83d\ude00\ud83d\ude00\ud83d\ude00\"}", "{\"filled\":\"\\u00a0\\ufeff\"}",
                    "{\"filled\":\"\\u00a0.\"}", "{\"sku\":\"ABC-1\"}", "{\"sku\":\"xABC-1\"}", "{\"sku\":\"ABC-1x\"}",
                    "{\"count\":0}", "{\"count\":1}", "{\"count\":10}", "{\"count\":11}", "{\"part\":0.09}",
                    "{\"part\":0.1}", "{\"part\":0.9}", "{\"small\":0.1}", "{\"small\":0.11}", "{\"debt\":-1}",
                    "{\"debt\":0}", "{\"price\":999.99}", "{\"price\":1000}", "{\"price\":-999.99}",
                    "{\"price\":-1000}", "{\"price\":1.001}", "{\"price\":1.010}", "{\"agreed\":true}",
                    "{\"agreed\":false}", "{\"list\":[\"\",\"\"]}", "{\"list\":[\"\",\"\",\"\"]}", "{\"array\":[]}",
                    "{\"array\":[\"\"]}", "{\"map\":{\"a\":\"\"}}", "{\"map\":{\"a\":\"\",\"b\":\"\"}}",
                    "{\"bytes\":\"AAAAAA==\"}", "{\"bytes\":\"AAAAAAAAAAAA\"}", "{\"perhaps\":0}", "{\"perhaps\":1}",
                    "{\"maybe\":\"ab\"}", "{\"maybe\":\"abc\"}", "{\"maybe\":null}", "{\"inner\":\"abc\"}",
                    "{\"set\":[\"a\",\"b\",\"c\"]}", "{\"tiny\":2}", "{\"tiny\":3}", "{\"unknown\":3}")
                    .forEach(body -> assertAgree(client, checker, document, "one", body));
            String order = "{\"customer\":\"a\",\"lines\":[" + LINE + "],\"marks\":{\"a\":1},\"table\":[[1]]}";
            List.of(order, order.replace("\"customer\":\"a\"", "\"customer\":\"\""),
                    order.replace("\"a\":1}", "\"A\":1}"),
                    order.replace("[[1]]", "[[0]]"), order.replace("[[1]]", "[[],[],[]]"),
                    order.replace("[" + LINE + "]", "[]"), order.replace("\"article\":\"a\"", "\"article\":\"\""))
                    .forEach(body -> assertAgree(client, checker, document, "order", body));
            List.of("{\"shapes\":[],\"last\":null}", "{\"shapes\":[],\"last\":{\"form\":\"circle\",\"radius\":1}}",
                    "{\"shapes\":[],\"last\":{\"form\":\"circle\",\"radius\":0}}",
                    "{\"shapes\":[],\"last\":{\"form\":\"square\",\"radius\":1}}")
                    .forEach(body -> assertAgree(client, checker, document, "drawing", body));
            List.of("{\"set\":[\"a\"],\"mails\":[],\"sorted\":[]}",
                    "{\"set\":[\"a\",\"a\"],\"mails\":[],\"sorted\":[]}")
                    .forEach(body -> assertAgree(client, checker, document, "sets", body));
            List.of("{\"either\":\"a\",\"flag\":\"a\",\"java\":\"a\",\"set\":\"a\"}",
                    "{\"either\":\"ab\",\"flag\":\"a\",\"java\":\"a\",\"set\":\"a\"}")
                    .forEach(body -> assertAgree(client, checker, document, "patterns", body));
        }
    }

    private static void assertAgree(
            TestClient client, SchemaChecker checker, JsonNode document, String route, String body) {
        JsonNode operation = document.at("/paths/~1" + route + "/post");
        List<String> broken = checker.check(operation.at("/requestBody/content/application~1json/schema"),
                JSON.readTree(body));
        Reply reply = client.request("POST", "/" + route).json(body).send();
        String answer = reply.text();
        assertEquals(broken.isEmpty() ? 200 : 400, reply.status(), () -> body + " " + broken + " " + answer);
        // What is answered keeps its own schema, whether it is a value or a refusal.
        JsonNode content = operation.at("/responses/" + reply.status() + "/content");
        String type = reply.headers().get("Content-Type").orElseThrow();
        assertEquals(List.of(), checker.check(content.get(type).get("schema"), JSON.readTree(answer)), body);
        String all = broken.toString();
        if (reply.status() == 400 && !all.contains("Of")) {
            String rule = JSON.readTree(answer).at("/errors/0/rule").stringValue();
            assertTrue(all.contains(rule), () -> body + " " + broken + " " + answer);
        }
    }

    @Test
    void routeWhoseRulesCannotBeCheckedIsRefusedBeforeItIsServed() {
        Api api = Api.of("a", "1").post("/", ValueRulesTest.OfTime.class, One.class, (request, body) -> null);
        String why = String.valueOf(assertThrows(IllegalArgumentException.class, api::routes).getMessage());
        assertEquals("the rules of OfTime.at cannot be checked: @Past is not checked: say it in the record's "
                + "constructor", why);
    }

    @Test
    void mapperWithoutRulesSaysNothingOfThem() {
        JsonNode document = JSON.readTree(Api.of("a", "1", JacksonCodec.strict().build())
                .post("/", One.class, One.class, (request, body) -> body).json("/"));
        assertFalse(property(document, "One", "text").has("maxLength"));
    }
}
