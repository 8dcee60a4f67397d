package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each server sends what it is told to all who read its events, and those who do not read hold up nobody. */
@Tag("night")
final class FanningEventsTest {

    private static final int READERS = 10;
    private static final int STALLED = 2;

    private static void assertSendsToAll(SiteProcess server) throws Exception {
        try (server; EventsLoad load = new EventsLoad(server.port(), READERS, STALLED)) {
            assertEquals(READERS, load.count());
            load.speak();
            load.connectAnew();
            load.speak();
            assertTrue(server.cpuNanos() > 0);
        }
    }

    @Test
    void nodeSendsToAll() throws Exception {
        assumeTrue(Need.program("node").isThere().getAsBoolean() && Need.program("taskset").isThere().getAsBoolean());
        assertSendsToAll(FanningEvents.node());
    }

    @Test
    void aiohttpSendsToAll() throws Exception {
        assumeTrue(Python.need("aiohttp").isThere().getAsBoolean() && Python.need("uvloop").isThere().getAsBoolean()
                && Need.program("taskset").isThere().getAsBoolean());
        assertSendsToAll(FanningEvents.aiohttp());
    }

    @Test
    void heddleSendsToAll() throws Exception {
        assumeTrue(Need.program("taskset").isThere().getAsBoolean());
        assertSendsToAll(SiteProcess.ofOurs("Heddle on NIO", "nio", EventsMain.class,
                Integer.toString(READERS + STALLED), () -> {}));
    }
}
