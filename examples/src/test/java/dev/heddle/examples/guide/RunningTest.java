package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopStatistics;
import dev.heddle.examples.Output;
import dev.heddle.http.server.HealthCheck;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.InheritedSockets;
import dev.heddle.net.Listener;
import dev.heddle.net.SocketHandover;
import dev.heddle.net.Tcp;
import dev.heddle.os.ServiceManager;
import dev.heddle.sim.Sim;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The snippets of the chapters about C10K, tuning, containers and other frameworks. */
final class RunningTest {

    private record Database(boolean isOpen) {

        void ping() {
            if (!isOpen) {
                throw new IllegalStateException("closed");
            }
        }
    }

    private static String fetch(String url) {
        return "page " + url;
    }

    private static void echo(ByteStream stream) {
        byte[] buffer = new byte[100];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            stream.write(Arrays.copyOf(buffer, count));
        }
    }

    private static int count(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:greetings");
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE greetings(text VARCHAR)");
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @Test
    void tenThousandConnections() {
        Sim.run(() -> {
            try (var listener = Tcp.listen("127.0.0.1", 0)) {
                group(g -> {
                    g.spawnService(() -> {
                        listener.serve(10_000, stream -> echo(stream));
                    });
                    try (ByteStream client = Tcp.connect("127.0.0.1", listener.port())) {
                        client.write("hello\n");
                        assertEquals(Optional.of("hello"), client.readLine(100));
                    }
                });
            }
        });
    }

    @Test
    void whatALoopDoes() {
        List<String> printed = Output.of(() -> Sim.run(() -> {
            LoopStatistics loop = currentLoop().statistics();
            IO.println(loop.turns() + " turns, " + loop.ran() + " steps, " + loop.polls() + " polls");
        }));
        assertTrue(printed.getFirst().matches("\\d+ turns, \\d+ steps, \\d+ polls"), printed.getFirst());
    }

    @Test
    void boundForTheEnd() {
        Config config = Config.DEFAULT.withShutdownTimeout(Duration.ofSeconds(8));
        assertEquals(Duration.ofSeconds(8), config.shutdownTimeout());
    }

    @Test
    void healthChecks() {
        var database = new Database(false);
        HttpServer.Builder app = HttpServer.builder()
                .health("/alive")
                .readiness("/ready", HealthCheck.of("database", () -> database.ping()));
        run(() -> {
            try (var client = TestClient.of(app.build())) {
                assertEquals(200, client.get("/alive").status());
                assertEquals(503, client.get("/ready").status());
            }
        });
    }

    @Test
    void stopThatBalancersHearOfFirst() {
        HttpServer.Builder app = HttpServer.builder()
                .health("/alive")
                .readiness("/ready")
                .drainDelay(Duration.ofSeconds(2));
        run(() -> {
            try (var client = TestClient.of(app.build())) {
                assertEquals(200, client.get("/ready").status());
            }
        });
    }

    private static void waitUntilStopped(HttpServer server) {
        assertTrue(server.port() > 0);
    }

    @Test
    void serviceOfSystemd() {
        HttpServer.Builder app = HttpServer.builder().health("/alive");
        Sim.run(() -> {
            ServiceManager manager = ServiceManager.current();
            group(g -> {
                g.spawnService(manager::keepAlive);
                HttpServer server = app.start("127.0.0.1", 8080);
                try {
                    manager.ready();
                    waitUntilStopped(server);
                } finally {
                    manager.stopping();
                    server.close();
                }
            });
        });
    }

    @Test
    void socketsComeFromOthers() {
        HttpServer.Builder app = HttpServer.builder().health("/alive");
        Sim.run(() -> {
            assertFalse(Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                try (InheritedSockets sockets = InheritedSockets.current()) {
                    app.build().serve(sockets.take("http").orElseGet(() -> Tcp.listen("0.0.0.0", 8080)));
                }
            }), "none is inherited here, so the port is opened");
        });
    }

    /** Run by {@code RestartTest}, between processes. */
    static void nextVersion(HttpServer.Builder app) {
        try (SocketHandover handOver = SocketHandover.at(Path.of("/run/shop/handover.sock"))) {
            Listener listener = handOver.sockets().take("http").orElseGet(() -> Tcp.listen("0.0.0.0", 8080));
            HttpServer server = app.drainDelay(Duration.ofSeconds(1)).build().start(listener);
            handOver.serving(Map.of("http", listener));
            handOver.awaitSuccessor();
            server.close();
        }
    }

    @Test
    void loopInAnApplicationWithItsOwnThreads() {
        List<String> urls = List.of("a", "b");
        Loop loop = Loop.start(Config.DEFAULT.withName("heddle"));
        CompletableFuture<List<String>> pages = loop.spawn(() -> map(urls, 100, url -> fetch(url)))
                .toCompletableFuture();
        assertEquals(List.of("page a", "page b"), pages.join());
        loop.close();
        assertTrue(loop.isClosed());
    }

    @Test
    void jdbc() {
        run(() -> {
            int count = timeout(Duration.ofSeconds(5), () -> count("SELECT COUNT(*) FROM greetings"));
            assertEquals(0, count);
        });
    }
}
