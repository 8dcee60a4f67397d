package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.WorstHandlers;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.Buffers;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The worst handlers and silent clients take nothing from the others, are told, and leave nothing; a few seconds of what
 * {@code -Pworst} does for an hour.
 */
@LeavesNothing
@Tag("full")
@Timeout(120)
final class WorstHandlersTest {

    private static final String HOST = "127.0.0.1";
    private static final int ROUNDS = 100;
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] LARGE = new byte[8 << 20];
    private static final ServerLimits STRICT = ServerLimits.DEFAULT
            .withHeadTime(SOON).withMaxHeadTime(SOON).withTransferGrace(SOON).withMinRate(1 << 20).withStallTime(SOON);
    private static final List<String> BAD = List.of("/swallow/1500", "/spin", "/leak", "/throw");
    private static final List<String> SILENT = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Half",
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf",
            "GET /file HTTP/1.1\r\nHost: a\r\n\r\n");

    private final Logger logger = Logger.getLogger("dev.heddle.http");
    private final Filter filter = this::hear;
    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        logger.setFilter(filter);
    }

    @AfterEach
    void stopListening() {
        logger.setFilter(null);
    }

    private boolean hear(LogRecord line) {
        told.add(line.getMessage());
        return false;
    }

    @Test
    void othersAreServedAndNothingIsLeft() {
        Heddle.run(() -> {
            long before = Heddle.currentLoop().statistics().aliveTasks();
            long heap = heap();
            HttpClient unread = HttpClient.create();
            HttpServer.Builder routes = HttpServer.builder().limits(STRICT)
                    .get("/", r -> Response.text("hello"))
                    .get("/file", r -> Response.bytes("a/b", LARGE))
                    .post("/upload", r -> Response.text("" + r.bytes(1 << 20).length));
            WorstHandlers worst = WorstHandlers.in(routes, unread);
            HttpServer server = routes.start(HOST, 0);
            try (server; unread) {
                Heddle.group(group -> load(group, server.port()));
                unread.close();
                awaitAlone(server);
            }
            await("tasks", () -> Heddle.currentLoop().statistics().aliveTasks() <= before);
            assertTrue(Buffers.statistics().borrowed() <= worst.unread(), Buffers.statistics().toString());
            assertTrue(heap() < heap + LARGE.length, "the heap has grown by " + (heap() - heap));
        });
        for (String what : List.of("handler failed: \"GET /throw\"", "cancelled with the request")) {
            assertTrue(told.stream().anyMatch(line -> line.contains(what)), what + " is not told");
        }
    }

    /** Four good requests for each bad one and each silent client. */
    private static void load(TaskGroup group, int port) {
        String url = "http://" + HOST + ":" + port;
        HttpClient good = HttpClient.create();
        HttpClient bad = HttpClient.create();
        try (good; bad) {
            Heddle.group(served -> {
                for (int round = 0; round < ROUNDS; round++) {
                    int each = round;
                    for (int i = 0; i < 4; i++) {
                        served.spawn("good", () -> assertEquals("hello", good.get(url + "/").expectSuccess().text()));
                    }
                    served.spawn("bad", () -> askInVain(bad, url + BAD.get(each % BAD.size())));
                    group.spawn("silent", () -> beSilent(port, SILENT.get(each % SILENT.size())));
                    Heddle.sleep(Duration.ofMillis(20));
                }
            });
        }
    }

    private static void askInVain(HttpClient http, String url) {
        try {
            Heddle.moveOnAfter(Duration.ofSeconds(2), () -> http.get(url).text());
        } catch (HeddleException expected) {
            // Cut off, or refused.
        }
    }

    /** Waits until it is cut off. */
    private static void beSilent(int port, String words) {
        try (ByteStream stream = Tcp.connect(HOST, port)) {
            stream.write(words);
            if (words.contains("/file")) {
                Heddle.sleep(SOON.multipliedBy(10)); // only what it has got so far
            }
            assertTrue(stream.readAll(2 * LARGE.length).length < LARGE.length, "a silent client was served");
        } catch (HeddleException cutOff) {
            // With a reset.
        }
    }

    private static void awaitAlone(HttpServer server) {
        await("connections", () -> server.statistics().connections() == 0);
        await("requests", () -> server.statistics().inFlight() == 0);
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        assertTrue(Heddle.moveOnAfter(PATIENCE, () -> {
            while (!condition.holds()) {
                Heddle.sleep(Duration.ofMillis(20));
            }
        }), what + " are left");
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
