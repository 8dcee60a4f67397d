package dev.heddle.sync;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.WorkerPool;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What ends gives back what it holds, or breaks it, whoever it was. */
final class HoldersThatEndTest {

    private final Mutex mutex = Mutex.named("noodles");
    private final ConcurrencyLimiter limiter = ConcurrencyLimiter.named("tables", 1);

    // ---- a mutex ----

    @Test
    void bodyOnAWorkerBreaksAtItsEndTheMutexThatItHolds() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.submit(mutex::tryAcquire).get();
            String message = assertThrows(BrokenException.class, mutex::tryAcquire).getMessage();
            assertTrue(message.contains("a body on thread") && message.contains("ended without releasing it"), message);
            mutex.repair();
            assertTrue(pool.submit(mutex::tryAcquire).get());
        }
    }

    @Test
    void thoseWhoWaitForABodyOnAWorkerAreToldAtItsEnd() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (WorkerPool pool = WorkerPool.of(1)) {
            CountDownLatch held = new CountDownLatch(1);
            Future<?> body = pool.submit(() -> {
                mutex.acquire();
                held.countDown();
                end.await();
                return null;
            });
            held.await();
            run(() -> {
                Task<Void> waiting = spawn(mutex::acquire);
                Heddle.checkpoint();
                end.countDown();
                assertThrows(BrokenException.class, waiting::join);
            });
            body.get();
        }
    }

    @Test
    void bodyThatWasHandedTheMutexBreaksItToo() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            mutex.acquire();
            Future<?> body = pool.submit(mutex::acquire);
            while (mutex.statistics().waiting() == 0) {
                Thread.onSpinWait();
            }
            mutex.release();
            body.get();
            assertThrows(BrokenException.class, mutex::tryAcquire);
        }
    }

    @Test
    void bodyThatReleasesWhatItHeldBreaksNothing() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.submit(() -> mutex.run(() -> {})).get();
            assertTrue(mutex.tryAcquire());
        }
    }

    @Test
    void bodyInsideOfAnotherLeavesItWhatItHolds() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            pool.submit(() -> {
                mutex.acquire();
                pool.submit(() -> {}).get();
                mutex.release();
                return null;
            }).get();
            assertTrue(mutex.tryAcquire());
        }
    }

    @Test
    void offloadedBodyBreaksAtItsEndTheMutexThatItHolds() {
        run(() -> {
            offload(mutex::tryAcquire);
            assertThrows(BrokenException.class, mutex::tryAcquire);
        });
    }

    @Test
    void offloadedBodyOfASimulationBreaksOnlyWhatItHasTakenItself() {
        ManualEngine.run(() -> {
            Mutex outer = Mutex.create();
            outer.acquire();
            offload(mutex::tryAcquire);
            assertThrows(BrokenException.class, mutex::tryAcquire);
            outer.release();
        });
    }

    @Test
    void callbackBreaksAtItsEndTheMutexThatItHolds() {
        ManualEngine.run(() -> {
            currentLoop().callSoon(mutex::acquire);
            assertThrows(BrokenException.class, () -> {
                sleep(Duration.ofSeconds(1));
                mutex.tryAcquire();
            });
        });
    }

    @Test
    void taskThatItsLoopLeftBehindBreaksWhatItHolds() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Config hasty = Config.DEFAULT.withShutdownTimeout(Duration.ofMillis(1)).withFailureHandler((what, failure) -> {
        });
        run(hasty, () -> {
            currentLoop().spawn("stubborn", () -> {
                mutex.acquire();
                while (true) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        // It does not listen.
                    }
                }
            });
            Heddle.checkpoint();
        });
        assertThrows(BrokenException.class, mutex::acquire);
    }

    @Test
    void threadThatHasEndedBreaksTheMutexForWhoeverAsksFirst() throws InterruptedException {
        List<Consumer<Mutex>> asked = List.of(
                each -> assertThrows(BrokenException.class, each::tryAcquire),
                each -> assertThrows(BrokenException.class, each::acquire),
                each -> assertThrows(BrokenException.class, each::release),
                each -> assertThrows(BrokenException.class, each.newCondition()::signal),
                each -> assertFalse(each.isHeld()),
                each -> assertTrue(each.holder().isEmpty()),
                each -> assertEquals(new MutexState.Statistics(false, 0, true), each.statistics()),
                each -> {
                    each.repair();
                    assertTrue(each.tryAcquire());
                });
        for (Consumer<Mutex> ask : asked) {
            Mutex fresh = Mutex.create();
            Thread thread = Thread.ofPlatform().start(fresh::acquire);
            thread.join();
            ask.accept(fresh);
        }
    }

    @Test
    void whoWaitsAloneForAThreadIsToldOfItsEndAtTheNextLook() throws InterruptedException {
        var has = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            mutex.acquire();
            has.countDown();
            assertTrue(awaitUninterrupted(end));
        });
        has.await();
        ManualEngine.run(() -> {
            Task<Void> waiting = spawn(mutex::acquire);
            Heddle.checkpoint();
            end.countDown();
            awaitEnd(thread);
            assertThrows(BrokenException.class, waiting::join);
            assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
            mutex.repair();
            assertTrue(mutex.tryAcquire());
            mutex.release();
        });
    }

    @Test
    void whoWaitsBehindAThreadIsToldOfItsEndAtTheNextLook() {
        ManualEngine.run(() -> {
            mutex.acquire();
            var end = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform().start(() -> {
                mutex.acquire();
                assertTrue(awaitUninterrupted(end));
            });
            while (mutex.statistics().waiting() == 0) {
                Thread.onSpinWait();
            }
            Task<Void> behind = spawn(mutex::acquire);
            Heddle.checkpoint();
            mutex.release();
            end.countDown();
            awaitEnd(thread);
            assertThrows(BrokenException.class, behind::join);
            assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
        });
    }

    // ---- a token ----

    @Test
    void taskThatEndsGivesItsTokenToWhoWaitsAndIsReported() {
        var reports = new ConcurrentLinkedQueue<Throwable>();
        run(ManualEngine.config().withFailureHandler((what, failure) -> reports.add(failure)), () -> {
            spawn("guest", () -> {
                limiter.acquire();
                sleep(Duration.ofSeconds(1));
            });
            Heddle.checkpoint();
            limiter.acquire();
            assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
            limiter.release();
            Heddle.checkpoint();
        });
        assertEquals(1, reports.size());
        assertEquals(
                "task guest ended without giving its token of limiter tables back; it was given back for it",
                reports.element().getMessage());
        assertEquals("HoldersThatEndTest.java", reports.element().getStackTrace()[0].getFileName());
    }

    @Test
    void taskThatWasHandedATokenGivesItBackToo() {
        run(ManualEngine.config().withFailureHandler((what, failure) -> {}), () -> {
            limiter.acquire();
            Task<Void> guest = spawn(limiter::acquire);
            Heddle.checkpoint();
            limiter.release();
            guest.join();
            assertEquals(0, limiter.statistics().borrowed());
        });
    }

    @Test
    void bodyOnAWorkerGivesItsTokenBack() throws Exception {
        try (WorkerPool pool = WorkerPool.of(1)) {
            assertTrue(pool.submit(limiter::tryAcquire).get());
            assertTrue(pool.submit(limiter::tryAcquire).get());
            assertEquals(0, limiter.statistics().borrowed());
        }
    }

    @Test
    void threadThatHasEndedGivesItsTokenBackWhenSomebodyAsks() throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(limiter::acquire);
        thread.join();
        assertTrue(limiter.tryAcquire());
    }

    @Test
    @Tag("full")
    void threadThatEndsGivesItsTokenToWhoWaits() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch has = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            limiter.acquire();
            has.countDown();
            assertTrue(awaitUninterrupted(end));
        });
        has.await();
        run(() -> {
            Task<Void> waiting = spawn(limiter::acquire);
            Heddle.checkpoint();
            end.countDown();
            waiting.join();
        });
        thread.join();
    }

    @Test
    void threadThatEndsGivesItsTokenToWhoWaitsAtTheNextLookAndIsReported() throws InterruptedException {
        var told = new LinkedBlockingQueue<LogRecord>();
        Logger logger = Logger.getLogger("dev.heddle");
        logger.setFilter(entry -> !told.add(entry));
        var has = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("old school").start(() -> {
            limiter.acquire();
            has.countDown();
            assertTrue(awaitUninterrupted(end));
        });
        has.await();
        try {
            ManualEngine.run(() -> {
                Task<Void> waiting = spawn(() -> limiter.run(() -> {}));
                Heddle.checkpoint();
                assertFalse(limiter.tryAcquire(), "its thread is alive");
                end.countDown();
                awaitEnd(thread);
                waiting.join();
                assertEquals(Duration.ofSeconds(1), ManualEngine.elapsed());
                limiter.run(() -> {});
            });
            LogRecord lost = told.take();
            assertEquals("limiter tables has lost a borrower", lost.getMessage());
            assertTrue(lost.getThrown().getMessage().startsWith("thread old school ended without giving its token"));
        } finally {
            logger.setFilter(null);
        }
    }

    @Test
    void taskThatGivesTheTokenOfAnotherBackStillGivesItsOwnBackAtItsEnd() {
        ConcurrencyLimiter two = ConcurrencyLimiter.of(2);
        run(ManualEngine.config().withFailureHandler((what, failure) -> {}), () -> {
            two.acquireFor("order 17");
            spawn(() -> {
                two.acquire();
                two.releaseFor("order 17");
            }).join();
            assertEquals(0, two.statistics().borrowed());
        });
    }

    @Test
    void taskRemembersNothingThatItHasReleased() {
        ManualEngine.run(() -> {
            List<WeakReference<?>> used = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                ConcurrencyLimiter token = ConcurrencyLimiter.of(1);
                MutexState lock = new MutexState("a mutex");
                token.run(() -> assertTrue(lock.tryAcquire()));
                lock.release();
                used.add(new WeakReference<>(token));
                used.add(new WeakReference<>(lock));
            }
            System.gc();
            long alive = used.stream().filter(each -> !each.refersTo(null)).count();
            assertTrue(alive < 10, alive + " are kept");
        });
    }

    private static void awaitEnd(Thread thread) {
        while (thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void borrowerThatWasNamedKeepsItsToken() {
        ManualEngine.run(() -> {
            spawn(() -> limiter.acquireFor("order 17")).join();
            assertFalse(limiter.tryAcquire());
            limiter.releaseFor("order 17");
            assertTrue(limiter.tryAcquire());
        });
    }

    private static boolean awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
