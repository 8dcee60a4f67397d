import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import java.time.Duration;
import java.util.List;

/** Prints how long pages are, a hundred at a time. Arguments: urls. */
public final class Pages {

    private Pages() {}

    public static void main(String[] urls) {
        run(() -> {
            try (var http = HttpClient.create()) {
                map(List.of(urls), 100, url -> url + ": " + http.get(url).text().length()).forEach(IO::println);
            }
        });
    }

    /** What a test can run without waiting. */
    static String slowAnswer() {
        sleep(Duration.ofMinutes(1));
        return "42";
    }
}
