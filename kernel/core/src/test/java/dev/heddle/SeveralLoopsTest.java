package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.NioEngine;
import dev.heddle.internal.run.ThreadGaps;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several loops of one run: they work at the same time, and joins and cancels cross them. */
final class SeveralLoopsTest {

    private static final Config THREE = Config.DEFAULT.withSignals(false).withLoops(3);

    @Test
    void loopsCanBeAsManyAsProcessors() {
        assertEquals(Runtime.getRuntime().availableProcessors(), Config.DEFAULT.withLoopPerCpu().loops());
    }

    @Test
    void loopsAreNumberedAndKnowEachOther() {
        run(THREE, () -> {
            List<Loop> loops = currentLoop().siblings();
            assertEquals(List.of("loop-0", "loop-1", "loop-2"), loops.stream().map(Loop::name).toList());
            assertSame(loops.getFirst(), currentLoop());
        });
    }

    @Test
    void threadsThatKeepThoseOfTheLoopsApartEndWhenAllHaveStarted() {
        run(THREE, () -> {
            while (Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(each -> each.getName().equals(ThreadGaps.NAME))) {
                sleep(ofMillis(1));
            }
        });
    }

    @Test
    void taskStaysOnTheLoopItWasSpawnedOn() {
        run(THREE, () -> {
            Loop other = currentLoop().siblings().get(1);
            Task<Loop> task = other.spawn(() -> {
                sleep(ofMillis(1));
                Thread.sleep(1);
                return currentLoop();
            });
            assertSame(other, task.join());
            assertNotSame(other, currentLoop());
        });
    }

    @Test
    void loopsRunAtTheSameTime() {
        run(THREE, () -> {
            CountDownLatch together = new CountDownLatch(3);
            List<Task<Void>> tasks = new ArrayList<>();
            for (Loop loop : currentLoop().siblings()) {
                tasks.add(loop.spawn(() -> {
                    together.countDown();
                    together.await();
                }));
            }
            timeout(ofHours(1), () -> tasks.forEach(Task::join));
        });
    }

    @Test
    void failureCrossesLoops() {
        run(THREE, () -> {
            IllegalStateException failure = new IllegalStateException("bad");
            Task<Void> task = currentLoop().siblings().get(2).spawn(() -> {
                throw failure;
            });
            assertSame(failure, assertThrows(IllegalStateException.class, task::join));
        });
    }

    @Test
    void cancelCrossesLoops() {
        run(THREE, () -> {
            Task<Void> task = currentLoop().siblings().get(1).spawn(() -> sleep(ofHours(1)));
            task.cancel("from another loop");
            TaskCancelledException told = assertThrows(TaskCancelledException.class, task::join);
            assertTrue(told.getMessage().endsWith("from another loop"), told.getMessage());
        });
    }

    @Test
    void cancelledJoinOfATaskElsewhereLeavesItRunning() {
        run(THREE, () -> {
            Task<Void> task = currentLoop().siblings().get(1).spawn(() -> sleep(ofHours(1)));
            assertThrows(DeadlineExceededException.class, () -> timeout(ofMillis(2), task::join));
            assertFalse(task.isDone());
        });
    }

    @Test
    void groupTakesNoTasksFromAnotherLoop() {
        run(THREE, () -> group(g -> {
            Task<Void> stranger = currentLoop().siblings().get(1).spawn(() -> {
                assertThrows(IllegalStateException.class, () -> g.spawn(() -> {}));
            });
            stranger.join();
            assertEquals(0, g.size());
        }));
    }

    @Test
    void endOfTheMainTaskEndsAllLoops() {
        AtomicInteger cleaned = new AtomicInteger();
        List<Loop> loops = new ArrayList<>();
        run(THREE, () -> {
            loops.addAll(currentLoop().siblings());
            CountDownLatch begun = new CountDownLatch(3);
            for (Loop loop : loops) {
                loop.spawn(() -> {
                    try {
                        begun.countDown();
                        sleep(ofHours(1));
                    } finally {
                        cleaned.incrementAndGet();
                    }
                });
            }
            begun.await();
        });
        assertEquals(3, cleaned.get());
        assertTrue(loops.stream().allMatch(Loop::isClosed));
    }

    @Test
    void manyJoinsAcrossLoopsAllReturn() {
        run(THREE, () -> {
            List<Loop> loops = currentLoop().siblings();
            AtomicInteger sum = new AtomicInteger();
            group(g -> {
                for (int i = 0; i < 300; i++) {
                    Loop loop = loops.get(i % 3);
                    g.spawn(() -> {
                        for (int step = 0; step < 10; step++) {
                            assertSame(loop, loop.spawn(() -> {
                                sum.incrementAndGet();
                                return currentTask().loop();
                            }).join());
                        }
                    });
                }
            });
            assertEquals(3000, sum.get());
        });
    }

    @Test
    void manyThreadsMaySpawnOnOneLoop() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 2000; n++) {
                        Task<Integer> task = loop.spawn(ran::incrementAndGet);
                        if (n % 100 == 0) {
                            task.join();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            loop.spawn(() -> {}).join();
        }
        assertEquals(8000, ran.get());
    }

    @Test
    void spawnThatRacesWithTheEndIsRefusedOrEndsButNeverHangs() throws Exception {
        for (int round = 0; round < 200; round++) {
            Loop loop = Loop.start(Config.DEFAULT);
            Thread spawner = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        Task<Integer> task = loop.spawn(() -> 1);
                        try {
                            task.join();
                        } catch (TaskCancelledException e) {
                            // the loop ended before the task's first turn
                        }
                    }
                } catch (IllegalStateException e) {
                    // the loop has ended
                }
            });
            loop.close();
            spawner.join(10_000);
            assertFalse(spawner.isAlive(), "hangs in round " + round);
        }
    }

    @Test
    void loopThatFailsKeepsNoOtherFromBeingClosed() {
        List<Loop> loops = new ArrayList<>();
        LoopFailedException failed = assertThrows(
                LoopFailedException.class,
                () -> run(THREE.withEngine(Breakable::new), () -> {
                    loops.addAll(currentLoop().siblings());
                    ((Breakable) currentLoop().engine()).broken = true;
                    sleep(ofHours(1));
                }));
        assertEquals("the kernel is on fire", failed.getCause().getMessage());
        assertTrue(loops.stream().allMatch(Loop::isClosed), loops::toString);
    }

    @Test
    void whoJoinsATaskOfALoopThatFailsIsTold() {
        Loop loop = Loop.start(Config.DEFAULT.withEngine(Breakable::new));
        Task<Void> task = loop.spawn(() -> shield(() -> sleep(ofHours(1))));
        CompletableFuture<Void> future = task.toCompletableFuture();
        loop.spawn(() -> ((Breakable) loop.engine()).broken = true).join();
        assertThrows(LoopFailedException.class, loop::close);
        assertThrows(TaskCancelledException.class, task::join);
        assertThrows(CancellationException.class, () -> future.get(10, TimeUnit.SECONDS));
    }

    private static final class Breakable extends ForwardingEngine {
        private volatile boolean broken;

        Breakable() {
            super(new NioEngine());
        }

        @Override
        public boolean poll(long timeoutNanos, boolean external) {
            if (broken) {
                throw new IllegalStateException("the kernel is on fire");
            }
            return super.poll(timeoutNanos, external);
        }
    }
}
