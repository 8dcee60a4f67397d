package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Outcome;
import dev.heddle.TaskPool;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.StatusException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.Http;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.client.RequestOutcome;
import dev.heddle.http.client.RequestTracer;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.testing.TestClient;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More lines for people who come from Python's clients and servers of HTTP. */
final class HttpFromPythonTest {

    private record Note(String text) {}

    /** As much JSON as one note needs; programs take the codec of heddle-json. */
    private static final class Notes implements JsonCodec {

        @Override
        public Object read(byte[] document, Type type) {
            String json = new String(document, StandardCharsets.UTF_8);
            return new Note(json.substring(1, json.length() - 1));
        }

        @Override
        public byte[] write(Object value) {
            return ("\"" + ((Note) value).text() + "\"").getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final class Timeline implements RequestTracer {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void began(Traced request) {
            lines.add(request.method() + " began");
        }
    }

    @TempDir
    Path directory;

    private static HttpServer site() {
        return HttpServer.builder()
                .json(new Notes())
                .get("/", request -> Response.text("page" + request.header("X-Trace").orElse("")
                        + request.header("X-App").orElse("")))
                .post("/", request -> Response.text(request.text(100)))
                .put("/", request -> Response.text(request.text(100)))
                .get("/old", request -> Response.redirect(303, "/"))
                .get("/none", request -> {
                    throw new StatusException(404, "no such note");
                })
                .get("/note", request -> Response.json(new Note("buy yarn")))
                .post("/notes", request -> Response.text(request.json(Note.class).text()))
                .start("127.0.0.1", 0);
    }

    @Test
    void clientsAndTheirSettings() {
        Sim.run(() -> {
            var timeline = new Timeline();
            try (HttpServer server = site();
                    HttpClient http = HttpClient.builder()
                            .baseUrl("http://" + server.address() + "/")
                            .header("X-App", "loom")
                            .filter((request, next) -> next.send(request.header("X-Trace", "7")))
                            .tracer(timeline)
                            .tls(ClientTls.DEFAULT.insecure())
                            .limits(ClientLimits.DEFAULT.withMaxConnections(50).withMaxConnectionsPerHost(8))
                            .timeouts(ClientTimeouts.DEFAULT
                                    .withConnect(Duration.ofSeconds(2)).withRead(Duration.ofSeconds(30)))
                            .decodeBodies(false)
                            .json(new Notes())
                            .build()) {
                assertEquals("page7loom", http.get("/").text());
                assertEquals(List.of("GET began"), timeline.lines);
                assertEquals("buy yarn", http.get("/note").json(Note.class).text());
                assertEquals("knit", http.post("/notes", new Note("knit")).text());
            }
        });
    }

    @Test
    void requestsAndTheirBodies() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "a file");
        run(() -> {
            try (HttpServer server = site();
                    HttpClient http = HttpClient.builder().baseUrl("http://" + server.address() + "/").build()) {
                ClientRequest request = http.request("GET", "/");
                assertEquals("page", request.send().text());
                byte[] data = "streamed".getBytes(StandardCharsets.UTF_8);
                assertEquals("streamed", http.request("POST", "/").body(out -> out.write(data)).send().text());
                assertEquals("a file", http.request("PUT", "/").body(file).send().text());
                try (Reply reply = http.request("GET", "/old").followRedirects(false).send()) {
                    assertEquals(303, reply.status());
                }
                try (Reply reply = http.get("/old")) {
                    List<URI> history = reply.redirects();
                    assertEquals("/", reply.finalUri().getPath());
                    assertTrue(history.size() == 1, history.toString());
                    byte[] buffer = new byte[1024];
                    int n = reply.read(buffer);
                    assertEquals("page", new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
                assertEquals("page", http.get("/").text(StandardCharsets.ISO_8859_1));
                assertEquals(404, http.get("/none").status());
                group(g -> {
                    TaskPool pool = g.pool(10);
                    assertEquals("page", pool.spawn(() -> request.send().text()).join());
                });
            }
        });
    }

    @Test
    void partsOfAReply() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> Response.text(request.query("id").orElse("0000")))
                    .start("127.0.0.1", 0);
            try (server; HttpClient http = HttpClient.builder().baseUrl("http://" + server.address()).build()) {
                try (Reply reply = http.get("/?id=7")) {
                    assertEquals(200, reply.status());
                    String text = reply.text();
                    assertEquals("7", text);
                    assertEquals("/", reply.finalUri().getPath());
                }
                Reply reply = http.get("/");
                assertEquals("0000", new String(reply.bytes(), StandardCharsets.UTF_8));
                reply.close();
                assertThrows(DeadlineExceededException.class,
                        () -> http.request("GET", "/").timeout(Duration.ofNanos(1)).send());
                List<ClientRequest> requests = List.of(
                        http.request("GET", "/").timeout(Duration.ofNanos(1)),
                        http.request("GET", "http://127.0.0.1:1/"),
                        http.request("GET", "/"));
                List<RequestOutcome> fetched = Http.mapAll(requests, 20);
                assertEquals(List.of(false, false, true),
                        fetched.stream().map(each -> each.outcome() instanceof Outcome.Success<?>).toList());
                assertEquals("0000", fetched.getLast().reply().text());
            }
        });
    }

    @Test
    void unixSockets() {
        Path path = directory.resolve("socket");
        run(() -> {
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("local")).build();
            server.startUnix(path);
            try (server; HttpClient http = HttpClient.builder().unixSocket(path).build()) {
                assertEquals("local", http.get("http://localhost/").text());
            }
        });
    }

    @Test
    void serversOnAllLoops() {
        String page = run(Config.DEFAULT.withLoops(4), () -> {
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("page")).build();
            server.startOnAllLoops("127.0.0.1", 0);
            try (server; HttpClient http = HttpClient.create()) {
                return http.get("http://" + server.address() + "/").text();
            }
        });
        assertEquals("page", page);
    }

    @Test
    void webSocketsWithOptions() {
        Sim.run(() -> {
            WebSocketOptions options = WebSocketOptions.DEFAULT
                    .withPingInterval(Duration.ofSeconds(30)).withPongTimeout(Duration.ofSeconds(10))
                    .withMaxMessageBytes(4_194_304);
            HttpServer server = HttpServer.builder()
                    .webSocket("/", options, (request, socket) -> socket.sendText("welcome"))
                    .start("127.0.0.1", 0);
            try (server; HttpClient http = HttpClient.create()) {
                WebSocket socket = http.webSocket("ws://" + server.address() + "/").options(options).connect();
                var first = timeout(Duration.ofSeconds(5), () -> socket.receive());
                assertTrue(first.isPresent());
                socket.close();
            }
        });
    }

    @Test
    void oneHandlerOrOneFile() throws IOException {
        Path file = Files.writeString(directory.resolve("report.txt"), "a report");
        HttpServer behindAProxy = HttpServer.builder().proxyProtocol("10.0.0.0/8").build();
        behindAProxy.close();
        run(() -> {
            try (TestClient client = TestClient.of(request -> Response.file(file))) {
                assertEquals("a report", client.get("/").text());
            }
        });
    }
}
