// Sockets that know nothing of tasks, on three threads of their own; the loop goes on and even serves the pages they ask for.
// Answers Threads, processes, coroutines, asyncio, program 40: asyncio with a ThreadPoolExecutor and blocking sockets.

import static dev.heddle.Heddle.*;

import dev.heddle.WorkerPool;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;

static final int PAGES = 20;

void main() {
    run(this::serveAndFetch);
}

void serveAndFetch() {
    var builder = HttpServer.builder().get("/{number}", request -> Response.text("page " + request.path("number")));
    try (var site = builder.start("127.0.0.1", 0)) {
        var urls = IntStream.range(0, PAGES).mapToObj(n -> URI.create("http://" + site.address() + "/" + n)).toList();
        fetchAll(urls);
    }
}

void fetchAll(List<URI> urls) {
    try (var threads = WorkerPool.of(3)) {
        threads.imap(urls, this::getUrl).forEach(IO::println);
    }
}

/** Blocks its thread. A task could call it as well: the JDK's sockets give way by themselves. */
String getUrl(URI url) throws IOException {
    try (var socket = new Socket(url.getHost(), url.getPort())) {
        String request = "GET " + url.getPath() + " HTTP/1.1\r\n"
                + "Host: " + url.getAuthority() + "\r\n"
                + "Connection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
