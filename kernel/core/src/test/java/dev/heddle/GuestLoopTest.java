package dev.heddle;

import static dev.heddle.Heddle.await;
import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.ListenOptions;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.sight.Kernel;
import java.awt.EventQueue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A loop as a guest in the event loop of somebody else. */
final class GuestLoopTest {

    private final ExecutorService host = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("host").factory());
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final Config config = Config.DEFAULT.withFailureHandler((what, failure) -> reports.add(failure));

    @AfterEach
    void nothingWasReported() {
        host.shutdownNow();
        assertEquals(List.of(), reports);
    }

    @Test
    void tasksRunOnTheThreadOfTheHost() throws Exception {
        Thread hostThread = host.submit(Thread::currentThread).get();
        try (Loop loop = Loop.guest(config, host)) {
            assertSame(hostThread, loop.spawn(GuestLoopTest::carrier).join());
            assertSame(hostThread, loop.spawn(() -> {
                sleep(ofMillis(5));
                return carrier();
            }).join());
        }
    }

    @Test
    void serviceIsCancelledByATurnOfTheHostWhenAllElseHasEnded() {
        try (Loop loop = Loop.guest(config, host)) {
            loop.spawn(() -> {
                Kernel.get().spawnService(loop, "service", () -> logAfter(ofSeconds(100), "service"));
                loop.spawn(() -> Heddle.shield(() -> logAfter(ofMillis(20), "part")));
            }).join();
        }
        assertEquals(List.of("part", "service"), log);
    }

    private void logAfter(Duration time, String what) {
        try {
            sleep(time);
        } finally {
            log.add(what);
        }
    }

    private static Thread carrier() {
        return VirtualThreads.currentCarrier();
    }

    @Test
    void timersSocketsAndOtherThreadsWakeIt() {
        try (Loop loop = Loop.guest(config, host)) {
            assertEquals("woken", loop.<String>spawn(() -> {
                sleep(ofMillis(5));
                return offload(() -> "woken");
            }).join());
            loop.spawn(() -> {
                var acceptor = loop.engine()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT);
                Task<Void> client = Heddle.spawn(() -> loop.engine().connect(acceptor.localAddress()).close());
                acceptor.accept().close();
                client.join();
                acceptor.close();
            }).join();
        }
    }

    @Test
    void hostsOwnWorkGoesOnBetweenTheTurns() throws Exception {
        try (Loop loop = Loop.guest(config, host)) {
            AtomicInteger rounds = new AtomicInteger();
            Task<Void> busy = loop.spawn(() -> {
                while (rounds.get() >= 0) {
                    rounds.incrementAndGet();
                    checkpoint();
                }
            });
            while (rounds.get() < 1000) {
                Thread.onSpinWait();
            }
            assertEquals("host", host.submit(() -> Thread.currentThread().getName()).get(10, TimeUnit.SECONDS));
            assertFalse(busy.isDone());
        }
    }

    @Test
    void idleGuestTakesNoTurns() throws Exception {
        try (Loop loop = Loop.guest(config, host)) {
            Task<Void> task = loop.spawn(() -> sleep(ofSeconds(60)));
            while (task.waitingTime().isEmpty()) {
                Thread.sleep(1);
            }
            Thread.sleep(50);
            long before = loop.statistics().turns();
            Thread.sleep(100);
            assertTrue(loop.statistics().turns() - before <= 1);
        }
    }

    @Test
    void closeFromAnotherThreadEndsItByTurnsOfTheHost() throws Exception {
        Thread hostThread = host.submit(Thread::currentThread).get();
        Loop loop = Loop.guest(config, host);
        Task<Void> task = loop.spawn(() -> {
            try {
                sleep(ofSeconds(60));
            } finally {
                Heddle.shield(() -> sleep(ofMillis(5)));
                log.add("cleaned up on " + (carrier() == hostThread ? "the host" : carrier()));
            }
        });
        loop.spawn(() -> {}).join();
        loop.close();
        loop.close();
        assertEquals(List.of("cleaned up on the host"), log);
        assertSame(Task.State.CANCELLED, task.state());
        assertTrue(loop.isClosed());
        assertThrows(IllegalStateException.class, () -> loop.spawn(() -> "late"));
        assertEquals("on", host.submit(() -> "on").get());
    }

    @Test
    void closeOnTheHostsThreadEndsItThere() throws Exception {
        Loop loop = Loop.guest(config, host);
        loop.spawn(() -> {
            try {
                sleep(ofSeconds(60));
            } finally {
                log.add("cleaned up");
            }
        });
        loop.spawn(() -> {}).join();
        Future<?> closed = host.submit(loop::close);
        closed.get(10, TimeUnit.SECONDS);
        assertEquals(List.of("cleaned up"), log);
        assertTrue(loop.isClosed());
    }

    @Test
    void closeOnTheHostsThreadBeforeTheFirstTurnDoesNotHang() throws Exception {
        host.submit(() -> Loop.guest(config, host).close()).get(10, TimeUnit.SECONDS);
        assertEquals("on", host.submit(() -> "on").get(10, TimeUnit.SECONDS));
    }

    @Test
    void taskMayStopItButNotCloseIt() {
        Loop loop = Loop.guest(config, host);
        loop.spawn(() -> {
            assertThrows(IllegalStateException.class, loop::close);
            loop.stop();
        }).join();
        loop.close();
        assertTrue(loop.isClosed());
    }

    @Test
    void hostThatIsGoneEndsTheLoopAndItsTasksInOrder() {
        Loop loop = Loop.guest(config, host);
        Task<Void> task = loop.spawn(() -> {
            try {
                sleep(ofMillis(50));
            } finally {
                log.add("cleaned up");
            }
        });
        loop.spawn(() -> {}).join();
        host.shutdown();
        assertThrows(TaskCancelledException.class, task::join);
        LoopFailedException failure = assertThrows(LoopFailedException.class, loop::close);
        assertEquals(
                "loop failed below its tasks: java.lang.IllegalStateException: the host of loop takes no more turns",
                failure.getMessage());
        assertEquals(List.of("cleaned up"), log);
        assertInstanceOf(IllegalStateException.class, reports.removeFirst());
    }

    @Test
    void itMayLiveInTheEventQueueOfAUserInterface() {
        System.setProperty("java.awt.headless", "true");
        try (Loop loop = Loop.guest(config, EventQueue::invokeLater)) {
            assertTrue(loop.<Boolean>spawn(() -> {
                sleep(ofMillis(5));
                return carrier().getName().startsWith("AWT-EventQueue");
            }).join());
        }
    }

    @Test
    void codeThatChecksItsThreadIsGivenToTheHost() {
        System.setProperty("java.awt.headless", "true");
        try (Loop loop = Loop.guest(config, EventQueue::invokeLater)) {
            loop.spawn(() -> {
                assertFalse(EventQueue.isDispatchThread(), "a task is a thread of its own on that of the host");
                assertTrue(await(CompletableFuture.supplyAsync(EventQueue::isDispatchThread, EventQueue::invokeLater)));
            }).join();
        }
    }

    @Test
    void timeForItsEndCountsOnce() {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            Loop loop = Loop.guest(config.withShutdownTimeout(ofMillis(400)), host);
            loop.spawn(lock::lock);
            loop.spawn(() -> {}).join();
            long start = System.nanoTime();
            loop.close();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= 400 && millis < 750, millis + " ms");
        } finally {
            lock.unlock();
        }
        assertInstanceOf(IllegalStateException.class, reports.removeFirst()); // names the task left behind
    }

    @Test
    void deadlineThatAnEventOfTheHostSetsFires() throws Exception {
        try (Loop loop = Loop.guest(config, host)) {
            var open = new CompletableFuture<CancelScope>();
            Task<Boolean> task = loop.spawn(() -> CancelScope.open(scope -> {
                open.complete(scope);
                sleep(ofSeconds(60));
            }));
            CancelScope scope = open.get();
            while (!loop.scheduler.isAsleep()) {
                Thread.onSpinWait();
            }
            host.submit(() -> scope.deadlineAfter(ofMillis(5))).get();
            assertFalse(task.toCompletableFuture().get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    @Tag("full") // two seconds pass before the host counts as held
    void hostThatGivesNoTurnsHoldsACloseNoLongerThanItsTime() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        Loop loop = Loop.guest(config.withShutdownTimeout(ofMillis(20)), host);
        loop.spawn(() -> {}).join();
        host.execute(() -> {
            held.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                // The test is over.
            }
        });
        held.await();
        loop.close();
        assertFalse(LiveLoops.live().contains(loop), "reports do not ask it any more");
        gate.countDown();
        assertTrue(List.of(reports.removeFirst().getStackTrace()).toString().contains("GuestLoopTest"));
    }

    @Test
    void hostThatRefusesInItsOwnWayEndsTheLoopToo() {
        AtomicBoolean gone = new AtomicBoolean();
        Loop loop = Loop.guest(config, turn -> {
            if (gone.get()) {
                throw new UnsupportedOperationException("the window is closed");
            }
            host.execute(turn);
        });
        Task<Void> task = loop.spawn(() -> sleep(ofMillis(20)));
        loop.spawn(() -> {}).join();
        gone.set(true);
        assertThrows(TaskCancelledException.class, task::join);
        assertThrows(LoopFailedException.class, loop::close);
        assertInstanceOf(
                UnsupportedOperationException.class, reports.removeFirst().getCause());
    }
}
