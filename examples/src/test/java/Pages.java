import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import java.util.List;

void main() {
    var urls = List.of("https://example.org/", "https://example.com/", "https://example.net/");
    var pages = run(() -> {
        try (var http = HttpClient.create()) {
            return map(urls, 100, url -> http.get(url).text());   // 100 at a time
        }
    });
    pages.forEach(page -> IO.println(page.length()));
}
