package dev.heddle.generators;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.generators.DuplexGenerator.State;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** A body that waits suspends the task that iterates, and nothing else. */
final class GeneratorWaitingTest extends BothForms {

    private final List<String> log = new ArrayList<>();

    private static Generator<Integer> ticks(Duration every) {
        return Generator.of(out -> {
            for (int i = 1;; i++) {
                sleep(every);
                out.yield(i);
            }
        });
    }

    @Test
    void twoTasksIterateGeneratorsThatSleepAtTheSameTime() {
        ManualEngine.run(() -> {
            Heddle.gather(() -> take("slow", ticks(ofSeconds(2)), 2), () -> take("fast", ticks(ofSeconds(1)), 3));
            assertEquals(ofSeconds(4), ManualEngine.elapsed());
        });
        assertEquals(List.of("fast 1", "slow 1", "fast 2", "fast 3", "slow 2"), log);
    }

    private void take(String name, Generator<Integer> ticks, int count) {
        for (int tick : ticks) {
            log.add(name + " " + tick);
            if (tick == count) {
                break;
            }
        }
    }

    @Test
    void inAnyOrderOfTasksEachGetsItsOwnElements() {
        ManualEngine.runInManyOrders(50, () -> {
            Channel<Integer> channel = Channel.of(1);
            Generator<Integer> received = Generator.of(out -> {
                for (int element : channel) {
                    checkpoint();
                    out.yield(element);
                }
            });
            spawn(() -> {
                for (int tick : ticks(ofMillis(1))) {
                    channel.send(tick);
                    if (tick == 20) {
                        channel.close();
                        break;
                    }
                }
            });
            assertEquals(20, received.stream().reduce(0, (before, now) -> {
                assertEquals(before + 1, now);
                return now;
            }));
        });
    }

