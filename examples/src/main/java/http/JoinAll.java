// Three pages at the same time, in plain calls that wait: each in a task, and the group ends when all are there.
// Answers Asyncio and gevent, program 10; Concurrent requests, program 10: fetching pages in one thread; gevent and requests.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

static final List<String> NAMES = List.of("python", "yahoo", "github");

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        var time = measureTime(() -> joinAll(http));
        IO.println("run time is " + time.toMillis() + " ms");
    }
}

void joinAll(HttpClient http) {
    group(g -> {
        for (String name : NAMES) {
            g.spawn(() -> fetch(http, "GET", "/" + name));
        }
    });
}

void fetch(HttpClient http, String method, String url) {
    IO.println(method + " page: " + url);
    try (Reply reply = http.request(method, url).send()) {
        if (reply.status() == 200) {
            IO.println(reply.finalUri().getPath() + " " + reply.text());
        }
    }
}

/** The first page takes longest. */
Response answer(Request request) {
    String name = request.path("name");
    sleep(Duration.ofMillis(100).multipliedBy(NAMES.size() - NAMES.indexOf(name)));
    return Response.text("this is " + name);
}
