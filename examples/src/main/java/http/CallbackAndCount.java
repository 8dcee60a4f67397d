// Requests with a callback each. The callback counts down, and the last one ends the program; an error counts too.
// Answers Concurrent requests, program 15: Tornado, with AsyncHTTPClient and a global COUNT.

import static dev.heddle.Heddle.*;

import dev.heddle.Outcome;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.client.RequestOutcome;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Event;

final Event stop = Event.named("stop");
int count;                                 // needs no lock: one loop, one thread

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        fetchAll(http, List.of("/baidu", "/bing", "http://fakedomain.invalid/"));
    }
}

void fetchAll(HttpClient http, List<String> urls) {
    count = urls.size();
    for (String url : urls) {
        IO.println(url);
        spawn(() -> RequestOutcome.of(http.request("GET", url))).onDone(task -> handleResponse(task.join()));
    }
    stop.await();
}

void handleResponse(RequestOutcome fetched) {
    switch (fetched.outcome()) {
        case Outcome.Success<Reply>(Reply reply) -> IO.println(reply.text());
        case Outcome.Failure<Reply>(Throwable error) -> IO.println("Error: " + error.getMessage());
        case Outcome.Cancelled<Reply>(String reason) -> IO.println("Cancelled: " + reason);
    }
    count--;
    if (count == 0) {
        stop.set();
    }
}

Response answer(Request request) {
    boolean slow = request.path("name").equals("baidu");
    sleep(Duration.ofMillis(slow ? 200 : 100));
    return Response.text("this is " + request.path("name"));
}
