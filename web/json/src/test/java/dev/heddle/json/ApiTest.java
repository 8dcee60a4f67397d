package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.SimTest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Routes with types, and the document that tells of them. */
final class ApiTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    enum State {
        OPEN,
        @JsonProperty("gone")
        CLOSED
    }

    record Line(String article, int count, Optional<String> note, @Nullable Line insteadOf) {}

    record NewOrder(
            String customer, List<Line> lines, Map<String, Long> marks, @JsonProperty("due_at") Instant due,
            State state) {}

    record Order(long id, NewOrder order, Order[] parts, UUID key, double weight, BigDecimal price, byte[] picture,
            Object any, boolean ok) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Shape permits Circle, Square {}

    @JsonTypeName("circle")
    record Circle(double radius) implements Shape {}

    @JsonTypeName("square")
    record Square(double side, Shape inside) implements Shape {}

    record Page<T>(List<T> items) {}

    record Pages(Page<Line> lines, Page<State> states) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Open(int a) {}

    record Counted(int count) {}

    private static final String LINE = "{\"article\":\"yarn\",\"count\":2}";

    private static final String ORDER = "{\"customer\":\"Ada\",\"lines\":[" + LINE
            + "],\"marks\":{\"a\":1},\"due_at\":\"2026-01-02T03:04:05Z\",\"state\":\"gone\"}";

    private static Api shop() {
        return Api.of("Shop", "1.0")
                .post("/orders", Operation.of("Orders").withStatus(201), NewOrder.class, Counted.class,
                        (request, order) -> new Counted(order.lines().size()))
                .get("/orders", Operation.of("What was ordered")
                        .required("state", State.class, "only of this state")
                        .optional("after", Long.class, "only those behind it")
                        .optional("limit", Integer.class, "")
                        .optional("full", Boolean.class, "")
                        .optional("key", UUID.class, "")
                        .optional("text", String.class, ""), Counted.class,
                        request -> new Counted((int) request.queryLong("after", 7)))
                .put("/orders/{id:long}", NewOrder.class, Counted.class,
                        (request, order) -> new Counted((int) request.pathLong("id")))
                .patch("/shapes/{rest...}", Shape.class, Shape[].class, (request, shape) -> new Shape[]{shape})
                .delete("/orders/{id:long}", Operation.DEFAULT.withStatus(204).withError(404, "No such order"),
                        Counted.class, request -> {
                            if (request.pathLong("id") > 9) {
                                throw new StatusException(404, "no such order");
                            }
                            return new Counted(0);
                        })
                .get("/orders/{id:int}/pages", Pages.class, request -> {
                    throw new StatusException(410, "gone");
                })
                .get("/all", Order.class, request -> {
                    throw new StatusException(410, "gone");
                })
                .post("/open", Open.class, Open.class, (request, open) -> open);
    }

    private static TestClient client(Api api) {
        return TestClient.of(HttpServer.builder().mount("/api", api.routes())
                .get("/openapi.json", api.document("/api")).build());
    }

    private static Reply post(TestClient client, String path, String body) {
        return client.request("POST", path).json(body).send();
    }

    @SimTest(seeds = 5)
    void valuesAreTakenAndGivenAsTheirTypesSay() {
        try (TestClient client = client(shop())) {
            Reply created = post(client, "/api/orders", ORDER);
            assertEquals(201, created.status());
            assertEquals("{\"count\":1}", created.text());
            assertEquals("{\"count\":5}", client.request("PUT", "/api/orders/5").json(ORDER).send().text());
            assertEquals("[{\"kind\":\"square\",\"side\":1.0,\"inside\":{\"kind\":\"circle\",\"radius\":2.0}}]",
                    client.request("PATCH", "/api/shapes/a/b")
                            .json("{\"kind\":\"square\",\"side\":1,\"inside\":{\"kind\":\"circle\",\"radius\":2}}")
                            .send().text());
            Reply deleted = client.request("DELETE", "/api/orders/9").send();
            assertEquals(204, deleted.status());
            assertEquals(0, deleted.bytes().length);
            assertEquals(404, client.request("DELETE", "/api/orders/10").send().status());
            assertEquals(404, client.request("DELETE", "/api/orders/ten").send().status());
            assertEquals("{\"a\":1}", post(client, "/api/open", "{\"a\":1,\"b\":2}").text());
        }
    }

    @SimTest(seeds = 5)
    void queryIsAsTheOperationSaysOrRefusedByName() {
        try (TestClient client = client(shop())) {
            assertEquals("{\"count\":7}", client.get("/api/orders?state=OPEN").text());
            assertEquals("{\"count\":3}", client.get("/api/orders?state=OPEN&after=3&limit=1&full=true&text=%20&key="
                    + new UUID(1, 2)).text());
            Map<String, String> refused = Map.of(
                    "", "the query lacks state",
                    "?state=OPEN&state=OPEN", "the query has state twice",
                    "?state=gone", "state in the query must be one of OPEN, CLOSED",
                    "?state=OPEN&after=x", "after in the query must be an integer of 64 bits",
                    "?state=OPEN&after=", "after in the query must be an integer of 64 bits",
                    "?state=OPEN&limit=3000000000", "limit in the query must be an integer of 32 bits",
                    "?state=OPEN&full=2", "full in the query must be true or false",
                    "?state=OPEN&key=1-1-1-1-1", "key in the query must be a UUID");
            refused.forEach((query, why) -> {
                Reply reply = client.get("/api/orders" + query);
                assertEquals(400, reply.status(), query);
                JsonNode problem = JSON.readTree(reply.text());
                assertEquals(why, problem.get("detail").stringValue());
                assertEquals(1, problem.get("errors").size());
            });
        }
    }

    @SimTest(seeds = 5)
    void allThatIsWrongInAQueryIsToldAsOneProblem() {
        try (TestClient client = client(shop())) {
            Reply reply = client.get("/api/orders?after=hunter2&limit=1&limit=2&key=hunter2");
            assertEquals(400, reply.status());
            assertEquals("application/problem+json", reply.headers().get("Content-Type").orElseThrow());
            assertEquals(JSON.readTree("""
                    {"type": "tag:heddle.dev,2026:refused-parameters",
                     "title": "The parameters are not as they must be",
                     "status": 400,
                     "detail": "the query lacks state; after in the query must be an integer of 64 bits; \
                    the query has limit twice; key in the query must be a UUID",
                     "errors": [
                       {"parameter": "state", "in": "query", "expected": "one of OPEN, CLOSED", "rule": "required"},
                       {"parameter": "after", "in": "query", "expected": "an integer of 64 bits", "rule": "type"},
                       {"parameter": "limit", "in": "query", "expected": "one value"},
                       {"parameter": "key", "in": "query", "expected": "a UUID", "rule": "format"}]}"""),
                    JSON.readTree(reply.text()));
            JsonNode malformed = JSON.readTree(client.get("/api/orders?state=%FF").text());
            assertEquals("[{\"parameter\":\"\",\"in\":\"query\"}]", malformed.get("errors").toString());
        }
    }

    /** What the document says of a body the server does: field by field. */
    @SimTest(seeds = 5)
    void documentTellsOfABodyWhatTheServerDoesWithIt() {
        try (TestClient client = client(shop())) {
            JsonNode document = JSON.readTree(client.get("/openapi.json").bytes());
            JsonNode schemas = document.at("/components/schemas");
            for (String name : List.of("NewOrder", "Line")) {
                JsonNode schema = schemas.get(name);
                assertFalse(schema.get("additionalProperties").booleanValue());
                List<String> required = new ArrayList<>();
                schema.get("required").forEach(each -> required.add(each.stringValue()));
                assertEquals(name.equals("Line")
                        ? List.of("article", "count")
                        : List.of("customer", "lines", "marks", "due_at", "state"), required);
                for (String field : schema.get("properties").propertyNames()) {
                    ObjectNode order = (ObjectNode) JSON.readTree(ORDER);
                    ObjectNode changed = name.equals("Line") ? (ObjectNode) order.at("/lines/0") : order;
                    changed.remove(field);
                    assertEquals(required.contains(field) ? 400 : 201,
                            post(client, "/api/orders", order.toString()).status(), field);
                    changed.putNull(field);
                    assertEquals(required.contains(field) ? 400 : 201,
                            post(client, "/api/orders", order.toString()).status(), field);
                }
                ObjectNode order = (ObjectNode) JSON.readTree(ORDER);
                (name.equals("Line") ? (ObjectNode) order.at("/lines/0") : order).put("colour", "red");
                assertEquals(400, post(client, "/api/orders", order.toString()).status());
            }
        }
    }

    /** What a refused body is answered with is what the document says of it: no other parts, and none left out. */
    @SimTest(seeds = 5)
    void documentTellsOfARefusedBodyWhatTheServerAnswers() {
        try (TestClient client = client(shop())) {
            JsonNode document = document();
            JsonNode described = described(document, "post");
            JsonNode error = described.at("/properties/errors/items");
            String wrong = ORDER.replace("\"count\":2", "\"count\":\"two\"");
            for (String body : List.of("{", "[]", "{}", wrong,
                    ORDER.replace("{\"customer\"", "{\"x\":1,\"customer\""))) {
                JsonNode problem = JSON.readTree(post(client, "/api/orders", body).text());
                assertNamesAmong(described, problem);
                assertFalse(problem.get("errors").isEmpty(), body);
                for (JsonNode each : problem.get("errors")) {
                    assertNamesAmong(error, each);
                    assertTrue(each.has("pointer") && !each.has("parameter"), body);
                }
            }
            assertEquals(described, described(document, "get"));
            JsonNode problem = JSON.readTree(client.get("/api/orders").text());
            assertNamesAmong(described, problem);
            assertNamesAmong(error, problem.at("/errors/0"));
        }
    }

    /** The one schema for all routes. */
    private static JsonNode described(JsonNode document, String method) {
        JsonNode reference = document
                .at("/paths/~1orders/" + method + "/responses/400/content/application~1problem+json/schema/$ref");
        assertEquals("#/components/schemas/RefusedRequest", reference.stringValue());
        return document.at(reference.stringValue().substring(1));
    }

    private static void assertNamesAmong(JsonNode described, JsonNode given) {
        List<String> known = List.copyOf(described.get("properties").propertyNames());
        assertTrue(known.containsAll(given.propertyNames()), given + " beside " + known);
        described.path("required").forEach(name -> assertTrue(given.has(name.stringValue()), given::toString));
    }

    private static JsonNode document() {
        return JSON.readTree(shop().json("/api"));
    }

    @Test
    void routeOfQueryMakesItADocumentOfTheVersionThatHasTheMethod() {
        JsonNode document = JSON.readTree(shop()
                .query("/orders", Counted.class, Counted.class, (request, asked) -> asked)
                .json("/api"));
        assertEquals("3.2.0", document.get("openapi").stringValue());
        assertEquals("queryOrders", document.at("/paths/~1orders/query/operationId").stringValue());
        assertTrue(document.at("/paths/~1orders/query/requestBody/content").has("application/json"));
    }

    @SimTest(seeds = 5)
    void queryOfAnApiIsAskedInJson() {
        Api api = Api.of("Shop", "1.0").query("/orders", Counted.class, Counted.class, (request, asked) -> asked);
        try (TestClient client = TestClient.of(api.routes())) {
            Reply answered = client.request("QUERY", "/orders").json("{\"count\":2}").send();
            assertEquals("\"application/json\"", answered.headers().first("Accept-Query"));
            assertEquals("{\"count\":2}", answered.text());
            assertEquals(415, client.request("QUERY", "/orders").body("two").send().status());
        }
    }

    @Test
    void allThatTheDocumentNamesIsThere() {
        JsonNode document = document();
        assertEquals("3.1.1", document.get("openapi").stringValue());
        assertEquals("/api", document.at("/servers/0/url").stringValue());
        List<JsonNode> references = document.findValues("$ref");
        assertFalse(references.isEmpty());
        for (JsonNode reference : references) {
            assertFalse(document.at(reference.stringValue().substring(1)).isMissingNode(), reference.toString());
        }
        var ids = new ArrayList<String>();
        document.findValues("operationId").forEach(each -> ids.add(each.stringValue()));
        assertEquals(ids.stream().distinct().toList(), ids);
        assertEquals(8, ids.size());
        document.get("paths").forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
            long places = path.chars().filter(c -> c == '{').count();
            long told = operation.path("parameters").valueStream()
                    .filter(each -> each.get("in").stringValue().equals("path")).count();
            assertEquals(places, told, path);
            assertFalse(operation.get("responses").isEmpty());
        }));
    }

    @Test
    void typesAreDescribedAsTheyAreWritten() {
        JsonNode schemas = document().at("/components/schemas");
        JsonNode order = schemas.at("/Order/properties");
        assertEquals("{\"type\":\"integer\",\"format\":\"int64\"}", order.get("id").toString());
        assertEquals("{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Order\"}}",
                order.get("parts").toString());
        assertEquals("{\"type\":\"string\",\"format\":\"uuid\"}", order.get("key").toString());
        assertEquals("{\"type\":\"number\",\"format\":\"double\"}", order.get("weight").toString());
        assertEquals("{\"type\":\"number\"}", order.get("price").toString());
        assertEquals("{\"type\":\"string\",\"contentEncoding\":\"base64\"}", order.get("picture").toString());
        assertEquals("{}", order.get("any").toString());
        assertFalse(schemas.get("Order").has("additionalProperties"), "what is given may have more one day");
        JsonNode taken = schemas.at("/NewOrder/properties");
        assertEquals("{\"type\":\"string\",\"format\":\"date-time\"}", taken.get("due_at").toString());
        assertEquals("{\"type\":\"string\",\"enum\":[\"OPEN\",\"gone\"]}", taken.get("state").toString());
        assertEquals("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\",\"format\":\"int64\"}}",
                taken.get("marks").toString());
        JsonNode line = schemas.at("/Line/properties");
        assertEquals("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", line.get("note").toString());
        assertEquals("{\"anyOf\":[{\"$ref\":\"#/components/schemas/Line\"},{\"type\":\"null\"}]}",
                line.get("insteadOf").toString());
        assertEquals("#/components/schemas/Page_Line", schemas.at("/Pages/properties/lines/$ref").stringValue());
        assertEquals("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"OPEN\",\"gone\"]}}",
                schemas.at("/Page_State/properties/items").toString());
        assertFalse(schemas.get("Open").has("additionalProperties"));
    }

    @Test
    void kindsOfASealedTypeAreToldApartByTheirProperty() {
        JsonNode schemas = document().at("/components/schemas");
        assertEquals("{\"oneOf\":[{\"$ref\":\"#/components/schemas/Circle\"},"
                + "{\"$ref\":\"#/components/schemas/Square\"}],"
                + "\"discriminator\":{\"propertyName\":\"kind\"}}", schemas.get("Shape").toString());
        assertEquals("{\"const\":\"circle\"}", schemas.at("/Circle/properties/kind").toString());
        assertEquals("[\"kind\",\"side\",\"inside\"]", schemas.at("/Square/required").toString());
    }

    @Test
    void mapperOfTheProgramsOwnNamesTheFields() {
        JsonMapper snake = JacksonCodec.exact().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
        JsonNode document = JSON.readTree(Api.of("a", "1", snake).get("/", Line.class, request -> null).json("/"));
        assertTrue(document.at("/components/schemas/Line/properties").has("instead_of"), document::toString);
        assertEquals("[\"article\",\"count\"]", document.at("/components/schemas/Line/required").toString());
    }

    private static final class Other {

        record Line(int a) {}

        private Other() {}
    }

    @Test
    void twoRecordsOfOneNameAreTwoSchemas() {
        JsonNode document = JSON.readTree(Api.of("a", "1")
                .get("/a", Line.class, request -> null)
                .get("/b", Other.Line.class, request -> null)
                .json("/"));
        JsonNode schemas = document.at("/components/schemas");
        assertEquals(2, schemas.size(), schemas::toString);
        for (JsonNode reference : document.findValues("$ref")) {
            assertFalse(document.at(reference.stringValue().substring(1)).isMissingNode(), reference.toString());
        }
        assertTrue(reference(document, "/a") != null && !reference(document, "/a").equals(reference(document, "/b")));
    }

    record RefusedRequest(int a) {}

    @Test
    void recordWithTheNameOfOurOwnSchemaHasAnotherOne() {
        JsonNode document = JSON.readTree(Api.of("a", "1")
                .post("/a", RefusedRequest.class, RefusedRequest.class, (request, body) -> body)
                .json("/"));
        JsonNode schemas = document.at("/components/schemas");
        assertEquals(2, schemas.size(), schemas::toString);
        assertTrue(schemas.at("/RefusedRequest/properties").has("errors"));
    }

    private static String reference(JsonNode document, String path) {
        return document.get("paths").get(path).at("/get/responses/200/content/application~1json/schema/$ref")
                .stringValue();
    }

    @Test
    void whatAnOperationCannotSayIsRefusedByName() {
        assertRefused("no String", () -> Api.of("a", "1").get("/", String.class, request -> "x"));
        assertRefused("succeeds with 200 to 299", () -> Operation.DEFAULT.withStatus(400));
        assertRefused("an error is 400 to 599", () -> Operation.DEFAULT.withError(200, ""));
        assertRefused("there already", () -> Operation.DEFAULT.optional("a", Long.class, "")
                .required("a", Long.class, ""));
        assertRefused("a parameter is a String", () -> Operation.DEFAULT.optional("a", Line.class, ""));
        assertRefused("a name has", () -> Operation.DEFAULT.optional("a b", Long.class, ""));
        assertRefused("a name has", () -> Operation.DEFAULT.withId(""));
    }

    private static void assertRefused(String part, Runnable wrong) {
        String why = String.valueOf(assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
        assertTrue(why.contains(part), why);
    }
}
