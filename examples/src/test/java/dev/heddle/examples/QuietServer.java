package dev.heddle.examples;

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.io.IOException;

/** A server that answers itself once, and stays until its input ends. */
final class QuietServer {

    private QuietServer() {}

    public static void main(String[] arguments) {
        run(() -> {
            HttpServer.Builder answers = HttpServer.builder().get("/", request -> Response.text("hello"));
            try (var server = answers.start("127.0.0.1", 0); var http = HttpClient.create()) {
                IO.println(http.get("http://localhost:" + server.port() + "/").text());
                offload(QuietServer::awaitTheEnd);
            }
        });
    }

    private static void awaitTheEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing to do with it.
        }
    }
}
