// Pages fetched by other processes: handled there, and each handled here by a callback as soon as it has come.
// Answers Concurrent requests, programs 4 and 5: a process pool, request and handling together; with a callback.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.process.ProcessPool;

static final List<String> NAMES = List.of("baidu", "sina", "zhihu", "autohome", "bing", "csdn", "oschina");

/** What comes back from another process: a copy, with the number of the process that made it. */
record Page(String text, long processId) {}

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var pool = ProcessPool.of(2)) {
        var urls = NAMES.stream().map(name -> "http://" + site.address() + "/" + name).toList();

        IO.println("together:");
        together(pool, urls);

        IO.println("with a callback:");
        withACallback(pool, urls);
    }
}

void together(ProcessPool pool, List<String> urls) {
    pool.imapUnordered(urls, url -> handled(get(url))).forEach(this::show);
}

void withACallback(ProcessPool pool, List<String> urls) {
    var shown = urls.stream()
            .map(url -> pool.supplyAsync(() -> get(url)).thenAccept(page -> show(handled(page))))
            .toList();
    shown.forEach(each -> await(each));
}

/** Another process shares nothing with this one, so what runs there is static. */
static Page get(String url) throws IOException {
    try (var in = URI.create(url).toURL().openStream()) {
        return new Page(new String(in.readAllBytes(), StandardCharsets.UTF_8), ProcessHandle.current().pid());
    }
}

static Page handled(Page page) {
    return new Page(page.text() + ", " + page.text().length() + " characters", ProcessHandle.current().pid());
}

void show(Page page) {
    boolean here = page.processId() == ProcessHandle.current().pid();
    IO.println("  " + page.text() + ", handled " + (here ? "here" : "in another process"));
}

Response answer(Request request) {
    sleep(Duration.ofMillis(20));
    return Response.text("this is " + request.path("name"));
}
