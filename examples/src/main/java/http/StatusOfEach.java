// Two replies at the same time, of which only the heads are looked at; the bodies are let go unread.
// Answers Concurrent requests, program 8: the module aiohttp, with aiohttp.request and response.close.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        fetchBoth(http);
    }
}

void fetchBoth(HttpClient http) {
    gather(() -> fetch(http, "/baidu"), () -> fetch(http, "/chouti"));
}

void fetch(HttpClient http, String url) {
    IO.println(url);
    try (Reply reply = http.get(url)) {
        IO.println(url + " " + reply.status() + " " + reply.headers().get("Content-Type").orElse("untyped"));
    }
}

Response answer(Request request) {
    boolean slow = request.path("name").equals("baidu");
    sleep(Duration.ofMillis(slow ? 200 : 100));
    return Response.html("<p>this is " + request.path("name"));
}
