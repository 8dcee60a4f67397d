// Fetches pages, ten at a time, and says how long each is: heddle run ${artifactId}.java URL...

import module dev.heddle.http;
import static dev.heddle.Heddle.*;

void main(String[] urls) {
    run(() -> fetch(List.of(urls)));
}

void fetch(List<String> urls) {
    try (HttpClient http = HttpClient.create()) {
        map(urls, 10, url -> url + ": " + http.get(url).text().length() + " characters").forEach(IO::println);
    }
}
