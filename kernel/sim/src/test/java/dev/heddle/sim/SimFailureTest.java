package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.DeadlockException;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.Waiter;
import dev.heddle.net.Tcp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** How a simulation fails, and what its failures tell. */
final class SimFailureTest {

    private static final SimOptions QUIET = SimOptions.DEFAULT.withFailureHandler((what, failure) -> {});

    @Test
    void failureComesOutAsItIsAndCarriesTheLineThatReplaysIt() {
        IllegalArgumentException failure = new IllegalArgumentException("mine");

        Throwable thrown = assertThrows(IllegalArgumentException.class, () -> Sim.run(42, (Action) () -> {
            sleep(Duration.ofSeconds(3));
            throw failure;
        }));

        assertSame(failure, thrown);
        String replay = replayOf(thrown);
        assertTrue(replay.contains("Sim.run(42L, body)"), replay);
        assertTrue(replay.contains("PT3S"), replay);
    }

    @Test
    void randomSeedIsToldToo() {
        List<Long> seeds = new ArrayList<>();
        Throwable thrown = assertThrows(IllegalStateException.class, () -> Sim.run((Action) () -> {
            seeds.add(Sim.current().seed());
            throw new IllegalStateException("mine");
        }));
        assertTrue(replayOf(thrown).contains("Sim.run(" + seeds.getFirst() + "L, body)"));
    }

    @Test
    void randomSeedsDiffer() {
        long first = Sim.run(() -> Sim.current().seed());
        long second = Sim.run(() -> Sim.current().seed());
        assertNotEquals(first, second);
    }

    @Test
    void checkedExceptionIsWrappedOnce() {
        Throwable thrown = assertThrows(TaskFailedException.class, () -> Sim.run(1, (Action) () -> {
            throw new IOException("mine");
        }));
        assertInstanceOf(IOException.class, thrown.getCause());
    }

    @Test
    void whenNothingCanHappenTheReportNamesWhoWaitsForWhat() {
        DeadlockException deadlock = assertThrows(DeadlockException.class, () -> Sim.run(QUIET, sim -> {
            spawn("the forgetful", () -> new Waiter("a word from nobody").await());
            sim.network().host("server").spawn(() -> Tcp.listen("server", 80).accept());
            new Waiter("the end of time").await();
        }));

        String report = deadlock.getMessage();
        assertTrue(report.contains("the forgetful"), report);
        assertTrue(report.contains("a word from nobody"), report);
        assertTrue(report.contains("the end of time"), report);
        assertTrue(report.contains("accepting at 10.0.0.2:80"), report);
        assertTrue(replayOf(deadlock).contains("Sim.run(0L, body)"));
    }

    @Test
    void twoTasksThatTakeTwoLocksCrosswiseAreBothNamed() {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();

        DeadlockException deadlock = assertThrows(DeadlockException.class, () -> Sim.run(QUIET, sim -> {
            spawn("alice", () -> lockBoth(first, second));
            spawn("bob", () -> lockBoth(second, first));
            sleep(Duration.ofHours(1));
            new Waiter("alice and bob").await();
        }));

        assertTrue(deadlock.getMessage().contains("alice"), deadlock.getMessage());
        assertTrue(deadlock.getMessage().contains("bob"), deadlock.getMessage());
    }

    private static void lockBoth(ReentrantLock one, ReentrantLock other) throws InterruptedException {
        one.lockInterruptibly();
        try {
            sleep(Duration.ofSeconds(1));
            other.lockInterruptibly();
            other.unlock();
        } finally {
            one.unlock();
        }
    }

    @Test
    void streamLeftOpenFailsTheRunAndIsNamed() {
        LeftoverException leftover = assertThrows(LeftoverException.class, () -> Sim.run(1, () -> {
            Peers peers = Peers.connect();
            peers.server().close();
        }));
        assertTrue(leftover.getMessage().contains("stream 10.0.0.2:"), leftover.getMessage());
        assertFalse(leftover.getMessage().contains("stream 10.0.0.3:80"), leftover.getMessage());
    }

