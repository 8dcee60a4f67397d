package dev.heddle.sync;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens when the holder of a mutex ends without releasing it. */
final class BrokenMutexTest {

    private static final MutexStatistics BROKEN = new MutexState.Statistics(false, 0, true);

    private final Mutex mutex = Mutex.named("noodles");

    @Test
    void thoseWhoWaitAreToldWhoseEndBrokeIt() {
        ManualEngine.run(() -> {
            spawn("cook", () -> {
                mutex.acquire();
                sleep(Duration.ofSeconds(1));
            });
            checkpoint();
            List<Task<Void>> waiting = List.of(
                    spawn(mutex::acquire),
                    spawn(() -> {
                        mutex.acquireWithin(Duration.ofHours(1));
                    }));
            for (Task<Void> each : waiting) {
                BrokenException told = assertThrows(BrokenException.class, each::join);
                assertEquals("mutex noodles is broken: task cook ended without releasing it", told.getMessage());
            }
            assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
            assertEquals(BROKEN, mutex.statistics());
        });
    }

    @Test
    void thoseWhoComeLaterAreToldToo() {
        ManualEngine.run(() -> {
            spawn("cook", mutex::acquire).join();
            assertThrows(BrokenException.class, mutex::acquire);
            assertThrows(BrokenException.class, mutex::tryAcquire);
            assertThrows(BrokenException.class, () -> mutex.acquireWithin(Duration.ofSeconds(1)));
            assertThrows(BrokenException.class, () -> mutex.run(() -> "never"));
            assertThrows(BrokenException.class, mutex::release);
            assertEquals(BROKEN, mutex.statistics());
        });
    }

    @Test
    void holderThatFailedOrWasCancelledBreaksItAsWell() {
        ManualEngine.run(() -> {
            Task<Void> holder = spawn("cook", () -> {
                mutex.acquire();
                sleep(Duration.ofHours(1));
            });
            checkpoint();
            Task<Void> waiting = spawn(mutex::acquire);
            checkpoint();
            holder.cancel();
            assertThrows(TaskCancelledException.class, holder::join);
            assertThrows(BrokenException.class, waiting::join);
        });
    }

    @Test
    void oneThatWasHandedItAndThenEndsBreaksItForTheRest() {
        ManualEngine.runInManyOrders(20, () -> {
            Mutex fresh = Mutex.create();
            fresh.acquire();
            Task<Void> careless = spawn("careless", fresh::acquire);
            awaitWaiting(fresh, 1);
            Task<Void> careful = spawn(() -> fresh.run(() -> {}));
            awaitWaiting(fresh, 2);
            fresh.release();
            careless.join();
            String message = assertThrows(BrokenException.class, careful::join).getMessage();
            assertTrue(message.contains("task careless ended"), message);
        });
    }

    @Test
    void taskThatEndsAfterReleasingBreaksNothing() {
        ManualEngine.run(() -> {
            Task<Void> holder = spawn(() -> mutex.run(() -> sleep(Duration.ofSeconds(1))));
            checkpoint();
            assertEquals("mine", mutex.run(() -> "mine"));
            holder.join();
            checkpoint();
            assertEquals(new MutexState.Statistics(false, 0, false), mutex.statistics());
        });
    }

    @Test
    void repairedItCanBeUsedAgain() {
        ManualEngine.run(() -> {
            spawn("cook", mutex::acquire).join();
            assertThrows(BrokenException.class, mutex::acquire);
            mutex.repair();
            mutex.repair();
            assertEquals("mine", mutex.run(() -> "mine"));
        });
    }

    @Test
    void oneThatNobodyHasAskedForSinceItBrokeIsRepairedToo() {
        ManualEngine.run(() -> {
            spawn("cook", mutex::acquire).join();
            mutex.repair();
            assertEquals("mine", mutex.run(() -> "mine"));
        });
    }

    @Test
    void itSaysSoBeforeAnybodyAsksForIt() {
        ManualEngine.run(() -> {
            spawn("cook", mutex::acquire).join();
            assertFalse(mutex.isHeld());
            assertTrue(mutex.holder().isEmpty());
            assertEquals(BROKEN, mutex.statistics());
        });
    }

    @Test
    void whoReleasesItInsteadOfADeadHolderIsToldToo() {
        ManualEngine.run(() -> {
            spawn("cook", mutex::acquire).join();
            assertThrows(BrokenException.class, mutex::release);
        });
    }

