package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Outcome;
import dev.heddle.http.Cookie;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.CookieJar;
import dev.heddle.http.client.Http;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.ProxySettings;
import dev.heddle.http.client.RequestOutcome;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.server.AccessLog;
import dev.heddle.http.server.Compression;
import dev.heddle.http.server.CookieSigner;
import dev.heddle.http.server.CrossSiteCheck;
import dev.heddle.http.server.FileOptions;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.RequestKey;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import dev.heddle.http.server.RouteOptions.OnDisconnect;
import dev.heddle.http.server.Routes;
import dev.heddle.http.server.SessionStore;
import dev.heddle.http.server.Sessions;
import dev.heddle.http.testing.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines for people who come from requests, aiohttp, grequests, Tornado and Flask. */
final class WebFromPythonTest {

    private static final RequestKey<String> USER = RequestKey.of("user");

    @TempDir
    Path directory;

    @Test
    void clients() {
        List<String> got = new ArrayList<>();
        run(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text("hello"))
                    .post("/", request -> Response.text(request.text(100)))
                    .post("/form", request -> Response.text(request.form().get("name").orElse("?")))
                    .get("/fail", request -> Response.text("no").withStatus(500))
                    .start("127.0.0.1", 0);
            String url = "http://127.0.0.1:" + server.port() + "/";
            got.add(Http.get(url).text());
            got.add(Http.post(url, "sent").text());
            try (HttpClient http = HttpClient.builder()
                    .cookies(CookieJar.create())
                    .retries(RetryPolicy.DEFAULT)
                    .proxy(ProxySettings.fromEnvironment())
                    .auth(url, Auth.digest("ann", "secret"))
                    .baseUrl(url)
                    .build()) {
                got.add(http.get("/").text());
                got.add(http.request("POST", "/form").form("name", "Ada").send().text());
                List<ClientRequest> requests = List.of(http.request("GET", "/"), http.request("GET", "/fail"));
                for (RequestOutcome each : Http.mapAll(requests, 20,
                        (request, failure) -> got.add("failed " + request))) {
                    got.add(each.reply().text());
                }
                Http.asCompleted(requests, 2, each -> got.add("status " + each.reply().status()));
                List<RequestOutcome> inTime = Http.mapAllWithin(Duration.ofSeconds(5), requests, 20);
                assertTrue(inTime.stream().allMatch(each -> each.outcome() instanceof Outcome.Success<?>));
            }
            server.close();
        });
        assertEquals(List.of("hello", "sent", "hello", "Ada", "hello", "no"), got.subList(0, 6));
        assertEquals(List.of("status 200", "status 500"), got.subList(6, 8).stream().sorted().toList());
    }

    @Test
    void servers() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "a file");
        CookieSigner signer = CookieSigner.of(new byte[32]);
        List<String> got = new ArrayList<>();
        run(() -> {
            var api = Routes.create()
                    .use((request, next) -> {
                        request.set(USER, "ann");
                        return next.handle(request);
                    })
                    .get("/users/{id:int}",
                            request -> Response.text(request.get(USER).orElseThrow() + request.pathInt("id")));
            var server = HttpServer.builder()
                    .use(Compression.DEFAULT)
                    .use(CrossSiteCheck.create())
                    .use(Sessions.in(SessionStore.inMemory(10_000)))
                    .mount("/api", api)
                    .files("/static", directory, FileOptions.DEFAULT.withPrecompressed(true))
                    .get("/in", request -> {
                        request.session().put("name", "ann");
                        return Response.text("in").withCookie(Cookie.of("seen", "yes"));
                    })
                    .get("/signed", request -> Response.text("signed").withCookie(signer.sign("visits", "1")))
                    .get("/work", RouteOptions.DEFAULT.withOnDisconnect(OnDisconnect.CANCEL),
                            request -> Response.text("done"))
                    .get("/events", request -> Response.events(events -> events.send("tick")))
                    .webSocket("/chat", (request, socket) -> {
                        for (WebSocketMessage message : socket) {
                            socket.send(message);
                        }
                    })
                    .accessLog(AccessLog.combined(directory.resolve("access.log")));
            try (TestClient client = TestClient.of(server.build())) {
                got.add(client.get("/api/users/7").text());
                got.add(client.get("/static/a.txt").text());
                got.add(client.get("/in").text());
                got.add(client.get("/signed").text());
                got.add(client.get("/work").text());
                got.add(client.get("/events").text().strip());
            }
        });
        assertEquals(List.of("ann7", "a file", "in", "signed", "done", "data: tick"), got);
    }

    @Test
    void webSockets() {
        String answer = run(() -> {
            HttpServer server = HttpServer.builder()
                    .webSocket("/", (request, socket) -> {
                        for (WebSocketMessage message : socket) {
                            socket.send(message);
                        }
                    })
                    .start("127.0.0.1", 0);
            try (server; HttpClient http = HttpClient.create()) {
                WebSocket socket = http.webSocket("ws://127.0.0.1:" + server.port() + "/").connect();
                socket.sendText("echo");
                String text = socket.receive().orElseThrow() instanceof WebSocketMessage.Text(String got) ? got : "?";
                socket.close();
                return text;
            }
        });
        assertEquals("echo", answer);
    }
}
