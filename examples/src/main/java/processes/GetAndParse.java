// Processes get the pages; a task for each parses it here as soon as it has come, so a slow page holds up no other.
// Answers Threads and coroutines, program 24: ProcessPoolExecutor, get_page, and parse_page as a callback.

import static dev.heddle.Heddle.*;

import dev.heddle.file.TempPath;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.process.ProcessPool;
import dev.heddle.sync.Event;

static final List<String> NAMES = List.of("baidu", "python", "openstack", "github", "sina");

final Event othersParsed = Event.create();
int parsed;

/** What comes back from another process: a copy, with the number of the process that made it. */
record Page(String url, String text, long processId) {}

void main() throws IOException {
    run(this::serveAndParse);
}

void serveAndParse() throws IOException {
    try (var site = HttpServer.builder().get("/{name}", this::answer).start("127.0.0.1", 0);
            var pool = ProcessPool.of(3);
            var db = TempPath.file("db")) {
        group(g -> {
            for (String name : NAMES) {
                String url = "http://" + site.address() + "/" + name;
                g.spawn(() -> parsePage(pool.call(() -> getPage(url)), db.path())); // what follows the call is the callback
            }
        });
        IO.print(Files.readString(db.path()));
    }
}

/** Only this process writes to the file, and its tasks take turns. */
void parsePage(Page page, Path db) throws IOException {
    String path = URI.create(page.url()).getPath();
    IO.println("<process " + page.processId() + "> get " + path);
    IO.println("<process " + pid() + "> parse " + path);
    Files.writeString(db, "url:<" + path + "> size:[" + page.text().length() + "]\n", StandardOpenOption.APPEND);
    if (++parsed == NAMES.size() - 1) {
        othersParsed.set();
    }
}

/** Static, because the processes have no object of this program; what they print themselves may come behind their results. */
static Page getPage(String url) throws IOException {
    try (var in = URI.create(url).toURL().openStream()) {
        return new Page(url, new String(in.readAllBytes(), StandardCharsets.UTF_8), pid());
    }
}

static long pid() {
    return ProcessHandle.current().pid();
}

/** The slow page comes when all others are parsed: if it held up another, this program would not end. */
Response answer(Request request) {
    if (request.path("name").equals("baidu")) {
        othersParsed.await();
    }
    return Response.text("this is " + request.path("name"));
}
