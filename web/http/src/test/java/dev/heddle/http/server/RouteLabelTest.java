package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskWatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a server says of its tasks to who watches. */
final class RouteLabelTest {

    private final List<String> heard = new ArrayList<>();

    private List<String> heardWhile(HttpServer.Builder server, String... requests) {
        Wire.play(server, (stream, connection) -> {
            Kernel.get().watch(Heddle.currentLoop(), new TaskWatch() {
                @Override
                public void labelled(Task<?> task, @Nullable String label) {
                    heard.add(String.valueOf(label));
                }
            });
            for (String request : requests) {
                String[] lines = request.split("\r\n", 2);
                String fields = lines.length == 1 ? "" : lines[1] + "\r\n";
                stream.write(Wire.latin1(lines[0] + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"));
                Wire.response(stream);
            }
            connection.cancel();
        });
        return heard;
    }

    @Test
    void taskIsAboutTheRouteThatItAnswersAndThenAboutNone() {
        var server = HttpServer.builder()
                .get("/users/{id}", r -> Response.text("user"))
                .any("/any", r -> Response.text("any"))
                .mount("/api", Routes.create().get("/items/{item:int}", r -> Response.text("item")));
        assertEquals(
                List.of("GET /users/{id}", "null", "/any", "null", "GET /api/items/{item:int}", "null"),
                heardWhile(server, "GET /users/17", "PUT /any", "GET /api/items/3"));
    }

    @Test
    void webSocketIsAboutItsRouteToTheEnd() {
        var server = HttpServer.builder().webSocket("/chat/{room}", (request, socket) -> socket.receive());
        assertEquals(
                List.of("GET /chat/{room}"),
                heardWhile(
                        server,
                        "GET /chat/7\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
    }

    @Test
    void whatNoRouteAnswersIsAboutNone() {
        assertEquals(List.of("null"), heardWhile(HttpServer.builder(), "GET /nope"));
    }
}
