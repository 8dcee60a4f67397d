package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Ticker;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.RequestKey;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.os.ProgressBar;
import dev.heddle.sim.Sim;
import dev.heddle.sync.BoundedSemaphore;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The lines for people who write services in Python with httpx, FastAPI, SQLAlchemy and their like. */
final class ServicesFromPythonTest {

    private static final RequestKey<String> USER = RequestKey.of("user");

    private static final RequestKey<Connection> CONNECTION = RequestKey.of("connection");

    private static final String DATABASE = "jdbc:h2:mem:services;DB_CLOSE_DELAY=-1";

    private final List<String> done = new ArrayList<>();

    private record Settings(String databaseUrl, int port) {

        static Settings of(Map<String, String> environment) {
            return new Settings(
                    environment.getOrDefault("DATABASE_URL", DATABASE),
                    Integer.parseInt(environment.getOrDefault("PORT", "8080")));
        }
    }

    private record Page(String url, String text) {}

    private static Response authenticated(Request request, Handler next) throws Exception {
        request.set(USER, request.header("X-User").orElseThrow(() -> new StatusException(401, "who is it?")));
        return next.handle(request);
    }

    private static Response problems(Request request, Handler next) throws Exception {
        try {
            return next.handle(request);
        } catch (SQLException e) {
            return Response.text("the database does not answer\n").withStatus(503);
        }
    }

    private static Response withConnection(Request request, Handler next) throws Exception {
        try (Connection connection = DriverManager.getConnection(DATABASE)) {
            request.set(CONNECTION, connection);
            return next.handle(request);
        }
    }

    private static int count(Connection connection, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT COUNT(*) FROM notes WHERE name = ?")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private void send(String mail) {
        sleep(Duration.ofSeconds(1));
        done.add(mail);
    }

    @Test
    void dependenciesAreMiddlewareAndKeys() {
        Sim.run(() -> {
            Routes api = Routes.create()
                    .use(ServicesFromPythonTest::problems)
                    .use(ServicesFromPythonTest::authenticated)
                    .get("/me", request -> Response.text(request.get(USER).orElseThrow()))
                    .get("/broken", request -> {
                        throw new SQLException("gone");
                    });
            HttpServer server = HttpServer.builder().mount("/api", api).build();
            try (TestClient client = TestClient.of(server)) {
                assertEquals("ann", client.request("GET", "/api/me").header("X-User", "ann").send().text());
                assertEquals(401, client.get("/api/me").status());
                assertEquals(503, client.request("GET", "/api/broken").header("X-User", "ann").send().status());
            }
        });
    }

    @Test
    void workBehindTheResponseIsTheServers() {
        Sim.run(() -> {
            var running = new HttpServer[1];
            var routes = HttpServer.builder().post("/orders", request -> {
                running[0].background("mail", () -> send("order 1"));
                return Response.empty(202);
            });
            try (HttpServer server = routes.start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                running[0] = server;
                assertEquals(202, http.request("POST", "http://" + server.address() + "/orders").send().status());
                server.stop(Duration.ofSeconds(10));
            }
        });
        assertEquals(List.of("order 1"), done);
    }

    @Test
    void clientStreamsWhatComes() {
        Sim.run(() -> {
            var lines = HttpServer.builder().get("/", request -> Response.stream("text/plain", out -> {
                out.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
            }));
            ClientLimits limits = ClientLimits.DEFAULT.withMaxConnections(50);
            try (HttpServer server = lines.start("127.0.0.1", 0);
                    HttpClient http = HttpClient.builder().limits(limits).build();
                    Reply reply = http.get("http://" + server.address() + "/")) {
                byte[] buffer = new byte[1024];
                int n = reply.read(buffer);
                assertEquals("one\ntwo\n", new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        });
    }

    @Test
    void driverMayBlock() throws SQLException {
        try (Connection connection = DriverManager.getConnection(DATABASE)) {
            connection.createStatement().execute("CREATE TABLE notes (name VARCHAR(20))");
            connection.createStatement().execute("INSERT INTO notes VALUES ('milk')");
        }
        run(() -> {
            BoundedSemaphore connections = BoundedSemaphore.of(10);
            int notes = connections.run(() -> offload(() -> {
                try (Connection connection = DriverManager.getConnection(DATABASE)) {
                    return count(connection, "milk");
                }
            }));
            assertEquals(1, notes);
            HttpServer server = HttpServer.builder()
                    .use(ServicesFromPythonTest::withConnection)
                    .get("/notes", request -> Response.text("" + count(request.get(CONNECTION).orElseThrow(), "milk")))
                    .build();
            try (TestClient client = TestClient.of(server)) {
                assertEquals("1", client.get("/notes").text());
            }
        });
    }

    @Test
    void toolsOfADay() {
        Settings settings = Settings.of(System.getenv());
        assertTrue(settings.port() > 0);
        assertEquals(9000, Settings.of(Map.of("PORT", "9000")).port());
        System.Logger log = System.getLogger("shop");
        log.log(System.Logger.Level.DEBUG, "listening on {0}", settings.port());
        String[] arguments = {"9977"};
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8080;
        assertEquals(9977, port);
        assertEquals("a", new Page("a", "text").url());
        Sim.run(() -> {
            List<String> urls = List.of("a", "b");
            try (ProgressBar bar = ProgressBar.open("pages", urls.size())) {
                for (String url : bar.over(urls)) {
                    done.add(url);
                }
            }
            Ticker ticker = Ticker.every(Duration.ofSeconds(5));
            ticker.awaitTick();
            assertEquals(List.of("a", "b"), done);
        });
    }
}
