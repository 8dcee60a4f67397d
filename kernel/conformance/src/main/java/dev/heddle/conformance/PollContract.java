package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.GatheringEngine;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** The contract of an engine's waiting, waking and time. */
interface PollContract extends EngineFixture {

    /** Far more than any wait here takes, so that ending sooner means that it was ended. */
    long LONG_NANOS = Duration.ofSeconds(20).toNanos();

    /** Short enough for a test, long enough to tell waiting from spinning. */
    long SHORT_NANOS = Duration.ofMillis(40).toNanos();

    @Test
    default void engineHasAShortLowerCaseName() {
        try (Engine engine = newEngine()) {
            assertTrue(engine.name().matches("[a-z][a-z0-9_]*"), engine.name());
        }
    }

    @Test
    default void lookReturnsAtOnce() {
        try (Engine engine = newEngine()) {
            long start = engine.nanoTime();
            for (int i = 0; i < 100; i++) {
                assertTrue(engine.poll(0, false), "work may come from outside at any time");
            }
            assertTrue(engine.nanoTime() - start < LONG_NANOS);
        }
    }

    @Test
    default void idlePollReallyWaits() {
        try (Engine engine = newEngine()) {
            assertPollsWait(engine, "it spins");
        }
    }

    @Test
    default void wakeBeforeAPollEndsTheNextPoll() {
        try (Engine engine = newEngine()) {
            long start = engine.nanoTime();
            engine.wake();

            engine.poll(LONG_NANOS, false);

            assertTrue(engine.nanoTime() - start < LONG_NANOS, "the wake-up was lost");
        }
    }

    @Test
    default void wakeFromAnotherThreadEndsThePoll() throws InterruptedException {
        try (Engine engine = newEngine()) {
            long start = engine.nanoTime();
            Thread waker = Thread.ofPlatform().start(engine::wake);

            engine.poll(LONG_NANOS, false);

            assertTrue(engine.nanoTime() - start < LONG_NANOS, "the wake-up was lost");
            waker.join();
        }
    }

    @Test
    default void manyWakesAreOneWake() {
        try (Engine engine = newEngine()) {
            for (int i = 0; i < 1_000; i++) {
                engine.wake();
            }
            engine.poll(LONG_NANOS, false);

            assertPollsWait(engine, "old wake-ups come again");
        }
    }

    private static void assertPollsWait(Engine engine, String otherwise) {
        long start = engine.nanoTime();
        int polls = 0;
        for (long left = SHORT_NANOS; left > 0; left = SHORT_NANOS - (engine.nanoTime() - start)) {
            engine.poll(left, false);
            polls++;
        }
        assertTrue(polls < 20, "polled " + polls + " times: " + otherwise);
    }

    @Test
    default void noWakeUpIsMissedWithoutAnyConnection() throws InterruptedException {
        try (Loop loop = Loop.start(Config.DEFAULT.withEngine(this::newEngine))) {
            pingPong(loop);
        }
    }

    @Test
    default void noWakeUpIsMissedWithAListener() throws InterruptedException {
        try (Loop loop = Loop.start(Config.DEFAULT.withEngine(this::newEngine))) {
            Acceptor acceptor = loop.spawn(() -> EngineFixture.listen()).join();
            pingPong(loop);
            loop.spawn(() -> acceptor.close()).join();
        }
    }

    @Test
    default void noWakeUpIsMissedByAWaitThatGathers() throws InterruptedException {
        try (Loop loop = Loop.start(Config.DEFAULT.withEngine(this::newEngine))) {
            Acceptor acceptor = loop.spawn(() -> EngineFixture.listen()).join();
            var answers = new Semaphore(0);
            for (int i = 0; i < 100; i++) {
                loop.callFromThread(() -> {
                    if (loop.engine() instanceof GatheringEngine able) {
                        able.gather(LONG_NANOS);
                    }
                    answers.release();
                });
                answers.acquire();
            }
            loop.spawn(() -> acceptor.close()).join();
        }
    }

    private static void pingPong(Loop loop) throws InterruptedException {
        var answers = new Semaphore(0);
        for (int i = 0; i < 5_000; i++) {
            loop.callFromThread(answers::release);
            answers.acquire();
        }
    }

    @Test
    default void noWakeUpOfAFreshEngineIsMissed() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            try (Loop loop = Loop.start(Config.DEFAULT.withEngine(this::newEngine))) {
                var ran = new CountDownLatch(1);
                loop.callFromThread(ran::countDown);
                ran.await();
            }
        }
    }

    @Test
    default void timersAreNeverEarly() {
        run(() -> {
            for (long micros : new long[]{0, 1, 300, 999, 1_000, 1_001, 4_500}) {
                long start = EngineFixture.engine().nanoTime();
                Heddle.sleep(Duration.ofNanos(micros * 1_000));
                assertTrue(EngineFixture.engine().nanoTime() - start >= micros * 1_000);
            }
        });
    }

    @Test
    default void clockNeverGoesBackAndTheCalendarIsTheSystems() {
        run(() -> {
            Engine engine = EngineFixture.engine();
            long before = engine.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                long now = engine.nanoTime();
                assertTrue(now - before >= 0);
                before = now;
            }
            assertTrue(Duration.between(engine.now(), Instant.now()).abs().toSeconds() < 60);
            assertFalse(engine.isSimulated());
        });
    }

    @Test
    default void randomNumbersDiffer() {
        run(() -> assertNotEquals(EngineFixture.engine().random(), EngineFixture.engine().random()));
    }

    @Test
    default void namesAreResolved() {
        run(() -> {
            Engine engine = EngineFixture.engine();
            assertTrue(engine.resolve("localhost").getFirst().isLoopbackAddress());
            assertThrows(UnknownHostException.class, () -> engine.resolve("no-such-host.invalid"));
        });
    }

    @Test
    default void longestWaitedIsPickedFirst() {
        run(() -> {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                Heddle.spawn(() -> order.add(number));
            }
            Heddle.checkpoint();
            assertEquals(List.of(0, 1, 2, 3, 4), order);
        });
    }
}
