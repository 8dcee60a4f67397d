package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One wait of one task: completed, cancelled, or both in the same turn. */
final class WaiterTest {

    @Test
    void completedWaiterReturnsAtOnceEvenInACancelledScope() {
        ManualEngine.run(() -> CancelScope.open(scope -> {
            Waiter waiter = new Waiter("a value");
            assertTrue(waiter.complete());
            scope.cancel("enough");
            waiter.await();
        }));
    }

    @Test
    void onlyOneCompleteDecides() {
        Waiter waiter = new Waiter("a value");
        assertTrue(waiter.isOpen());
        assertTrue(waiter.complete());
        assertFalse(waiter.complete());
        assertTrue(waiter.isCompleted());
        assertFalse(waiter.isOpen());
    }

    @Test
    void cancelledWaiterAnswersFalseSoThatTheValueCanGoToAnother() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            Task<Void> task = spawn(waiter::await);
            checkpoint();
            task.cancel("enough");
            assertThrows(TaskCancelledException.class, task::join);
            assertFalse(waiter.complete());
            assertFalse(waiter.isCompleted());
        });
    }

    @Test
    void completeBeforeTheCancelInTheSameTurnWins() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            Task<String> task = spawn(() -> {
                waiter.await();
                return "delivered";
            });
            checkpoint();
            assertTrue(waiter.complete());
            task.cancel("too late");
            assertEquals("delivered", task.join());
        });
    }

    @Test
    void cancelBeforeTheCompleteInTheSameTurnLeavesTheValueToTheCompleter() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            boolean[] delivered = new boolean[1];
            Task<Void> task = spawn(() -> {
                waiter.await();
                delivered[0] = true;
            });
            checkpoint();
            task.cancel("first");
            boolean committed = waiter.complete();
            checkpoint();
            assertEquals(committed, delivered[0], "committed and delivered are the same");
        });
    }

    @Test
    void resetMakesItReadyForAnotherWait() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("values");
            for (int round = 0; round < 3; round++) {
                Heddle.currentLoop().callSoon(waiter::complete);
                waiter.await();
                waiter.reset();
                assertTrue(waiter.isOpen());
            }
        });
    }

    @Test
    void wakeUpWithoutACauseIsIgnored() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            Thread[] thread = new Thread[1];
            Task<Void> task = spawn(() -> {
                thread[0] = Thread.currentThread();
                waiter.await();
            });
            checkpoint();
            LockSupport.unpark(thread[0]);
            checkpoint();
            assertFalse(task.isDone());
            waiter.complete();
            task.join();
        });
    }

    @Test
    void reportsShowWhatTheWaitIsFor() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("reading 127.0.0.1:80");
            Task<Void> task = spawn(waiter::await);
            checkpoint();
            assertEquals("reading 127.0.0.1:80", task.waitingFor().orElseThrow());
            waiter.complete();
        });
    }

    @Test
    void awaitWithinALimitSaysWhetherItWasCompletedAndLeavesTheWaitOpenOtherwise() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            assertFalse(waiter.awaitWithin(Duration.ofSeconds(1)));
            assertTrue(waiter.isOpen());
            spawn(() -> {
                sleep(Duration.ofSeconds(2));
                waiter.complete();
            });
            assertFalse(waiter.awaitWithin(Duration.ofSeconds(1)));
            assertTrue(waiter.awaitWithin(Duration.ofSeconds(5)));
            assertEquals(0, currentLoop().statistics().timers());
        });
    }

    @Test
    void awaitWithinALimitOfZeroOnlyLooks() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            assertFalse(waiter.awaitWithin(Duration.ZERO));
            assertFalse(waiter.awaitWithin(Duration.ofSeconds(-1)));
            waiter.complete();
            assertTrue(waiter.awaitWithin(Duration.ZERO));
        });
    }

    @Test
    void awaitWithinALimitThrowsWhenCancelled() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            Task<Boolean> task = spawn(() -> waiter.awaitWithin(Duration.ofSeconds(10)));
            checkpoint();
            task.cancel("enough");
            assertThrows(TaskCancelledException.class, task::join);
            assertFalse(waiter.complete());
            assertEquals(0, currentLoop().statistics().timers());
        });
    }

    @Test
    void threadOutsideOfLoopsWaitsWithALimitToo() {
        Waiter waiter = new Waiter("a value");
        assertFalse(waiter.awaitWithin(Duration.ofMillis(1)));
        Thread.ofPlatform().start(waiter::complete);
        assertTrue(waiter.awaitWithin(Duration.ofSeconds(30)));
    }

    @Test
    void givenUpWaiterTakesNoValue() {
        Waiter waiter = new Waiter("a value");
        assertTrue(waiter.cancel());
        assertFalse(waiter.cancel());
        assertFalse(waiter.complete());
        Waiter completed = new Waiter("a value");
        completed.complete();
        assertFalse(completed.cancel());
    }
}
