// The same three pages in the style of each Python library for it. The styles differ in who waits for whom; the calls stay the same.
// Answers the Python programs: requests in a loop, asyncio with HTTP made by hand, aiohttp, gevent and its pool, Twisted, Tornado.

import static dev.heddle.Heddle.*;

import dev.heddle.Action;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.client.RequestOutcome;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.sync.Event;

static final String HOST = "127.0.0.1";
static final int MAX_ANSWER_BYTES = 10_000;

/** The site takes 90, 10 and 40 ms for them. */
static final List<String> PAGES = List.of("/page/3", "/page/1", "/page/2");

void main() {
    run(this::fetchInEveryStyle);
}

void fetchInEveryStyle() {
    try (var site = HttpServer.builder().get("/page/{number:int}", this::page).start(HOST, 0);
            var http = HttpClient.builder().baseUrl("http://" + site.address()).build()) {
        time("requests, one after the other", () -> oneAfterTheOther(http));
        time("asyncio, HTTP made by hand", () -> madeByHand(site.port()));
        time("aiohttp and gather", () -> together(http));
        time("gevent.joinall", () -> joinAll(http));
        time("gevent.pool.Pool(2)", () -> pool(http));
        time("Twisted's DeferredList", () -> deferredList(http));
        time("Tornado's count-down", () -> countDown(http));
    }
}

void oneAfterTheOther(HttpClient http) {
    for (String page : PAGES) {
        show(page, http.get(page).text());
    }
}

/**
 * In asyncio whoever has only TCP writes the request and reads until the server has closed. It is no different here.
 */
void madeByHand(int port) {
    map(PAGES, PAGES.size(), page -> {
        try (ByteStream stream = Tcp.connect(HOST, port)) {
            stream.write("GET " + page + " HTTP/1.0\r\nHost: " + HOST + "\r\n\r\n");
            String answer = new String(stream.readAll(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
            show(page, answer.substring(answer.indexOf("\r\n\r\n") + 4));
            return answer;
        }
    });
}

/** The results come in the order of the pages, whichever was there first. */
void together(HttpClient http) {
    List<String> texts = map(PAGES, PAGES.size(), page -> http.get(page).text());
    for (int i = 0; i < texts.size(); i++) {
        show(PAGES.get(i), texts.get(i));
    }
}

/** The group ends when all its tasks have. */
void joinAll(HttpClient http) {
    group(g -> {
        for (String page : PAGES) {
            g.spawn(() -> show(page, http.get(page).text()));
        }
    });
}

/** A third page is asked for when one of the first two is there. */
void pool(HttpClient http) {
    group(g -> {
        var pool = g.pool(2);
        for (String page : PAGES) {
            pool.spawn(() -> show(page, http.get(page).text()));
        }
    });
}

/** What comes after the answer stands after the call, so there is no callback; what fails stops no other. */
void deferredList(HttpClient http) {
    var deferreds = new ArrayList<Task<Void>>();
    for (String page : PAGES) {
        deferreds.add(spawn(() -> show(page, http.get(page).text())));
    }
    deferreds.forEach(Task::awaitOutcome);
    IO.println("  done");
}

/**
 * Each answer and each error counts down, and the last one ends the wait. The counter needs no lock: one loop, one
 * thread.
 */
void countDown(HttpClient http) {
    var urls = new ArrayList<>(PAGES);
    urls.add("http://fakedomain.invalid/");
    var count = new int[]{urls.size()};
    var stop = Event.named("stop");
    for (String url : urls) {
        spawn(() -> {
            handleResponse(RequestOutcome.of(http.request("GET", url)));
            count[0]--;
            if (count[0] == 0) {
                stop.set();
            }
        });
    }
    stop.await();
}

void handleResponse(RequestOutcome response) {
    if (response.outcome() instanceof Outcome.Failure<Reply>(Throwable error)) {
        IO.println("  Error: " + error.getMessage());
    } else {
        show(response.request().url().getPath(), response.reply().text());
    }
}

void show(String page, String text) {
    IO.println("  " + page + " " + text);
}

void time(String style, Action fetch) {
    IO.println(style);
    IO.println("  in " + measureTime(fetch).toMillis() + " ms");
}

Response page(Request request) {
    int number = request.pathInt("number");
    sleep(Duration.ofMillis(10L * number * number));
    return Response.text("page " + number);
}
