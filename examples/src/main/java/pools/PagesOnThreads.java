// Seven pages on seven threads by a library that blocks, here the JDK's for URLs: handled where they come, and in a callback.
// Answers Concurrent requests, programs 2 and 3: a thread pool, request and handling together; with a callback.

import static dev.heddle.Heddle.*;

import dev.heddle.WorkerPool;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

static final List<String> NAMES = List.of("baidu", "sina", "zhihu", "autohome", "bing", "csdn", "oschina");

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0)) {
        var urls = NAMES.stream().map(name -> URI.create("http://" + site.address() + "/" + name)).toList();

        IO.println("together:");
        together(urls);

        IO.println("with a callback:");
        withACallback(urls);
    }
}

void together(List<URI> urls) {
    try (var pool = WorkerPool.of(7)) {
        urls.forEach(url -> pool.execute(() -> IO.println("  " + url.getPath() + " " + get(url))));
    }
}

void withACallback(List<URI> urls) {
    try (var pool = WorkerPool.of(7)) {
        var all = urls.stream()
                .map(url -> CompletableFuture.supplyAsync(() -> get(url), pool).thenAccept(this::done))
                .toList();
        all.forEach(CompletableFuture::join);          // throws what a download or its callback has thrown
    }
}

/** Only downloads. Blocks its thread. */
String get(URI url) {
    try (var in = url.toURL().openStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
        throw new UncheckedIOException(e);
    }
}

/** Knows nothing of requests. */
void done(String page) {
    IO.println("  " + page.length() + " characters: " + page);
}

/** Each page takes longer than the one before. */
Response answer(Request request) {
    String name = request.path("name");
    sleep(Duration.ofMillis(50L * (1 + NAMES.indexOf(name))));
    return Response.text("this is " + name);
}
