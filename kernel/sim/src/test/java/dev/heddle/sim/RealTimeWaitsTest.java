package dev.heddle.sim;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.AwaitCondition;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.WorkerPool;
import dev.heddle.sync.Event;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Waits whose end the system's clock would decide: the simulation refuses them, and says what to do instead. */
final class RealTimeWaitsTest {

    private static final SimOptions ALLOWED = SimOptions.DEFAULT.withRealTimeWaits(true);

    private static Arguments wait(String method, Action body) {
        return Arguments.of(method, body);
    }

    static Stream<Arguments> timedWaits() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        return Stream.of(
                wait("Thread.sleep", () -> Thread.sleep(60_000)),
                wait("Object.wait", () -> {
                    synchronized (condition) {
                        condition.wait(60_000);
                    }
                }),
                wait("ReentrantLock.tryLock", () -> {
                    ReentrantLock taken = new ReentrantLock();
                    spawn(() -> {
                        taken.lock();
                        sleep(Duration.ofHours(1));
                        taken.unlock();
                    });
                    Sim.current().awaitIdle();
                    taken.tryLock(1, TimeUnit.MINUTES);
                }),
                wait("ConditionObject.await", () -> {
                    lock.lock();
                    try {
                        condition.await(1, TimeUnit.MINUTES);
                    } finally {
                        lock.unlock();
                    }
                }),
                wait("ArrayBlockingQueue.poll", () -> new ArrayBlockingQueue<>(1).poll(1, TimeUnit.MINUTES)),
                wait("CountDownLatch.await", () -> new CountDownLatch(1).await(1, TimeUnit.MINUTES)),
                wait("CompletableFuture.get", () -> new CompletableFuture<>().get(1, TimeUnit.MINUTES)),
                wait("LockSupport.parkNanos", () -> LockSupport.parkNanos(Duration.ofMinutes(1).toNanos())));
    }

    @ParameterizedTest
    @MethodSource("timedWaits")
    void runFailsAndNamesTheTaskTheMethodTheLineAndWhatToUseInstead(String method, Action body) {
        long realStart = System.nanoTime();
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Sim.run(1, () -> {
            spawn("worker", body).join();
        }));

        assertTrue(refused.getMessage().startsWith("task worker "), refused.getMessage());
        assertTrue(refused.getMessage().contains(" in " + method + " at "), refused.getMessage());
        assertTrue(refused.getMessage().contains("(RealTimeWaitsTest.java:"), refused.getMessage());
        assertTrue(refused.getMessage().contains("Heddle."), refused.getMessage());
        assertTrue(refused.getMessage().contains("withRealTimeWaits(true)"), refused.getMessage());
        assertTrue(Stream.of(refused.getStackTrace())
                .anyMatch(each -> each.getFileName().equals("RealTimeWaitsTest.java")));
        assertTrue(System.nanoTime() - realStart < Duration.ofSeconds(30).toNanos(), "it was not waited for");
    }

    @Test
    void bodyThatHandlesTheCancelOfItsWaitHasFailedAllTheSame() {
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Sim.run(1, () -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException swallowed) {
                Thread.currentThread().interrupt();
            }
        }));
        assertTrue(refused.getMessage().contains("Thread.sleep"), refused.getMessage());
    }

    @Test
    void failureThatFollowsFromItIsSuppressed() {
        IllegalArgumentException later = new IllegalArgumentException("mine");
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Sim.run(1, (Action) () -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException interrupted) {
                throw later;
            }
        }));
        assertSame(later, refused.getSuppressed()[0]);
    }

    @Test
    void callbackIsToldToo() {
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Sim.run(1, () -> {
            currentLoop().callSoon(() -> LockSupport.parkNanos(Duration.ofHours(1).toNanos())); // ended at once
            sleep(Duration.ofHours(1));
        }));
        assertTrue(refused.getMessage().startsWith("a callback waits"), refused.getMessage());
    }

    @Test
    void timedCallThatNeedNotWaitIsNoWait() {
        Sim.run(1, () -> {
            BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
            assertTrue(queue.offer(1, 1, TimeUnit.MINUTES));
            assertEquals(1, queue.poll(1, TimeUnit.MINUTES));
            assertTrue(new ReentrantLock().tryLock(1, TimeUnit.MINUTES));
        });
    }

    @Test
    void waitWithoutATimeIsSimulated() {
        Sim.run(1, () -> {
            BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
            spawn(() -> {
                sleep(Duration.ofDays(1));
                queue.put(1);
            });
            assertEquals(1, queue.take());
            assertEquals(Duration.ofDays(1), Sim.current().elapsed());
        });
    }

    @Test
    void executorOfTheLoopWaitsForManyInVirtualTime() {
        Sim.run(1, () -> {
            ExecutorService executor = currentLoop().asExecutorService();
            List<Callable<String>> slow = List.of(() -> sleepDay("a"), () -> sleepDay("b"));
            assertThrows(TimeoutException.class, () -> executor.invokeAny(slow, 1, TimeUnit.HOURS));
            assertEquals("a", executor.invokeAny(slow.subList(0, 1), 2, TimeUnit.DAYS));
            assertTrue(executor.invokeAll(slow, 1, TimeUnit.HOURS).stream().allMatch(Future::isCancelled));
            assertEquals(Duration.ofHours(26), Sim.current().elapsed());
        });
    }

    private static String sleepDay(String result) {
        sleep(Duration.ofDays(1));
        return result;
    }

    @Test
    void callbackThatWaitsForOneOfOursWaitsInVirtualTime() {
        Sim.run(1, () -> {
            List<Duration> waited = new ArrayList<>();
            Event never = Event.named("never");
            currentLoop().callSoon(() -> {
                assertFalse(never.awaitWithin(Duration.ofDays(1)));
                waited.add(Sim.current().elapsed());
                Tasks.awaitWithin(Duration.ofDays(1), List.of(new Promise<>()), AwaitCondition.ALL_COMPLETED);
                waited.add(Sim.current().elapsed());
            });
            sleep(Duration.ofDays(3));
            assertEquals(List.of(Duration.ofDays(1), Duration.ofDays(2)), waited);
        });
    }

    @Test
    void advisedReplacementWaitsInVirtualTime() {
        Sim.run(1, () -> {
            assertThrows(
                    DeadlineExceededException.class,
                    () -> timeout(Duration.ofDays(1), () -> new ArrayBlockingQueue<>(1).take()));
            assertEquals(Duration.ofDays(1), Sim.current().elapsed());
        });
    }

    @Test
    void bodiesOfAWorkerPoolMayWaitAsTheyLike() {
        Sim.run(1, () -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                assertEquals("done", pool.submit(() -> {
                    Thread.sleep(1);
                    return "done";
                }).get());
                List<Integer> results = new ArrayList<>();
                pool.imap(List.of(1), millis -> {
                    Thread.sleep(millis);
                    return millis;
                }).forEach(results::add);
                assertEquals(List.of(1), results);
            }
        });
    }

    @Test
    void offloadedBodiesAndOtherThreadsMayWaitAsTheyLike() {
        Sim.run(1, () -> {
            assertEquals("done", offload(() -> offload(() -> {
                Thread.sleep(1);
                Thread other = Thread.ofPlatform().start(() -> LockSupport.parkNanos(1_000_000));
                other.join(60_000);
                return "done";
            })));
            assertEquals(Duration.ZERO, Sim.current().elapsed());
        });
        assertThrows(IllegalStateException.class, () -> Sim.run(1, () -> {
            offload(() -> Thread.sleep(1));
            Thread.sleep(1);
        }));
    }

    @Test
    void whereTheOptionsAllowThemTheyTakeRealTimeAndNoVirtualTime() {
        Sim.run(ALLOWED, sim -> {
            long realStart = System.nanoTime();
            Thread.sleep(20);
            assertTrue(System.nanoTime() - realStart >= 20_000_000);
            assertEquals(Duration.ZERO, sim.elapsed());
        });
    }

    @Test
    void waitThatACancelInterruptsAtOnceIsNotTold() {
        Sim.run(1, () -> {
            Task<Void> task = spawn(() -> {
                try {
                    sleep(Duration.ofDays(1));
                } finally {
                    assertThrows(InterruptedException.class, () -> Thread.sleep(60_000));
                }
            });
            Sim.current().awaitIdle();
            task.cancel("enough");
            Sim.current().awaitIdle();
            assertEquals(Task.State.CANCELLED, task.state());
        });
    }

    @Test
    void deadlineThatStrikesAtARealSocketIsReported() throws Exception {
        List<String> reports = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SimOptions reporting = SimOptions.DEFAULT.withFailureHandler((what, failure) -> reports
                    .add(what + ": " + failure.getMessage() + " at " + List.of(failure.getStackTrace())));
            Sim.run(reporting, sim -> assertThrows(DeadlineExceededException.class,
                    () -> timeout(Duration.ofSeconds(5), () -> gather(() -> {
                        try (Socket socket = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
                            return socket.getInputStream().read();
                        }
                    }))));
        }
        assertEquals(1, reports.size(), reports.toString());
        assertTrue(reports.getFirst().contains("the deadline of task main"), reports.getFirst());
        assertTrue(reports.getFirst().contains("for run(...), without a simulation at "), reports.getFirst());
        assertTrue(reports.getFirst().contains("(RealTimeWaitsTest.java:"), reports.getFirst());
    }
}
