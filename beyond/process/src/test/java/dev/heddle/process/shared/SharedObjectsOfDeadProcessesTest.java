package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.process.RemoteAction;
import dev.heddle.process.WorkerDiedException;
import dev.heddle.process.internal.codec.RemoteStack;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of objects whose users are killed, kill -9, in each state that they can be in. */
@Tag("full")
final class SharedObjectsOfDeadProcessesTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static InChildren children;

    @BeforeAll
    static void start() {
        children = new InChildren(2);
    }

    @AfterAll
    static void end() {
        children.close();
    }

    /** The bodies of a test beside the one that is killed. */
    interface Program {

        void run(Manager manager, Victim victim) throws Exception;
    }

    /** A process that says who it is, does something and is killed then. */
    record Victim(Manager manager, SharedQueue<Long> pids) {

        /** Kills a process while its body is in a call that waits. */
        void dieWhen(BooleanSupplier waits, RemoteAction body) throws Exception {
            SharedQueue<Long> told = pids;
            var end = children.start(() -> {
                told.put(ProcessHandle.current().pid());
                body.run();
                return null;
            });
            long pid = told.take();
            children.until(waits);
            kill(pid);
            assertThrows(WorkerDiedException.class, end::get);
            children.until(() -> manager.statistics().processes() == 0);
        }

        /** Kills a process when its body has done all it wanted. */
        void dieAfter(RemoteAction body) throws Exception {
            SharedQueue<Long> told = pids;
            var end = children.start(() -> {
                body.run();
                told.put(ProcessHandle.current().pid());
                Thread.sleep(60_000);
                return null;
            });
            kill(told.take());
            assertThrows(WorkerDiedException.class, end::get);
            children.until(() -> manager.statistics().processes() == 0);
        }

        static void kill(long pid) {
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        }
    }

    private static void with(Program program) throws Exception {
        try (Manager manager = Manager.open()) {
            program.run(manager, new Victim(manager, manager.queue(1)));
        }
    }

    @Test
    void oneThatTakesTakesNothingMore() throws Exception {
        with((manager, victim) -> {
            SharedQueue<String> queue = manager.queue(1);
            victim.dieWhen(() -> queue.statistics().waitingTakers() == 1, () -> queue.take());
            queue.put("still here");
            assertEquals(Optional.of("still here"), queue.tryTake());
        });
    }

    @Test
    void oneThatPutsLeavesNothing() throws Exception {
        with((manager, victim) -> {
            SharedQueue<String> queue = manager.queue(1);
            queue.put("first");
            victim.dieWhen(() -> queue.statistics().waitingPutters() == 1, () -> queue.put("never"));
            assertEquals("first", queue.take());
            assertEquals(Optional.empty(), queue.takeWithin(Duration.ofMillis(20)));
        });
    }

    @Test
    void oneThatHadTakenAnElementLosesItAndAwaitAllDoneSaysSo() throws Exception {
        with((manager, victim) -> {
            SharedQueue<String> queue = manager.queue(2);
            queue.put("a");
            queue.put("b");
            victim.dieAfter(() -> queue.take());
            assertFalse(queue.awaitAllDoneWithin(Duration.ZERO));
            assertEquals("b", queue.take());
            queue.taskDone();
            BrokenException e = assertThrows(BrokenException.class, queue::awaitAllDone);
            assertTrue(e.getMessage().startsWith("1 element was taken by processes that ended"), e.getMessage());
            assertEquals(1, queue.repair());
            queue.awaitAllDone();
            assertEquals(0, queue.repair());
        });
    }

    @Test
    void whoWaitsForAllToBeDoneIsToldWhenTheLastOneThatWorksDies() throws Exception {
        with((manager, victim) -> {
            SharedQueue<String> queue = manager.queue(2);
            queue.put("a");
            SharedEvent begun = manager.event();
            var waiting = new InThreads().start(() -> {
                begun.set();
                queue.awaitAllDone();
                return true;
            });
            begun.await();
            victim.dieAfter(() -> queue.take());
            assertThrows(BrokenException.class, waiting::get);
        });
    }

    @Test
    void elementThatWasHandedOnIsNotLost() throws Exception {
        with((manager, victim) -> {
            SharedQueue<String> queue = manager.queue(2);
            SharedQueue<String> on = manager.queue(2);
            queue.put("a");
            victim.dieAfter(() -> on.put(queue.take()));
            assertEquals("a", on.take());
            queue.taskDone();
            queue.awaitAllDone();
        });
    }

    @Test
    void oneThatHeldAMutexHasBrokenIt() throws Exception {
        with((manager, victim) -> {
            SharedMutex mutex = manager.mutex();
            victim.dieAfter(mutex::acquire);
            BrokenException e = assertThrows(BrokenException.class, mutex::acquire);
            assertTrue(e.getMessage().contains("of process "), e.getMessage());
            assertInstanceOf(RemoteStack.class, e.getCause());
            mutex.repair();
            mutex.acquire();
            mutex.release();
        });
    }

    @Test
    void whoWaitsForAMutexIsToldWhenItsHolderDies() throws Exception {
        with((manager, victim) -> {
            SharedMutex mutex = manager.mutex();
            SharedEvent held = manager.event();
            var waiting = new InThreads().start(() -> {
                held.await();
                mutex.acquire();
                return true;
            });
            victim.dieAfter(() -> {
                mutex.acquire();
                held.set();
            });
            assertThrows(BrokenException.class, waiting::get);
        });
    }

    @Test
    void oneThatWaitedForAMutexDoesNotHoldIt() throws Exception {
        with((manager, victim) -> {
            SharedMutex mutex = manager.mutex();
            mutex.acquire();
            victim.dieWhen(() -> mutex.statistics().waiting() == 1, mutex::acquire);
            mutex.release();
            assertTrue(mutex.tryAcquire());
            mutex.release();
        });
    }

    @Test
    void oneThatWaitedForAConditionHasNotBrokenTheMutex() throws Exception {
        with((manager, victim) -> {
            SharedMutex mutex = manager.mutex();
            SharedCondition condition = mutex.newCondition();
            victim.dieWhen(
                    () -> condition.statistics().waiting() == 1, () -> mutex.run(() -> condition.await()));
            mutex.acquire();
            assertEquals(0, condition.statistics().waiting());
            mutex.release();
        });
    }

    @Test
    void permitsOfOneComeBack() throws Exception {
        with((manager, victim) -> {
            SharedSemaphore semaphore = manager.semaphore(3);
            semaphore.acquire();
            victim.dieAfter(() -> {
                semaphore.acquire();
                semaphore.acquire();
            });
            assertEquals(2, semaphore.statistics().available());
            semaphore.release();
            assertEquals(3, semaphore.statistics().available());
        });
    }

    @Test
    void oneThatWaitedForAPermitHasNone() throws Exception {
        with((manager, victim) -> {
            SharedSemaphore semaphore = manager.semaphore(1);
            semaphore.acquire();
            victim.dieWhen(() -> semaphore.statistics().waiting() == 1, semaphore::acquire);
            semaphore.release();
            assertEquals(1, semaphore.statistics().available());
        });
    }

    @Test
    void oneThatWaitedAtABarrierHasBrokenIt() throws Exception {
        with((manager, victim) -> {
            SharedBarrier barrier = manager.barrier(2);
            victim.dieWhen(() -> barrier.statistics().arrived() == 1, () -> barrier.await());
            assertThrows(BrokenException.class, barrier::await);
            barrier.reset();
            assertFalse(barrier.isBroken());
        });
    }

    @Test
    void oneThatWaitedForAnEventIsForgotten() throws Exception {
        with((manager, victim) -> {
            SharedEvent event = manager.event();
            victim.dieWhen(() -> event.statistics().waiting() == 1, event::await);
            assertEquals(0, event.statistics().waiting());
        });
    }

    @Test
    void otherEndOfAPipeGetsWhatWasSentAndIsTold() throws Exception {
        with((manager, victim) -> {
            Pipe<String> pipe = manager.pipe(2);
            PipeEnd<String> there = pipe.second();
            victim.dieAfter(() -> there.send("last words"));
            assertEquals("last words", pipe.first().receive());
            ClosedException e = assertThrows(ClosedException.class, () -> pipe.first().receive());
            assertTrue(e.getMessage().contains("has ended without closing it"), e.getMessage());
            assertThrows(ClosedException.class, () -> pipe.first().iterator().hasNext());
            assertThrows(BrokenException.class, () -> pipe.first().send("too late"));
        });
    }

    @Test
    void endThatWasOnlyCarriedAlongIsThereForWhoComesLater() throws Exception {
        with((manager, victim) -> {
            Pipe<String> pipe = manager.pipe(2);
            victim.dieAfter(() -> {
                assertFalse(pipe.second().isClosed());
                pipe.first().send("last words");
                pipe.first().close();
            });
            assertEquals("last words", pipe.second().receive());
            assertThrows(ClosedException.class, () -> pipe.second().receive());
        });
    }

    @Test
    void whoReceivesFromAPipeIsToldAlsoIfTheOtherEndWasNeverUsed() throws Exception {
        with((manager, victim) -> {
            Pipe<String> pipe = manager.pipe();
            PipeEnd<String> there = pipe.second();
            var receiving = new InThreads().start(() -> pipe.first().receive());
            children.untilWaiting(manager, 1);
            victim.dieAfter(() -> assertFalse(List.of(there).isEmpty()));
            assertThrows(ClosedException.class, receiving::get);
        });
    }

    @Test
    void whoSendsIntoAFullPipeIsTold() throws Exception {
        with((manager, victim) -> {
            Pipe<Integer> pipe = manager.pipe(1);
            PipeEnd<Integer> there = pipe.second();
            pipe.first().send(1);
            var sending = new InThreads().start(() -> {
                pipe.first().send(2);
                return true;
            });
            children.untilWaiting(manager, 1);
            victim.dieAfter(() -> there.isClosed());
            assertThrows(BrokenException.class, sending::get);
        });
    }

    @Test
    void whatItPutIntoAMapStays() throws Exception {
        with((manager, victim) -> {
            ConcurrentMap<String, Integer> map = manager.map();
            victim.dieAfter(() -> map.put("a", 1));
            assertEquals(1, map.get("a"));
        });
    }

    @Test
    void methodOfASharedObjectThatItWaitedInIsCancelled() throws Exception {
        with((manager, victim) -> {
            Sleeper sleeper = manager.share(Sleeper.class, new SleeperObject());
            victim.dieWhen(() -> sleeper.begun() == 1, sleeper::sleep);
            children.until(() -> sleeper.cancelled() == 1);
        });
    }

    interface Sleeper {

        void sleep();

        int begun();

        int cancelled();
    }

    static final class SleeperObject implements Sleeper {

        private int begun;
        private int cancelled;

        @Override
        public void sleep() {
            begun++;
            try {
                dev.heddle.Heddle.sleep(LONG);
            } finally {
                cancelled++;
            }
        }

        @Override
        public int begun() {
            return begun;
        }

        @Override
        public int cancelled() {
            return cancelled;
        }
    }
}
