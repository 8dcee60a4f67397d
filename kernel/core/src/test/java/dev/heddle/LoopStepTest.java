package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.NioEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A loop that is driven step by step from outside. */
final class LoopStepTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void stepsDriveTheTasksToTheirEnd() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            Task<String> task = loop.spawn(() -> {
                sleep(ofSeconds(5));
                return "result";
            });
            int steps = 0;
            while (loop.step(ofSeconds(1))) {
                steps++;
            }
            assertEquals("result", task.join());
            assertTrue(steps >= 5 && steps <= 8, steps + " steps of a second each");
        }
    }

    @Test
    void whatOtherThreadsSpawnIsAmongAllTasksWhenTheLoopHasTakenItInAndAtOnceForATaskThatAsks() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            Task<Void> first = loop.spawn(() -> sleep(ofSeconds(1)));
            assertEquals(List.of(), loop.allTasks());
            Task<List<Task<?>>> asker = loop.spawn(loop::allTasks);
            Task<Void> last = loop.spawn(() -> sleep(ofSeconds(1)));
            assertEquals(List.of(), loop.allTasks());
            loop.step(ZERO);
            assertEquals(List.of(first, asker, last), asker.join());
            assertEquals(List.of(first, last), loop.allTasks());
        }
    }

    @Test
    void stepOfAnIdleLoopWaitsAtMostItsTime() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            long before = loop.nanoTime();
            assertFalse(loop.step(ofSeconds(3)));
            assertEquals(ofSeconds(3).toNanos(), loop.nanoTime() - before);
            assertFalse(loop.step(ZERO));
            assertEquals(ofSeconds(3).toNanos(), loop.nanoTime() - before);
        }
    }

    @Test
    void stepWaitsNoLongerThanToTheNearestTimer() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            loop.spawn(() -> sleep(ofSeconds(1)));
            long before = loop.nanoTime();
            loop.step(ofHours(1));
            assertEquals(ofSeconds(1).toNanos(), loop.nanoTime() - before);
        }
    }

    @Test
    void turnIsBoundedSoThatTheEngineIsAskedInTime() {
        AtomicInteger polls = new AtomicInteger();
        class Counting extends ForwardingSimulation {
            Counting() {
                super(new ManualEngine(0));
            }

            @Override
            public boolean poll(long timeoutNanos, boolean external) {
                polls.incrementAndGet();
                return super.poll(timeoutNanos, external);
            }
        }
        Heddle.run(ManualEngine.config().withEngine(Counting::new), () -> Heddle.group(g -> {
            for (int i = 0; i < 10; i++) {
                g.spawn(() -> {
                    for (int step = 0; step < 1000; step++) {
                        checkpoint();
                    }
                });
            }
        }));
        assertTrue(polls.get() >= 10_000 / Scheduler.MAX_PER_TURN, polls + " polls");
    }

    @Test
    void timersAndOtherThreadsAreServedAlthoughSomeTasksNeverWait() {
        Heddle.run(() -> Heddle.group(g -> {
            for (int i = 0; i < 3; i++) {
                g.spawn(() -> {
                    while (true) {
                        checkpoint();
                    }
                });
            }
            sleep(Duration.ofMillis(2));
            Loop loop = Heddle.currentLoop();
            CompletableFuture<String> called = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> loop.callFromThread(() -> called.complete("called")));
            assertEquals("called", Heddle.await(called));
            g.cancel("seen enough");
        }));
    }

    @Test
    void dueTimersFireInOrderOfDeadlineEachOnceAfterALongPause() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            for (int seconds : new int[]{3, 1, 2}) {
                loop.spawn(() -> {
                    sleep(ofSeconds(seconds));
                    log.add("after " + seconds);
                });
            }
            loop.step(ZERO);
            loop.engine().poll(ofHours(1).toNanos(), false); // as if the process had been stopped
            loop.step(ZERO);
            loop.step(ZERO);
        }
        assertEquals(List.of("after 1", "after 2", "after 3"), log);
    }

    @Test
    void wallClockThatJumpsDoesNotDisturbTimers() {
        class Jumping extends ForwardingSimulation {
            Jumping() {
                super(new ManualEngine(0));
            }

            @Override
            public Instant now() {
                return super.now().plus(ofHours(super.nanoTime() % 2 == 0 ? 1 : -1));
            }
        }
        Heddle.run(ManualEngine.config().withEngine(Jumping::new), () -> {
            long before = Heddle.currentLoop().nanoTime();
            sleep(ofSeconds(1));
            assertEquals(ofSeconds(1).toNanos(), Heddle.currentLoop().nanoTime() - before);
        });
    }

    @Test
    void sleepIsNeverShorterThanAsked() {
        Heddle.run(() -> {
            for (int micros : new int[]{1, 100, 999, 1001, 2500}) {
                long before = System.nanoTime();
                sleep(Duration.ofNanos(micros * 1000L));
                long took = System.nanoTime() - before;
                assertTrue(took >= micros * 1000L, took + " ns for " + micros + " us");
            }
        });
    }

    @Test
    void closeCancelsAndAwaitsWhatIsLeft() {
        Loop loop = Loop.create(ManualEngine.config());
        Task<Void> task = loop.spawn(() -> {
            try {
                sleep(ofHours(1));
            } finally {
                Heddle.shield(() -> sleep(ofSeconds(1)));
                log.add("cleaned");
            }
        });
        loop.step(ZERO);
        loop.close();
        loop.close();
        assertSame(Task.State.CANCELLED, task.state());
        assertEquals(List.of("cleaned"), log);
        assertTrue(loop.isClosed());
    }

    @Test
    void endedLoopTakesNothingAnyMore() {
        Loop loop = Loop.create(ManualEngine.config());
        loop.close();
        for (Executable use : List.<Executable>of(
                () -> loop.step(ZERO),
                () -> loop.spawn(() -> log.add("started")),
                () -> loop.callFromThread(() -> log.add("called")))) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, use);
            assertTrue(refused.getMessage().contains("has ended"), refused.getMessage());
        }
        assertEquals(List.of(), log);
    }

    @Test
    void taskCannotCloseOrStepItsOwnLoop() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            Task<Void> task = loop.spawn(() -> {
                assertThrows(IllegalStateException.class, loop::close);
                assertThrows(IllegalStateException.class, () -> loop.step(ZERO));
            });
            loop.step(ZERO);
            task.join();
        }
    }

    @Test
    void loopWithAThreadOfItsOwnCannotBeStepped() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            Heddle.run(() -> {});
            loop.spawn(() -> {}).join();
            assertThrows(IllegalStateException.class, () -> loop.step(ZERO));
        }
    }

    @Test
    void wakeBeforeAPollIsNotLost() {
        try (NioEngine engine = new NioEngine()) {
            engine.wake();
            assertTrue(engine.poll(Long.MAX_VALUE, false));
        }
    }

    @Test
    void statisticsCountWhatHappens() {
        ManualEngine.run(() -> {
            LoopStatistics before = Heddle.currentLoop().statistics();
            Task<Void> task = Heddle.spawn(() -> sleep(ofSeconds(1)));
            checkpoint();
            LoopStatistics during = Heddle.currentLoop().statistics();
            assertEquals(before.spawned() + 1, during.spawned());
            assertEquals(2, during.aliveTasks());
            assertEquals(1, during.timers());
            task.join();
            assertEquals(1, Heddle.currentLoop().statistics().aliveTasks());
        });
    }
}
