package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.SimTest;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parameters of a route's query, head, path and form are checked with their rules, and the document tells of them. */
final class ParameterTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String TENANT = new UUID(1, 2).toString();

    enum State { OPEN, CLOSED }

    record Said(String text) {}

    private static Api api() {
        return Api.of("Shop", "1")
                .get("/orders/{id:long}", Operation.of("One")
                        .with(Parameter.path("id", Long.class).atLeast(1).atMost(1_000))
                        .with(Parameter.query("limit", Integer.class).optional().atLeast(1).atMost(100).about("most"))
                        .with(Parameter.query("like", String.class).optional().length(2, 5)
                                .matching("[a-z]*", "of small letters"))
                        .with(Parameter.query("state", State.class).optional())
                        .with(Parameter.header("X-Tenant", UUID.class))
                        .with(Parameter.header("X-Try", Integer.class).optional().atMost(3)), Said.class,
                        request -> new Said(request.path("id") + request.header("x-tenant").orElse("")))
                .get("/tags/{rest...}", Operation.of("Tags")
                        .with(Parameter.path("rest", String.class).matching("[a-z/]+", "of small letters")), Said.class,
                        request -> new Said(request.path("rest")))
                .post("/login", Operation.of("Login")
                        .with(Parameter.form("user", String.class).length(1, 10).about("who"))
                        .with(Parameter.form("age", Integer.class).optional().atLeast(18))
                        .with(Parameter.query("next", String.class).optional().length(0, 3)), Said.class,
                        request -> new Said(request.form().get("user").orElse("")))
                .put("/touch", Operation.of("Touch"), Said.class, request -> new Said("put"))
                .patch("/touch", Operation.of("Touch"), Said.class, request -> new Said("patch"));
    }

    private static TestClient client() {
        return TestClient.of(HttpServer.builder().mount("/", api().routes()).build());
    }

    private static Reply order(TestClient client, String rest, String... header) {
        ClientRequest request = client.request("GET", "/orders/" + rest);
        for (int i = 0; i < header.length; i += 2) {
            request.addHeader(header[i], header[i + 1]);
        }
        return request.send();
    }

    /** The faults of a refused request, one a line. */
    private static List<String> faults(Reply reply) {
        String text = reply.text();
        assertEquals(400, reply.status(), text);
        assertFalse(text.contains("hunter2"), text);
        assertEquals("application/problem+json", reply.headers().get("Content-Type").orElseThrow());
        JsonNode problem = JSON.readTree(text);
        assertEquals("tag:heddle.dev,2026:refused-parameters", problem.get("type").stringValue());
        JsonNode schema = JSON.readTree(api().json("/")).at("/components/schemas/RefusedRequest");
        assertEquals(List.of(), new SchemaChecker(schema).check(schema, problem));
        return problem.get("errors").valueStream()
                .map(each -> each.get("in").stringValue() + " " + each.get("parameter").stringValue() + " "
                        + each.path("rule").asString("") + ": " + each.path("expected").asString(""))
                .toList();
    }

    @SimTest(seeds = 5)
    void whatKeepsItsRulesIsTaken() {
        try (TestClient client = client()) {
            assertEquals("{\"text\":\"7" + TENANT + "\"}", order(client, "7?limit=100&like=abc&state=OPEN", "x-tenant",
                    TENANT, "X-Try", "3").text());
            assertEquals("{\"text\":\"a/b\"}", client.get("/tags/a/b").text());
            assertEquals("{\"text\":\"ada\"}", client.request("POST", "/login?next=abc")
                    .form("user", "ada", "age", "18").send().text());
            assertEquals("{\"text\":\"put\"}", client.request("PUT", "/touch").send().text());
            assertEquals("{\"text\":\"patch\"}", client.request("PATCH", "/touch").send().text());
        }
    }

    @SimTest(seeds = 5)
    void allThatBreaksARuleIsToldAtOnceByItsPlace() {
        try (TestClient client = client()) {
            assertEquals(List.of(
                    "path id minimum: at least 1",
                    "query limit maximum: at most 100",
                    "query like minLength: a text of at least 2 characters",
                    "query like pattern: of small letters",
                    "query state enum: one of OPEN, CLOSED",
                    "header X-Tenant required: a UUID",
                    "header X-Try maximum: at most 3"),
                    faults(order(client, "0?limit=101&like=A&state=hunter2", "X-Try", "4")));
            assertEquals(List.of("path rest pattern: of small letters"), faults(client.get("/tags/a/B")));
            assertEquals(404, order(client, "x").status(), "no number is another path");
        }
    }

    record Tag(@Size(min = 1) String name) {}

    @SimTest(seeds = 3)
    void bodiesAndParametersAreRefusedOverHttp2AsOverHttp1() {
        Api api = Api.of("Shop", "1").post("/tags/{id}", Operation.of("Tag")
                .with(Parameter.path("id", String.class).length(1, 3))
                .with(Parameter.query("at", Integer.class).atMost(9)), Tag.class, Said.class,
                (request, tag) -> new Said(tag.name()));
        try (HttpServer server = HttpServer.builder().mount("/", api.routes()).start("127.0.0.1", 0);
                HttpClient first = HttpClient.create();
                HttpClient second = HttpClient.builder().http2PriorKnowledge().build()) {
            String url = "http://127.0.0.1:" + server.port() + "/tags/";
            for (HttpClient http : List.of(first, second)) {
                Reply taken = http.post(url + "a?at=9", new Tag("x"));
                assertEquals(http == first ? "HTTP/1.1" : "HTTP/2", taken.version());
                assertEquals("{\"text\":\"x\"}", taken.text());
                assertEquals(List.of("path id maxLength: a text of at most 3 characters",
                        "query at maximum: at most 9"), faults(http.post(url + "abcd?at=10", new Tag(""))));
                Reply body = http.request("POST", url + "a?at=9").json("{\"name\":\"\"}").send();
                assertEquals(400, body.status());
                assertEquals("application/problem+json", body.headers().first("Content-Type"));
                String text = body.text();
                assertTrue(text.contains("\"pointer\":\"/name\"") && text.contains("\"rule\":\"minLength\""), text);
            }
            assertEquals(1, second.statistics().opened());
        }
    }

    @SimTest(seeds = 5)
    void fieldThatComesTwiceIsRefused() {
        try (TestClient client = client()) {
            assertEquals(List.of("header X-Tenant : one value"),
                    faults(order(client, "7", "X-Tenant", TENANT, "x-tenant", TENANT)));
        }
    }

    @SimTest(seeds = 5)
    void formIsCheckedAfterTheHead() {
        try (TestClient client = client()) {
            assertEquals(List.of("form user required: a text", "form age minimum: at least 18"), faults(client
                    .request("POST", "/login").form("age", "17").send()));
            assertEquals(List.of("query next maxLength: a text of at most 3 characters"), faults(client
                    .request("POST", "/login?next=abcd").form("age", "17").send()));
            assertEquals(List.of("form  : "), faults(client.request("POST", "/login")
                    .header("Content-Type", "application/x-www-form-urlencoded").body("user=%FF").send()));
            assertEquals(415, client.request("POST", "/login").json("{}").send().status());
            assertEquals(413, client.request("POST", "/login")
                    .form("user", "a".repeat(2_000_000)).send().status());
        }
    }

    @SimTest(seeds = 5)
    void patternWithLoopsInLoopsIsGivenUp() {
        Api api = Api.of("a", "1").get("/", Operation.of("a").with(Parameter.query("q", String.class)
                .matching("(a+)+b", "as many a and a b")), Said.class, request -> new Said(""));
        try (TestClient client = TestClient.of(HttpServer.builder().mount("/", api.routes()).build())) {
            String problem = client.get("/?q=" + "a".repeat(1_000)).text();
            assertTrue(problem.contains("as many a and a b (given up after too many steps)"), problem);
        }
    }

    @Test
    void documentTellsOfParametersAndTheirRules() {
        JsonNode document = JSON.readTree(api().json("/"));
        assertEquals(JSON.readTree("""
                [{"name":"id","in":"path","required":true,
                  "schema":{"type":"integer","format":"int64","minimum":1,"maximum":1000}},
                 {"name":"limit","in":"query","required":false,"description":"most",
                  "schema":{"type":"integer","format":"int32","minimum":1,"maximum":100}},
                 {"name":"like","in":"query","required":false,
                  "schema":{"type":"string","maxLength":5,"minLength":2,"pattern":"^[a-z]*$"}},
                 {"name":"state","in":"query","required":false,"schema":{"type":"string","enum":["OPEN","CLOSED"]}},
                 {"name":"X-Tenant","in":"header","required":true,"schema":{"type":"string","format":"uuid"}},
                 {"name":"X-Try","in":"header","required":false,
                  "schema":{"type":"integer","format":"int32","maximum":3}}]"""),
                document.at("/paths/~1orders~1{id}/get/parameters"));
        assertEquals("one or more segments",
                document.at("/paths/~1tags~1{rest}/get/parameters/0/description").stringValue());
        JsonNode login = document.at("/paths/~1login/post");
        assertEquals(JSON.readTree("""
                {"required":true,"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object",
                 "properties":{"user":{"type":"string","maxLength":10,"minLength":1,"description":"who"},
                               "age":{"type":"integer","format":"int32","minimum":18}},
                 "required":["user"]}}}}"""), login.get("requestBody"));
        assertEquals(1, login.get("parameters").size());
        assertEquals("The body is not application/x-www-form-urlencoded",
                login.at("/responses/415/description").stringValue());
        assertFalse(document.at("/paths/~1touch/put").has("requestBody"));
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertRefused("has no other", () -> add("GET", Parameter.path("other", Long.class)));
        assertRefused("id in /{id:long} is Long, not Integer", () -> add("GET", Parameter.path("id", Integer.class)));
        assertRefused("takes no form", () -> add("GET", Parameter.form("a", Long.class)));
        assertRefused("takes no form", () -> Api.of("a", "1").post("/", Operation.of("a")
                .with(Parameter.form("a", Long.class)), Said.class, Said.class, (request, body) -> body));
        assertRefused("another path", () -> Parameter.path("id", Long.class).optional());
        assertRefused("no number", () -> Parameter.query("a", String.class).atLeast(1));
        assertRefused("no text", () -> Parameter.query("a", Long.class).length(1, 2));
        assertRefused("a length from 2 to 1", () -> Parameter.query("a", String.class).length(2, 1));
        assertRefused("is no parameter in a document", () -> Parameter.header("accept", String.class));
        assertRefused("there already", () -> Operation.of("a").with(Parameter.header("A", String.class))
                .with(Parameter.header("a", String.class)));
        assertRefused("Unclosed group", () -> Parameter.query("a", String.class).matching("(", "x"));
    }

    private static void add(String method, Parameter parameter) {
        assertEquals("GET", method);
        Api.of("a", "1").get("/{id:long}", Operation.of("a").with(parameter), Said.class, request -> new Said(""));
    }

    private static void assertRefused(String part, Runnable wrong) {
        String why = String.valueOf(assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
        assertTrue(why.contains(part), why);
    }
}
