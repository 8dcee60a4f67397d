package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Calls that wait are woken in the order they came, and those that were cancelled are passed by. */
final class ParkingLotTest {

    private final ParkingLot lot = new ParkingLot("a test to go on");
    private final ReentrantLock lock = new ReentrantLock();
    private final ParkingLot guarded = new ParkingLot("a test to go on", lock);
    private final List<String> log = new ArrayList<>();

    @Test
    void callsGoOnInTheOrderTheyCame() {
        ManualEngine.run(() -> {
            park("first", "second", "third");
            assertTrue(lot.unpark());
            checkpoint();
            assertEquals(List.of("first"), log);
            assertEquals(2, lot.unparkAll());
            checkpoint();
            assertEquals(List.of("first", "second", "third"), log);
        });
    }

    @Test
    void severalAreWokenAtOnceAndNoMoreThanAreThere() {
        ManualEngine.run(() -> {
            park("first", "second", "third");
            assertEquals(2, lot.unpark(2));
            assertEquals(1, lot.statistics().waiting());
            assertEquals(1, lot.unpark(2));
            assertEquals(0, lot.unpark(0));
            assertFalse(lot.unpark());
        });
    }

    @Test
    void wakeWhereNobodyWaitsIsNotKept() {
        ManualEngine.run(() -> {
            assertFalse(lot.unpark());
            assertEquals(0, lot.unparkAll());
            assertFalse(lot.parkWithin(ofSeconds(1)));
            assertEquals(ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void cancelledCallIsOutOfTheLot() {
        ManualEngine.run(() -> {
            List<Task<Void>> tasks = park("first", "second");
            tasks.getFirst().cancel();
            checkpoint();
            assertEquals(1, lot.statistics().waiting());
            assertFalse(lot.isEmpty());
            assertTrue(lot.unpark());
            checkpoint();
            assertEquals(List.of("second"), log);
            assertTrue(lot.isEmpty());
        });
    }

    @Test
    void callThatIsUnparkedReturnsEvenIfACancelComesNow() {
        ManualEngine.run(() -> {
            List<Task<Void>> tasks = park("first");
            lot.unpark();
            tasks.getFirst().cancel();
            checkpoint();
            assertEquals(List.of("first"), log);
        });
    }

    @Test
    void oneThatLeavesFromTheMiddleKeepsTheOrder() {
        ManualEngine.run(() -> {
            park("first");
            Task<Boolean> middle = spawn(() -> lot.parkWithin(ofMillis(5)));
            checkpoint();
            park("last");
            assertFalse(middle.join());
            assertEquals(2, lot.statistics().waiting());
            lot.unparkAll();
            checkpoint();
            assertEquals(List.of("first", "last"), log);
        });
    }

    @Test
    void noTimeOnlyLooks() {
        ManualEngine.run(() -> {
            assertFalse(lot.parkWithin(ZERO));
            assertTrue(lot.isEmpty());
        });
    }

    @Test
    void parkingGivesTheLockBackAndHasItAgain() {
        ManualEngine.run(() -> {
            Task<Boolean> parked = spawn(() -> {
                lock.lock();
                try {
                    guarded.park();
                    return lock.isHeldByCurrentThread();
                } finally {
                    lock.unlock();
                }
            });
            checkpoint();
            assertFalse(lock.isLocked());
            unparkGuarded();
            assertTrue(parked.join());
        });
    }

    @Test
    void cancelledCallHasTheLockAgainAsWell() {
        ManualEngine.run(() -> {
            lock.lock();
            assertFalse(moveOnAfter(ofMillis(1), guarded::park));
            assertTrue(lock.isHeldByCurrentThread());
            assertTrue(guarded.isEmpty());
            assertFalse(guarded.parkWithin(ofMillis(1)));
            assertEquals(1, lock.getHoldCount());
        });
    }

    @Test
    void threadsAndTasksOfOtherLoopsShareALotBehindALock() throws Exception {
        int[] free = {0};
        Action take = () -> {
            lock.lock();
            try {
                while (free[0] == 0) {
                    guarded.park();
                }
                free[0]--;
            } finally {
                lock.unlock();
            }
        };
        Thread thread = Thread.ofPlatform().start(() -> Heddle.run(take));
        try (Loop one = Loop.start(Config.DEFAULT); Loop two = Loop.start(Config.DEFAULT)) {
            List<Task<Void>> tasks = List.of(one.spawn(take), two.spawn(take), one.spawn(take));
            for (int given = 0; given < 4; given++) {
                lock.lock();
                try {
                    free[0]++;
                    guarded.unpark();
                } finally {
                    lock.unlock();
                }
            }
            tasks.forEach(Task::join);
            thread.join();
        }
        assertEquals(0, free[0]);
        assertTrue(guarded.isEmpty());
    }

    @Test
    void whatIsWaitedForShowsInReports() {
        ManualEngine.run(() -> {
            park("first");
            assertTrue(Heddle.currentLoop().waitReport().toString().contains("a test to go on"));
            assertEquals("1 waiting for a test to go on", lot.toString());
            lot.unparkAll();
        });
    }

    @Test
    void callInACancelledScopeDoesNotWait() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            scope.cancel("a test");
            assertThrows(CancelledException.class, lot::park);
            assertTrue(lot.isEmpty());
        }));
    }

    private List<Task<Void>> park(String... names) {
        List<Task<Void>> tasks = new ArrayList<>();
        for (String name : names) {
            tasks.add(spawn(() -> {
                lot.park();
                log.add(name);
            }));
        }
        checkpoint();
        return tasks;
    }

    private void unparkGuarded() {
        lock.lock();
        try {
            guarded.unpark();
        } finally {
            lock.unlock();
        }
    }
}
