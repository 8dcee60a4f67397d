// Four pages, at most two at a time. Arguments: [how many at a time].
// Answers Concurrent requests, program 11: gevent.pool.Pool and requests.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

static final List<String> NAMES = List.of("python", "yahoo", "github", "pypi");

int atATime;
int most;

void main(String[] args) {
    int limit = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    run(() -> serveAndFetch(limit));
}

void serveAndFetch(int limit) {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        fetchAll(http, NAMES, limit);
    }
    IO.println("at most " + most + " at a time");
}

void fetchAll(HttpClient http, List<String> names, int limit) {
    group(g -> {
        var pool = g.pool(limit);
        for (String name : names) {
            pool.spawn(() -> fetch(http, "/" + name));
        }
    });
}

void fetch(HttpClient http, String url) {
    IO.println("GET " + url);
    IO.println(url + " " + http.get(url).text());
}

/** They take 100, 200, 300 and 400 ms. */
Response answer(Request request) {
    atATime++;
    most = Math.max(most, atATime);
    String name = request.path("name");
    sleep(Duration.ofMillis(100L * (1 + NAMES.indexOf(name))));
    atATime--;
    return Response.text("this is " + name);
}
