package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cancelled body that does not end is told of by name, with what it waits for and where. */
final class OpenCancelsTest {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final Waiter bell = new Waiter("the bell");

    @Test
    void taskThatDoesNotListenIsReportedOnceAfterFiveSeconds() {
        simulate(() -> {
            Task<Void> deaf = spawn("deaf", () -> bell.awaitDespiteCancel(() -> {}));
            checkpoint();
            deaf.cancel("enough");
            look(ofSeconds(4));
            assertEquals(List.of(), reports);
            look(ofSeconds(1));
            look(ofHours(1));
            assertEquals(1, reports.size());
            String start = "task deaf (loop, running) was cancelled 5 s ago (enough) and has not ended: the bell, at ";
            assertTrue(reports.getFirst().startsWith(start), reports.getFirst());
            bell.complete();
        });
    }

    @Test
    void deadlineNamesWhoKeepsItAndNotWhoWaitsForThat() {
        simulate(() -> {
            spawn("watcher", () -> {
                look(ofSeconds(6));
                bell.complete();
            });
            moveOnAfter(ofSeconds(1), () -> group(g -> {
                g.spawn("listener", () -> sleep(ofHours(1)));
                g.spawn("deaf", () -> bell.awaitDespiteCancel(() -> {}));
            }));
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(reports.getFirst().startsWith(
                    "task deaf (loop, running) was cancelled 5 s ago (deadline) and has not ended: the bell, at "));
        });
    }

