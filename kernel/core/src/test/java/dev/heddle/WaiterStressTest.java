package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A waiter that threads complete and cancel at the same time has one outcome. */
@Tag("full")
final class WaiterStressTest {

    private static final int ROUNDS = 5_000;

    @Test
    void completeAndCancelOfTwoThreadsNeverLoseOrDoubleAValue() throws Exception {
        AtomicInteger committed = new AtomicInteger();
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(2);
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            for (int round = 0; round < ROUNDS; round++) {
                Waiter waiter = new Waiter("a value");
                Task<Void> task = loop.spawn(() -> {
                    try {
                        waiter.await();
                        delivered.incrementAndGet();
                    } catch (CancelledException e) {
                        cancelled.incrementAndGet();
                    }
                });
                Thread completer = Thread.ofPlatform().start(() -> {
                    meet(together);
                    if (waiter.complete()) {
                        committed.incrementAndGet();
                    }
                });
                meet(together);
                task.cancel("racing");
                completer.join();
                task.join();
                assertEquals(committed.get(), delivered.get(), "in round " + round);
            }
        }
        assertEquals(ROUNDS, delivered.get() + cancelled.get());
    }

    @Test
    void twoCompletersHaveOneWinner() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
            Waiter waiter = new Waiter("a value");
            AtomicInteger winners = new AtomicInteger();
            Runnable complete = () -> {
                meet(together);
                if (waiter.complete()) {
                    winners.incrementAndGet();
                }
            };
            Thread other = Thread.ofPlatform().start(complete);
            complete.run();
            other.join();
            assertEquals(1, winners.get());
        }
    }

    @Test
    void threadOutsideOfLoopsIsWokenEachTime() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Waiter waiter = new Waiter("a value");
            Thread completer = Thread.ofPlatform().start(waiter::complete);
            waiter.await();
            assertTrue(waiter.isCompleted());
            completer.join();
        }
    }

    @Test
    void taskThatMadeItOrMadeItReadyAgainIsWokenEachTime() throws Exception {
        AtomicReference<Waiter> open = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread completer = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                Waiter waiter = open.getAndSet(null);
                if (waiter == null) {
                    Thread.yield();
                } else {
                    waiter.complete();
                }
            }
        });
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            loop.spawn(() -> {
                Waiter again = new Waiter("a value");
                for (int round = 0; round < ROUNDS; round++) {
                    Waiter fresh = new Waiter("a value");
                    open.set(fresh);
                    fresh.await();
                    again.reset();
                    open.set(again);
                    again.await();
                }
            }).join();
        } finally {
            over.set(true);
            completer.join();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
