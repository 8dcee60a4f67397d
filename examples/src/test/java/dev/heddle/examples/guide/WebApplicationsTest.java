package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.examples.Documents;
import dev.heddle.http.Headers;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.StatusException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.auth.JwtAuthentication;
import dev.heddle.http.auth.JwtVerifier;
import dev.heddle.http.auth.RemoteJwtKeys;
import dev.heddle.http.cache.ResponseCache;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.EventSource;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.gateway.ActiveHealthCheck;
import dev.heddle.http.gateway.Proxying;
import dev.heddle.http.gateway.Upstreams;
import dev.heddle.http.idempotency.IdempotencyKeys;
import dev.heddle.http.idempotency.IdempotencyStore;
import dev.heddle.http.overload.LoadShedding;
import dev.heddle.http.server.AccessLog;
import dev.heddle.http.server.Authentication;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.ContentDigests;
import dev.heddle.http.server.CrossSiteCheck;
import dev.heddle.http.server.FileOptions;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HealthCheck;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.MultipartLimits;
import dev.heddle.http.server.Part;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.RequestRateLimiter;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.Routes;
import dev.heddle.http.server.SecurityHeaders;
import dev.heddle.http.server.SessionStore;
import dev.heddle.http.server.Sessions;
import dev.heddle.http.server.UploadedFile;
import dev.heddle.http.server.WebSocketBroadcast;
import dev.heddle.http.testing.TestClient;
import dev.heddle.http.testing.TestTokens;
import dev.heddle.json.Api;
import dev.heddle.json.Operation;
import dev.heddle.json.Parameter;
import dev.heddle.sim.Sim;
import dev.heddle.sync.CircuitBreakerOptions;
import dev.heddle.sync.Overflow;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's chapter on web applications. */
final class WebApplicationsTest {

    @TempDir
    Path directory;

    private final List<Integer> removed = new ArrayList<>();

    private Response remove(Request request) {
        removed.add(request.pathInt("id"));
        return Response.empty(204);
    }

    private Routes api() {
        return Routes.create()
                .use(this::timed)
                .get("/users/{id:int}", request -> Response.text("user " + request.pathInt("id")))
                .delete("/users/{id:int}", this::remove)
                .get("/search", request -> Response.text("page " + request.queryInt("page", 1)));
    }

    private HttpServer.Builder site() {
        return HttpServer.builder()
                .use(Compression.DEFAULT)
                .mount("/api", api())
                .files("/", directory,
                        FileOptions.DEFAULT.withCacheControl("max-age=3600").withContentType("geotiff", "image/tiff"))
                .errorPage((request, status) -> Response.html("<h1>Sorry: " + status + "</h1>"));
    }

    private Response timed(Request request, Handler next) throws Exception {
        long start = System.nanoTime();
        Response response = next.handle(request);                            // the routes further in, or an error page
        return response.withHeader("Server-Timing", "app;dur=" + (System.nanoTime() - start) / 1_000_000);
    }

    @Test
    void routesAreMountedAndHaveMiddleware() throws IOException {
        Files.writeString(directory.resolve("index.html"), "home");
        run(() -> {
            try (var client = TestClient.of(site().build())) {
                assertEquals("user 7", client.get("/api/users/7").text());
                assertEquals("page 1", client.get("/api/search").text());
                assertEquals("home", client.get("/").text());
                assertEquals("<h1>Sorry: 404</h1>", client.get("/api/users/seven").text());
                assertEquals("<h1>Sorry: 400</h1>", client.get("/api/search?page=two").text());
                Reply gone = client.request("DELETE", "/api/users/7").send();
                assertEquals(204, gone.status());
                assertTrue(gone.headers().get("Server-Timing").orElseThrow().startsWith("app;dur="));
                assertEquals(List.of(7), removed);
            }
        });
    }

    private static Response passOn(Request request, HttpClient http, String behind) {
        Reply reply = http.request(request.method(), behind + request.target())
                .headers(request.headers().endToEnd().without("Host").with("Accept-Encoding", "identity"))
                .body(request.bytes(1_000_000))
                .send();
        return Response.bytes("application/octet-stream", reply.bytes())
                .withStatus(reply.status())
                .withHeaders(reply.headers().endToEnd().without("Server").with("Via", "1.1 pages"));
    }

