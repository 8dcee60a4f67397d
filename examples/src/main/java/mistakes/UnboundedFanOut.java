// A mistake: a request for each of very many URLs at once, with no limit.
// The client holds them back at 100 connections, so the last ones come too late; the message says what they waited for.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.time.Duration;
import java.util.concurrent.Callable;

void main() {
    run(() -> {
        HttpServer server = HttpServer.builder().get("/{n}", request -> slowly()).start("127.0.0.1", 0);
        try (server;
                var http = HttpClient.builder().timeouts(ClientTimeouts.DEFAULT.withTotal(Duration.ofSeconds(1)))
                        .build()) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String url = "http://" + server.address() + "/" + i;
                calls.add(() -> http.get(url).text());
            }
            IO.println(gatherOutcomes(calls).getLast());                    // better: map(urls, 100, url -> ...)
        }
    });
}

Response slowly() {
    sleep(Duration.ofMillis(200));
    return Response.text("page");
}
