package dev.heddle.observe.internal.top;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The time and memory of tasks, where running takes what the test says. */
final class TaskClockTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final Duration MOMENT = Duration.ofMillis(1);

    private long worked;

    /** By the last reading, so before the loop looked at its clock. */
    private long workedBefore;

    private long taken;
    private int readings;

    /** Watched by the calling task, on the loop. */
    private TaskClock clock() {
        var loop = currentLoop();
        return new TaskClock(
                Kernel.get(),
                () -> {
                    readings++;
                    workedBefore = worked;
                    return loop.nanoTime() + worked;
                },
                () -> Kernel.get().lastLook(loop) + workedBefore,
                () -> taken);
    }

    private void work(long nanos) {
        worked += nanos;
    }

    private static KindTally of(TaskClock clock, String name, @Nullable String label) {
        return clock.tallies().stream()
                .filter(tally -> tally.key.equals(new KindTally.Key(name, label)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in "
                        + clock.tallies().stream().map(tally -> tally.key).toList()));
    }

    private interface Body {
        void run(TaskClock clock) throws Exception;
    }

    private void watched(Body body) {
        Sim.run(() -> {
            TaskClock clock = clock();
            Runnable takeOff = Kernel.get().watch(currentLoop(), clock);
            checkpoint();
            body.run(clock);
            takeOff.run();
        });
    }

    @Test
    void tasksWhoseNamesDifferByNumbersAreCountedTogether() {
        watched(clock -> {
            group(all -> {
                for (int i = 1; i <= 3; i++) {
                    int each = i;
                    all.spawn("fetch " + i, () -> {
                        work(each);
                        sleep(Duration.ofSeconds(1));
                        work(each);
                    });
                }
            });
            KindTally fetches = of(clock, "fetch #", null);
            assertEquals(12, fetches.busy);
            assertEquals(6, fetches.runs);
            assertEquals(0, fetches.tasks);
        });
    }

    @Test
    void timeThatTheLoopSleepsIsNobodys() {
        watched(clock -> {
            sleep(Duration.ofSeconds(100));
            work(7);
            checkpoint();
            assertEquals(7, of(clock, "main", null).busy);
        });
    }

    @Test
    void timeOfACallbackIsNoTasks() {
        watched(clock -> {
            currentLoop().callSoon(() -> work(5));
            sleep(MOMENT);
            assertEquals(0, of(clock, "main", null).busy);
            assertEquals(5, of(clock, Row.CALLBACKS, null).busy);
        });
    }

    @Test
    void readyTaskIsDelayedByThoseThatRunBeforeIt() {
        watched(clock -> {
            var ready = new Waiter("a word");
            Task<Void> woken = spawn("woken", ready::await);
            var busy = new Waiter("its turn");
            spawn("busy", () -> {
                busy.await();
                work(SECOND);
            });
            sleep(MOMENT);
            busy.complete();
            ready.complete();
            sleep(MOMENT);
            KindTally tally = of(clock, "woken", null);
            assertTrue(tally.delay == 0 || tally.delay == SECOND, () -> "" + tally.delay); // as the seed has it
            assertEquals(tally.delay, tally.worstDelay);
            woken.join();
        });
    }

    @Test
    void whoIsWokenByATimerIsDelayedFromWhenTheLoopKnew() {
        watched(clock -> {
            spawn("sleeper", () -> sleep(Duration.ofSeconds(50)));
            sleep(Duration.ofSeconds(60));
            assertEquals(0, of(clock, "sleeper", null).delay);
            assertEquals(0, of(clock, "main", null).delay);
        });
    }

    @Test
    void whoGivesWayIsDelayedByWhatRunsMeanwhileAndNotByItself() {
        watched(clock -> {
            Task<Void> other = spawn("other", () -> work(3));
            work(1000);
            checkpoint();
            other.join();
            KindTally main = of(clock, "main", null);
            assertTrue(main.delay <= 3, () -> "" + main.delay);
        });
    }

    @Test
    void memoryIsThatOfTheRunsOfATask() {
        taken = 1_000_000;
        watched(clock -> {
            taken += 10;
            checkpoint();
            Task<Void> other = spawn("other", () -> {
                taken += 32;
            });
            other.join();
            assertEquals(10, of(clock, "main", null).allocated);
            assertEquals(32, of(clock, "other", null).allocated);
        });
    }

    @Test
    void waitingTasksAreThoseThatHaveNotGoneOn() {
        watched(clock -> {
            Task<Void> one = spawn("wait 1", () -> sleep(Duration.ofDays(1)));
            Task<Void> two = spawn("wait 2", () -> sleep(Duration.ofDays(1)));
            sleep(Duration.ofSeconds(1));
            KindTally waits = of(clock, "wait #", null);
            assertEquals(List.of(2, 2), List.of(waits.tasks, waits.waiting));
            one.cancel();
            one.awaitOutcome();
            assertEquals(List.of(1, 1), List.of(waits.tasks, waits.waiting));
            two.cancel();
            two.awaitOutcome();
            assertEquals(List.of(0, 0), List.of(waits.tasks, waits.waiting));
        });
    }

    @Test
    void runCountsForTheRouteThatTheTaskIsAbout() {
        watched(clock -> {
            Task<Void> connection = spawn("connection 1", () -> {
                work(1);
                sleep(Duration.ofSeconds(1));
                work(10);
                Kernel.label("GET /a");
                work(20);
                sleep(Duration.ofSeconds(1));
                work(100);
                Kernel.label(null);
                work(200);
                sleep(Duration.ofSeconds(1));
                work(1000);
            });
            sleep(Duration.ofMillis(1500));
            assertEquals(1, of(clock, "connection #", "GET /a").waiting);
            connection.join();
            assertEquals(330, of(clock, "connection #", "GET /a").busy);
            assertEquals(1001, of(clock, "connection #", null).busy);
            assertEquals(0, of(clock, "connection #", "GET /a").tasks);
            assertEquals(0, of(clock, "connection #", "GET /a").waiting);
            assertEquals(0, of(clock, "connection #", null).tasks);
        });
    }

    @Test
    void delayOfARunIsThatOfWhatItTurnsOutToBeAbout() {
        watched(clock -> {
            var request = new Waiter("a request");
            Task<Void> connection = spawn("connection 1", () -> {
                request.await();
                Kernel.label("GET /a");
                sleep(Duration.ofDays(1));
            });
            sleep(MOMENT);
            currentLoop().callSoon(request::complete);
            currentLoop().callSoon(() -> work(70));
            sleep(MOMENT);
            KindTally route = of(clock, "connection #", "GET /a");
            assertTrue(route.delay == 70 || route.delay == 0, () -> "" + route.delay); // as the seed has it
            assertEquals(0, of(clock, "connection #", null).delay);
            connection.cancel();
        });
    }

    @Test
    void whatALabelledTaskSpawnsIsAboutTheSame() {
        watched(clock -> {
            Task<Void> handler = spawn("connection 1", () -> {
                Kernel.label("GET /a");
                group(all -> {
                    all.spawn("query", () -> work(9));
                });
            });
            handler.join();
            assertEquals(9, of(clock, "query", "GET /a").busy);
        });
    }

    @Test
    void tasksThatWereThereBeforeAreCounted() {
        Sim.run(() -> {
            Task<Void> parked = spawn("parked 1", () -> sleep(Duration.ofDays(1)));
            sleep(MOMENT);
            TaskClock clock = clock();
            Runnable takeOff = Kernel.get().watch(currentLoop(), clock);
            List<TaskSight> all = seen();
            clock.meet(all);
            clock.meet(all);
            KindTally tally = of(clock, "parked #", null);
            assertEquals(List.of(1, 1), List.of(tally.tasks, tally.waiting));
            parked.cancel();
            parked.awaitOutcome();
            assertEquals(List.of(0, 0), List.of(tally.tasks, tally.waiting));
            takeOff.run();
            Task<?> main = Heddle.currentTask();
            clock.forget(seen());
            assertNull(Kernel.get().note(main));
        });
    }

    @Test
    void bodyThatRanBeforeIsCountedFromNowOnForItsRoute() {
        Heddle.run(() -> {
            var running = new CountDownLatch(1);
            var over = new AtomicBoolean();
            Task<Void> connection = spawn("connection 1", () -> {
                Kernel.label("GET /a");
                Heddle.offload(() -> {
                    running.countDown();
                    while (!over.get()) {
                        Thread.onSpinWait();
                    }
                });
            });
            checkpoint();
            running.await();
            Loop loop = currentLoop();
            var clock = new TaskClock(Kernel.get(), System::nanoTime, System::nanoTime, () -> 0);
            Runnable takeOff = Kernel.get().watch(loop, clock);
            loop.callSoon(() -> clock.meetBodies(loop));
            sleep(MOMENT);
            long first = offloaded(clock);
            over.set(true);
            connection.join();
            long last = offloaded(clock);
            for (long before = first; last != before; last = offloaded(clock)) { // its end is told a moment later
                before = last;
                sleep(MOMENT);
            }
            takeOff.run();
            assertTrue(0 < first && first < last, first + ", then " + last);
        });
    }

    private static long offloaded(TaskClock clock) {
        return of(clock, "connection #", "GET /a").offloaded.sum();
    }

    @Test
    void timeThatTheWatchItselfTakesIsNobodys() {
        watched(clock -> {
            List<TaskSight> all = seen();
            currentLoop().callSoon(() -> {
                work(SECOND);
                taken += 1000;
                clock.meet(all);
            });
            sleep(MOMENT);
            assertEquals(0, of(clock, Row.CALLBACKS, null).busy);
            assertEquals(0, of(clock, Row.CALLBACKS, null).allocated);
            assertEquals(0, of(clock, Row.CALLBACKS, null).runs);
        });
    }

    private static List<TaskSight> seen() {
        try (TaskWalk walk = Kernel.get().walk(currentLoop())) {
            return walk.next().orElseThrow();
        }
    }

    @Test
    void secondWatchBeginsAtNothing() {
        Action twice = () -> {
            TaskClock clock = clock();
            Runnable takeOff = Kernel.get().watch(currentLoop(), clock);
            work(5);
            checkpoint();
            takeOff.run();
            checkpoint();
            assertEquals(1, of(clock, "main", null).tasks);
        };
        Sim.run(() -> {
            twice.run();
            twice.run();
        });
    }

    @Test
    void kindsBeyondTheMostAreCountedTogether() {
        watched(clock -> {
            for (int i = 0; i < TaskClock.MAX_KINDS + 50; i++) {
                spawn(letters(i), () -> work(1)).join();
            }
            assertEquals(TaskClock.MAX_KINDS + 2, clock.tallies().size());
            assertEquals(51, of(clock, Row.OTHERS, null).busy);
            assertEquals(0, of(clock, Row.OTHERS, null).tasks);
        });
    }

    @Test
    void kindsThatHaveDiedOutMakeRoom() {
        watched(clock -> {
            for (int i = 0; i < TaskClock.MAX_KINDS; i++) {
                spawn(letters(i), () -> {}).join();
            }
            sleep(Duration.ofSeconds(2));
            spawn("in vain", () -> {}).join(); // the first sweep only notes who has run
            sleep(Duration.ofSeconds(2));
            spawn("late", () -> work(1)).join();
            assertEquals(1, of(clock, "late", null).busy);
        });
    }

    private static String letters(int number) {
        return Integer.toString(number + 100_000, 36).replaceAll("[0-9]", "$0")
                .chars()
                .mapToObj(c -> Character.toString(c <= '9' ? c - '0' + 'A' : c))
                .reduce("", String::concat);
    }

    @Test
    void timeIsReadOnceInARun() {
        watched(clock -> {
            group(all -> {
                for (int i = 0; i < 10; i++) {
                    all.spawn(() -> {
                        for (int j = 0; j < 10; j++) {
                            checkpoint();
                        }
                    });
                }
            });
            int before = readings;
            long runs = runs(clock);
            group(all -> {
                for (int i = 0; i < 10; i++) {
                    all.spawn(() -> {
                        for (int j = 0; j < 10; j++) {
                            checkpoint();
                        }
                    });
                }
            });
            assertEquals(runs(clock) - runs, readings - before);
        });
    }

    private static long runs(TaskClock clock) {
        return clock.tallies().stream().mapToLong(tally -> tally.runs).sum();
    }

    @Test
    void nameIsFoldedAtItsNumbersAndCut() {
        assertEquals("fetch #", FoldedName.of("fetch 17"));
        assertEquals("#/#-x#", FoldedName.of("1/22-x333"));
        assertEquals("plain", FoldedName.of("plain"));
        assertEquals(FoldedName.MAX_CHARS, FoldedName.of("x".repeat(10_000_000)).length());
        assertEquals("", FoldedName.of(""));
    }
}