    @Test
    void fieldsArePassedOnWithOneMoreAndWithoutOthers() {
        Sim.run(() -> {
            var seen = new ArrayList<String>();
            var behind = HttpServer.builder().post("/a", request -> {
                seen.add(request.headers().all("X-Tag") + request.target() + request.header("X-Hop").orElse("")
                        + request.text(100));
                return Response.text("made").withStatus(201).withAddedHeader("Set-Cookie", "a=1")
                        .withAddedHeader("Set-Cookie", "b=2").withHeader("Server", "secret");
            });
            try (var server = behind.start("127.0.0.1", 0);
                    var http = HttpClient.create();
                    var front = HttpServer.builder()
                            .post("/a", request -> passOn(request, http, "http://127.0.0.1:" + server.port()))
                            .start("127.0.0.1", 0)) {
                Reply reply = http.request("POST", "http://127.0.0.1:" + front.port() + "/a?b=c")
                        .headers(Headers.of("X-Tag", "1", "X-Tag", "2", "X-Other", "3"))
                        .body("body")
                        .send();
                assertEquals(List.of("[1, 2]/a?b=cbody"), seen);
                assertEquals(201, reply.status());
                assertEquals("made", reply.text());
                assertEquals(List.of("a=1", "b=2"), reply.headers().all("Set-Cookie"));
                assertEquals(List.of("text/plain; charset=utf-8"), reply.headers().all("Content-Type"));
                assertEquals("1.1 pages", reply.headers().get("Via").orElseThrow());
                assertFalse(reply.headers().contains("Server"));
                var request = http.request("GET", "http://127.0.0.1:1/").header("X-Tag", "0");
                assertThrows(IllegalArgumentException.class,
                        () -> request.headers(Headers.of("X-Tag", "1", "Connection", "close")));
                assertEquals(Headers.of("X-Tag", "0"), request.headers());
                assertThrows(IllegalArgumentException.class,
                        () -> Response.text("x").withHeaders(Headers.of("Content-Length", "1")));
            }
        });
    }

