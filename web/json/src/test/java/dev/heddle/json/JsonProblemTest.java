package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.SimTest;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Refused JSON is answered with a problem that programs can read (RFC 9457). */
final class JsonProblemTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    record Line(double price) {}

    record Order(List<Line> lines, Map<String, Integer> marks) {}

    enum Color { RED, GREEN }

    record Day(Color color, LocalDate at, Map<Color, Integer> byColor) {}

    private static HttpServer.Builder app() {
        return HttpServer.builder().post("/", request -> Response.json(request.json(Order.class)));
    }

    private static JsonNode problem(TestClient client, String body) {
        Reply reply = client.request("POST", "/").header("Accept", "text/html").json(body).send();
        String text = reply.text();
        JsonNode problem = JSON.readTree(text);
        assertEquals(400, reply.status(), text);
        assertEquals(List.of("application/problem+json"), reply.headers().all("Content-Type"));
        assertEquals("tag:heddle.dev,2026:refused-json", problem.get("type").asString());
        assertEquals("The JSON does not match", problem.get("title").asString());
        assertEquals(400, problem.get("status").asInt());
        assertFalse(text.contains("hunter2"), text);
        return problem;
    }

    private static JsonNode error(TestClient client, String body) {
        JsonNode errors = problem(client, body).get("errors");
        assertEquals(1, errors.size());
        return errors.get(0);
    }

    @SimTest(seeds = 5)
    void errorHasAPointerTheExpectedTypeAndThePosition() {
        try (TestClient client = TestClient.of(app().build())) {
            assertEquals(
                    JSON.readTree(
                            """
                                    {"pointer":"/lines/1/price","expected":"a number of 64 bits","rule":"type","line":2,"column":11}"""),
                    error(client, "{\"lines\":[{\"price\":1},\n{\"price\": \"hunter2\"}],\"marks\":{}}"));
            assertEquals("/marks/a~1b~0\u20ac",
                    error(client, "{\"lines\":[],\"marks\":{\"a/b~\u20ac\":\"hunter2\"}}").get("pointer").asString());
            assertEquals("/marks", error(client, "{\"lines\":[]}").get("pointer").asString());
        }
    }

    /** By the keyword of the schema, so that who has the document knows what is meant. */
    @SimTest(seeds = 5)
    void errorNamesTheRuleThatIsBroken() {
        try (TestClient client = TestClient.of(app().post("/day", request -> Response.json(request.json(Day.class)))
                .build())) {
            assertRule("required", client, "/", "{\"lines\":[]}");
            assertRule("additionalProperties", client, "/", "{\"lines\":[],\"marks\":{},\"x\":1}");
            assertRule("type", client, "/", "{\"lines\":null}");
            assertRule("type", client, "/", "{\"marks\":{\"a\":1.5}}");
            assertRule("format", client, "/", "{\"marks\":{\"a\":3000000000}}");
            assertRule("enum", client, "/day", "{\"color\":\"hunter2\"}");
            assertRule("type", client, "/day", "{\"color\":1}");
            assertRule("format", client, "/day", "{\"at\":\"hunter2\"}");
            assertRule("type", client, "/day", "{\"at\":[]}");
            assertRule("propertyNames", client, "/day", "{\"byColor\":{\"hunter2\":1}}");
            assertFalse(error(client, "{\"lines\":[").has("rule"));
        }
    }

    private static void assertRule(String rule, TestClient client, String path, String body) {
        JsonNode problem = JSON.readTree(client.request("POST", path).json(body).send().text());
        assertEquals(rule, problem.at("/errors/0/rule").asString(), problem::toString);
    }

    @SimTest(seeds = 5)
    void unknownFieldIsNamedAndHasNoType() {
        try (TestClient client = TestClient.of(app().build())) {
            JsonNode error = error(client, "{\"lines\":[],\"marks\":{},\"password\":\"hunter2\"}");

            assertEquals("/password", error.get("pointer").asString());
            assertFalse(error.has("expected"));
        }
    }

    @SimTest(seeds = 5)
    void longNamesAreLeftOutAndMalformedDocumentsHaveTheirPlaceOnly() {
        try (TestClient client = TestClient.of(app().build())) {
            String name = "n".repeat(100_000);
            JsonNode problem = problem(client, "{\"lines\":[],\"marks\":{\"" + name + "\":\"hunter2\"}}");

            assertEquals("/marks", problem.get("errors").get(0).get("pointer").asString());
            assertTrue(problem.toString().length() < 1_000, problem::toString);
            assertEquals(1, error(client, "{\"lines\":hunter2").get("line").asInt());
            assertEquals(0, problem(client, "null").get("errors").size());
        }
    }

    @SimTest(seeds = 5)
    void errorPageOfTheUserStandsInItsPlace() {
        HttpServer server = app().errorPage((request, status) -> Response.text("own " + status)).build();
        try (TestClient client = TestClient.of(server)) {
            assertEquals("own 400", client.request("POST", "/").json("{}").send().text());
        }
    }
}