    @Test
    void generatorsInsideGeneratorsWaitAsOne() {
        ManualEngine.run(() -> {
            Generator<Integer> outer = Generator.of(out -> {
                for (int tick : ticks(ofSeconds(1))) {
                    sleep(ofSeconds(1));
                    out.yield(tick * 10);
                }
            });
            Task<List<Integer>> task = spawn(() -> outer.stream().limit(2).toList());
            Task<Integer> other = spawn(() -> ticks(ofSeconds(3)).next());
            assertEquals(1, other.join());
            assertEquals(ofSeconds(3), ManualEngine.elapsed());
            assertFalse(task.isDone());
            assertEquals(List.of(10, 20), task.join());
            assertEquals(ofSeconds(4), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelReachesTheWaitInTheBodyAndUnwindsThroughNext() {
        ManualEngine.run(() -> {
            Generator<Integer> generator = Generator.of(out -> {
                try {
                    out.yield(1);
                    sleep(ofSeconds(100));
                } finally {
                    log.add("body");
                }
            });
            Task<Void> task = spawn(() -> {
                try {
                    generator.next();
                    generator.next();
                } finally {
                    log.add("consumer");
                }
            });
            checkpoint();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(List.of("body", "consumer"), log);
            assertEquals(State.CLOSED, generator.state());
        });
    }

    @Test
    void timeoutAroundNextCutsOffTheBody() {
        ManualEngine.run(() -> {
            Generator<Integer> ticks = ticks(ofSeconds(10));
            assertEquals(1, timeout(ofSeconds(11), ticks::next));
            assertThrows(DeadlineExceededException.class, () -> timeout(ofSeconds(1), ticks::next));
            assertEquals(State.CLOSED, ticks.state());
        });
    }

    @Test
    void waitInForeignCodeIsInterruptedInTheBodyToo() {
        run(() -> {
            Generator<Integer> generator = Generator.of(out -> {
                out.yield(1);
                Thread.sleep(10_000);
            });
            generator.next();
            assertFalse(moveOnAfter(ofMillis(10), () -> {
                generator.next();
            }));
            assertEquals(State.CLOSED, generator.state());
        });
    }

    @Test
    void bodyRunsInTheTaskOfItsConsumer() {
        ManualEngine.run(() -> {
            Generator<Task<?>> generator = Generator.of(out -> {
                out.yield(currentTask());
                assertEquals(5, spawn(() -> 5).join());
                assertEquals(6, offload(() -> 6));
                out.yield(currentTask());
            });
            Task<Void> task = spawn(
                    () -> generator.iterator().forEachRemaining(seen -> assertSame(currentTask(), seen)));
            task.join();
        });
    }

    @Test
    void reportNamesTheWaitAndTheStackShowsTheBody() {
        ManualEngine.run(() -> {
            Task<Integer> task = spawn(() -> ticks(ofSeconds(1)).next());
            checkpoint();
            assertTrue(task.waitingFor().orElseThrow().contains("sleep"), task.waitingFor().toString());
            String stack = Arrays.toString(task.stackTrace());
            assertTrue(stack.contains("lambda$ticks"), stack);
            assertTrue(stack.contains("reportNamesTheWait"), stack);
            task.join();
        });
    }

    @Test
    void itWorksOnThreadsWithoutALoop() throws Exception {
        Generator<Integer> generator = Generator.of(out -> {
            Thread.sleep(1);
            out.yield(1);
        });
        assertEquals(1, generator.next());
        generator.close();
        List<Integer> got = new ArrayList<>();
        Thread.ofVirtual().start(() -> Generator.<Integer>of(out -> {
            for (int i = 0; i < 3; i++) {
                Thread.sleep(1);
                out.yield(i);
            }
        }).iterator().forEachRemaining(got::add)).join();
        assertEquals(List.of(0, 1, 2), got);
    }

    @Test
    void javaLockThatIsTakenSuspendsOnlyTheTask() {
        ManualEngine.run(() -> {
            ReentrantLock lock = new ReentrantLock();
            Generator<String> generator = Generator.of(out -> {
                out.yield("before");
                lock.lock();
                out.yield("inside");
                lock.unlock();
            });
            lock.lock();
            Task<Void> task = spawn(() -> {
                for (String element : generator) {
                    log.add(element);
                }
            });
            checkpoint();
            assertEquals(List.of("before"), log);
            lock.unlock();
            task.join();
            assertEquals(List.of("before", "inside"), log);
        });
    }

    @Test
    void monitorThatIsTakenHoldsTheWholeLoopUp() throws Exception {
        Object monitor = new Object();
        CountDownLatch taken = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                taken.countDown();
                pause();
            }
        });
        run(() -> {
            taken.await();
            boolean[] done = {false};
            Task<Boolean> other = spawn(() -> done[0]);
            Generator<Integer> generator = Generator.of(out -> {
                out.yield(1);
                synchronized (monitor) {
                    done[0] = true;
                }
            });
            generator.next();
            assertFalse(generator.hasNext());
            assertTrue(other.join(), "the other task ran only when the monitor was there");
        });
        thread.join();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whereTheTaskCannotBeSuspendedAWaitInTheBodyHoldsTheLoopAndEndsAllTheSame() {
        run(() -> assertEquals(2, Initializer.GOT));
    }

    static final class Initializer {
        static final int GOT = sleepsInBetween().next();

        private Initializer() {}

        private static Generator<Integer> sleepsInBetween() {
            return Generator.of(out -> {
                Generator<Integer> inner = Generator.of(more -> {
                    Thread.sleep(1);
                    more.yield(1);
                });
                out.yield(inner.next() + 1);
            });
        }
    }

    // ---- the end of the owner ----

    private Generator<Integer> named(String name) {
        return Generator.of(out -> {
            try {
                out.yield(1);
                out.yield(2);
            } finally {
                log.add(name);
            }
        });
    }

    @Test
    void whatATaskLeavesOpenIsClosedAtItsEndNewestFirst() {
        ManualEngine.run(() -> {
            Generator<Integer> first = named("first");
            Task<Void> task = spawn(() -> {
                first.next();
                named("ended").forEach(number -> {});
                Generator<Integer> closed = named("closed");
                closed.next();
                named("second").next();
                closed.close();
                named("third").next();
                log.add("task");
            });
            task.join();
            assertEquals(List.of("ended", "closed", "task", "third", "second", "first"), log);
            assertEquals(State.CLOSED, first.state());
            assertFalse(first.hasNext());
        });
    }

    @Test
    void finallyBlocksMayWaitAtTheEndOfTheirTask() {
        ManualEngine.run(() -> {
            Task<String> task = spawn(() -> {
                Generator.of(out -> {
                    try {
                        out.yield(1);
                    } finally {
                        sleep(ofSeconds(5));
                        log.add("cleaned up");
                    }
                }).next();
                return "result";
            });
            assertEquals("result", task.join());
            assertEquals(List.of("cleaned up"), log);
            assertEquals(ofSeconds(5), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelledTaskSeesItsCancelInThemUnlessShielded() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                Generator.of(out -> {
                    try {
                        out.yield(1);
                    } finally {
                        shield(() -> sleep(ofSeconds(1)));
                        log.add("shielded");
                        sleep(ofSeconds(1));
                        log.add("never");
                    }
                }).next();
                sleep(ofSeconds(100));
            });
            checkpoint();
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(List.of("shielded"), log);
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void failureOfTheirsFailsATaskThatWasFineAndIsSuppressedInOneThatWasNot() {
        ManualEngine.run(() -> {
            Task<Integer> fine = spawn(() -> failsAtItsClose().next());
            assertEquals("late", assertThrows(IllegalStateException.class, fine::join).getMessage());
            Task<Void> failed = spawn(() -> {
                failsAtItsClose().next();
                throw new IllegalArgumentException("first");
            });
            Throwable thrown = assertThrows(IllegalArgumentException.class, failed::join);
            assertTrue(Arrays.stream(thrown.getSuppressed()).anyMatch(e -> "late".equals(e.getMessage())));
        });
    }

    @Test
    void failureOfTheirsHidesACancel() {
        ManualEngine.run(() -> {
            Task<Void> task = spawn(() -> {
                failsAtItsClose().next();
                sleep(ofSeconds(100));
            });
            checkpoint();
            task.cancel();
            assertEquals("late", assertThrows(IllegalStateException.class, task::join).getMessage());
        });
    }

    private static Generator<Integer> failsAtItsClose() {
        return Generator.of(out -> {
            try {
                out.yield(1);
            } finally {
                late();
            }
        });
    }

    private static void late() {
        throw new IllegalStateException("late");
    }

    @Test
    void oneThatIgnoresItsCloseFailsItsTaskAndCannotGoOn() {
        ManualEngine.run(() -> {
            Generator<Integer> stubborn = Generator.of(out -> {
                while (true) {
                    try {
                        out.yield(1);
                    } catch (Throwable e) {
                        log.add("ignored");
                    }
                }
            });
            Task<Integer> task = spawn(stubborn::next);
            String words = assertThrows(IllegalStateException.class, task::join).getMessage();
            assertTrue(words.contains("ignored its close"), words);
            assertEquals(List.of("ignored"), log);
            assertEquals(State.CLOSED, stubborn.state());
        });
    }

    @Test
    void anotherTaskIsRefusedByName() {
        ManualEngine.run(() -> {
            Generator<Integer> generator = ticks(ofMillis(1));
            Task<Void> owner = spawn("owner", () -> {
                generator.next();
                sleep(ofSeconds(1));
            });
            sleep(ofMillis(10));
            String words = assertThrows(IllegalStateException.class, generator::next).getMessage();
            assertTrue(words.contains("task owner") && words.contains("task main"), words);
            assertThrows(IllegalStateException.class, generator::close);
            owner.join();
        });
    }
}
