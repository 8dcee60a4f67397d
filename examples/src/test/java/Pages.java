import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import java.util.List;

void main() {
    var urls = List.of("https://example.org/", "https://example.com/");
    var pages = run(() -> {
        try (var http = HttpClient.create()) {
            // At most 100 of them at a time, all on one thread.
            return map(urls, 100, url -> http.get(url).text());
        }
    });
    pages.forEach(page -> IO.println(page.length()));
}
