// A mistake: a request for each of many URLs at once, with no limit.
// The client's queue has an end, and says so before memory has one.

import static dev.heddle.Heddle.*;

import dev.heddle.http.HttpClient;
import dev.heddle.http.HttpServer;
import dev.heddle.http.Response;
import java.time.Duration;
import java.util.concurrent.Callable;

void main() {
    run(() -> {
        HttpServer server = HttpServer.builder().get("/{n}", request -> slowly()).start("127.0.0.1", 0);
        try (server; var http = HttpClient.create()) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 50_000; i++) {
                String url = "http://" + server.address() + "/" + i;
                calls.add(() -> http.get(url).text());
            }
            gather(calls);                                                  // better: map(urls, 100, url -> ...)
        }
    });
}

Response slowly() {
    sleep(Duration.ofMillis(100));
    return Response.text("page");
}
