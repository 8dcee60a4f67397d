// Three requests together, each of which goes wrong in its own way: too late, no such host, an error of the server.
// Answers Concurrent requests, programs 12 and 13: grequests.map with a timeout and an exception handler, and imap.

import static dev.heddle.Heddle.*;

import dev.heddle.Outcome;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.Http;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.client.RequestOutcome;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;

void main() {
    run(this::serveAndMap);
}

void serveAndMap() {
    var site = HttpServer.builder()
            .get("/delay/{seconds:int}", request -> {
                sleep(Duration.ofSeconds(request.pathInt("seconds")));
                return Response.text("late");
            })
            .get("/status/{code:int}", request -> Response.empty(request.pathInt("code")));
    try (var server = site.start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + server.address()).build()) {

        mapAll(http);

        IO.println("map with an exception handler:");
        Http.mapAll(requests(http), 3, this::exceptionHandler);

        IO.println("imap, one at a time:");
        Http.asCompleted(requests(http), 1, fetched -> IO.println("  " + described(fetched)));

        IO.println("map with a timeout for all:");
        var all = List.of(http.request("GET", "/delay/60"), http.request("GET", "/status/200"));
        Http.mapAllWithin(Duration.ofSeconds(5), all, 3).forEach(fetched -> IO.println("  " + described(fetched)));
    }
}

void mapAll(HttpClient http) {
    IO.println("map: " + described(Http.mapAll(requests(http), 3)));
}

/** Nothing is sent yet. */
List<ClientRequest> requests(HttpClient http) {
    return List.of(
            http.request("GET", "/delay/1").timeout(Duration.ofMillis(1)),
            http.request("GET", "http://fakedomain.invalid/"),
            http.request("GET", "/status/500"));
}

void exceptionHandler(ClientRequest request, Throwable exception) {
    IO.println("  " + request.url().getPath() + " " + exception.getClass().getSimpleName());
    IO.println("  Request failed");
}

List<String> described(List<RequestOutcome> all) {
    return all.stream().map(this::described).toList();
}

/** In Python the first two are both {@code None}. */
String described(RequestOutcome fetched) {
    return switch (fetched.outcome()) {
        case Outcome.Success<Reply>(Reply reply) -> "<Response [" + reply.status() + "]>";
        case Outcome.Failure<Reply>(Throwable error) -> error.getClass().getSimpleName();
        case Outcome.Cancelled<Reply>(String reason) -> reason;
    };
}
