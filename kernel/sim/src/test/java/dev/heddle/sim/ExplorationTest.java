package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.DeadlockException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every order of a small program. */
final class ExplorationTest {

    private static final long PLENTY = 100_000;

    private static Exploration explore(Action body) {
        return Sim.explore(ScheduleSearch.OPTIONS, PLENTY, sim -> body.run());
    }

    private static Action waitTimes(int times) {
        return () -> {
            for (int i = 0; i < times; i++) {
                checkpoint();
            }
        };
    }

    /** Each adds 1 to a number that both share, but gives way between reading and writing. */
    private static void lostUpdate() {
        int[] number = new int[1];
        Action increment = () -> {
            int read = number[0];
            checkpoint();
            number[0] = read + 1;
        };
        gather(increment, increment);
        assertEquals(2, number[0]);
    }

    /** The same under a lock. */
    private static void lockedUpdate() {
        int[] number = new int[1];
        ReentrantLock lock = new ReentrantLock();
        Action increment = () -> {
            lock.lock();
            try {
                int read = number[0];
                checkpoint();
                number[0] = read + 1;
            } finally {
                lock.unlock();
            }
        };
        gather(increment, increment);
        assertEquals(2, number[0]);
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 6", "2, 20", "3, 70", "4, 252"})
    void twoTasksHaveAsManyOrdersAsTheirStepsCanBeInterleaved(int waits, long orders) {
        Exploration found = explore(() -> gather(waitTimes(waits), waitTimes(waits)));
        assertTrue(found.isComplete());
        assertEquals(orders, found.schedules());
        assertEquals(0, found.failures());
    }

    @Test
    void threeTasksOfTwoStepsHaveNinetyOrders() {
        assertEquals(90, Sim.inEveryOrder(() -> gather(waitTimes(1), waitTimes(1), waitTimes(1))).schedules());
    }

    @Test
    void taskAloneHasOneOrder() {
        assertEquals(1, Sim.inEveryOrder(() -> sleep(Duration.ofDays(1))).schedules());
    }

    @Test
    void noOrderIsLeftOutAndOnlyTheFirstSixteenAreRunTwice() {
        List<String> seen = new ArrayList<>();
        explore(() -> {
            List<Integer> order = new ArrayList<>();
            gather(() -> order.add(1), () -> order.add(2), () -> order.add(3), () -> order.add(4));
            seen.add(order.toString());
        });
        assertEquals(24 + 16, seen.size());
        assertEquals(24, new HashSet<>(seen).size());
    }

    @Test
    void tasksThatWakeAtTheSameMomentAreTriedInEveryOrder() {
        Set<String> seen = new HashSet<>();
        Exploration found = explore(() -> {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            gather(
                    () -> {
                        sleep(Duration.ofSeconds(1));
                        order.add(1);
                    },
                    () -> {
                        sleep(Duration.ofSeconds(1));
                        order.add(2);
                    });
            seen.add(order.toString());
        });
        assertEquals(Set.of("[1, 2]", "[2, 1]"), seen);
        assertEquals(4, found.schedules(), "two orders of beginning, two of waking");
    }

    @Test
    void lostUpdateIsFoundAndItsScheduleReplaysIt() {
        Exploration found = explore(ExplorationTest::lostUpdate);
        assertTrue(found.isComplete());
        assertEquals(6, found.schedules());
        assertEquals(4, found.failures());

        Exploration.Failing shortest = found.shortest().orElseThrow();
        AssertionError again = assertThrows(
                AssertionError.class, () -> Sim.run(shortest.schedule(), ExplorationTest::lostUpdate));
        assertEquals(shortest.failure().getMessage(), again.getMessage());
        assertTrue(found.first().orElseThrow().steps() >= shortest.steps());
        assertEquals("4 of all 6 orders failed", found.toString());
    }

    @Test
    void correctLockHasNoFailingOrder() {
        Exploration found = Sim.inEveryOrder(ExplorationTest::lockedUpdate);
        assertTrue(found.isComplete());
        assertEquals(0, found.failures());
        assertTrue(found.first().isEmpty() && found.shortest().isEmpty());
    }

    @Test
    void deadlockThatOnlySomeOrdersHaveIsFound() {
        ReentrantLock[] locks = new ReentrantLock[2];
        Exploration found = explore(() -> {
            locks[0] = new ReentrantLock();
            locks[1] = new ReentrantLock();
            gather(() -> lockBoth(locks[0], locks[1]), () -> lockBoth(locks[1], locks[0]));
        });
        assertTrue(found.failures() > 0 && found.failures() < found.schedules(), found::toString);
        assertThrows(DeadlockException.class, found::throwFailure);
    }

    private static void lockBoth(ReentrantLock one, ReentrantLock other) throws InterruptedException {
        one.lockInterruptibly();
        try {
            checkpoint();
            other.lockInterruptibly();
            other.unlock();
        } finally {
            one.unlock();
        }
    }

    @Test
    void failureOfTheShortestOrderComesOutAndSaysHowToReplayIt() {
        AssertionError failure = assertThrows(
                AssertionError.class, () -> Sim.inEveryOrder(ExplorationTest::lostUpdate));
        String note = Arrays.toString(failure.getSuppressed());
        assertTrue(note.contains("4 of all 6 orders failed"), note);
        assertTrue(note.contains("Sim.run(Schedule.of("), note);
    }

    @Test
    void firstFailureIsTheFirstInDepthFirstOrderAndTheUsualOrderIsTheFirstTried() {
        Exploration found = explore(() -> {
            throw new IllegalStateException("always");
        });
        assertEquals(Schedule.of(), found.first().orElseThrow().schedule());
        assertEquals("Schedule.of()", found.first().orElseThrow().schedule().toString());
    }

    @Test
    void searchEndsAtItsBoundAndSaysThatItIsNotComplete() {
        Exploration found = Sim.explore(SimOptions.DEFAULT, 10, sim -> gather(waitTimes(5), waitTimes(5)));
        assertEquals(10, found.schedules());
        assertFalse(found.isComplete());
        assertEquals("0 of the first 10 orders failed", found.toString());
        assertThrows(IllegalArgumentException.class, () -> Sim.explore(SimOptions.DEFAULT, 0, sim -> {}));
    }

    @Test
    void programThatPollsWithoutEndMeetsTheLimitOfSteps() {
        assertThrows(SimLimitException.class, () -> Sim.explore(SimOptions.DEFAULT.withMaxSteps(500), 1, sim -> {
            spawn(() -> {
                while (true) {
                    checkpoint();
                }
            });
            while (true) {
                checkpoint();
            }
        }).throwFailure());
    }

    @Test
    void programThatDoesNotRepeatItselfIsRefused() {
        int[] runs = new int[1];
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> explore(() -> {
            if (runs[0]++ == 0) {
                gather(waitTimes(1), waitTimes(1));
            } else {
                gather(waitTimes(1), waitTimes(1), waitTimes(1));
            }
        }));
        assertTrue(refused.getMessage().contains("does not do the same each time"), refused.getMessage());
    }