    @Test
    void listenerLeftOpenFailsTheRunAndIsNamed() {
        LeftoverException leftover = assertThrows(LeftoverException.class,
                () -> Sim.run(1, () -> Tcp.listen("127.0.0.1", 8080).port()));
        assertTrue(leftover.getMessage().contains("127.0.0.1:8080"), leftover.getMessage());
    }

    @Test
    void taskThatIgnoresTheEndOfItsLoopFailsTheRunAndIsNamed() {
        ReentrantLock held = new ReentrantLock();
        LeftoverException leftover = assertThrows(LeftoverException.class, () -> Sim.run(QUIET, sim -> {
            held.lock();
            currentLoop().spawn(held::lock);
            sim.awaitIdle();
        }));
        assertTrue(leftover.getMessage().contains("task-2"), leftover.getMessage());
    }

    @Test
    void brokenStreamStillHasToBeClosed() {
        assertThrows(LeftoverException.class, () -> Sim.run(1, () -> {
            Peers peers = Peers.connect();
            peers.client().abort();
            sleep(Duration.ofSeconds(1));
        }));
    }

    @Test
    void messageAboutLeftoversIsBounded() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add("stream " + i);
        }
        String message = new LeftoverException(many).getMessage();
        assertTrue(message.contains("stream 19") && message.contains("980 more"), message);
        assertFalse(message.contains("stream 20"), message);
    }

    @Test
    void leftoversAreNoFailureWhereTheOptionsSaySo() {
        Sim.run(SimOptions.DEFAULT.withCheckLeftovers(false), sim -> Tcp.listen("127.0.0.1", 8080));
    }

    @Test
    void bodysOwnFailureGoesBeforeLeftovers() {
        assertThrows(IllegalStateException.class, () -> Sim.run(1, (Action) () -> {
            Tcp.listen("127.0.0.1", 8080);
            throw new IllegalStateException("mine");
        }));
    }

    @Test
    void tasksAndTimersOfTheRunAreGoneAfterIt() {
        List<Loop> loops = new ArrayList<>();
        Sim.run(1, () -> {
            loops.add(currentLoop());
            for (int i = 0; i < 100; i++) {
                spawn(() -> sleep(Duration.ofDays(1)));
            }
            sleep(Duration.ofSeconds(1));
        });
        assertEquals(0, loops.getFirst().statistics().aliveTasks());
        assertEquals(0, loops.getFirst().statistics().timers());
    }

    @Test
    void endlessTimerEndsAtTheLimitOfVirtualTime() {
        SimLimitException limit = assertThrows(
                SimLimitException.class,
                () -> Sim.run(QUIET.withMaxVirtualTime(Duration.ofHours(1)), sim -> {
                    spawn("heartbeat", () -> {
                        while (true) {
                            sleep(Duration.ofSeconds(1));
                        }
                    });
                    new Waiter("an answer that never comes").await();
                }));
        assertTrue(limit.getMessage().contains("maxVirtualTime"), limit.getMessage());
        assertTrue(limit.getCause().getMessage().contains("an answer that never comes"));
        assertTrue(replayOf(limit).contains("Sim.run(0L, body)"));
    }

    @Test
    void endlessLoopOfCheckpointsEndsAtTheLimitOfSteps() {
        SimLimitException limit = assertThrows(
                SimLimitException.class,
                () -> Sim.run(QUIET.withMaxSteps(10_000), sim -> {
                    spawn(() -> {
                        while (true) {
                            checkpoint();
                        }
                    });
                    new Waiter("an answer that never comes").await();
                }));
        assertTrue(limit.getMessage().contains("maxSteps"), limit.getMessage());
    }

    @Test
    void bodyThatSwallowsTheCancelOfALimitHasFailedNevertheless() {
        assertThrows(SimLimitException.class, () -> Sim.run(QUIET.withMaxVirtualTime(Duration.ofHours(1)), sim -> {
            try {
                sleep(Duration.ofHours(2));
            } catch (CancelledException ignored) {
                Thread.yield();
            }
        }));
    }

    @Test
    void endlessLoopThatIgnoresItsCancelIsEndedToo() {
        boolean[] over = new boolean[1];
        SimLimitException limit = assertThrows(
                SimLimitException.class,
                () -> Sim.run(QUIET.withMaxSteps(10_000), sim -> {
                    while (!over[0]) {
                        try {
                            checkpoint();
                        } catch (CancelledException ignored) {
                            Thread.yield();
                        }
                    }
                }));
        over[0] = true;
        assertTrue(limit.getMessage().contains("maxSteps"), limit.getMessage());
    }

    @Test
    void workOnAnotherThreadThatNeverEndsMeetsTheLimitOfRealWaiting() {
        SimLimitException limit = assertThrows(
                SimLimitException.class,
                () -> Sim.run(
                        QUIET.withRealTimeWaits(true).withMaxRealWait(Duration.ofMillis(20)),
                        sim -> new CompletableFuture<String>().get(1, TimeUnit.DAYS)));
        assertTrue(limit.getMessage().contains("maxRealWait"), limit.getMessage());
    }

    @Test
    void failureThatNobodyJoinsIsHeardByTheHandler() {
        List<String> heard = new ArrayList<>();
        FailureHandler handler = (what, failure) -> heard.add(what);
        Sim.run(SimOptions.DEFAULT.withFailureHandler(handler), sim -> {
            spawn("the lonely", (Action) () -> {
                throw new IllegalStateException("mine");
            });
            sleep(Duration.ofMinutes(1));
        });
        assertEquals(1, heard.size());
        assertTrue(heard.getFirst().contains("the lonely"));
    }

    @Test
    void assertionThatFailsWhereNobodyHearsOfItFailsTheRun() {
        List<Action> bodies = List.of(
                () -> spawn(() -> assertEquals(1, 2)),
                () -> currentLoop().spawn(() -> assertEquals(1, 2)),
                () -> currentLoop().callSoon(() -> assertEquals(1, 2)),
                () -> spawn(() -> {}).onDone(task -> assertEquals(1, 2)),
                () -> currentLoop().asExecutorService().execute(() -> assertEquals(1, 2)),
                () -> Heddle.shield(() -> spawn(() -> sleep(Duration.ofHours(1))).onDone(task -> assertEquals(1, 2))));
        for (Action body : bodies) {
            AssertionError failed = assertThrows(AssertionError.class, () -> Sim.run(QUIET, sim -> {
                body.run();
                checkpoint();
            }));
            assertTrue(replayOf(failed).contains("Sim.run(0L, body)"));
        }
    }

    @Test
    void assertionThatSomebodyHasHeardOfIsHis() {
        Sim.run(1, () -> {
            assertThrows(AssertionError.class, () -> spawn(() -> assertEquals(1, 2)).join());
            Task<Void> asked = spawn(() -> assertEquals(1, 2));
            asked.awaitOutcome();
            assertInstanceOf(AssertionError.class, asked.failure().orElseThrow());
        });
    }

    @Test
    void onlyCodeOfTheSimulationCanAwaitThatTheRestWaits() {
        Sim.run(1, () -> {
            Sim mine = Sim.current();
            Heddle.await(CompletableFuture.runAsync(
                    () -> assertThrows(IllegalStateException.class, mine::awaitIdle)));
            mine.awaitIdle();
            Sim other = new Sim(SimOptions.DEFAULT);
            assertThrows(IllegalStateException.class, other::awaitIdle);
        });
    }

    @Test
    void simulationInsideASimulationIsRefused() {
        Sim.run(1, () -> {
            assertThrows(IllegalStateException.class, () -> Sim.run(2, () -> {}));
        });
    }

    @Test
    void thereIsNoCurrentSimulationOnARealLoop() {
        Heddle.run(() -> {
            assertThrows(IllegalStateException.class, Sim::current);
        });
    }

    private static String replayOf(Throwable failure) {
        for (Throwable each : failure.getSuppressed()) {
            if (each instanceof Replay) {
                return each.toString();
            }
        }
        throw new AssertionError("no line to replay", failure);
    }
}
