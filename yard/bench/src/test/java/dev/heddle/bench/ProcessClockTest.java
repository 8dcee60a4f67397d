package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The processor time of another process grows while it works and ends with it. */
final class ProcessClockTest {

    @Test
    void processThatWorksGetsOlder() {
        ProcessClock clock = new ProcessClock(ProcessHandle.current().pid());
        long before = clock.nanos();
        System.gc();
        assertTrue(clock.nanos() > before);
    }

    @Test
    void processThatHasEndedHasNoTime() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertThrows(IllegalStateException.class, () -> new ProcessClock(process.pid()).nanos());
    }
}
