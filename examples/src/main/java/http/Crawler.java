// A web site and a crawler that follows all its links, many pages at a time and each page once, on one thread.
// Answers the Python crawlers: threads, gevent or asyncio that fetch pages and share a list of addresses.

import static dev.heddle.Heddle.*;

import dev.heddle.TaskGroup;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.util.regex.Pattern;

static final int PAGES = 1000;
static final Pattern LINK = Pattern.compile("href=\"(.+?)\"");

// Tasks of one loop never run at the same time, so what they share needs no lock.
final Set<URI> seen = new LinkedHashSet<>();
final List<URI> broken = new ArrayList<>();
long characters;

void main() {
    run(this::serveAndCrawl);
}

void serveAndCrawl() {
    var site = HttpServer.builder().get("/{page}", this::page);
    try (var server = site.start("127.0.0.1", 0); var http = HttpClient.create()) {
        URI first = URI.create("http://" + server.address() + "/0");
        group(crawl -> visit(first, http, crawl));
    }
    IO.println("found " + seen.size() + " pages, read " + characters + " characters");
    broken.forEach(page -> IO.println("broken: " + page.getPath()));
}

void visit(URI page, HttpClient http, TaskGroup crawl) {
    if (seen.add(page)) {
        crawl.spawn("GET " + page, () -> read(page, http, crawl));
    }
}

/** The client opens so many connections and no more; the tasks above that number wait their turn. */
void read(URI page, HttpClient http, TaskGroup crawl) {
    try (Reply reply = http.get(page.toString())) {
        if (reply.isSuccess()) {
            String text = reply.text();
            characters += text.length();
            LINK.matcher(text).results().forEach(link -> visit(page.resolve(link.group(1)), http, crawl));
        } else {
            broken.add(page);
        }
    }
}

/** Page n links to the pages n + 1 and 2n, so the last one links to a page that does not exist. */
Response page(Request request) {
    int number = Integer.parseInt(request.path("page"));
    if (number >= PAGES) {
        throw new StatusException(404, "no such page");
    }
    return Response.html("<a href=\"/%d\">next</a> <a href=\"/%d\">far</a>".formatted(number + 1, 2 * number % PAGES));
}
