package dev.heddle.examples.guide;

import static dev.heddle.Heddle.offload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.server.Cors;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.testing.TestClient;
import dev.heddle.observe.Metrics;
import dev.heddle.sim.Sim;
import org.junit.jupiter.api.Test;

/** Lines for people who come from Spring, Helidon or Micronaut, as far as no other page has them. */
final class ComingFromFrameworksTest {

    @Test
    void otherOriginsAreNamed() {
        Sim.run(() -> {
            var server = HttpServer.builder()
                    .use(Cors.allow("https://shop.example"))
                    .get("/", request -> Response.text("hello"))
                    .build();
            try (TestClient client = TestClient.of(server)) {
                var reply = client.request("GET", "/").header("Origin", "https://shop.example").send();
                assertEquals("https://shop.example", reply.headers().first("Access-Control-Allow-Origin"));
            }
        });
    }

    @Test
    void metricsAreARoute() {
        Sim.run(() -> {
            var server = HttpServer.builder()
                    .get("/metrics", request -> Response.text(offload(Metrics::text)))
                    .build();
            try (TestClient client = TestClient.of(server)) {
                assertTrue(client.get("/metrics").text().contains("jvm_memory_used_bytes"));
            }
        });
    }
}
