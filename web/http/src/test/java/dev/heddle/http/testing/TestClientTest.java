package dev.heddle.http.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Asking a server without a network. */
final class TestClientTest {

    @Test
    void handlerIsAskedForAnyPath() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(r -> Response.text(r.method() + " " + r.target()))) {
                assertEquals("GET /", client.get("/").text());
                assertEquals("POST /a/b?c", client.request("POST", "/a/b?c").send().text());
            }
        });
    }

    @Test
    void wholeWayThroughBothParsersIsTaken() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(r -> Response.text(r.text(100)).withHeader("X", "y"))) {
                Reply reply = client.request("PUT", "/").body("hello").send();
                assertEquals("y", reply.headers().get("X").orElseThrow());
                assertTrue(reply.headers().contains("Date"));
                assertEquals("hello", reply.text());
                assertThrows(IllegalArgumentException.class, () -> client.request("B AD", "/").send());
            }
        });
    }

    @Test
    void verbsAreThoseOfTheClient() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(r -> Response.text(r.method() + " " + r.target() + " "
                    + r.headers().get("Content-Type").orElse("-") + " " + r.text(100)))) {
                assertEquals("POST /a text/plain; charset=utf-8 hello", client.post("/a", "hello").text());
                assertEquals("PUT /a - hi", client.put("/a", new byte[]{'h', 'i'}).text());
                assertEquals("PATCH /a text/plain; charset=utf-8 b", client.patch("/a", "b").text());
                assertEquals("QUERY /a text/plain; charset=utf-8 b", client.query("/a", "b").text());
                assertEquals("DELETE /a - ", client.delete("/a").text());
                assertEquals(200, client.options("/a").status());
                assertEquals("", client.head("/a").text());
            }
        });
    }

    @Test
    void verbsAreAllOfTheClients() {
        assertEquals(verbs(HttpClient.class), verbs(TestClient.class));
    }

    private static Set<String> verbs(Class<?> type) {
        return Stream.of(type.getMethods())
                .filter(method -> method.getReturnType() == Reply.class
                        && method.getParameterTypes()[0] == String.class)
                .map(method -> method.getName() + method.getParameterCount())
                .collect(Collectors.toSet());
    }

    @Test
    void redirectsAreSeenNotFollowed() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(r -> Response.redirect(302, "/b"))) {
                assertEquals(302, client.get("/").status());
            }
        });
    }

    @Test
    void wholeUrlAsksAnotherHostOfTheSameServer() {
        Sim.run(() -> {
            try (TestClient client = TestClient.of(r -> Response.text(r.host().orElseThrow()))) {
                assertEquals("localhost", client.get("/").text());
                assertEquals("api.example:81", client.get("http://api.example:81/").text());
            }
        });
    }

    @Test
    void keptConnectionOutlivesTheTaskThatAskedFirst() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().get("/", r -> Response.text("ok")).build();
            try (server; TestClient client = TestClient.of(server)) {
                Heddle.spawn(() -> client.get("/").text()).join();
                assertEquals("ok", client.get("/").text());
                assertEquals(1, server.statistics().accepted());
            }
        });
    }

    @Test
    void taskOfAnotherLoopIsRefused() {
        Heddle.run(() -> {
            try (TestClient client = TestClient.of(r -> Response.text("ok")); Loop other = Loop.start(Config.DEFAULT)) {
                IllegalStateException refused = other.spawn(
                        () -> assertThrows(IllegalStateException.class, () -> client.get("/"))).join();
                assertTrue(refused.getMessage().contains("of one loop"), refused.getMessage());
                assertEquals("ok", client.get("/").text());
            }
        });
    }

    @Test
    void serverOfTheCallersStaysItsOwn() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().get("/", r -> Response.text("ok")).start("127.0.0.1", 0);
            try (TestClient client = TestClient.of(server)) {
                assertEquals("ok", client.get("/").text());
            }
            try (TestClient again = TestClient.of(server)) {
                assertEquals("ok", again.get("/").text());
            }
            server.stop(Duration.ofSeconds(1));
            assertEquals(0, server.statistics().connections());
        });
    }
}