    @Test
    void oneRouteHasBoundsOfItsOwn() {
        Sim.run(() -> {
            Handler report = request -> {
                sleep(Duration.ofHours(1));
                return Response.text("late");
            };
            var slow = RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(30)).withMaxConcurrent(4);
            var routes = Routes.create().get("/report", slow, report);           // 503 after 30 s, and to a fifth at once
            try (var client = TestClient.of(routes)) {
                assertEquals(503, client.get("/report").status());
            }
        });
    }

    private Response login(Request request) {
        String name = request.form().get("name").orElseThrow(() -> new StatusException(400, "who is it?"));
        request.session().renewId();                         // an id from before the login is worth nothing after it
        request.session().put("user", name);
        return Response.redirect(303, "/");
    }

    private Routes members() {
        return Routes.create()
                .use(CrossSiteCheck.create())
                .use(Sessions.in(SessionStore.inMemory(100_000)))
                .get("/", request -> Response.text("hello " + request.session().get("user").orElse("stranger")))
                .post("/login", this::login);
    }

    @Test
    void visitorIsKnownAgain() {
        Sim.run(() -> {
            try (var client = TestClient.of(members())) {
                assertEquals("hello stranger", client.get("/").text());
                Reply login = client.request("POST", "/login").form("name", "Ada").send();
                String cookie = login.headers().get("Set-Cookie").orElseThrow().split(";")[0];
                assertEquals("hello Ada", client.request("GET", "/").header("Cookie", cookie).send().text());
                assertEquals(400, client.request("POST", "/login").form("x", "y").send().status());
            }
        });
    }

    private Response upload(Request request) throws IOException {
        UploadedFile photo = request.formData().file("photo").orElseThrow(() -> new StatusException(400, "no photo"));
        photo.saveTo(directory.resolve("photo-1"));              // never build a path from the name that the browser sends
        return Response.text(photo.safeFilename() + ": " + photo.size() + " bytes");
    }

    @Test
    void fileIsUploaded() {
        run(() -> {
            try (var client = TestClient.of(Routes.create().post("/photos", this::upload))) {
                Reply reply = client.request("POST", "/photos")
                        .multipart(form -> form.bytes("photo", "../me.png", "image/png", new byte[5]))
                        .send();
                assertEquals("me.png: 5 bytes", reply.text());
                assertEquals(5, Files.size(directory.resolve("photo-1")));
            }
        });
    }

    private static Response sizes(Request request) {
        var text = new StringBuilder();
        for (Part part : request.multipart(MultipartLimits.DEFAULT.withMaxTotalBytes(1_000_000_000))) {
            long bytes = 0;
            byte[] buffer = new byte[8192];
            for (int n = part.read(buffer); n >= 0; n = part.read(buffer)) {
                bytes += n;
            }
            text.append(part.name()).append(": ").append(bytes).append(" bytes\n");
        }
        return Response.text(text.toString());
    }

    @Test
    void partsAreReadAsTheyCome() {
        run(() -> {
            try (var client = TestClient.of(Routes.create().post("/sizes", WebApplicationsTest::sizes))) {
                String told = client.request("POST", "/sizes")
                        .multipart(form -> form.field("title", "Beach").bytes("photo", "me.png", "image/png",
                                new byte[9000]))
                        .send()
                        .text();
                assertEquals("title: 5 bytes\nphoto: 9000 bytes\n", told);
            }
        });
    }

    private Response ticks(Request request) {
        int last = request.header("Last-Event-ID").map(Integer::parseInt).orElse(0);
        return Response.events(events -> {
            for (int i = last + 1; i <= 3; i++) {
                events.send(ServerSentEvent.of("tick").withId("" + i));          // waits while the browser is slow
                sleep(Duration.ofSeconds(1));
            }
        });
    }

    @Test
    void eventsAreSentAndFollowed() {
        Sim.run(() -> {
            List<String> seen = new ArrayList<>();
            try (var server = HttpServer.builder().get("/ticks", this::ticks).start("127.0.0.1", 0);
                    var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/ticks";

                try (var ticks = EventSource.of(http.request("GET", url))) {     // asks again where the connection is lost
                    for (ServerSentEvent tick : ticks) {
                        seen.add(tick.id() + " " + tick.data());
                        if (tick.id().equals("3")) {
                            break;
                        }
                    }
                }
            }
            assertEquals(List.of("1 tick", "2 tick", "3 tick"), seen);
        });
    }

    @Test
    void messagesGoBothWays() {
        Sim.run(() -> {
            var room = WebSocketBroadcast.create(1_000, Overflow.DISCONNECT);
            var chat = HttpServer.builder().webSocket("/chat/{name}", (request, socket) -> {
                try (var _ = room.join(socket)) {
                    for (var message : socket) {                                 // ends when the browser closes
                        if (message instanceof WebSocketMessage.Text(String text)) {
                            room.sendText(request.path("name") + ": " + text);   // to all, and waits for none
                        }
                    }
                }
            });
            try (var server = chat.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String address = server.address();

                try (WebSocket socket = http.webSocket("ws://" + address + "/chat/ada").connect()) {
                    socket.sendText("hello");
                    WebSocketMessage heard = socket.receive().orElseThrow();
                    assertEquals(new WebSocketMessage.Text("ada: hello"), heard);
                }
            }
        });
    }

    @Test
    void somePathsAreForSomeOnly() {
        Sim.run(() -> {
            var admin = Routes.create()
                    .use(Authentication.basic("admin", (user, password) -> Authentication.same(password, "secret")))
                    .get("/", request -> Response.text("hello " + request.user().orElseThrow()));
            try (var client = TestClient.of(admin)) {
                assertEquals(401, client.get("/").status());
                assertEquals("hello root", client.request("GET", "/").basicAuth("root", "secret").send().text());
            }
        });
    }

    @Test
    void clientsMayAskSoOftenAndBrowsersAreStrict() {
        Sim.run(() -> {
            var site = Routes.create()
                    .use(SecurityHeaders.create().with("Content-Security-Policy", "default-src 'self'"))
                    .use(RequestRateLimiter.of(100, Duration.ofMinutes(1)).withBurst(20))              // each address; 429 says when
                    .get("/", request -> Response.text("hello"));
            try (var client = TestClient.of(site)) {
                for (int i = 0; i < 20; i++) {
                    assertEquals(200, client.get("/").status());
                }
                assertEquals(429, client.get("/").status());
                sleep(Duration.ofSeconds(1));
                assertEquals("nosniff", client.get("/").headers().first("X-Content-Type-Options"));
            }
        });
    }

    /** The half of a provider: its configuration, its keys, and a token. */
    private static String tokenOf(KeyPair pair, String issuer) throws GeneralSecurityException {
        String claims = "{\"iss\":\"" + issuer + "\",\"aud\":\"orders-service\",\"sub\":\"ada\",\"exp\":"
                + currentLoop().engine().now().plusSeconds(60).getEpochSecond() + "}";
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed = encoder.encodeToString("{\"alg\":\"EdDSA\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encoder.encodeToString(signature.sign());
    }

    @Test
    void tokensOfAProviderAreChecked() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        String x = Base64.getUrlEncoder().withoutPadding()
                .encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        Sim.run(() -> {
            var provider = HttpServer.builder()
                    .get("/.well-known/openid-configuration", request -> {
                        String base = "http://" + request.host().orElseThrow();
                        return Response.json(Map.of("issuer", base, "jwks_uri", base + "/keys"));
                    })
                    .get("/keys", request -> Response.json(Map.of("keys", List.of(
                            Map.of("kty", "OKP", "crv", "Ed25519", "x", x)))));
            try (var server = provider.start("127.0.0.1", 0); var http = HttpClient.create()) {
                String issuer = "http://" + server.address();

                var keys = RemoteJwtKeys.ofIssuer(http, issuer);                       // or JwtKeys.of(JwtKey.secret(bytes))
                var orders = Routes.create()
                        .use(JwtAuthentication.of("orders", JwtVerifier.of(keys, issuer, "orders-service")))
                        .get("/", request -> Response.text("hello " + request.user().orElseThrow()));

                try (var client = TestClient.of(orders)) {
                    String token = tokenOf(pair, issuer);
                    assertEquals("hello ada", client.request("GET", "/").bearerAuth(token).send().text());
                    assertEquals(401, client.get("/").status());
                }
            }
        });
    }

    /** An exception of the program. */
    private static final class NoSuchOrderException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoSuchOrderException(int id) {
            super("there is no order " + id);
        }
    }

    private static String order(int id) {
        throw new NoSuchOrderException(id);
    }

    @Test
    void exceptionOfTheProgramIsAProblem() {
        var orders = HttpServer.builder()
                .problems()
                .exception(NoSuchOrderException.class, e -> new StatusException(404, e.getMessage()))
                .get("/orders/{id:int}", request -> Response.json(order(request.pathInt("id"))));
        Sim.run(() -> {
            try (var client = TestClient.of(orders.build())) {
                Reply reply = client.get("/orders/7");
                assertEquals(404, reply.status());
                assertEquals(
                        "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is no order 7\"}", reply.text());
                assertEquals("application/problem+json", client.get("/").headers().first("Content-Type"));
            }
        });
        Runnable onAllCores = () -> run(Config.DEFAULT.withLoopPerCpu(), () -> orders.serveOnAllLoops("0.0.0.0", 8080));
        assertNotNull(onAllCores);
    }

    @Test
    void tokensOfATestAreTaken() {
        Sim.run(() -> {
            var tokens = TestTokens.of("https://issuer.example", "orders");
            var guarded = Routes.create().use(JwtAuthentication.of("orders", tokens.verifier())).mount("/api", api());
            try (var client = TestClient.of(guarded)) {
                String token = tokens.token(Map.of("sub", "ann", "scope", "read"));
                assertTrue(client.request("GET", "/api/users/7").bearerAuth(token).send().isSuccess());
            }
        });
    }

    @Test
    void busyServiceAnswersWhatItCan() {
        Sim.run(() -> {
            var busy = HttpServer.builder()
                    .use(LoadShedding.of(Duration.ofMillis(200)))          // what nine of ten requests may take
                    .health("/healthz")                                    // has a reserve, however busy it is
                    .get("/", request -> Response.text("hello"));
            try (var server = busy.build(); var client = TestClient.of(server)) {
                assertEquals("hello", client.get("/").text());
                assertEquals("ok\n", client.get("/healthz").text());
            }
        });
    }

    private static String article(String id) {
        return "<p>" + id;
    }

    record Question(String words) {}

    private static List<String> found(Question question) {
        return List.of(question.words());
    }

    @Test
    void questionHasABodyAndChangesNothing() {
        Sim.run(() -> {
            var json = RouteOptions.DEFAULT.withAcceptQuery("application/json");
            var books = Routes.create()
                    .query("/books", json, request -> Response.json(found(request.json(Question.class))));
            try (var client = TestClient.of(books)) {
                Reply reply = client.request("QUERY", "/books").json(new Question("knots")).send();
                assertEquals("[\"knots\"]", reply.text());
                assertEquals("\"application/json\"", reply.headers().get("Accept-Query").orElseThrow());
                assertEquals(415, client.request("QUERY", "/books").body("knots").send().status());
            }
        });
    }

    @Test
    void requestThatIsSentTwiceIsCarriedOutOnce() {
        Sim.run(() -> {
            var payments = Routes.create()
                    .use(IdempotencyKeys.in(IdempotencyStore.inMemory(50_000_000)).withRequired(true))
                    .post("/payments", request -> Response.text("paid " + request.text(1_000)).withStatus(201));
            try (var client = TestClient.of(payments)) {
                for (int i = 0; i < 2; i++) {
                    Reply reply = client.request("POST", "/payments").header("Idempotency-Key", "\"8e03978e\"")
                            .body("5").send();
                    assertEquals("paid 5", reply.text());
                }
                assertEquals(400, client.request("POST", "/payments").body("5").send().status());
            }
        });
    }

    @Test
    void bodyOfAnotherDigestIsRefused() {
        Sim.run(() -> {
            var uploads = Routes.create()
                    .use(ContentDigests.DEFAULT)                           // outside of Compression
                    .put("/file", request -> Response.text(request.bytes(1_000_000).length + " bytes"));
            try (var client = TestClient.of(uploads)) {
                assertEquals("5 bytes", client.request("PUT", "/file").body("hello").send().text());
                assertEquals(400, client.request("PUT", "/file").header("Content-Digest", "sha-256=:AAAA:")
                        .body("hello").send().status());
            }
        });
    }

    @Test
    void whatIsTheSameForAllIsMadeOnce() {
        Sim.run(() -> {
            var kept = ResponseCache.inMemory(100_000_000);                // bytes, bodies on their way included
            var shop = Routes.create()
                    .use(kept)
                    .get("/article/{id}", request -> Response.html(article(request.path("id"))).withETag()
                            .withHeader("Cache-Control", "max-age=60, stale-while-revalidate=30, stale-if-error=3600")
                            .withHeader("Cache-Tag", "articles"));
            try (var client = TestClient.of(shop)) {
                assertEquals("<p>7", client.get("/article/7").text());
                assertEquals("<p>7", client.get("/article/7").text());
                assertEquals(1, kept.statistics().hits());
                assertEquals(1, kept.purgeTag("articles"));
            }
        });
    }

    @Test
    void wholeServersArePassedOnTo() {
        Sim.run(() -> {
            var servers = Upstreams.of("http://10.0.0.1:8080", "http://10.0.0.2:8080")
                    .withMaxInFlight(200)                                                 // of each; then 1,000 wait, then 503
                    .withBreaker(CircuitBreakerOptions.DEFAULT.withTrials(5))
                    .withHealthCheck(ActiveHealthCheck.of("/readyz"));                    // a GET to each, every 5 s
            var shop = Proxying.to(servers).withTimeouts(ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(20)));
            var gateway = Routes.create()
                    .use(RequestRateLimiter.of(100, Duration.ofSeconds(1)))
                    .any("/shop/{path...}", RouteOptions.DEFAULT.withMaxBodyBytes(2_000_000_000), shop);
            try (shop; var client = TestClient.of(gateway)) {
                int status = client.get("/shop/cart").status();
                assertTrue(status == 502 || status == 504, "status " + status);           // nobody is there
                assertEquals(2, shop.statistics().size());
            }
        });
    }

    private void askTheDatabase() {}

    @Test
    void balancersAndOperatorsAreTold() {
        var out = new ByteArrayOutputStream();
        run(() -> {
            try (var log = AccessLog.combined(out)) {
                var builder = HttpServer.builder()
                        .get("/", request -> Response.text("hello"));
                builder.readiness("/readyz", HealthCheck.of("database", this::askTheDatabase))
                        .drainDelay(Duration.ofSeconds(5))                       // not ready for so long, before ports close
                        .requestIds()                                            // X-Request-Id, in lines of logs too
                        .accessLog(log);
                try (var client = TestClient.of(builder.build())) {
                    Reply ready = client.get("/readyz");
                    assertEquals("database: ok\n", ready.text());
                    assertEquals(32, ready.headers().get("X-Request-Id").orElseThrow().length());
                }
            }
        });
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("\"GET /readyz HTTP/1.1\" 200"), out.toString());
    }

    @Test
    void testNeedsNoNetwork() {
        run(() -> {
            try (var client = TestClient.of(api())) {
                assertEquals("user 7", client.get("/users/7").text());
                assertFalse(client.get("/users/0x7").isSuccess());
            }
        });
    }

    record Order(String customer, List<Line> lines, Optional<String> note) {}

    record Line(String article, int count) {
        Line {
            if (count < 1) {
                throw new IllegalArgumentException("count is " + count);
            }
        }
    }

    @Test
    void requestIsUnderstoodWholeOrTheFieldIsTold() {
        Sim.run(() -> {
            var orders = Routes.create()
                    .post("/orders", request -> Response.json(request.json(Order.class).lines().getFirst()));
            try (var client = TestClient.of(orders)) {
                String lines = "\"lines\":[{\"article\":\"yarn\",\"count\":1}]";
                assertEquals(new Line("yarn", 1),
                        client.request("POST", "/orders").json("{\"customer\":\"ada\"," + lines + "}").send()
                                .json(Line.class));
                for (String[] wrong : new String[][]{
                        {"{" + lines + "}", "customer is missing and must be a text"},
                        {"{\"customer\":\"ada\"," + lines.replace("1", "1,\"colour\":\"red\"") + "}",
                                "lines[0].colour is no field here"},
                        {"{\"customer\":\"ada\"," + lines.replace('1', '0') + "}",
                                "lines[0] is refused by what makes a Line"}}) {
                    Reply reply = client.request("POST", "/orders").json(wrong[0]).send();
                    String text = reply.text();
                    assertEquals(400, reply.status(), text);
                    assertTrue(text.contains(wrong[1] + ", at line 1, column "), text);
                    int from = text.indexOf(wrong[1]);
                    String told = text.substring(from, text.indexOf('"', from));
                    String guide = Documents.text("docs/guide/25-web-applications.md");
                    assertTrue(guide.contains("\n" + told + "\n"), told);
                }
            }
        });
    }

    record Article(
            @Pattern(regexp = "[A-Z]{3}-[0-9]+", message = "must be the number of an article, as ABC-12") String number,
            @NotBlank @Size(max = 80) String name,
            @DecimalMin("0.01") @Digits(integer = 6, fraction = 2) BigDecimal price,
            @Size(max = 5) List<@Size(max = 20) String> tags,
            Optional<@Email String> supplier) {}

    @Test
    void rulesOfValuesAreCheckedAndToldAtOnce() {
        Sim.run(() -> {
            var articles = Routes.create()
                    .post("/articles", request -> Response.json(request.json(Article.class).name()));
            try (var client = TestClient.of(HttpServer.builder().mount("/", articles).build())) {
                String right = "{\"number\":\"ABC-1\",\"name\":\"yarn\",\"price\":2.5,\"tags\":[\"a\",\"b\"]}";
                assertEquals(200, client.request("POST", "/articles").json(right).send().status());
                Reply refused = client.request("POST", "/articles")
                        .json("{\"number\":\"1\",\"name\":\"yarn\",\"price\":2.5,\"tags\":[\"" + "a".repeat(21)
                                + "\"]}")
                        .send();
                assertEquals(400, refused.status());
                String problem = refused.text();
                assertTrue(problem.contains("\"expected\":\"the number of an article, as ABC-12\""), problem);
                assertTrue(problem.contains("\"pointer\":\"/tags/0\""), problem);
            }
        });
    }

    record Placed(long id, Order order) {}

    /** Keeps what is ordered. */
    private static final class Shop {

        private final List<Placed> orders = new ArrayList<>();

        Placed place(Order order) {
            orders.add(new Placed(orders.size() + 1, order));
            return orders.getLast();
        }

        Placed order(long id) {
            return orders.get((int) id - 1);
        }

        Placed[] behind(long id) {
            return orders.stream().filter(each -> each.id() > id).toArray(Placed[]::new);
        }
    }

    private Placed[] search(Request request) {
        return new Placed[]{new Placed(1, new Order(request.query("text").orElse(""), List.of(), Optional.empty()))};
    }

    @Test
    void parametersAreCheckedWithTheirRules() {
        Sim.run(() -> {
            var api = Api.of("Shop", "1.0")
                    .get("/search", Operation.of("Search")
                            .with(Parameter.query("text", String.class).length(1, 80))
                            .with(Parameter.query("limit", Integer.class).optional().atLeast(1).atMost(100)
                                    .about("at most so many"))
                            .with(Parameter.header("X-Tenant", UUID.class)), Placed[].class, this::search);
            try (var client = TestClient.of(HttpServer.builder().mount("/", api.routes()).build())) {
                String problem = client.get("/search?text=ada&limit=0").text();
                assertTrue(problem.contains("limit in the query must be at least 1; the head lacks X-Tenant"), problem);
                var found = client.request("GET", "/search?text=ada").header("X-Tenant", new UUID(1, 2).toString())
                        .send();
                assertEquals("ada", found.json(Placed[].class)[0].order().customer());
            }
        });
    }

    @Test
    void routesWithTypesTellOfThemselves() {
        Sim.run(() -> {
            var shop = new Shop();
            var api = Api.of("Shop", "1.0")
                    .get("/orders", Operation.of("Orders").optional("after", Long.class, "only those behind it"),
                            Placed[].class, request -> shop.behind(request.queryLong("after", 0)))
                    .get("/orders/{id:long}", Placed.class, request -> shop.order(request.pathLong("id")))
                    .post("/orders", Operation.of("Order").withStatus(201), Order.class, Placed.class,
                            (request, order) -> shop.place(order));

            var site = HttpServer.builder()
                    .mount("/api", api.routes())
                    .get("/openapi.json", api.document("/api"));
            try (var client = TestClient.of(site.build())) {
                String order = "{\"customer\":\"ada\",\"lines\":[{\"article\":\"yarn\",\"count\":1}]}";
                assertEquals(201, client.request("POST", "/api/orders").json(order).send().status());
                assertEquals("ada", client.get("/api/orders/1").json(Placed.class).order().customer());
                assertEquals(1, client.get("/api/orders").json(Placed[].class).length);
                Reply refused = client.get("/api/orders?after=x");
                assertEquals(400, refused.status());
                assertTrue(refused.text().contains("after in the query must be an integer of 64 bits"));
                String document = client.get("/openapi.json").text();
                assertTrue(document.contains("\"operationId\" : \"getOrdersId\""), document);
            }
        });
    }
}