    @Test
    void cleanUpThatIsSlowIsReportedToo() {
        simulate(() -> {
            spawn(() -> look(ofSeconds(8)));
            moveOnAfter(ofSeconds(1), () -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    shield(() -> sleep(ofSeconds(10)));
                }
            });
            assertTrue(reports.getFirst().startsWith(
                    "task main (loop, running) was cancelled 7 s ago (deadline) and has not ended: sleeping 10 s, at "));
        });
    }

    @Test
    void cleanUpWithADeadlineOfItsOwnIsNotReported() {
        simulate(() -> {
            spawn(() -> look(ofSeconds(10)));
            moveOnAfter(ofSeconds(1), () -> {
                try {
                    sleep(ofHours(1));
                } finally {
                    shield(ofSeconds(30), () -> sleep(ofSeconds(20)));
                }
            });
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void whoIgnoresItsCancelBehindSuchACleanUpIsReportedWithTheTimeOfABody() {
        simulate(() -> {
            Task<Void> deaf = spawn("deaf", () -> {
                shield(ofSeconds(30), () -> sleep(ofSeconds(12)));
                bell.awaitDespiteCancel(() -> {});
            });
            checkpoint();
            deaf.cancel("enough");
            look(ofSeconds(5));
            look(ofSeconds(5));
            look(ofSeconds(5)); // since 3 s without a shield, so there may be 5 more
            assertEquals(List.of(), reports);
            look(ofSeconds(5));
            look(ofHours(1));
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(reports.getFirst().startsWith(
                    "task deaf (loop, running) was cancelled 20 s ago (enough) and has not ended: the bell, at "),
                    reports.getFirst());
            bell.complete();
        });
    }

    @Test
    void whoIsBehindSuchACleanUpWhenItIsFirstLookedAtHasTheTimeOfABody() {
        simulate(() -> {
            List<Waiter> bells = new ArrayList<>();
            List<Task<Void>> deaf = new ArrayList<>();
            for (Action cleanUp : List.<Action>of(
                    () -> shield(ofSeconds(30), () -> sleep(ofMillis(4_900))),
                    () -> shield(() -> moveOnAfter(ofMillis(4_900), () -> sleep(ofHours(1)))),
                    () -> shield(() -> CancelScope.open(scope -> {
                        scope.deadlineAfter(ofSeconds(30));
                        currentLoop().callLater(ofMillis(4_900), () -> scope.cancel("no time left"));
                        sleep(ofHours(1));
                    })))) {
                deaf.add(spawn(() -> {
                    cleanUp.run();
                    ignoreCancel(bells);
                }));
            }
            checkpoint();
            deaf.forEach(task -> task.cancel("enough"));
            look(ofSeconds(5));
            assertEquals(List.of(), reports);
            look(ofSeconds(5));
            assertEquals(3, reports.size(), reports::toString);
            bells.forEach(Waiter::complete);
        });
    }

    /** As the connections of a server are: the stop waits for them behind a shield, and then cancels them itself. */
    @Test
    void whoIsCancelledOnlyWhenTheGraceAroundItIsOverHasTheTimeOfABody() {
        simulate(() -> {
            List<Waiter> bells = new ArrayList<>();
            Task<Void> server = spawn("server", () -> shield(() -> group(g -> {
                g.spawn("connection", () -> ignoreCancel(bells));
                moveOnAfter(ofMillis(4_900), () -> sleep(ofHours(1)));
                g.cancel("the server stops");
            })));
            checkpoint();
            server.cancel("SIGTERM");
            look(ofSeconds(5));
            assertEquals(List.of(), reports);
            look(ofSeconds(5));
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(reports.getFirst().startsWith(
                    "task connection (loop, running) was cancelled 5 s ago (the server stops) and has not ended: "),
                    reports.getFirst());
            bells.forEach(Waiter::complete);
        });
    }

    private static void ignoreCancel(List<Waiter> bells) {
        var bell = new Waiter("a bell");
        bells.add(bell);
        bell.awaitDespiteCancel(() -> {});
    }

    /** Nothing has looked at the clock while the loop slept. */
    @Test
    void ageOfACancelIsCountedFromItsDeadline() {
        simulate(() -> moveOnAfter(ofSeconds(10), () -> {
            try {
                sleep(ofHours(1));
            } finally {
                assertEquals(0, Task.current().scope.nanosSinceCancel());
            }
        }));
    }

    @Test
    void whoOnlyWaitsForSuchACleanUpIsNotReported() {
        simulate(() -> {
            spawn(() -> {
                for (int i = 0; i < 6; i++) {
                    look(ofSeconds(5));
                }
            });
            moveOnAfter(ofSeconds(1), () -> group(g -> {
                g.spawn("tidy", () -> shield(ofSeconds(30), () -> sleep(ofSeconds(20))));
            }));
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void whoGoesOnBeforeTheReportIsNotNamed() {
        simulate(() -> {
            Task<Void> late = spawn("late", () -> {
                moveOnAfter(ofSeconds(1), () -> bell.awaitDespiteCancel(() -> {}));
                sleep(ofHours(1));
            });
            sleep(ofSeconds(10));
            bell.complete(); // it goes on behind this step, and before the report
            currentLoop().openCancels.look();
            checkpoint();
            checkpoint();
            assertEquals(List.of(), reports);
            late.cancel();
        });
    }

    @Test
    void tasksBehindAShieldAreNotCancelledButWhoWaitsForThemIs() {
        simulate(() -> {
            spawn(() -> look(ofSeconds(6)));
            moveOnAfter(ofSeconds(1), () -> shield(() -> group(g -> {
                g.spawn("shielded", () -> sleep(ofSeconds(20)));
            })));
            assertEquals(1, reports.size(), reports::toString);
            assertTrue(reports.getFirst().startsWith("task main (loop, running) was cancelled 5 s ago (deadline) "
                    + "and has not ended: the end of its 1 task, at "), reports.getFirst());
        });
    }

    @Test
    void lineIsThatOfTheThreadWhichRunsTheBody() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        Thread worker = Thread.ofPlatform().start(() -> awaitQuietly(gate));
        while (worker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait(); // until then its stack is another
        }
        class Body implements HeldResource {
            @Override
            public List<Thread> holders() {
                return List.of(worker);
            }
        }
        Waiter end = new Waiter(new Body());
        simulate(() -> {
            Task<Void> caller = spawn(() -> end.awaitDespiteCancel(() -> {}));
            checkpoint();
            caller.cancel();
            look(ofSeconds(5));
            assertTrue(reports.getFirst().contains(", at dev.heddle.OpenCancelsTest."), reports.getFirst());
            end.complete();
        });
        gate.countDown();
        worker.join();
    }

    @Test
    void whoEndsInTimeIsNotReported() {
        simulate(() -> {
            Task<Void> deaf = spawn("deaf", () -> bell.awaitDespiteCancel(() -> {}));
            checkpoint();
            deaf.cancel("enough");
            for (int i = 0; i < 1_000; i++) { // behind one that is not in time
                moveOnAfter(ofMillis(1), () -> sleep(ofHours(1)));
            }
            look(ofSeconds(10));
            assertEquals(1, reports.size(), reports::toString);
            bell.complete();
        });
    }

    @Test
    @Tag("full") // waits in real time
    void watchdogTellsWhileTheLoopSleeps() {
        Config config = Config.DEFAULT.withFailureHandler((what, failure) -> {
            reports.add(what);
            bell.complete();
        });
        CountDownLatch begun = new CountDownLatch(1);
        Heddle.run(config, () -> {
            Task<Void> deaf = spawn("deaf", () -> offload(() -> {
                begun.countDown();
                bell.awaitDespiteCancel(() -> {});
            }));
            offload(() -> begun.await());
            deaf.cancel("enough");
        });
        String start = "task deaf (loop, running) was cancelled 5 s ago (enough) and has not ended: an offloaded body, at ";
        assertTrue(reports.getFirst().startsWith(start), reports.getFirst());
    }

    private void simulate(Action body) {
        Heddle.run(ManualEngine.config().withFailureHandler((what, failure) -> reports.add(what)), body);
    }

    /** What the watchdog does after some time. */
    private static void look(Duration later) {
        sleep(later);
        currentLoop().openCancels.look();
        checkpoint();
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
