package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A callback that runs every period, however long it takes, until it is cancelled. */
final class PeriodicCallbackTest {

    private final List<Long> times = new ArrayList<>();

    @Test
    void callbackRunsEveryPeriodUntilItIsCancelled() {
        ManualEngine.run(() -> {
            Handle handle = currentLoop().callEvery(ofMillis(100), this::noteTime);
            sleep(ofMillis(350));
            assertFalse(handle.isDone());
            handle.cancel();
            assertTrue(handle.isDone());
            assertEquals(0, currentLoop().statistics().timers());
            sleep(ofSeconds(1));
        });
        assertEquals(List.of(100L, 200L, 300L), times);
    }

    @Test
    void callbackOf17MillisecondsWithAPeriodOf50RunsAgainAfter33() {
        runFor(ofMillis(210), () -> WorkingEngine.work(ofMillis(17)));
        assertEquals(List.of(50L, 100L, 150L, 200L), times);
    }

    @Test
    void callbackLongerThanThePeriodRunsAgainAtOnceAndLeavesOutWhatItMissed() {
        runFor(ofMillis(405), () -> WorkingEngine.work(ofMillis(120)));
        assertEquals(List.of(50L, 170L, 290L, 410L), times);
    }

    @Test
    void callbackLongerThanThePeriodLetsOthersRun() {
        WorkingEngine.run(() -> {
            currentLoop().callEvery(ofMillis(1), () -> {
                noteTime();
                WorkingEngine.work(ofMillis(5));
            });
            for (int i = 0; i < 100; i++) {
                Heddle.checkpoint();
            }
            sleep(ofMillis(1));
            assertFalse(times.isEmpty());
        });
    }

    @Test
    void callbackThatThrowsIsReportedAndTheNextRunComes() {
        List<String> reports = new ArrayList<>();
        Config config = ManualEngine.config().withFailureHandler((what, failure) -> reports.add(failure.getMessage()));
        Heddle.run(config, () -> {
            currentLoop().callEvery(ofSeconds(1), () -> {
                noteTime();
                throw new IllegalStateException("bad");
            });
            sleep(ofMillis(2500));
        });
        assertEquals(List.of(1000L, 2000L), times);
        assertEquals(List.of("bad", "bad"), reports);
    }

    @Test
    void callbackMayCancelItself() {
        ManualEngine.run(() -> {
            List<Handle> handle = new ArrayList<>();
            handle.add(currentLoop().callEvery(ofSeconds(1), () -> {
                noteTime();
                if (times.size() == 3) {
                    handle.getFirst().cancel();
                }
            }));
            sleep(ofHours(1));
            assertTrue(handle.getFirst().isDone());
            assertEquals(0, currentLoop().statistics().timers());
        });
        assertEquals(List.of(1000L, 2000L, 3000L), times);
    }

    @Test
    void anotherThreadMayCancelIt() throws Exception {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            CountDownLatch ran = new CountDownLatch(3);
            Handle handle = loop.spawn(() -> currentLoop().callEvery(ofMillis(1), ran::countDown)).join();
            assertTrue(ran.await(5, TimeUnit.SECONDS));
            handle.cancel();
            loop.spawn(() -> {}).join();
            assertEquals(0, loop.statistics().timers());
        }
    }

    @Test
    void runThatWaitsIsNotOvertakenByTheNext() {
        ManualEngine.run(() -> {
            CountDownLatch latch = new CountDownLatch(1);
            currentLoop().callEvery(ofSeconds(1), () -> {
                noteTime();
                awaitUninterruptibly(latch);
            });
            sleep(ofMillis(5500));
            assertEquals(List.of(1000L), times);
            latch.countDown();
            sleep(ofSeconds(1));
        });
        assertEquals(List.of(1000L, 5500L, 6000L), times);
    }

    @Test
    void itDoesNotKeepAnEndingLoopAlive() {
        WorkingEngine.run(() -> {
            currentLoop().callEvery(ofMillis(1), () -> WorkingEngine.work(ofMillis(2)));
            sleep(ofMillis(1));
        });
        Config impatient = Config.DEFAULT.withShutdownTimeout(ofHours(1));
        Heddle.run(impatient, () -> {
            currentLoop().callEvery(Duration.ofNanos(1), this::noteTime);
            sleep(ofMillis(1));
        });
        assertFalse(times.isEmpty());
    }

    @Test
    void badArgumentsAreRefused() {
        ManualEngine.run(() -> {
            Loop loop = currentLoop();
            assertThrows(IllegalArgumentException.class, () -> loop.callEvery(Duration.ZERO, () -> {}));
            assertThrows(IllegalArgumentException.class, () -> loop.callEvery(ofSeconds(-1), () -> {}));
            assertThrows(NullPointerException.class, () -> loop.callEvery(ofSeconds(1), null));
            assertEquals(0, loop.statistics().timers());
        });
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            assertThrows(IllegalStateException.class, () -> loop.callEvery(ofSeconds(1), () -> {}));
        }
    }

    private void runFor(Duration duration, Runnable callback) {
        WorkingEngine.run(() -> {
            Handle handle = currentLoop().callEvery(ofMillis(50), () -> {
                noteTime();
                callback.run();
            });
            sleep(duration);
            handle.cancel();
        });
    }

    private void noteTime() {
        times.add(ManualEngine.elapsed().toMillis());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
