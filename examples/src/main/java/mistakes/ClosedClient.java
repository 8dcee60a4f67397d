// A mistake: the client is closed before the task that uses it has ended.
// The task is told so. Let the block of the client wait for it.

import static dev.heddle.Heddle.*;

import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import java.time.Duration;

void main() {
    run(() -> {
        Task<String> page;
        try (var http = HttpClient.create()) {
            page = spawn("page", () -> later(http));
        }
        IO.println(page.join());                                            // better: inside the block
    });
}

String later(HttpClient http) {
    sleep(Duration.ofMillis(10));
    return http.get("http://127.0.0.1:1/").text();
}
