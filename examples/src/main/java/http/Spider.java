// A spider that yields items and requests; pipelines clean the items, each address is fetched once, politely, as robots.txt allows.
// Answers Scrapy: Spider.parse, Request, items and item pipelines, the filter of duplicates, DOWNLOAD_DELAY, ROBOTSTXT_OBEY.

import static dev.heddle.Heddle.*;

import dev.heddle.TaskGroup;
import dev.heddle.generators.Generator;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.PerHostLimiter;
import dev.heddle.http.robots.Robots;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.sync.Channel;
import java.util.regex.Pattern;

static final String AGENT = "heddle-spider";
static final int PAGES = 5;
static final Pattern QUOTE = Pattern.compile("<q>(.*?)</q> <i>(.*?)</i>");
static final Pattern LINK = Pattern.compile("href=\"(.+?)\"");

/** What a spider yields. */
sealed interface Found {}

record Quote(String text, String author) implements Found {}

record Follow(URI page) implements Found {}

// Tasks of one loop never run at the same time, so what they share needs no lock.
final Set<URI> seen = new HashSet<>();
final Set<Quote> kept = new LinkedHashSet<>();
int read;
int dropped;
int forbidden;

void main() {
    run(this::serveAndCrawl);
}

void serveAndCrawl() {
    var site = HttpServer.builder()
            .get("/robots.txt", request -> Response.text("User-agent: *\nDisallow: /private/\n"))
            .get("/page/{number:int}", this::page)
            .get("/private/{rest...}", request -> Response.text("for nobody"));
    try (var server = site.start("127.0.0.1", 0)) {
        crawl(URI.create("http://" + server.address() + "/page/1"));
    }
    kept.stream().map(quote -> quote.author() + ": " + quote.text()).sorted().forEach(IO::println);
    IO.println("%d pages, %d quotes, %d dropped, %d not allowed".formatted(read, kept.size(), dropped, forbidden));
}

/** The engine: a task for each page, one for the pipelines; a bound between them holds back what is fetched. */
void crawl(URI first) {
    var polite = PerHostLimiter.of(50, Duration.ofSeconds(1)).withMaxAtOnce(2);
    try (var http = HttpClient.builder().throttle(polite).build()) {
        var robots = Robots.of(http);
        Channel<Quote> items = Channel.of(100);
        group(g -> {
            g.spawn("pipelines", () -> items.forEach(this::keep));
            group(crawl -> follow(first, crawl, http, robots, items));
            items.close();
        });
    }
}

void follow(URI page, TaskGroup crawl, HttpClient http, Robots robots, Channel<Quote> items) {
    if (!seen.add(page)) {
        return;
    }
    crawl.spawn("GET " + page, () -> {
        if (!robots.allows(AGENT, page)) {
            forbidden++;
            return;
        }
        String text = http.get(page.toString()).expectSuccess().text();
        read++;
        for (Found found : parse(page, text)) {
            switch (found) {
                case Quote quote -> items.send(quote);
                case Follow(URI next) -> follow(next, crawl, http, robots, items);
            }
        }
    });
}

/** The spider: knows the site and nothing of tasks, clients or pipelines. */
Generator<Found> parse(URI page, String text) {
    return Generator.of(out -> {
        for (var quote : QUOTE.matcher(text).results().toList()) {
            out.yield(new Quote(quote.group(1), quote.group(2)));
        }
        for (var link : LINK.matcher(text).results().toList()) {
            out.yield(new Follow(page.resolve(link.group(1))));
        }
    });
}

/** The pipelines, one behind the other; an empty result drops the item. */
void keep(Quote quote) {
    Optional<Quote> good = Optional.of(quote).map(this::cleaned).filter(each -> !each.text().isEmpty());
    if (good.isEmpty() || !kept.add(good.get())) {
        dropped++;
    }
}

Quote cleaned(Quote quote) {
    return new Quote(quote.text().strip(), quote.author().strip());
}

/** Each page has a quote of its own, one that all pages have, one that is empty, and three links. */
Response page(Request request) {
    int number = request.pathInt("number");
    return Response.html("""
            <q> Page %1$d is short. </q> <i>Ada</i>
            <q>Read every page.</q> <i>Bob</i>
            <q> </q> <i>nobody</i>
            <a href="/page/%2$d">next</a> <a href="/page/1">first</a> <a href="/private/%1$d">private</a>
            """.formatted(number, number % PAGES + 1));
}
