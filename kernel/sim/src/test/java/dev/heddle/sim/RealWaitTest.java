package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Test;

/** Waiting in real time for other threads. */
final class RealWaitTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void wakeUpBeforeTheWaitIsNotMissed() {
        RealWait wait = new RealWait(LONG);
        wait.wake();
        assertTrue(wait.await());
        assertFalse(wait.takeWake(), "the wait took it");
    }

    @Test
    void noWakeUpIsMissedInTenThousandSchedules() throws InterruptedException {
        int rounds = 10_000;
        RealWait wait = new RealWait(LONG);
        Phaser round = new Phaser(2);
        Thread waker = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < rounds; i++) {
                round.arriveAndAwaitAdvance();
                wait.wake();
            }
        });
        for (int i = 0; i < rounds; i++) {
            round.arriveAndAwaitAdvance();
            assertTrue(wait.await());
        }
        waker.join();
    }

    @Test
    void waitEndsAtItsLimit() {
        assertFalse(new RealWait(Duration.ofMillis(1)).await());
    }

    @Test
    void interruptEndsTheWaitAndStaysSet() {
        Thread.currentThread().interrupt();
        assertTrue(new RealWait(LONG).await());
        assertTrue(Thread.interrupted());
    }
}
