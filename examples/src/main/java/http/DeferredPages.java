// Four pages at the same time: something is done with each as it comes, and something else when all have ended, well or not.
// Answers Concurrent requests, program 14: Twisted, with getPage, inlineCallbacks and DeferredList.

import static dev.heddle.Heddle.*;

import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        fetchAll(http, List.of("/cnblogs", "/missing", "/cnblogs", "/cnblogs"));
    }
}

void fetchAll(HttpClient http, List<String> urls) {
    var pages = urls.stream().map(url -> spawn(() -> oneDone(http.get(url).expectSuccess().text()))).toList();
    allDone(pages.stream().map(Task::awaitOutcome).filter(Outcome.Failure.class::isInstance).count());
}

void oneDone(String page) {
    IO.println(page);
}

void allDone(long failures) {
    IO.println("done, " + failures + " failed");
}

Response answer(Request request) {
    sleep(Duration.ofMillis(100));
    return request.path("name").equals("missing") ? Response.empty(404) : Response.text("this is cnblogs");
}
