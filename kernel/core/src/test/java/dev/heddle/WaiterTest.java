package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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

    // ---- made by one, awaited by another ----

    @Test
    void whoAwaitsIsWokenWhoeverMadeItOrMadeItReadyAgain() throws Exception {
        List<Waiter> made = new ArrayList<>(List.of(new Waiter("made by a thread")));
        ManualEngine.run(() -> {
            made.add(new Waiter("made by a task"));
            for (Waiter waiter : made) {
                for (int round = 0; round < 3; round++) {
                    Task<Void> task = spawn(waiter::await);
                    checkpoint();
                    assertTrue(waiter.complete());
                    task.join();
                    waiter.reset();
                }
            }
        });
        for (Waiter waiter : made) { // made ready again by a task that is no more
            var waiting = new FutureTask<>(waiter::await, true);
            untilWaiting(Thread.ofPlatform().start(waiting));
            assertTrue(waiter.complete());
            assertTrue(waiting.get());
        }
    }

    @Test
    void makerThatWaitsElsewhereGoesOnWaiting() {
        ManualEngine.run(() -> {
            Waiter given = new Waiter("what others await");
            Task<Void> other = spawn(given::await);
            spawn(given::complete);
            sleep(Duration.ofSeconds(1));
            assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
            assertTrue(other.isDone());
            Waiter early = new Waiter("what is there before it is awaited");
            spawn(early::complete);
            sleep(Duration.ofSeconds(1));
            early.await();
            sleep(Duration.ofSeconds(1));
            assertEquals(Duration.ofSeconds(3), ManualEngine.elapsed());
        });
    }

    @Test
    void onlyWhoWaitsNowIsSaidToWait() throws Exception {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            assertNull(waiter.fiber(), "its maker does not wait");
            Task<Void> task = spawn(waiter::await);
            assertNull(waiter.fiber());
            checkpoint();
            assertSame(task, waiter.fiber().task);
            waiter.complete();
            task.join();
            assertNull(waiter.fiber());
            waiter.reset();
            assertNull(waiter.fiber());
        });
    }

    // ---- threads outside of loops ----

    private static void untilWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive());
            Thread.yield();
        }
    }

    @Test
    void threadSleepsUntilItIsCompleted() throws Exception {
        Waiter waiter = new Waiter("a value");
        for (Runnable wait : List.<Runnable>of(
                waiter::await,
                () -> assertTrue(waiter.awaitWithin(Duration.ofSeconds(30))),
                () -> waiter.awaitDespiteCancel(() -> {}))) {
            waiter.reset();
            var waiting = new FutureTask<>(wait, true);
            Thread thread = Thread.ofPlatform().start(waiting);
            untilWaiting(thread);
            LockSupport.unpark(thread); // a wake-up without a cause
            untilWaiting(thread);
            assertTrue(waiter.complete());
            assertTrue(waiting.get());
        }
    }

    @Test
    void interruptEndsTheWaitOfAThreadAndStays() throws Exception {
        for (boolean limited : new boolean[]{false, true}) {
            Waiter waiter = new Waiter("a value");
            var waiting = new FutureTask<>(() -> {
                CancelledException told = assertThrows(CancelledException.class, () -> {
                    if (limited) {
                        waiter.awaitWithin(Duration.ofSeconds(30));
                    } else {
                        waiter.await();
                    }
                });
                assertTrue(told.getMessage().contains("a value"));
                return Thread.currentThread().isInterrupted();
            });
            Thread thread = Thread.ofPlatform().start(waiting);
            untilWaiting(thread);
            thread.interrupt();
            assertTrue(waiting.get());
            assertFalse(waiter.complete());
        }
    }

    @Test
    void interruptIsToldOnceToAThreadThatGoesOnWaitingAndStays() throws Exception {
        Waiter waiter = new Waiter("a value");
        var told = new AtomicInteger();
        var waiting = new FutureTask<>(() -> {
            waiter.awaitDespiteCancel(told::incrementAndGet);
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = Thread.ofPlatform().start(waiting);
        for (int i = 0; i < 2; i++) {
            untilWaiting(thread);
            thread.interrupt();
            while (told.get() == 0 || thread.isInterrupted()) {
                Thread.yield();
            }
        }
        untilWaiting(thread);
        assertTrue(waiter.complete());
        assertTrue(waiting.get());
        assertEquals(1, told.get());
        waiter.reset();
        waiter.complete();
        waiter.awaitDespiteCancel(told::incrementAndGet);
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void completeEndsAWaitWithALimitAtOnce() {
        ManualEngine.run(() -> {
            Waiter waiter = new Waiter("a value");
            spawn(waiter::complete);
            assertTrue(waiter.awaitWithin(Duration.ofSeconds(10)));
            assertEquals(Duration.ZERO, ManualEngine.elapsed());
        });
    }

    // ---- what it leaves behind ----

    @Test
    void waitThatHasEndedIsNoMoreTheTasksNorItsThreadTheWaiters() {
        ManualEngine.run(() -> {
            Task<?> me = currentTask();
            for (boolean cancelled : new boolean[]{false, true}) {
                for (Consumer<Waiter> wait : List.<Consumer<Waiter>>of(
                        Waiter::await,
                        waiter -> waiter.awaitWithin(Duration.ofSeconds(30)),
                        waiter -> waiter.awaitDespiteCancel(waiter::complete))) {
                    Waiter waiter = new Waiter("a value");
                    spawn(() -> {
                        assertSame(waiter, me.waiting);
                        if (!cancelled) {
                            waiter.complete();
                        }
                    });
                    if (cancelled) {
                        moveOnAfter(Duration.ofSeconds(1), () -> wait.accept(waiter));
                    } else {
                        wait.accept(waiter);
                    }
                    assertNull(me.waiting);
                }
            }
        });
    }

    @Test
    void interruptOfATaskIsItsCancelWhateverItWaitsIn() {
        for (Consumer<Waiter> wait : List.<Consumer<Waiter>>of(
                Waiter::await, waiter -> waiter.awaitWithin(Duration.ofSeconds(30)), waiter -> {
                    waiter.awaitDespiteCancel(waiter::complete);
                    checkpoint();
                })) {
            ManualEngine.run(() -> {
                Waiter waiter = new Waiter("a value");
                var threads = new ArrayList<Thread>();
                Task<Void> task = spawn(() -> {
                    threads.add(Thread.currentThread());
                    wait.accept(waiter);
                });
                checkpoint();
                threads.getFirst().interrupt();
                assertThrows(TaskCancelledException.class, task::join);
                assertEquals(Duration.ZERO, ManualEngine.elapsed());
            });
        }
    }

    // ---- ends of tasks and promises ----

    @Test
    void endOfATaskOrPromiseCompletesItUnlessItIsForgotten() {
        ManualEngine.run(() -> {
            for (boolean ofTask : new boolean[]{false, true}) {
                Promise<String> promise = new Promise<>();
                Joinable<String> joined = ofTask ? spawn(promise::join) : promise;
                Waiter forgotten = new Waiter("an end");
                forgotten.completeAtEndOf(joined).run();
                Waiter waiter = new Waiter("an end");
                waiter.completeAtEndOf(joined);
                checkpoint();
                assertTrue(waiter.isOpen());
                promise.complete("a");
                assertTrue(waiter.awaitWithin(Duration.ofSeconds(1)));
                assertTrue(forgotten.isOpen());
                Waiter late = new Waiter("an end");
                late.completeAtEndOf(joined);
                assertTrue(late.isCompleted());
                assertEquals("a", joined.join());
            }
            Waiter own = new Waiter("an end");
            assertThrows(IllegalStateException.class, () -> own.completeAtEndOf(currentTask()));
        });
    }

    @Test
    void oneOfSeveralWaysIsPickedEachInItsTurn() {
        Runnable picks = () -> {
            var picked = new HashSet<Integer>();
            for (int i = 0; i < 1_000; i++) {
                int way = Waiter.pick(3);
                assertTrue(way >= 0 && way < 3);
                picked.add(way);
            }
            assertEquals(3, picked.size());
        };
        picks.run();
        ManualEngine.run(picks::run);
    }
}
