// Twenty pages at once, the requests written and the answers read by hand.
// Answers Threads, processes, coroutines, asyncio, program 41; Concurrent requests, program 7: asyncio.open_connection.

import static dev.heddle.Heddle.*;

import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;

static final int PAGES = 20;
static final int MAX_LINE_BYTES = 10_000;
static final int MAX_PAGE_BYTES = 10_000;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    try (var site = HttpServer.builder().get("/{number}", this::page).start("127.0.0.1", 0)) {
        var urls = IntStream.range(0, PAGES).mapToObj(n -> URI.create("http://" + site.address() + "/" + n)).toList();
        fetchAll(urls);
    }
}

void fetchAll(List<URI> urls) {
    map(urls, urls.size(), this::getUrl).forEach(IO::println);
}

String getUrl(URI url) {
    try (ByteStream stream = Tcp.connect(url.getHost(), url.getPort())) {
        stream.write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                .formatted(url.getPath(), url.getAuthority()));
        String status = stream.readLine(MAX_LINE_BYTES).orElseThrow();
        while (!stream.readLine(MAX_LINE_BYTES).orElse("").isEmpty()) {
            // a header
        }
        return status + ": " + new String(stream.readAll(MAX_PAGE_BYTES), StandardCharsets.UTF_8);
    }
}

Response page(Request request) {
    sleep(Duration.ofMillis(100));
    return Response.text("page " + request.path("number"));
}
