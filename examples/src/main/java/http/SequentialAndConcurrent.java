// Fetches the same pages one by one and all at once, and prints both times. Arguments: [pages] [milliseconds each takes].
// Answers Concurrent requests, program 1: requests.get in a loop, against a thread pool, gevent.joinall or asyncio.gather.

import static dev.heddle.Heddle.*;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;

void main(String[] args) {
    int pages = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int millis = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    run(() -> compare(pages, Duration.ofMillis(millis)));
}

void compare(int pages, Duration delay) {
    var builder = HttpServer.builder().get("/{name}", request -> {
        sleep(delay);
        return Response.text("page " + request.path("name"));
    });
    try (var server = builder.start("127.0.0.1", 0); var http = HttpClient.create()) {
        var urls = IntStream.range(0, pages).mapToObj(page -> "http://" + server.address() + "/" + page).toList();

        time("one by one", () -> oneByOne(http, urls));
        time("all at once", () -> map(urls, urls.size(), url -> http.get(url).text()));
    }
}

List<String> oneByOne(HttpClient http, List<String> urls) {
    return urls.stream().map(url -> http.get(url).text()).toList();
}

void time(String how, Supplier<List<String>> fetch) {
    var texts = new ArrayList<String>();
    var time = measureTime(() -> texts.addAll(fetch.get()));
    IO.println(how + ": " + texts.size() + " pages in " + time.toMillis() + " ms");
}
