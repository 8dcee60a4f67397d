package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The gateway of twenty lines, in front of a server that answers and of one that does not. */
final class GatewayTest {

    @Test
    void deadServerIsNotNoticed() {
        Heddle.run(() -> {
            try (var server = HttpServer.builder().get("/", request -> Response.text("root"))
                    .any("/{path...}", request -> Response.text(request.text(100) + request.headers().first("Via")))
                    .start("127.0.0.1", 0);
                    var behind = Proxying.to(Upstreams.of(
                            "http://127.0.0.1:" + server.port(), "http://127.0.0.1:1"));
                    var gateway = ((HttpServer.Builder) Program.example("Gateway").result("gateway", behind))
                            .start("127.0.0.1", 0);
                    var client = HttpClient.create()) {
                String url = "http://127.0.0.1:" + gateway.port();
                for (int i = 0; i < 10; i++) {
                    assertEquals("hello1.1 heddle",
                            client.request("POST", url + "/a/b").body("hello").send().text());
                    assertEquals("root", client.get(url + "/").text());
                }
            }
        });
    }

    @Test
    void hasTwentyLinesAtMost() throws Exception {
        long lines = Files.readAllLines(Path.of("src/main/java/http/Gateway.java")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("//")).count();
        assertTrue(lines <= 20, lines + " lines");
    }
}
