package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.FrameWire;
import dev.heddle.http.Wire;
import dev.heddle.internal.BoundedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that make a handler fail do not fill the log. */
final class LogFloodTest {

    private static final int MANY = BoundedLog.MAX_ENTRIES + 150;

    /** By then a failure that nobody has joined is reported. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final List<String> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger("dev.heddle.http");
    private final Logger core = Logger.getLogger("dev.heddle");

    private final HttpServer.Builder server = HttpServer.builder().get("/bug", r -> {
        throw new IllegalStateException("bug");
    });

    @BeforeEach
    void listen() {
        Filter filter = entry -> {
            logged.add(entry.getMessage());
            return false;
        };
        logger.setFilter(filter);
        core.setFilter(filter);
    }

    @AfterEach
    void leave() {
        logger.setFilter(null);
        core.setFilter(null);
    }

    private void assertLeftOut(int before) {
        assertEquals(BoundedLog.MAX_ENTRIES + 2, logged.size());
        String told = logged.get(BoundedLog.MAX_ENTRIES);
        assertTrue(told.startsWith(before - BoundedLog.MAX_ENTRIES + " more like the next were left out"), told);
        assertEquals("handler failed: \"GET /bug\"", logged.getLast());
    }

    @Test
    void failuresAreLoggedUpToTheBoundAndThenCounted() {
        Wire.play(server, (peer, connection) -> {
            for (int i = 0; i < MANY; i++) {
                peer.write("GET /bug HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(500, Wire.status(Wire.response(peer)));
            }
            assertEquals(BoundedLog.MAX_ENTRIES, logged.size());
            Heddle.sleep(BoundedLog.INTERVAL);
            peer.write("GET /bug HTTP/1.1\r\nHost: a\r\n\r\n");
            Wire.response(peer);
            assertLeftOut(MANY);
        });
    }

    @Test
    void failuresOfWhatAHandlerHasSpawnedAreBoundedToo() {
        server.get("/spawns", r -> {
            Heddle.spawn("child", () -> {
                throw new IllegalStateException("bug");
            });
            Heddle.sleep(Duration.ofMillis(1)); // or the child would be cancelled first, and that is another line
            return Response.text("begun");
        });
        Wire.play(server, (peer, connection) -> {
            for (int i = 0; i < MANY; i++) {
                peer.write("GET /spawns HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(200, Wire.status(Wire.response(peer)));
            }
            Heddle.sleep(SOON);
            assertEquals(BoundedLog.MAX_ENTRIES, logged.size());
            Heddle.sleep(BoundedLog.INTERVAL);
            peer.write("GET /spawns HTTP/1.1\r\nHost: a\r\n\r\n");
            Wire.response(peer);
            Heddle.sleep(SOON);
            assertEquals(BoundedLog.MAX_ENTRIES + 2, logged.size());
            String told = logged.get(BoundedLog.MAX_ENTRIES);
            assertTrue(told.startsWith(MANY - BoundedLog.MAX_ENTRIES + " more like the next were left out"), told);
        });
    }

    @Test
    void thoseOverHttp2AreTooAndEachRunHasABoundOfItsOwn() {
        FrameWire.play(server, wire -> {
            for (int i = 0; i < MANY; i++) {
                wire.get(2 * i + 1, "/bug");
                assertEquals(500, wire.answer(2 * i + 1).status());
            }
            assertEquals(BoundedLog.MAX_ENTRIES, logged.size());
            Heddle.sleep(BoundedLog.INTERVAL);
            wire.get(2 * MANY + 1, "/bug").answer(2 * MANY + 1);
            assertLeftOut(MANY);
        });
    }
}
