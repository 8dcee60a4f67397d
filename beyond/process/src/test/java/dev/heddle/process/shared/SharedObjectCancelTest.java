package dev.heddle.process.shared;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cancelled call of a shared object leaves nothing taken, held or lost. */
@Tag("full")
@LeavesNothing
final class SharedObjectCancelTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private static void untilWaiting(Manager manager, int calls) {
        while (manager.statistics().callsUnderWay() != calls) {
            sleep(Duration.ofMillis(1));
        }
    }

    @Test
    void cancelledTakeHasTakenNothing() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedQueue<String> queue = manager.queue(1);
                assertThrows(DeadlineExceededException.class, () -> timeout(SHORT, () -> queue.take()));
                assertEquals(0, queue.statistics().waitingTakers());
                queue.put("a");
                assertEquals(Optional.of("a"), queue.tryTake());
            }
        });
    }

    @Test
    void cancelledPutHasLeftNothing() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedQueue<String> queue = manager.queue(1);
                queue.put("a");
                assertFalse(moveOnAfter(SHORT, () -> queue.put("b")));
                assertEquals("a", queue.take());
                assertEquals(Optional.empty(), queue.tryTake());
            }
        });
    }

    @Test
    void elementsAreNeitherLostNorDoubledWhenTakesAreCancelledAllTheTime() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedQueue<Integer> queue = manager.queue(4);
                List<Integer> got = new ArrayList<>();
                group(g -> {
                    g.spawn(() -> {
                        for (int i = 0; i < 300; i++) {
                            queue.put(i);
                        }
                        queue.close();
                    });
                    g.spawn(() -> {
                        try {
                            for (int i = 0;; i++) {
                                moveOnAfter(Duration.ofNanos(1_000L * (i % 300)), () -> queue.take())
                                        .ifPresent(got::add);
                            }
                        } catch (ClosedException e) {
                            // All is taken.
                        }
                    });
                });
                assertEquals(300, got.size());
                for (int i = 0; i < 300; i++) {
                    assertEquals(i, got.get(i));
                }
            }
        });
    }

    @Test
    void callInACancelledScopeDoesNothing() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedQueue<String> queue = manager.queue(1);
                CancelScope.open(scope -> {
                    scope.cancel("enough");
                    queue.put("a");
                });
                assertEquals(0, queue.statistics().size());
            }
        });
    }

    @Test
    void cancelledOpenLeavesNothing() {
        run(() -> {
            for (int i = 0; i < 10; i++) {
                moveOnAfter(Duration.ofNanos(100_000L * i), () -> {
                    try (Manager manager = Manager.open()) {
                        manager.event().await();
                    }
                });
            }
        });
    }

    @Test
    void whatIsPromptWorksInACancelledScope() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedMutex mutex = manager.mutex();
                CancelScope.open(scope -> mutex.run(() -> {
                    scope.cancel("enough");
                    sleep(SHORT);
                }));
                assertFalse(mutex.statistics().held());
            }
        });
    }

    @Test
    void cancelledAcquireDoesNotHoldTheMutexAndTheNextOneDoes() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedMutex mutex = manager.mutex();
                mutex.acquire();
                Task<Void> first = spawn(() -> mutex.acquire());
                untilWaiting(manager, 1);
                Task<Boolean> second = spawn(() -> mutex.run(() -> true));
                untilWaiting(manager, 2);
                first.cancel();
                untilWaiting(manager, 1);
                mutex.release();
                assertTrue(second.join());
            }
        });
    }

    @Test
    void taskThatEndsWithAMutexInHandHasBrokenIt() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedMutex mutex = manager.mutex();
                spawn("careless", () -> mutex.acquire()).join();
                BrokenException e = assertThrows(BrokenException.class, mutex::acquire);
                assertTrue(e.getMessage().contains("careless of this process"), e.getMessage());
            }
        });
    }

    @Test
    void cancelledWaitBreaksABarrier() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedBarrier barrier = manager.barrier(2);
                assertTrue(moveOnAfter(SHORT, () -> barrier.await()).isEmpty());
                assertTrue(barrier.isBroken());
            }
        });
    }

    @Test
    void taskThatWaitsLetsTheOthersOfItsLoopRun() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedEvent event = manager.event();
                Task<Void> waiting = spawn(() -> event.await());
                untilWaiting(manager, 1);
                event.set();
                waiting.join();
            }
        });
    }

    @Test
    void interruptEndsTheWaitOfAThreadWhichStaysInterrupted() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<String> queue = manager.queue(1);
            List<Throwable> thrown = new ArrayList<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    queue.take();
                } catch (CancelledException e) {
                    thrown.add(e);
                }
                if (Thread.currentThread().isInterrupted()) {
                    // What is prompt works all the same.
                    queue.tryPut("a");
                }
            });
            new InThreads().untilWaiting(manager, 1);
            thread.interrupt();
            thread.join();
            assertEquals(1, thrown.size());
            assertEquals(Optional.of("a"), queue.tryTake());
        }
    }

    @Test
    void cancelledBodyOfAPoolLeavesTheQueueAndItsWorkerIsReused() throws Exception {
        try (Manager manager = Manager.open(); InChildren children = new InChildren(1)) {
            SharedQueue<String> queue = manager.queue(1);
            long pid = children.call(() -> ProcessHandle.current().pid());
            Future<String> taking = children.pool().submit(() -> queue.take());
            children.untilWaiting(manager, 1);
            assertTrue(taking.cancel(true));
            children.untilWaiting(manager, 0);
            queue.put("a");
            assertEquals("a", children.call(() -> queue.take()));
            assertEquals(pid, children.call(() -> ProcessHandle.current().pid()));
        }
    }

    @Test
    void tasksOfALoopInAChildAreCancelledOneByOne() throws Exception {
        try (Manager manager = Manager.open(); InChildren children = new InChildren(1)) {
            SharedQueue<String> queue = manager.queue(1);
            String result = children.call(() -> run(() -> {
                Task<String> taking = spawn(() -> queue.take());
                boolean late = moveOnAfter(SHORT, () -> queue.take()).isEmpty();
                queue.put("a");
                return taking.join() + late;
            }));
            assertEquals("atrue", result);
        }
    }
}
