// A library that knows nothing of tasks and blocks, here the JDK's own for URLs, on threads: a pool, a callback, and from a loop.
// Answers the Python programs: requests in a ThreadPoolExecutor, add_done_callback, loop.run_in_executor; and download, then parse.

import static dev.heddle.Heddle.*;

import dev.heddle.WorkerPool;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;

static final List<String> NAMES = List.of("baidu", "python", "openstack", "github", "sina");

record Page(String url, String text) {}

void main() throws IOException {
    run(this::serveAndFetch);
}

void serveAndFetch() throws IOException {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0)) {
        var urls = NAMES.stream().map(name -> "http://" + site.address() + "/" + name).toList();
        requestAndResultInOneTask(urls);
        resultInACallback(urls);
        fromALoop(urls);
        downloadThenParse(urls);
    }
}

/** The end of the block waits for all of them, as {@code pool.shutdown(wait=True)} does. */
void requestAndResultInOneTask(List<String> urls) {
    try (var pool = WorkerPool.of(7)) {
        for (String url : urls) {
            pool.execute(() -> IO.println("in one: " + getPage(url).text()));
        }
    }
}

/** A failure goes to whoever reads the future that {@code thenAccept} gives: here {@code join}. */
void resultInACallback(List<String> urls) {
    try (var pool = WorkerPool.of(7)) {
        var futures = urls.stream()
                .map(url -> CompletableFuture.supplyAsync(() -> getPage(url), pool)
                        .thenAccept(page -> IO.println("callback: " + page.text())))
                .toList();
        futures.forEach(CompletableFuture::join);
    }
}

/** Each call has a worker thread to block, and the loop goes on; the results come in order. */
void fromALoop(List<String> urls) {
    map(urls, urls.size(), url -> offload(() -> getPage(url)))
            .forEach(page -> IO.println("offload: " + page.text()));
}

/** One thread downloads, and which one parses then does not matter. The file is shared, so one at a time writes to it. */
void downloadThenParse(List<String> urls) throws IOException {
    Path db = Files.createTempFile("db", ".txt");
    try (var pool = WorkerPool.of(3)) {
        var lock = new ReentrantLock();
        var parsed = urls.stream()
                .map(url -> CompletableFuture.supplyAsync(() -> getPage(url), pool)
                        .thenAccept(page -> parsePage(page, db, lock)))
                .toList();
        parsed.forEach(CompletableFuture::join);
        Files.readAllLines(db).stream().sorted().forEach(IO::println);
    } finally {
        Files.delete(db);
    }
}

void parsePage(Page page, Path db, Lock lock) {
    String path = URI.create(page.url()).getPath();
    lock.lock();
    try {
        Files.writeString(db, "url:<" + path + "> size:[" + page.text().length() + "]\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
        throw new UncheckedIOException(e);
    } finally {
        lock.unlock();
    }
}

/** Blocks its thread. */
Page getPage(String url) {
    try (var in = URI.create(url).toURL().openStream()) {
        return new Page(url, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
        throw new UncheckedIOException(e);
    }
}

Response answer(Request request) {
    sleep(Duration.ofMillis(20));
    return Response.text("this is " + request.path("name"));
}
