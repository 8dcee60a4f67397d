package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.Unyielding;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocking work runs on other threads while its task waits, cancels included. */
final class OffloadTest {

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void busyWorkRunsElsewhereWhileTheOthersGoOn() {
        run(() -> {
            AtomicBoolean stop = new AtomicBoolean();
            Task<String> busy = spawn(() -> offload(() -> {
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
                return "result";
            }));
            checkpoint();
            stop.set(true);
            assertEquals("result", busy.join());
        });
    }

    @Test
    void failuresComeOutAsABodysWould() {
        run(() -> {
            IllegalStateException unchecked = new IllegalStateException("bad");
            assertSame(unchecked, assertThrows(IllegalStateException.class, () -> offload(() -> {
                throw unchecked;
            })));
            IOException checked = new IOException("disk");
            assertSame(checked, assertThrows(TaskFailedException.class, () -> offload(() -> {
                throw checked;
            })).getCause());
            assertThrows(AssertionError.class, () -> offload(() -> {
                throw new AssertionError("fatal");
            }));
        });
    }

    @Test
    void virtualThreadsThatABodyStartsAllGoOn() {
        int most = 200;
        var met = new CyclicBarrier(most + 1);
        run(() -> timeout(ofSeconds(20), () -> offload(() -> {
            IntStream.range(0, most).forEach(_ -> Thread.ofVirtual().start(() -> meet(met)));
            meet(met);
        })));
        assertFalse(met.isBroken());
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void resultMayBeNull() {
        run(() -> assertNull(Heddle.<String>offload(() -> null)));
    }

    @Test
    void cancelInterruptsTheBodyAndWaitsForItsEnd() {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            boolean done = CancelScope.open(scope -> {
                offload(() -> {
                    loop.callFromThread(() -> scope.cancel("enough"));
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        Thread.interrupted();
                        Thread.sleep(10);
                        log.add("body ended");
                    }
                });
            });
            log.add(done ? "done" : "cut off");
        });
        assertEquals(List.of("body ended", "cut off"), log);
    }

    @Test
    void resultThatTheBodyGivesDespiteTheCancelIsDelivered() {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            CancelScope.open(scope -> {
                log.add(offload(() -> {
                    loop.callFromThread(() -> scope.cancel("enough"));
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        return "rescued";
                    }
                    return "never";
                }));
                checkpoint();
                log.add("unreachable");
            });
        });
        assertEquals(List.of("rescued"), log);
    }

    @Test
    void cancelledCallerStartsNothing() {
        run(() -> CancelScope.open(scope -> {
            scope.cancel("enough");
            assertThrows(CancelledException.class, () -> offload(() -> log.add("started")));
        }));
        assertEquals(List.of(), log);
    }

    @Test
    void bodyIsInNoTask() {
        run(() -> offload(() -> {
            assertThrows(IllegalStateException.class, Heddle::currentTask);
            assertThrows(IllegalStateException.class, () -> Heddle.sleep(ofMillis(1)));
        }));
    }

    @Test
    void bodyMaySpawnOnTheLoopAndJoin() {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            assertEquals("from the loop", Heddle.<String>offload(
                    () -> loop.spawn(() -> Heddle.<String>offload(() -> "from the loop")).join()));
        });
    }

    @Test
    void moreBodiesThanWorkersAllRun() {
        run(() -> {
            List<Integer> items = IntStream.range(0, OffloadThreads.MAX * 4).boxed().toList();
            assertEquals(items, map(items, items.size(), item -> Heddle.<Integer>offload(() -> {
                Thread.sleep(1);
                return item;
            })));
        });
    }

    @Test
    void whoWasBusyLastIsBusyNextSoThatTheOthersEndThoughThereIsAlwaysALittleToDo() throws Exception {
        var threads = new OffloadThreads();
        var allBusy = new CyclicBarrier(9);
        for (int i = 0; i < 8; i++) {
            threads.execute(() -> awaitAt(allBusy));
        }
        allBusy.await();
        Set<Thread> used = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            while (threads.idle() < 8) {
                Thread.onSpinWait();
            }
            var done = new CountDownLatch(1);
            threads.execute(() -> {
                used.add(Thread.currentThread());
                done.countDown();
            });
            done.await();
        }
        assertEquals(1, used.size(), used.toString());
    }

    private static void awaitAt(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void atMostSoManyBodiesAreBusyAtATime() {
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        run(() -> group(g -> {
            for (int i = 0; i < OffloadThreads.MAX * 2; i++) {
                g.spawn(() -> offload(() -> {
                    most.accumulateAndGet(busy.incrementAndGet(), Math::max);
                    long end = System.nanoTime() + 1_000_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    busy.decrementAndGet();
                }));
            }
        }));
        assertTrue(most.get() <= OffloadThreads.MAX, most.get() + " at a time");
    }

    @Test
    void bodyThatIsNotYetBegunWhenCancelledStillEndsTheWait() {
        run(() -> {
            for (int i = 0; i < 200; i++) {
                assertFalse(CancelScope.open(scope -> {
                    Heddle.currentLoop().callSoon(() -> scope.cancel("at once"));
                    offload(() -> Thread.sleep(60_000));
                }));
            }
        });
    }

    @Test
    void bodyForWhichNoWorkerIsFreeEndsWithItsDeadlineAndNeverRuns() {
        run(() -> group(g -> {
            AtomicInteger busy = new AtomicInteger();
            for (int i = 0; i < OffloadThreads.MAX; i++) {
                g.spawn(() -> offload(() -> {
                    busy.incrementAndGet();
                    HoldsItsWorker.await();
                }));
            }
            while (busy.get() < OffloadThreads.MAX) {
                sleep(ofMillis(1));
            }
            try {
                assertThrows(DeadlineExceededException.class,
                        () -> timeout(ofMillis(20), () -> offload(() -> log.add("ran"))));
            } finally {
                Gate.OPEN.countDown();
            }
        }));
        run(() -> offload(() -> {})); // behind the forgotten body in the queue
        assertEquals(List.of(), log);
    }

    @Test
    void bodiesThatAreCancelledBehindStuckWorkersLeaveNothing() {
        cancelBehindStuckWorkers(1_000);
    }

    @Test
    @Tag("full")
    void millionBodiesThatAreCancelledBehindStuckWorkersLeaveNothing() {
        cancelBehindStuckWorkers(1_000_000);
    }

    private void cancelBehindStuckWorkers(int bodies) {
        CountDownLatch stuck = new CountDownLatch(OffloadThreads.MAX);
        CountDownLatch free = new CountDownLatch(1);
        run(() -> group(g -> {
            for (int i = 0; i < OffloadThreads.MAX; i++) {
                g.spawn(() -> offload(() -> Unyielding.run(() -> {
                    stuck.countDown();
                    awaitUninterrupted(free);
                })));
            }
            while (stuck.getCount() > 0) {
                sleep(ofMillis(1));
            }
            int before = OffloadThreads.queued();
            try {
                assertFalse(moveOnAfter(ofMillis(5), () -> group(cancelled -> {
                    for (int i = 0; i < bodies; i++) {
                        cancelled.spawn(() -> offload(() -> log.add("ran")));
                    }
                })));
                assertTrue(OffloadThreads.queued() <= before, OffloadThreads.queued() + " left");
            } finally {
                free.countDown();
            }
        }));
        assertEquals(List.of(), log);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bodyThatAsksWhetherItIsCancelledIsTold() {
        run(() -> assertTrue(moveOnAfter(ofMillis(5), () -> Heddle.<String>offload(() -> {
            while (true) {
                CancelScope.throwIfCancelled();
                Thread.onSpinWait();
            }
        })).isEmpty()));
    }

    @Test
    void outsideOfTasksItIsRefused() {
        assertThrows(IllegalStateException.class, () -> offload(() -> log.add("started")));
    }

    /** A class whose initializer waits: who runs it, or waits for its end, does not give way. */
    private static final class HoldsItsWorker {
        static {
            try {
                Gate.OPEN.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        static void await() {}
    }

    private static final class Gate {
        static final CountDownLatch OPEN = new CountDownLatch(1);
    }
}
