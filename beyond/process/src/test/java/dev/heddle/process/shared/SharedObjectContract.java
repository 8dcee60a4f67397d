package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.process.CannotTravelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What queues, locks and pipes of a manager do, wherever those are that share them. */
abstract class SharedObjectContract {

    private static final Duration SHORT = Duration.ofMillis(20);

    /** Sees a bug as a failure, not as a hang. */
    private static final Duration LONG = Duration.ofSeconds(30);

    /** A test. */
    interface Program {

        void run(Manager manager, Elsewhere elsewhere) throws Exception;
    }

    abstract void with(Program program) throws Exception;

    // ---- queue ----

    @Test
    void whatOnePutsAnotherTakesInOrder() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<String> queue = manager.queue(10);
            elsewhere.call(() -> {
                queue.put("a");
                queue.put("b");
                return null;
            });
            assertEquals("a", queue.take());
            assertEquals("b", queue.take());
            assertEquals(Optional.empty(), queue.tryTake());
        });
    }

    @Test
    void takeWaitsForAPut() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<List<Integer>> queue = manager.queue(1);
            var taken = elsewhere.start(() -> queue.take());
            elsewhere.untilWaiting(manager, 1);
            queue.put(List.of(1, 2));
            assertEquals(List.of(1, 2), taken.get());
        });
    }

    @Test
    void putWaitsWhileTheQueueIsFull() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<Integer> queue = manager.queue(1);
            assertTrue(queue.tryPut(1));
            assertFalse(queue.tryPut(2));
            assertFalse(queue.putWithin(2, SHORT));
            var put = elsewhere.start(() -> {
                queue.put(3);
                return true;
            });
            elsewhere.untilWaiting(manager, 1);
            assertEquals(1, queue.take());
            assertTrue(put.get());
            assertEquals(Optional.of(3), queue.takeWithin(LONG));
            assertEquals(Optional.empty(), queue.takeWithin(SHORT));
        });
    }

    @Test
    void iterationEndsWithTheQueue() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<Integer> queue = manager.queue(10);
            var sum = elsewhere.start(() -> {
                int all = 0;
                for (int each : queue) {
                    all += each;
                }
                return all;
            });
            for (int i = 1; i <= 4; i++) {
                queue.put(i);
            }
            queue.close();
            assertEquals(10, sum.get());
            assertTrue(queue.isClosed());
            assertThrows(ClosedException.class, () -> queue.put(1));
            assertThrows(ClosedException.class, queue::take);
        });
    }

    @Test
    void awaitAllDoneWaitsForEachTaskDone() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<String> queue = manager.queue(10);
            queue.put("a");
            queue.put("b");
            assertFalse(queue.awaitAllDoneWithin(Duration.ZERO));
            var done = elsewhere.start(() -> {
                queue.take();
                queue.taskDone();
                queue.take();
                queue.taskDone();
                return true;
            });
            queue.awaitAllDone();
            assertTrue(done.get());
            assertTrue(queue.awaitAllDoneWithin(Duration.ZERO));
            assertThrows(IllegalStateException.class, queue::taskDone);
        });
    }

    @Test
    void abortThrowsAwayWhatIsInTheQueueAndCountsItAsDone() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<String> queue = manager.queue(10);
            queue.put("a");
            var waiting = elsewhere.start(() -> {
                queue.awaitAllDone();
                return true;
            });
            elsewhere.untilWaiting(manager, 1);
            queue.abort();
            assertTrue(waiting.get());
            assertEquals(Optional.empty(), queue.tryTake());
        });
    }

    @Test
    void whatCannotTravelIsRefusedWhereItIsPutAndNothingIsLeft() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<Object> queue = manager.queue(10);
            CannotTravelException e = assertThrows(
                    CannotTravelException.class, () -> queue.put(List.of("fine", new Object())));
            assertTrue(e.getMessage().startsWith("the element[1]: java.lang.Object cannot travel"), e.getMessage());
            assertThrows(NullPointerException.class, () -> queue.put(null));
            assertEquals(0, queue.statistics().size());
        });
    }

    // ---- mutex ----

    @Test
    void oneHoldsAMutexAtATime() throws Exception {
        with((manager, elsewhere) -> {
            SharedMutex mutex = manager.mutex();
            mutex.acquire();
            assertFalse(elsewhere.call(() -> mutex.tryAcquire()));
            assertFalse(elsewhere.call(() -> mutex.acquireWithin(SHORT)));
            var next = elsewhere.start(() -> mutex.run(() -> "mine"));
            elsewhere.untilWaiting(manager, 1);
            assertEquals(1, mutex.statistics().waiting());
            assertTrue(mutex.holder().isPresent());
            mutex.release();
            assertEquals("mine", next.get());
            assertEquals(Optional.empty(), mutex.holder());
        });
    }

    @Test
    void mutexIsNotReentrantAndReleasedByItsHolderOnly() throws Exception {
        with((manager, elsewhere) -> {
            SharedMutex mutex = manager.mutex();
            mutex.acquire();
            assertThrows(IllegalStateException.class, mutex::acquire);
            var other = elsewhere.start(() -> {
                mutex.release();
                return true;
            });
            assertThrows(IllegalStateException.class, other::get);
            mutex.release();
            assertTrue(mutex.tryAcquire());
            mutex.release();
        });
    }

    @Test
    void holderThatEndsWithoutReleasingBreaksTheMutexUntilItIsRepaired() throws Exception {
        with((manager, elsewhere) -> {
            SharedMutex mutex = manager.mutex();
            elsewhere.call(() -> {
                mutex.acquire();
                return true;
            });
            assertThrows(BrokenException.class, mutex::acquire);
            assertTrue(mutex.statistics().broken());
            mutex.repair();
            assertEquals(7, mutex.run(() -> 7));
        });
    }

    @Test
    void bodyThatFailsReleasesTheMutex() throws Exception {
        with((manager, elsewhere) -> {
            SharedMutex mutex = manager.mutex();
            var failing = elsewhere.start(() -> mutex.run(() -> {
                throw new ArithmeticException("no");
            }));
            assertThrows(ArithmeticException.class, failing::get);
            assertFalse(mutex.statistics().held());
        });
    }

    @Test
    void conditionLetsGoOfTheMutexWhileItWaits() throws Exception {
        with((manager, elsewhere) -> {
            SharedMutex mutex = manager.mutex();
            SharedCondition notEmpty = mutex.newCondition();
            SharedCounter dishes = manager.counter();
            var eaten = elsewhere.start(() -> mutex.run(() -> {
                notEmpty.awaitUntil(() -> dishes.get() > 0);
                return dishes.decrementAndGet();
            }));
            elsewhere.until(() -> mutex.run(() -> notEmpty.statistics().waiting()) == 1);
            mutex.run(() -> {
                dishes.incrementAndGet();
                notEmpty.signal();
            });
            assertEquals(0, eaten.get());
            assertThrows(IllegalStateException.class, notEmpty::signalAll);
            mutex.run(() -> {
                assertFalse(notEmpty.awaitWithin(SHORT));
            });
        });
    }

    // ---- semaphore, event, barrier, counter ----

    @Test
    void semaphoreLetsInAsManyAsItHasPermits() throws Exception {
        with((manager, elsewhere) -> {
            SharedSemaphore semaphore = manager.semaphore(2);
            semaphore.acquire();
            assertTrue(semaphore.tryAcquire());
            assertFalse(elsewhere.call(() -> semaphore.acquireWithin(SHORT)));
            var third = elsewhere.start(() -> semaphore.run(() -> "in"));
            elsewhere.untilWaiting(manager, 1);
            semaphore.release();
            assertEquals("in", third.get());
            semaphore.release();
            assertEquals(2, semaphore.statistics().available());
            assertThrows(IllegalStateException.class, semaphore::release);
        });
    }

    @Test
    void eventWakesAllWhoWait() throws Exception {
        with((manager, elsewhere) -> {
            SharedEvent event = manager.event();
            assertFalse(event.awaitWithin(SHORT));
            var waiting = elsewhere.start(() -> event.awaitWithin(LONG));
            elsewhere.untilWaiting(manager, 1);
            event.set();
            assertTrue(waiting.get());
            assertTrue(event.isSet());
            event.await();
            event.clear();
            assertFalse(elsewhere.call(() -> event.isSet()));
        });
    }

    @Test
    void barrierReleasesAllWhenTheLastOneComes() throws Exception {
        with((manager, elsewhere) -> {
            SharedBarrier barrier = manager.barrier(2);
            for (int round = 0; round < 3; round++) {
                var other = elsewhere.start(() -> barrier.await());
                int here = barrier.await();
                assertEquals(1, here + other.get());
            }
            var waiting = elsewhere.start(() -> barrier.await());
            elsewhere.untilWaiting(manager, 1);
            barrier.abort();
            assertThrows(BrokenException.class, waiting::get);
            assertTrue(barrier.isBroken());
            barrier.reset();
            assertFalse(barrier.isBroken());
        });
    }

    @Test
    void counterLosesNoChange() throws Exception {
        with((manager, elsewhere) -> {
            SharedCounter counter = manager.counter();
            List<Elsewhere.Started<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                all.add(elsewhere.start(() -> {
                    for (int k = 0; k < 100; k++) {
                        counter.incrementAndGet();
                    }
                    return true;
                }));
            }
            for (var each : all) {
                each.get();
            }
            assertEquals(200, counter.get());
            assertFalse(counter.compareAndSet(1, 2));
            assertTrue(counter.compareAndSet(200, 2));
            counter.set(5);
            assertEquals(4, counter.decrementAndGet());
        });
    }

    // ---- pipe ----

    @Test
    void pipeCarriesBothWays() throws Exception {
        with((manager, elsewhere) -> {
            Pipe<String> pipe = manager.pipe();
            PipeEnd<String> there = pipe.second();
            var answering = elsewhere.start(() -> {
                String question = there.receive();
                there.send(question + "!");
                return true;
            });
            pipe.first().send("hello");
            assertEquals("hello!", pipe.first().receive());
            assertTrue(answering.get());
            assertEquals(Optional.empty(), pipe.first().tryReceive());
            assertEquals(Optional.empty(), pipe.first().receiveWithin(SHORT));
        });
    }

    @Test
    void pipeWhoseOtherEndIsClosedGivesWhatWasSentAndThenEnds() throws Exception {
        with((manager, elsewhere) -> {
            Pipe<Integer> pipe = manager.pipe(4);
            PipeEnd<Integer> there = pipe.second();
            elsewhere.call(() -> {
                there.send(1);
                there.send(2);
                there.close();
                return true;
            });
            List<Integer> all = new ArrayList<>();
            pipe.first().forEach(all::add);
            assertEquals(List.of(1, 2), all);
            assertThrows(ClosedException.class, () -> pipe.first().receive());
            assertThrows(BrokenException.class, () -> pipe.first().send(3));
            assertThrows(ClosedException.class, () -> there.send(3));
            assertTrue(there.isClosed());
        });
    }

    @Test
    void fullPipeMakesTheSenderWait() throws Exception {
        with((manager, elsewhere) -> {
            Pipe<Integer> pipe = manager.pipe(1);
            PipeEnd<Integer> there = pipe.second();
            assertTrue(pipe.first().trySend(1));
            assertFalse(pipe.first().trySend(2));
            assertFalse(pipe.first().sendWithin(2, SHORT));
            assertEquals(1, elsewhere.call(() -> there.receive()));
        });
    }

    // ---- all ----

    @Test
    void sharedObjectTravelsInsideOthersAndStaysTheSame() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<SharedCounter> queue = manager.queue(1);
            SharedCounter counter = manager.counter();
            queue.put(counter);
            SharedCounter back = elsewhere.call(() -> {
                SharedCounter there = queue.take();
                there.incrementAndGet();
                return there;
            });
            assertEquals(1, back.get());
            assertEquals(counter, back);
            assertEquals(counter.hashCode(), back.hashCode());
        });
    }

    @Test
    void callsOfWhatWasRemovedEndWithAClosedException() throws Exception {
        with((manager, elsewhere) -> {
            SharedCounter counter = manager.counter();
            int before = manager.statistics().objects();
            assertTrue(manager.remove(counter));
            assertFalse(manager.remove(counter));
            assertEquals(before - 1, manager.statistics().objects());
            assertThrows(ClosedException.class, counter::get);
            var there = elsewhere.start(() -> counter.get());
            assertThrows(ClosedException.class, there::get);
        });
    }

    @Test
    void closingTheManagerEndsWaitingCallsAndThoseToCome() throws Exception {
        with((manager, elsewhere) -> {
            SharedQueue<String> queue = manager.queue(1);
            SharedBarrier barrier = manager.barrier(3);
            var taking = elsewhere.start(() -> queue.take());
            var waiting = elsewhere.start(() -> barrier.await());
            elsewhere.untilWaiting(manager, 2);
            manager.close();
            assertThrows(ClosedException.class, taking::get);
            assertThrows(ClosedException.class, waiting::get);
            assertThrows(ClosedException.class, queue::tryTake);
            assertThrows(ClosedException.class, manager::counter);
            var later = elsewhere.start(() -> queue.tryTake());
            assertInstanceOf(ClosedException.class, assertThrows(Exception.class, later::get));
            manager.close();
        });
    }
}