    @Test
    void whoHasJoinedAHolderOfAnotherLoopCanRepairItAtOnce() {
        run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            for (int i = 0; i < 1_000; i++) {
                Mutex fresh = Mutex.create();
                other.spawn(fresh::acquire).join();
                fresh.repair();
                assertTrue(fresh.tryAcquire());
            }
        });
    }

    @Test
    void thoseWhoWaitForAConditionAreToldThoughNobodyElseAsksForTheMutex() {
        ManualEngine.run(() -> {
            Condition condition = mutex.newCondition();
            Task<Void> waiting = spawn(() -> mutex.run(condition::await));
            checkpoint();
            spawn("cook", () -> {
                mutex.acquire();
                sleep(Duration.ofSeconds(1));
            });
            BrokenException told = assertThrows(BrokenException.class, waiting::join);
            assertEquals("mutex noodles is broken: task cook ended without releasing it", told.getMessage());
            assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
        });
    }

    @Test
    void thoseWhoWaitForAConditionOfItAreToldBecauseNobodyCanSignalThem() {
        ManualEngine.run(() -> {
            Condition condition = mutex.newCondition();
            Task<Void> waiting = spawn(() -> mutex.run(condition::await));
            checkpoint();
            assertEquals(1, condition.statistics().waiting());
            spawn("cook", mutex::acquire).join();
            assertThrows(BrokenException.class, mutex::acquire);
            assertThrows(BrokenException.class, waiting::join);
            assertEquals(0, condition.statistics().waiting());
        });
    }

    @Test
    void thoseWhoStillWaitForAConditionAreToldThoughOneOfThemHasGoneOn() {
        ManualEngine.run(() -> {
            Condition condition = mutex.newCondition();
            Task<Void> first = spawn(() -> mutex.run(condition::await));
            Task<Void> second = spawn(() -> mutex.run(condition::await));
            checkpoint();
            mutex.run(condition::signal);
            first.join();
            spawn("cook", mutex::acquire).join();
            assertThrows(BrokenException.class, second::join);
            assertEquals(0, condition.statistics().waiting());
        });
    }

    @Test
    void endOfATaskOfAnotherLoopIsNoticedAtOnce() {
        run(Config.DEFAULT.withLoops(2), () -> {
            Loop other = currentLoop().siblings().get(1);
            Event held = Event.create();
            Event end = Event.create();
            Task<Void> holder = other.spawn(() -> {
                mutex.acquire();
                held.set();
                end.await();
            });
            held.await();
            Task<Void> waiting = spawn(mutex::acquire);
            checkpoint();
            end.set();
            assertThrows(BrokenException.class, waiting::join);
            holder.join();
        });
    }

    @Test
    @Tag("full")
    void endOfAThreadIsNoticedWithinTheTimeOfALook() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        Event end = Event.create();
        Thread holder = Thread.ofPlatform().name("old school").start(() -> {
            mutex.acquire();
            held.countDown();
            end.await();
        });
        held.await();
        run(() -> {
            Task<Void> waiting = spawn(mutex::acquire);
            Task<Void> behind = spawn(mutex::acquire);
            checkpoint();
            end.set();
            String message = assertThrows(BrokenException.class, waiting::join).getMessage();
            assertTrue(message.contains("thread old school ended"), message);
            assertThrows(BrokenException.class, behind::join);
        });
        holder.join();
    }

    @Test
    void threadThatWaitsIsToldOfTheEndOfATask() throws InterruptedException {
        Event held = Event.create();
        Event waiting = Event.create();
        Throwable[] told = new Throwable[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            held.await();
            waiting.set();
            told[0] = assertThrows(BrokenException.class, mutex::acquire);
        });
        run(() -> {
            spawn("cook", () -> {
                mutex.acquire();
                held.set();
                while (mutex.statistics().waiting() == 0) {
                    sleep(Duration.ofMillis(1));
                }
            }).join();
        });
        thread.join();
        assertTrue(told[0].getMessage().contains("task cook ended"), told[0].getMessage());
    }

    @Test
    void taskIsWatchedOnceHoweverOftenItTakesItsTurn() {
        ManualEngine.run(() -> {
            Task<Void> other = spawn(this::takeTurns);
            Task<Void> watched = spawn(() -> {
                takeTurns();
                sleep(Duration.ofSeconds(1));
            });
            other.join();
            endsWithFewCallbacks(watched);
        });
    }

    @Test
    void taskIsNotWatchedAnyMoreOnceNobodyWaits() {
        ManualEngine.run(() -> endsWithFewCallbacks(spawn(() -> {
            for (int i = 0; i < 1_000; i++) {
                Mutex fresh = Mutex.create();
                fresh.acquire();
                Task<Void> waiting = spawn(() -> fresh.run(() -> {}));
                awaitWaiting(fresh, 1);
                fresh.release();
                waiting.join();
            }
            sleep(Duration.ofSeconds(1));
        })));
    }

    @Test
    void tasksThatHaveEndedAreForgottenThoughOthersAlwaysWait() {
        ManualEngine.run(() -> {
            List<WeakReference<Task<Void>>> all = new ArrayList<>();
            Task<Void> holder = spawn(() -> mutex.run(() -> awaitWaiting(mutex, 1)));
            for (int i = 0; i < 100; i++) {
                all.add(new WeakReference<>(holder));
                Task<Void> next = spawn(() -> mutex.run(() -> awaitWaiting(mutex, 1)));
                holder.join();
                holder = next;
            }
            System.gc();
            long alive = all.stream().filter(each -> !each.refersTo(null)).count();
            assertTrue(alive < 10, alive + " tasks are kept");
            mutex.run(() -> {});
        });
    }

    private void takeTurns() {
        for (int i = 0; i < 1_000; i++) {
            mutex.run(() -> checkpoint());
        }
    }

    private static void endsWithFewCallbacks(Task<Void> task) {
        sleep(Duration.ofMillis(1));
        long before = currentLoop().statistics().ran();
        task.join();
        checkpoint();
        long callbacks = currentLoop().statistics().ran() - before;
        assertTrue(callbacks < 10, callbacks + " items ran at its end");
    }

    private static void awaitWaiting(Mutex mutex, int calls) {
        while (mutex.statistics().waiting() < calls) {
            checkpoint();
        }
    }
}
