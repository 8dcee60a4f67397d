package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A task says how long it has been waiting. */
final class WaitingTimeTest {

    /** What a waiting time may be wrong by. */
    private static final Duration COARSE = ofMillis(10);

    @Test
    void taskSaysHowLongItHasBeenWaiting() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                sleep(ofSeconds(10));
                new Waiter("something").await();
            });
            sleep(ofSeconds(4));
            assertEquals(Optional.of(ofSeconds(4)), task.waitingTime());
            sleep(ofSeconds(7));
            assertEquals(Optional.of(ofSeconds(1)), task.waitingTime());
            sleep(ofDays(200));
            assertEquals(Optional.of(ofDays(200).plusSeconds(1)), task.waitingTime());
            task.cancel();
        });
    }

    @Test
    void waitInCodeOfTheJdkCountsToo() {
        ManualEngine.run(() -> {
            CountDownLatch latch = new CountDownLatch(1);
            Task<Void> task = spawn(() -> latch.await());
            sleep(ofSeconds(3));
            assertEquals(Optional.of(ofSeconds(3)), task.waitingTime());
            latch.countDown();
        });
    }

    @Test
    void waitThatLooksAroundNowAndThenCountsFromItsBegin() {
        ManualEngine.run(() -> {
            Waiter lock = new Waiter("a lock of a thread of which nobody is told");
            Waiter next = new Waiter("the next");
            Task<Void> task = spawn(() -> {
                while (!lock.awaitWithin(ofSeconds(1))) {
                    checkpoint();
                }
                assertTrue(!next.awaitWithin(ofSeconds(30)));
                new Waiter("another").await();
            });
            sleep(ofMillis(10_500));
            assertEquals(Optional.of(ofMillis(10_500)), task.waitingTime());
            lock.complete();
            sleep(ofSeconds(2));
            assertEquals(Optional.of(ofSeconds(2)), task.waitingTime());
            sleep(ofSeconds(29));
            assertEquals(Optional.of(ofSeconds(1)), task.waitingTime());
            task.cancel();
        });
    }

    @Test
    void taskThatDoesNotWaitHasNoWaitingTime() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                checkpoint();
                assertEquals(Optional.empty(), currentTask().waitingTime());
                sleep(ofSeconds(1));
            });
            assertEquals(Optional.empty(), task.waitingTime(), "not begun");
            checkpoint();
            assertEquals(Optional.empty(), task.waitingTime(), "ready");
            task.join();
            assertEquals(Optional.empty(), task.waitingTime(), "ended");
        });
    }

    @Test
    void otherThreadsMayAsk() throws Exception {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            long start = System.nanoTime();
            Task<Void> task = loop.spawn(() -> sleep(ofSeconds(60)));
            Duration waiting = task.waitingTime().orElse(ZERO);
            while (waiting.compareTo(ofMillis(20)) < 0 && System.nanoTime() - start < ofSeconds(50).toNanos()) {
                Thread.sleep(1);
                waiting = task.waitingTime().orElse(ZERO);
            }
            Duration most = ofNanos(System.nanoTime() - start).plus(COARSE);
            assertTrue(waiting.compareTo(ofMillis(20)) >= 0 && waiting.compareTo(most) <= 0, waiting + " of " + most);
        }
    }
}
