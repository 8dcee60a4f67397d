// A loop calls a library that holds its thread: each call gets a thread of a pool, and the loop goes on.
// Answers Concurrent requests, program 9: asyncio and requests, with loop.run_in_executor.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0)) {
        fetchBoth("http://" + site.address());
    }
}

void fetchBoth(String site) {
    gather(() -> task(URI.create(site + "/cnblogs")), () -> task(URI.create(site + "/chouti")));
}

void task(URI url) {
    IO.println(url.getPath() + " " + offload(() -> get(url)));
}

String get(URI url) throws IOException {
    try (var in = url.toURL().openStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}

Response answer(Request request) {
    boolean slow = request.path("name").equals("cnblogs");
    sleep(Duration.ofMillis(slow ? 300 : 100));
    return Response.text("this is " + request.path("name"));
}
