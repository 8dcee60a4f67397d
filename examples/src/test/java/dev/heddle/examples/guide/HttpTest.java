package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.HeddleException;
import dev.heddle.examples.Output;
import dev.heddle.http.Cookie;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.auth.ClientCredentials;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.ClientFilter;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.Connector;
import dev.heddle.http.client.CookieJar;
import dev.heddle.http.client.FailedRequest;
import dev.heddle.http.client.HstsHosts;
import dev.heddle.http.client.Http;
import dev.heddle.http.client.HttpCache;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Netrc;
import dev.heddle.http.client.PerHostLimiter;
import dev.heddle.http.client.Proxy;
import dev.heddle.http.client.ProxySettings;
import dev.heddle.http.client.Reply;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.client.RequestOutcome;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.robots.Robots;
import dev.heddle.http.server.Conditional;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Tcp;
import dev.heddle.net.Unix;
import dev.heddle.sim.LinkOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.Channel;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's chapter on HTTP. */
final class HttpTest {

    @TempDir
    Path directory;

    private final Map<String, String> notes = new TreeMap<>();

    private HttpServer.Builder notes() {
        return HttpServer.builder()
                .get("/notes", request -> Response.json("[\"" + String.join("\", \"", notes.keySet()) + "\"]"))
                .get("/notes/{name}", this::read)
                .put("/notes/{name}", this::write)
                .files("/static", directory)
                .limits(ServerLimits.DEFAULT.withMaxBodyBytes(100_000));
    }

    private Response read(Request request) {
        String text = notes.get(request.path("name"));
        if (text == null) {
            throw new StatusException(404, "no such note");
        }
        return Response.text(text);
    }

    private Response write(Request request) {
        notes.put(request.path("name"), request.text(100_000));
        return Response.empty(204);
    }

    @Test
    void serverAndItsClient() {
        Sim.run(() -> {
            try (HttpServer server = notes().start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                String base = "http://" + server.address();

                http.request("PUT", base + "/notes/milk").body("two litres").send().expectSuccess().close();
                String text = http.get(base + "/notes/milk").expectSuccess().text();
                assertEquals("two litres", text);
                assertEquals("[\"milk\"]", http.get(base + "/notes").text());
                var e = assertThrows(ReplyStatusException.class, () -> http.get(base + "/notes/tea").expectSuccess());
                assertEquals(404, e.status());
            }
        });
    }

    @Test
    void filesAreServedAndSaved() throws Exception {
        Files.writeString(directory.resolve("data.csv"), "a,b\n");
        run(() -> {
            try (HttpServer server = notes().start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                String url = "http://" + server.address() + "/static/data.csv";
                Path saved = directory.resolve("copy.csv");

                long bytes = http.get(url).expectSuccess().copyTo(saved);        // whole, or not there at all
                assertEquals(4, bytes);
                assertEquals("a,b\n", Files.readString(saved));
            }
        });
    }

