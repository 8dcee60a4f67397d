package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.SimTest;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The codec where it is used: in a server and a client that find it by themselves. */
final class JsonHttpTest {

    record User(String name, int age) {}

    private static HttpServer server() {
        return HttpServer.builder()
                .post("/older", r -> {
                    User user = r.json(User.class);
                    return Response.json(new User(user.name(), user.age() + 1));
                })
                .post("/all", r -> Response.json(List.of(r.json(User[].class))))
                .get("/nan", r -> Response.json(Map.of("a", Double.NaN)))
                .start("127.0.0.1", 0);
    }

    @Test
    void itIsFoundAsAService() {
        assertEquals(List.of(JacksonCodec.class),
                ServiceLoader.load(JsonCodec.class).stream().map(ServiceLoader.Provider::type).toList());
    }

    @SimTest(seeds = 3)
    void valuesGoThereAndBack() {
        try (var http = HttpClient.create(); var server = server()) {
            String url = "http://127.0.0.1:" + server.port();
            assertEquals(new User("a", 2),
                    http.request("POST", url + "/older").json(new User("a", 1)).send().expectSuccess()
                            .json(User.class));
            assertEquals(List.of(new User("\u20ac", 1)),
                    List.of(http.request("POST", url + "/all").json(List.of(new User("\u20ac", 1))).send()
                            .json(User[].class)));
        }
    }

    @SimTest(seeds = 3)
    void badDocumentGets400WithItsPlaceAndNothingOfIt() {
        try (var http = HttpClient.create(); var server = server()) {
            String url = "http://127.0.0.1:" + server.port() + "/older";
            Reply reply = http.request("POST", url).json("{\"name\":\"a\",\n\"age\":secret}").send();
            assertEquals(400, reply.status());
            String text = reply.text();
            assertTrue(text.contains("line 2, column "), text);
            assertFalse(text.contains("secret"), text);
            assertEquals(413, http.request("POST", url).json("\"" + "x".repeat(1 << 20) + "\"").send().status());
        }
    }

    @SimTest(seeds = 3)
    void whatCannotBeWrittenIs500AndWhatCannotBeReadIsABadReply() {
        try (var http = HttpClient.create(); var server = server()) {
            String url = "http://127.0.0.1:" + server.port();
            Reply reply = http.get(url + "/nan");
            assertEquals(500, reply.status());
            assertThrows(BadReplyException.class, () -> reply.json(User.class));
        }
    }
}