    @Test
    void programThatDrawsItsStepsByItselfIsRefused() {
        for (int seed = 0; seed < 200; seed++) {
            var coin = new Random(seed);
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class,
                    () -> explore(() -> gather(waitTimes(coin.nextInt(2) + 1), waitTimes(2))),
                    "seed " + seed);
            assertTrue(refused.getMessage().contains("does not do the same each time"), refused.getMessage());
        }
    }

    @Test
    void scheduleIsNotTakenForThatOfAProgramThatHasChanged() {
        Action found = () -> gather(waitTimes(1), waitTimes(2));
        Schedule last = lastOf(found);
        Sim.run(last, found);
        List<Action> changed = List.of(
                () -> gather(waitTimes(2), waitTimes(1)),
                () -> gather(waitTimes(1), waitTimes(2), waitTimes(0)),
                () -> {
                    checkpoint();
                    gather(waitTimes(1), waitTimes(2));
                });
        for (int i = 0; i < changed.size(); i++) {
            Action other = changed.get(i);
            assertThrows(IllegalStateException.class, () -> Sim.run(last, other), last + " fits program " + i);
        }
    }

    /** The schedule with which the last order of a program is run again, as its failure tells it. */
    private static Schedule lastOf(Action body) {
        long orders = explore(body).schedules();
        int[] run = new int[1];
        return explore(() -> {
            body.run();
            // Each of so few is run twice.
            if (++run[0] == 2 * orders - 1) {
                throw new IllegalStateException("the last");
            }
        }).first().orElseThrow().schedule();
    }

    @Test
    void scheduleWithMoreChoicesThanTheProgramHasDoesNotFit() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> Sim.run(Schedule.of(0, 1, 0, 0, 0, 0, 0, 0, 0, 0), () -> gather(waitTimes(1), waitTimes(1))));
        assertTrue(refused.getMessage().contains("10 were told"), refused.getMessage());
    }

    @Test
    void scheduleOfAnotherProgramDoesNotFit() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> Sim.run(Schedule.of(0, 5), () -> gather(waitTimes(2), waitTimes(2))));
        assertTrue(refused.getMessage().contains("at choice 1 there are 2 ready tasks"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Schedule.of(0, -1));
    }

    @Test
    void failureUnderAScheduleThatDoesNotFitSaysSo() {
        IllegalArgumentException mine = assertThrows(
                IllegalArgumentException.class,
                () -> Sim.run(Schedule.of(9), () -> {
                    gather(waitTimes(0), waitTimes(0));
                    throw new IllegalArgumentException("mine");
                }));
        assertTrue(Arrays.toString(mine.getSuppressed()).contains("does not fit its schedule"));
    }

    @Test
    void sameScheduleIsTheSameRun() {
        Schedule schedule = Schedule.of(1, 0, 1);
        Sim.Result once = Sim.run(schedule, () -> gather(waitTimes(3), waitTimes(3)));
        assertEquals(once, Sim.run(schedule, () -> gather(waitTimes(3), waitTimes(3))));
        assertEquals("Schedule.of(1, 0, 1)", schedule.toString());
    }

    @Test
    void optionsHoldForEveryOrder() {
        Set<Long> numbers = new HashSet<>();
        Sim.explore(SimOptions.DEFAULT.withSeed(42), PLENTY, sim -> {
            gather(waitTimes(1), waitTimes(1));
            numbers.add(sim.random().nextLong());
            assertEquals(42, sim.seed());
        });
        assertEquals(1, numbers.size());
    }
}