    private static Response count(Request request) {
        return Response.stream("text/plain", out -> {
            for (int i = 3; i > 0; i--) {
                out.write((i + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();                                                     // sent now
                sleep(Duration.ofSeconds(1));
            }
        });
    }

    @Test
    void bodiesStreamBothWays() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            var counting = HttpServer.builder().get("/count", request -> count(request));
            try (var server = counting.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/count";

                try (Reply reply = http.get(url)) {                              // the head is there, the body comes
                    byte[] buffer = new byte[1024];
                    for (int n = reply.read(buffer); n >= 0; n = reply.read(buffer)) {
                        System.out.write(buffer, 0, n);                                  // as it comes, letters may be cut
                    }
                }
            }
        }));
        assertEquals(List.of("3", "2", "1"), lines);
    }

    @Test
    void askingGoesOnWhileAnswersCome() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            var echo = HttpServer.builder().post("/echo", request -> Response.stream("text/plain", out -> {
                byte[] piece = new byte[1024];
                for (int n = request.read(piece); n >= 0; n = request.read(piece)) {
                    out.write(piece, 0, n);
                    out.flush();
                }
            }));
            var questions = Channel.<String>of(1);
            try (var server = echo.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/echo";

                questions.send("one");                                           // many servers send no head before
                try (Reply answers = http.request("POST", url).body(out -> {
                    for (String question : questions) {                          // a channel; ends when it is closed
                        out.write(question.getBytes(StandardCharsets.UTF_8));
                        out.flush();
                    }
                }).duplex().send()) {
                    IO.println(next(answers));                                   // before the next is asked
                    questions.send("two");
                    IO.println(next(answers));
                    questions.close();
                    IO.println(next(answers));
                }
            }
        }));
        assertEquals(List.of("one", "two", "no more"), lines);
    }

    private static String slowPage() {
        return "<p>hello";
    }

    private static Response hinted(Request request) {
        request.sendEarlyHints(Headers.of("Link", "</style.css>; rel=preload; as=style"));
        return Response.html(slowPage());
    }

    @Test
    void hintsComeBeforeTheReply() {
        Sim.run(() -> {
            var hinting = HttpServer.builder().get("/", HttpTest::hinted);
            try (var server = hinting.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/";
                List<String> links = new ArrayList<>();
                String page = http.request("GET", url)
                        .onInterim((status, fields) -> links.addAll(fields.all("Link")))     // 103, before the reply
                        .priority(1, false)                                                  // 0 to 7, the most urgent first
                        .send().text();
                assertEquals("<p>hello", page);
                assertEquals(List.of("</style.css>; rel=preload; as=style"), links);
            }
        });
    }

    private static String next(Reply answers) {
        byte[] buffer = new byte[1024];
        int count = answers.read(buffer);
        return count < 0 ? "no more" : new String(buffer, 0, count, StandardCharsets.UTF_8);
    }

    @Test
    void oneDeadlineCoversAllOfARequest() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> {
            var slow = HttpServer.builder().get("/", request -> {
                sleep(Duration.ofMinutes(1));
                return Response.text("late");
            });
            try (var server = slow.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/";
                assertThrows(DeadlineExceededException.class, () -> {
                    http.request("GET", url).timeout(Duration.ofSeconds(5)).send();                 // this request
                });
                assertThrows(DeadlineExceededException.class, () -> {
                    String page = timeout(Duration.ofSeconds(5), () -> http.get(url).text());       // or whatever is inside
                    IO.println(page);
                });
            }
        });
    }

    @Test
    void clientHasTimeoutsOfItsOwn() {
        Sim.run(SimOptions.DEFAULT.withLink(LinkOptions.INSTANT), sim -> {
            var slow = HttpServer.builder().get("/", request -> {
                sleep(Duration.ofMinutes(2));
                return Response.text("late");
            });
            try (var server = slow.start("127.0.0.1", 0)) {
                String url = "http://" + server.address() + "/";
                Duration start = sim.elapsed();
                assertThrows(DeadlineExceededException.class, () -> {
                    var timeouts = ClientTimeouts.DEFAULT.withConnect(Duration.ofSeconds(2))
                            .withTotal(Duration.ofMinutes(1));
                    try (var http = HttpClient.builder().timeouts(timeouts).build()) {
                        String page = http.get(url).text();                                         // connected within 2 s, read within a minute
                        IO.println(page);
                    }
                });
                assertEquals(Duration.ofMinutes(1), sim.elapsed().minus(start));
            }
        });
    }

    @Test
    void clientHasBounds() {
        assertEquals(List.of("[1, 2]"), Output.of(() -> Sim.run(() -> {
            var echo = HttpServer.builder().get("/{n}", request -> Response.text(request.path("n")));
            try (var server = echo.start("127.0.0.1", 0)) {
                var urls = List.of("http://" + server.address() + "/1", "http://" + server.address() + "/2");

                var limits = ClientLimits.DEFAULT.withMaxConnectionsPerHost(8);
                try (var http = HttpClient.builder().limits(limits).build()) {
                    List<String> pages = map(urls, 100, url -> http.get(url).text());               // 100 tasks, 8 connections
                    IO.println(pages);
                }
            }
        })));
    }

    @Test
    void serverStopsInOrder() {
        Sim.run(() -> {
            var work = HttpServer.builder().get("/", request -> {
                sleep(Duration.ofSeconds(3));
                return Response.text("done");
            });
            HttpServer server = work.start("127.0.0.1", 0);
            try (var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/";
                var reply = spawn(() -> http.get(url).text());
                sleep(Duration.ofSeconds(1));

                server.stop(Duration.ofSeconds(10));       // no new connections; requests in flight get ten seconds
                assertEquals("done", reply.join());
                assertTrue(server.toString().contains("STOPPED"));
            }
        });
    }

    @Test
    void manyRequestsAreSentAndEachTellsWhatBecameOfIt() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            var site = HttpServer.builder().get("/{n:int}", request -> Response.text("page " + request.path("n")));
            try (var server = site.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String base = "http://" + server.address();
                var requests = Stream.of("/1", "/two", "/3").map(path -> http.request("GET", base + path)).toList();

                for (RequestOutcome page : Http.mapAll(requests, 20)) {                 // in their order; a failed one stops no other
                    IO.println(
                            page.request().url() + " " + (page.isAnswered() ? page.reply().status() : page.outcome()));
                }

                Http.asCompleted(more(http, base), 20, page -> IO.println(page.reply().text()));
            }
        }));
        assertEquals(
                List.of("200", "404", "200", "page 1"),
                lines.stream().map(line -> line.substring(line.startsWith("http") ? line.indexOf(' ') + 1 : 0))
                        .toList());
    }

    private static List<ClientRequest> more(HttpClient http, String base) {
        return List.of(http.request("GET", base + "/1"));
    }

    @Test
    void clientHasDefaults() throws IOException {
        Files.writeString(directory.resolve("photo.png"), "png");
        run(() -> {
            var site = HttpServer.builder()
                    .get("/api/users",
                            request -> Response.text(request.query("name").orElse("") + request.user().orElse("")))
                    .post("/api/users", request -> Response.text(request.form().get("name").orElseThrow()))
                    .post("/api/photos",
                            request -> Response.text(request.formData().fields().get("title").orElseThrow()))
                    .get("/api/login", request -> Response.redirect(303, "/api/me")
                            .withCookie(Cookie.of("id", "7").withSecure(false)))
                    .get("/api/me", request -> Response.text(request.cookie("id").orElse("stranger")));
            try (var server = site.start("127.0.0.1", 0)) {
                String address = "http://" + server.address() + "/api/";
                Path photo = directory.resolve("photo.png");
                var jar = CookieJar.create();
                var strict = HstsHosts.create();

                var http = HttpClient.builder()
                        .baseUrl(address)
                        .header("Accept-Language", "en")
                        .auth(address, Auth.basic("me", "secret"))               // for this server only, redirects or not
                        .cookies(jar)
                        .hsts(strict)
                        .retries(RetryPolicy.DEFAULT.withAttempts(5))
                        .build();
                try (http) {
                    assertEquals("Ada", http.request("GET", "users").query("name", "Ada").send().text());
                    assertEquals("Ada", http.request("POST", "users").form("name", "Ada").send().text());
                    var title = http.request("POST", "photos")
                            .multipart(form -> form.field("title", "Beach").file("photo", photo, "image/png"))
                            .send()
                            .text();
                    assertEquals("Beach", title);
                    assertEquals("7", http.get("login").text());

                    String kept = jar.save();                                    // a text, for the next run
                    jar.load(kept);
                    assertEquals("7", http.get("me").text());
                }
            }
        });
    }

    @Test
    void filterStandsAroundEachRequest() {
        List<String> seen = new ArrayList<>();
        Sim.run(() -> {
            try (HttpServer server = notes().start("127.0.0.1", 0)) {
                ClientFilter timed = (request, next) -> {
                    long start = currentLoop().nanoTime();
                    Reply reply = next.send(request.header("Accept-Language", "en"));        // redirects and retries are inside
                    seen.add(reply.status() + " after " + Duration.ofNanos(currentLoop().nanoTime() - start));
                    return reply;
                };
                var http = HttpClient.builder().filter(timed).build();
                try (http) {
                    http.get("http://" + server.address() + "/notes").close();
                }
            }
        });
        assertEquals(1, seen.size());
        assertTrue(seen.getFirst().startsWith("200 after PT"), seen::toString);
    }

    @Test
    void repliesAreKept() {
        run(() -> {
            var site = HttpServer.builder()
                    .use(Conditional.middleware())
                    .get("/logo",
                            request -> Response.text("logo").withETag().withHeader("Cache-Control", "max-age=60"));
            try (var server = site.start("127.0.0.1", 0)) {
                String logo = "http://" + server.address() + "/logo";

                var cache = HttpCache.inMemory(50_000_000);          // bytes; one client's, or of several
                var http = HttpClient.builder().cache(cache).build();
                try (http) {
                    assertEquals("logo", http.get(logo).text());         // asks the server
                    assertEquals("logo", http.get(logo).text());         // asks nobody while that answer is fresh
                    var checked = http.request("GET", logo).header("Cache-Control", "no-cache").send();
                    assertEquals("heddle; fwd=request; fwd-status=304", checked.headers().first("Cache-Status"));
                    assertEquals(1, cache.statistics().hits());
                }
            }
        });
    }

    @Test
    void repliesAreKeptInFiles() {
        run(() -> {
            var site = HttpServer.builder().get("/logo",
                    request -> Response.text("logo").withHeader("Cache-Control", "max-age=60"));
            try (var server = site.start("127.0.0.1", 0)) {
                String logo = "http://" + server.address() + "/logo";
                try (var kept = HttpCache.onDisk(directory, 1_000_000_000);     // bytes of all files; 32 MB are in memory too
                        var http = HttpClient.builder().cache(kept).build()) {
                    assertEquals("logo", http.get(logo).text());
                }
            }
        });
    }

    @Test
    void programsAskAsThemselves() {
        Sim.run(() -> {
            var site = HttpServer.builder()
                    .post("/token", request -> Response.json(
                            Map.of("access_token", "t1", "token_type", "Bearer", "expires_in", 3600)))
                    .get("/orders", request -> Response.text(request.header("Authorization").orElse("")));
            try (var server = site.start("127.0.0.1", 0); var tokens = HttpClient.create()) {
                String login = "http://" + server.address();
                String orders = login;
                String secret = "from the vault";

                var me = ClientCredentials.of(tokens, login + "/token", "my-service", secret).withScope("orders");
                var http = HttpClient.builder().auth(orders, me).build();               // this server gets the token, no other
                try (http) {
                    assertEquals("Bearer t1", http.get(orders + "/orders").text());
                }
            }
        });
    }

    @Test
    void passwordsMayStayInTheirFile() throws IOException {
        Path file = directory.resolve("netrc");
        Files.writeString(file, "machine api.example login me password secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals(1, Netrc.read(file).size());
        HttpClient.builder().netrc(Netrc.read(file)).build().close();
    }

    /** What the guide shows; a test does not read the file of who runs it. */
    static HttpClient withPasswordsOfTheUser() throws IOException {
        var http = HttpClient.builder().netrc(Netrc.read()).build();              // $NETRC, or ~/.netrc
        return http;
    }

    @Test
    void crawlersAskWhatIsAllowed() {
        Sim.run(() -> {
            var site = HttpServer.builder()
                    .get("/robots.txt", request -> Response.text("User-agent: *\nDisallow: /cart"));
            try (var server = site.start("127.0.0.1", 0); var http = HttpClient.create()) {
                List<URI> pages = Stream.of("/", "/cart", "/books")
                        .map(path -> URI.create("http://" + server.address() + path)).toList();

                var robots = Robots.of(http);
                List<URI> allowed = pages.stream().filter(page -> robots.allows("my-crawler", page)).toList();

                assertEquals(List.of(pages.get(0), pages.get(2)), allowed);
            }
        });
    }

    @Test
    void hostsAreAskedSlowly() {
        Sim.run(() -> {
            try (var server = HttpServer.builder().get("/", request -> Response.text("hello")).start("127.0.0.1", 0)) {
                var polite = PerHostLimiter.of(2, Duration.ofSeconds(1)).withMaxAtOnce(4);     // each host: one every 500 ms, four under way
                var http = HttpClient.builder().throttle(polite).build();
                try (http) {
                    long begin = currentLoop().nanoTime();
                    map(List.of(1, 2, 3, 4, 5), 5, i -> http.get("http://" + server.address() + "/").text());
                    assertTrue(currentLoop().nanoTime() - begin >= Duration.ofSeconds(2).toNanos());
                }
            }
        });
    }

    @Test
    void proxiesAreUsedWhenTold() {
        Sim.run(() -> {
            var proxies = ProxySettings.fromEnvironment();                       // HTTPS_PROXY, NO_PROXY and so on
            try (var http = HttpClient.builder().proxy(proxies).build()) {
                assertTrue(http.toString().startsWith("HttpClient"));
            }
            var underTls = Proxy.https("proxy.example", 443);                    // nobody on the way sees who asks for what
            assertEquals("https://proxy.example:443", underTls.toString());
            var proxy = Proxy.socks5("127.0.0.1", 1080).withCredentials("me", "secret");
            try (var http = HttpClient.builder().proxy(proxy).build()) {
                assertThrows(ConnectFailedException.class, () -> http.get("http://example.com/"));
            }
        });
    }

    @Test
    void connectorChoosesTheWay() {
        Path socket = directory.resolve("docker.sock");
        run(() -> {
            var daemon = HttpServer.builder().get("/version", request -> Response.text("29.1")).build()
                    .startUnix(socket);
            var site = HttpServer.builder().get("/", request -> Response.text("elsewhere")).build().start("127.0.0.1",
                    0);
            Connector mixed = (host, port) -> host.equals("docker") ? Unix.connect(socket) : Tcp.connect(host, port);
            var http = HttpClient.builder().connector(mixed).build();
            try (daemon; site; http) {
                assertEquals("29.1", http.get("http://docker/version").text());
                assertEquals("elsewhere", http.get("http://" + site.address() + "/").text());
            }
        });
    }

    @Test
    void failureTellsItsRequest() {
        var failures = new ArrayList<String>();
        Sim.seeds(1, 20, () -> {
            failures.clear();
            var broken = Tcp.listen(80);
            spawn(() -> {
                try (var asked = broken.accept()) {
                    asked.readUntil("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 1_000); // unread, it would be a reset
                }
            });
            String url = "http://127.0.0.1/page?token=secret";
            try (broken; var http = HttpClient.create()) {
                try {
                    IO.println(http.get(url).text());
                } catch (HeddleException e) {
                    if (e.subject().orElse(null) instanceof FailedRequest(String method, String where)) {
                        failures.add(method + " of " + where + " failed: " + e.detail());
                    }
                }
            }
            assertEquals(
                    List.of("GET of http://127.0.0.1/page?... failed: the server closed the connection without an answer"),
                    failures);
        });
    }
}
