package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.Wire;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.codec.PeerLog;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shop.Shop;

/** The source of each entry in a server's log is a line of its user, or the public class that it is about. */
final class ServerLogTest {

    private static final String SERVER = HttpServer.class.getName();
    private static final String ACCESS_LOG = AccessLog.class.getName();

    private final List<LogRecord> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger("dev.heddle.http");

    /** An entry, what brings it about, and its source. */
    private record Row(String entry, Runnable cause, String source) {

        static Row ofRequest(String entry, String path, String source) {
            return new Row(entry, () -> Wire.ask(
                    HttpServer.builder()
                            .get("/fail", Shop::fail)
                            .get("/hang", RouteOptions.DEFAULT.withDeadline(Duration.ofSeconds(5)), Shop::hang)
                            .get("/stream", Shop::stream)
                            .readiness("/ready", HealthCheck.of("database", Shop::check))
                            .readiness("/slow", HealthCheck.of("database", Shop::slowCheck)),
                    "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), source);
        }

        @Override
        public String toString() {
            return entry;
        }
    }

    static Stream<Row> entries() {
        var failure = new IOException("no room");
        failure.setStackTrace(new StackTraceElement[0]); // as of a thread of ours
        return Stream.of(
                Row.ofRequest("handlerFailed", "/fail", "shop.Shop fail"),
                Row.ofRequest("handlerLate", "/hang", "shop.Shop hang"),
                new Row("cutOff", ServerLogTest::leaveAChild, "shop.Shop leave"),
                Row.ofRequest("endFailed", "/stream", "shop.Shop close"),
                Row.ofRequest("checkFailed", "/ready", "shop.Shop check"),
                Row.ofRequest("checkLate", "/slow", "shop.Shop slowCheck"),
                new Row("accessLogFailed", () -> Wire.ask(
                        HttpServer.builder().accessLog(Shop::note),
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), "shop.Shop note"),
                new Row("accessLogFailed", () -> ServerLog.accessLogFailed(failure), ACCESS_LOG),
                new Row("accessRecordsDropped", () -> ServerLog.accessRecordsDropped(1), ACCESS_LOG),
                new Row("fileFailed", () -> ServerLog.fileFailed(null, failure), SERVER),
                new Row("uploadFailed", () -> ServerLog.uploadFailed(failure), SERVER),
                new Row("notEntered", () -> ServerLog.notEntered("a peer", failure), SERVER),
                new Row("serves", () -> ServerLog.serves("127.0.0.1:80", 2), SERVER),
                new Row("onOneLoop", () -> ServerLog.onOneLoop("127.0.0.1:80", 2), SERVER),
                new Row("endedWithOwner", () -> ServerLog.endedWithOwner("127.0.0.1:80", "task-1"), SERVER),
                new Row("stopCut", () -> ServerLog.stopCut("it does not fit"), SERVER),
                new Row("stillRunning", () -> ServerLog.stillRunning(2), SERVER),
                new Row("lost", () -> PeerLog.lost("a connection", failure), "dev.heddle.io.ByteStream"));
    }

    private static void leaveAChild() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().get("/", Shop::leave).start("127.0.0.1", 0);
            try (var http = HttpClient.builder().build()) {
                http.get("http://127.0.0.1:" + server.port() + "/").text();
            }
            Heddle.sleep(Duration.ofSeconds(1));
            server.stop(Duration.ZERO);
        });
    }

    @BeforeEach
    void listen() {
        logger.setLevel(Level.FINE);
        logger.setFilter(entry -> !logged.add(entry));
    }

    @AfterEach
    void leave() {
        logger.setLevel(null);
        logger.setFilter(null);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void sourceIsTheUsersLineOrThePublicClass(Row row) {
        row.cause.run();
        LogRecord entry = logged.getFirst();
        String method = entry.getSourceMethodName();
        assertEquals(row.source, entry.getSourceClassName() + (method == null ? "" : " " + method), entry::getMessage);
    }

    @Test
    void noEntryIsForgotten() {
        Set<String> there = Stream.of(ServerLog.class, PeerLog.class)
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tried = entries().map(Row::entry).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(there, tried);
    }

    private List<String> messages() {
        return logged.stream().map(LogRecord::getMessage).toList();
    }

    @Test
    void serverThatEndsWithTheTaskThatHasStartedItSaysSo() {
        Sim.run(() -> {
            Heddle.currentLoop().spawn("boot", () -> {
                HttpServer.builder().start("127.0.0.1", 80);
            }).join();
            Heddle.sleep(Duration.ofSeconds(1));
        });
        assertEquals(List.of("the server on 127.0.0.1:80 ends, since task boot that has started it has ended;"
                + " serve(...) keeps its task waiting"), messages());
    }

    @Test
    void serverThatServesSaysWhereItDoesAndHowItStops() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            HttpServer server = HttpServer.builder().build();
            Task<Void> serving = Heddle.spawn(() -> server.serveOnAllLoops("127.0.0.1", 0));
            while (logged.isEmpty()) {
                Heddle.sleep(Duration.ofMillis(1));
            }
            assertEquals(List.of("serving on http://" + server.address()
                    + "/ with 2 loops; SIGTERM or Ctrl-C stops in order"), messages());
            server.stop(Duration.ZERO);
            serving.join();
        });
    }

    @Test
    void serverOfASimulationSaysNothing() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().build();
            Task<Void> serving = Heddle.spawn(() -> server.serve("127.0.0.1", 80));
            Sim.current().awaitIdle();
            server.stop(Duration.ZERO);
            serving.join();
        });
        assertEquals(List.of(), messages());
    }

    @Test
    void serverThatIsClosedSaysNothing() {
        Sim.run(() -> HttpServer.builder().start("127.0.0.1", 80).close());
        assertEquals(List.of(), messages());
    }

    @Test
    void serverOnOneLoopOfSeveralSaysSo() {
        Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            try (var one = HttpServer.builder().start("127.0.0.1", 0)) {
                assertEquals(List.of("the server on " + one.address() + " serves on one loop of 2;"
                        + " startOnAllLoops(...) and serveOnAllLoops(...) serve on all"), messages());
            }
            logged.clear();
            HttpServer.builder().build().startOnAllLoops("127.0.0.1", 0).close();
            assertEquals(List.of(), messages());
        });
    }

    @Test
    void peerThatLeavesAWebSocketWhoseTasksAllHearOfItIsNoEntry() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder()
                    .webSocket("/", (request, socket) -> Heddle.group(g -> {
                        g.spawn(() -> {
                            while (true) {
                                socket.sendText("tick");
                                Heddle.sleep(Duration.ofSeconds(1));
                            }
                        });
                        socket.receive();
                    }))
                    .start("127.0.0.1", 0);
            try (var http = HttpClient.create()) {
                http.webSocket("ws://127.0.0.1:" + server.port() + "/").connect().abort();
            }
            Heddle.sleep(Duration.ofSeconds(10));
            server.stop(Duration.ZERO);
        });
        assertEquals(List.of(), logged.stream()
                .filter(entry -> entry.getLevel().intValue() > Level.INFO.intValue())
                .map(LogRecord::getMessage)
                .toList());
    }
}
