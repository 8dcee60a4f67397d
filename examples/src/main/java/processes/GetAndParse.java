// Processes get the pages; the parent parses each as it comes in order, and so only one writes to the file.
// Answers Threads and coroutines, program 32: ProcessPoolExecutor, get_page, and parse_page as a callback.

import static dev.heddle.Heddle.*;

import dev.heddle.file.TempPath;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.process.ProcessPool;

static final List<String> NAMES = List.of("baidu", "python", "openstack", "github", "sina");

record Page(String url, String text) {}

void main() throws IOException {
    run(this::serveAndParse);
}

void serveAndParse() throws IOException {
    var builder = HttpServer.builder().get("/{name}", request -> Response.text("this is " + request.path("name")));
    try (var site = builder.start("127.0.0.1", 0);
            var pool = ProcessPool.of(3);
            var db = TempPath.file("db")) {
        var urls = NAMES.stream().map(name -> "http://" + site.address() + "/" + name).toList();
        for (Page page : pool.imap(urls, url -> getPage(url))) {
            parsePage(page, db.path());
        }
        IO.print(Files.readString(db.path()));
    }
}

void parsePage(Page page, Path db) throws IOException {
    String path = URI.create(page.url()).getPath();
    IO.println("parse " + path);
    Files.writeString(db, "url:<" + path + "> size:[" + page.text().length() + "]\n", StandardOpenOption.APPEND);
}

/** Static, because the processes have no object of this program. */
static Page getPage(String url) throws IOException {
    try (var in = URI.create(url).toURL().openStream()) {
        return new Page(url, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
}
