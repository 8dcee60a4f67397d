package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A virtual thread that a task starts by itself is nobody's task: it runs on the JDK's scheduler, beside the loop. */
final class SpawnedVirtualThreadTest {

    @Test
    void itRunsOnTheSchedulerOfTheJdkAndNotOnTheLoop() {
        run(() -> {
            String loopThread = VirtualThreads.currentCarrier().getName();
            CompletableFuture<String> carrier = new CompletableFuture<>();
            Thread.startVirtualThread(() -> carrier.complete(VirtualThreads.currentCarrier().getName()));
            assertNotEquals(loopThread, carrier.get(10, TimeUnit.SECONDS));
            assertTrue(carrier.get().contains("ForkJoin"), carrier.get());
        });
    }

    @Test
    void itRunsWhileItsStarterHoldsTheLoop() {
        run(() -> {
            AtomicBoolean ran = new AtomicBoolean();
            Thread.startVirtualThread(() -> ran.set(true));
            long start = System.nanoTime();
            while (!ran.get() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
                Thread.onSpinWait();
            }
            assertTrue(ran.get());
        });
    }

    /** A fork of a structured task scope is a thread of this kind as well. */
    @Test
    void refusalNamesTheWayToALoop() {
        run(() -> {
            for (Executor threads : List.<Executor>of(Thread::startVirtualThread, ForkJoinPool.commonPool())) {
                String refusal = CompletableFuture
                        .supplyAsync(() -> assertThrows(IllegalStateException.class, Heddle::currentLoop), threads)
                        .get()
                        .getMessage();
                assertTrue(
                        refusal.startsWith(
                                "no task is running here: call this inside Heddle.run(...) or a task, not in "),
                        refusal);
                assertTrue(refusal.contains("loop.spawn(() -> ...).join()"), refusal);
            }
        });
    }

    @Test
    void itIsInNoTaskAndMayNotTouchTheLoop() {
        run(() -> {
            Loop loop = currentLoop();
            CompletableFuture<String> checked = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    assertThrows(IllegalStateException.class, Heddle::currentTask);
                    assertThrows(IllegalStateException.class, Heddle::currentLoop);
                    assertThrows(IllegalStateException.class, Heddle::checkpoint);
                    assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> {}));
                    assertEquals("joined", loop.spawn(() -> "joined").join());
                    checked.complete("all refused");
                } catch (Throwable e) {
                    checked.completeExceptionally(e);
                }
            });
            assertEquals("all refused", checked.get(10, TimeUnit.SECONDS));
        });
    }

    @Test
    void itMayWaitAndBeWokenManyTimes() {
        run(() -> {
            CompletableFuture<Integer> counted = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                int count = 0;
                try {
                    for (int i = 0; i < 100; i++) {
                        Thread.sleep(0, 1000);
                        Thread.yield();
                        count++;
                    }
                } catch (InterruptedException e) {
                    counted.completeExceptionally(e);
                }
                counted.complete(count);
            });
            assertEquals(100, counted.get(10, TimeUnit.SECONDS));
        });
    }

    @Test
    void itMayOutliveTheTaskAndTheLoop() throws Exception {
        CompletableFuture<String> go = new CompletableFuture<>();
        List<Thread> threads = new ArrayList<>();
        run(() -> {
            Heddle.spawn(() -> threads.add(Thread.startVirtualThread(go::join))).join();
            checkpoint();
        });
        assertTrue(threads.getFirst().isAlive());
        go.complete("go");
        threads.getFirst().join();
        assertFalse(threads.getFirst().isAlive());
    }

    @Test
    void executorOfVirtualThreadsWorksInATask() {
        run(() -> {
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    int number = i;
                    futures.add(executor.submit(() -> {
                        Thread.sleep(1);
                        return number;
                    }));
                }
                for (int i = 0; i < 50; i++) {
                    assertEquals(i, futures.get(i).get());
                }
            }
        });
    }
}
