// Two tasks want the same page, and the site is asked once: the second one waits for the lock and finds the page in the cache.
// Answers Threads, processes, coroutines, asyncio, program 42: asyncio.Lock around a cache.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Memo;
import dev.heddle.sync.MemoOptions;
import dev.heddle.sync.Mutex;

final Map<String, String> cache = new HashMap<>();
final Mutex lock = Mutex.create();
int asked;

void main() {
    run(this::serveAndAsk);
}

void serveAndAsk() {
    try (var site = HttpServer.builder().get("/{name}", this::page).start("127.0.0.1", 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        gather(
                () -> IO.println("parse " + getStuff(http, "/stuff")),
                () -> IO.println("use " + getStuff(http, "/stuff")));
        IO.println("the site was asked " + asked + (asked == 1 ? " time" : " times"));

        // A memo does the same without a lock, and holds up nobody who wants another page.
        Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, url -> http.get(url).text());
        gather(
                () -> IO.println("parse " + pages.get("/more")),
                () -> IO.println("use " + pages.get("/more")));
        IO.println("the site was asked " + asked + " times");
    }
}

/** Needs a lock because it waits between the look into the cache and the change of it. */
String getStuff(HttpClient http, String url) {
    return lock.run(() -> {
        if (!cache.containsKey(url)) {
            cache.put(url, http.get(url).text());
        }
        return cache.get(url);
    });
}

Response page(Request request) {
    asked++;
    sleep(Duration.ofMillis(50));
    return Response.text("this is " + request.path("name"));
}
