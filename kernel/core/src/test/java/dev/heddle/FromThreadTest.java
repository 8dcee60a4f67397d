package dev.heddle;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.NioEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work that platform threads have done on a loop, and loops on threads, to and fro. */
final class FromThreadTest {

    private static final ScopedValue<String> REQUEST = ScopedValue.newInstance();

    @Test
    void valuesAndErrorsComeBackToTheThread() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            assertEquals("value", loop.<String>spawn(() -> {
                sleep(ofMillis(1));
                return "value";
            }).join());
            IOException failure = new IOException("disk");
            assertSame(failure, assertThrows(TaskFailedException.class, () -> loop.spawn(() -> {
                throw failure;
            }).join()).getCause());
        }
    }

    @Test
    void tasksFromThreadsAndFromTheLoopItselfMayHaveNames() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            assertEquals("report", loop.spawn("report", () -> Heddle.currentTask().name()).join());
            Task<Void> silent = loop.spawn("silent", () -> sleep(ofMillis(1)));
            assertEquals("silent", silent.name());
            silent.join();
            assertEquals("inner", loop.<String>spawn(() -> {
                loop.spawn("other", () -> assertEquals("other", Heddle.currentTask().name())).join();
                return loop.spawn("inner", () -> Heddle.currentTask().name()).join();
            }).join());
        }
    }

    @Test
    void afterTheEndOfTheRunItIsAClearError() {
        AtomicReference<Loop> ended = new AtomicReference<>();
        run(() -> ended.set(Heddle.currentLoop()));
        String message = assertThrows(IllegalStateException.class, () -> ended.get().spawn(() -> "late")).getMessage();
        assertEquals("loop has ended; it takes no more work", message);
        assertThrows(IllegalStateException.class, () -> ended.get().callFromThread(() -> {}));
    }

    @Test
    @Tag("full")
    void taskThatComesWhileTheLoopEndsIsCancelledOnce() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Loop loop = Loop.start(Config.DEFAULT);
            Thread closer = Thread.ofPlatform().start(loop::close);
            List<Task.State> seen = new ArrayList<>();
            try {
                Task<Void> task = loop.spawn(() -> sleep(ofSeconds(60)));
                assertThrows(TaskCancelledException.class, task::join);
                seen.add(task.state());
                closer.join();
                seen.add(task.state());
            } catch (IllegalStateException e) {
                assertEquals("loop has ended; it takes no more work", e.getMessage());
                continue;
            } finally {
                closer.join();
            }
            assertEquals(List.of(Task.State.CANCELLED, Task.State.CANCELLED), seen);
        }
    }

    private static final List<BiConsumer<Loop, Runnable>> SPAWNS = List.of(
            (loop, body) -> loop.spawn(body::run),
            (loop, body) -> loop.asExecutorService().execute(body),
            (loop, body) -> loop.asExecutorService().submit(body));

    @Test
    void bodyOfAThreadThatComesBehindTheLastTurnOfTasksBegins() {
        for (BiConsumer<Loop, Runnable> spawn : SPAWNS) {
            var hook = new AtomicReference<Runnable>(() -> {});
            Config config = Config.DEFAULT.withEngine(() -> new ForwardingEngine(new NioEngine()) {
                @Override
                public long nanoTime() { // asked between two turns of the end
                    hook.get().run();
                    return super.nanoTime();
                }
            });
            var begun = new AtomicInteger();
            Loop loop = Loop.start(config);
            Task<Void> last = loop.spawn(() -> sleep(ofSeconds(60)));
            var once = new AtomicBoolean();
            hook.set(() -> {
                boolean loopAsks = Thread.currentThread() instanceof LoopThread; // who closes it asks, too
                if (loopAsks && last.isDone() && once.compareAndSet(false, true)) {
                    joined(Thread.ofPlatform().start(() -> spawn.accept(loop, begun::incrementAndGet)));
                }
            });
            loop.close();
            assertEquals(1, begun.get());
        }
    }

    @Test
    @Tag("full")
    void bodyOfAThreadBeginsOrIsRefusedAlsoWhileTheLoopEnds() {
        for (BiConsumer<Loop, Runnable> spawn : SPAWNS) {
            for (int round = 0; round < 200; round++) {
                var left = new AtomicInteger();
                Loop loop = Loop.start(Config.DEFAULT);
                Thread spawner = Thread.ofPlatform().start(() -> {
                    try {
                        spawn.accept(loop, left::decrementAndGet);
                        left.incrementAndGet();
                    } catch (IllegalStateException | RejectedExecutionException e) {
                        // the loop has ended
                    }
                });
                loop.close();
                joined(spawner);
                assertEquals(0, left.get());
            }
        }
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callbackOfAThreadRunsOrIsRefusedAlsoWhileTheLoopEnds() throws Exception {
        for (int round = 0; round < 50; round++) {
            Loop loop = Loop.start(Config.DEFAULT);
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            Thread caller = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        loop.callFromThread(ran::incrementAndGet);
                        accepted.incrementAndGet();
                        Thread.sleep(0, 1_000);
                    }
                } catch (IllegalStateException | InterruptedException e) {
                    // the loop has ended
                }
            });
            while (accepted.get() == 0) {
                Thread.onSpinWait();
            }
            loop.close();
            caller.join();
            assertEquals(accepted.get(), ran.get());
        }
    }

    @Test
    void bodyThatWasSpawnedBeforeTheCloseRunsToItsFirstWait() {
        for (int round = 0; round < 300; round++) {
            AtomicInteger ran = new AtomicInteger();
            Loop loop = Loop.start(Config.DEFAULT);
            Task<Void> task = loop.spawn(() -> {
                ran.incrementAndGet();
                sleep(ofSeconds(60));
            });
            loop.close();
            assertEquals(1, ran.get());
            assertEquals(Task.State.CANCELLED, task.state());
        }
    }

    @Test
    void callbackThatTheEndOfTheLoopHasCutOffIsDone() {
        Loop loop = Loop.create(ManualEngine.config().withShutdownTimeout(ZERO));
        List<Handle> handles = new ArrayList<>();
        for (int i = 0; i < Scheduler.MAX_PER_TURN * 3; i++) {
            handles.add(loop.callFromThread(() -> {}));
        }
        loop.close();
        assertTrue(handles.stream().allMatch(Handle::isDone));
    }

    @Test
    void threadThatWaitsWhenTheLoopEndsIsToldSo() throws Exception {
        Loop loop = Loop.start(Config.DEFAULT);
        Task<Void> task = loop.spawn(() -> sleep(ofSeconds(60)));
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread joiner = Thread.ofPlatform().start(() -> {
            try {
                task.join();
            } catch (Throwable e) {
                seen.set(e);
            }
        });
        loop.close();
        joiner.join();
        assertTrue(seen.get() instanceof TaskCancelledException, "" + seen.get());
    }

    @Test
    void nestedHopsDoNotDeadlock() {
        assertEquals(20, run(() -> hop(20)));
    }

    /** Down through a worker and the loop again, so many times. */
    private static int hop(int times) {
        if (times == 0) {
            return 0;
        }
        Loop loop = Heddle.currentLoop();
        return Heddle.<Integer>offload(() -> loop.<Integer>spawn(() -> 1 + hop(times - 1)).join());
    }

    @Test
    void nestedHopsThroughAPoolOfOneWorkerDoNotDeadlock() {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            try (WorkerPool outer = WorkerPool.of(1); WorkerPool inner = WorkerPool.of(1)) {
                String result = outer.call(() -> loop.<String>spawn(() -> inner.call(
                        () -> loop.<String>spawn(() -> offload(() -> "deep")).join())).join());
                assertEquals("deep", result);
            }
        });
    }

    @Test
    void scopedValuesAreKeptOverAllHops() {
        run(() -> ScopedValue.where(REQUEST, "r1").run(() -> {
            Loop loop = Heddle.currentLoop();
            try (WorkerPool pool = WorkerPool.of(1)) {
                assertEquals("r1", pool.<String>call(() -> loop.<String>spawn(
                        () -> offload(REQUEST::get)).join()));
            }
        }));
    }

    @Test
    void cancelReachesTheInnermostHop() {
        run(() -> {
            Loop loop = Heddle.currentLoop();
            try (WorkerPool pool = WorkerPool.of(1)) {
                AtomicReference<Task<?>> inner = new AtomicReference<>();
                assertTrue(Heddle.moveOnAfter(ofMillis(10), () -> pool.<String>call(() -> {
                    Task<String> task = loop.spawn(() -> {
                        sleep(ofSeconds(60));
                        return "never";
                    });
                    inner.set(task);
                    try {
                        return task.join();
                    } catch (CancelledException e) {
                        task.cancel("its caller was cancelled");
                        throw e;
                    }
                })).isEmpty());
                assertThrows(TaskCancelledException.class, () -> inner.get().join());
            }
        });
    }

    @Test
    void cancelledTaskThatClosesAnotherLoopWaitsQuietlyForItsEnd() {
        Loop other = Loop.start(Config.DEFAULT.withName("other"));
        other.spawn(() -> Heddle.shield(() -> sleep(ofMillis(200))));
        other.spawn(() -> {}).join();
        run(() -> {
            Task<Void> closer = Heddle.spawn(other::close);
            sleep(ofMillis(5));
            closer.cancel();
            long before = Heddle.currentLoop().statistics().ran();
            sleep(ofMillis(50));
            long resumed = Heddle.currentLoop().statistics().ran() - before;
            assertTrue(resumed < 20, resumed + " resumptions");
            closer.join();
        });
        assertTrue(other.isClosed());
    }

    @Test
    void whoWaitsForATaskThatIsLeftBehindIsToldSo() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        try {
            Loop loop = Loop.start(
                    Config.DEFAULT.withShutdownTimeout(ofMillis(20)).withFailureHandler((what, failure) -> {}));
            Task<Void> stuck = loop.spawn(lock::lock);
            CompletableFuture<Void> future = stuck.toCompletableFuture();
            FutureTask<Outcome<Void>> joiner = new FutureTask<>(stuck::awaitOutcome);
            Thread.ofPlatform().daemon().start(joiner);
            loop.spawn(() -> {}).join();
            loop.close();
            assertTrue(joiner.get(10, SECONDS) instanceof Outcome.Cancelled);
            assertThrows(CancellationException.class, () -> future.get(10, SECONDS));
            assertTrue(stuck.isDone());
        } finally {
            lock.unlock();
        }
    }

    @Test
    void whoAsksForTheEndOfATaskWhileItsLoopEndsIsTold() throws Exception {
        List<CompletableFuture<String>> futures = new CopyOnWriteArrayList<>();
        AtomicReference<Task<String>> ended = new AtomicReference<>();
        class Asking extends ForwardingEngine {
            Asking() {
                super(new NioEngine());
            }

            @Override
            public long nanoTime() {
                Task<String> task = ended.get();
                if (task != null) {
                    Thread asker = Thread.ofPlatform().start(() -> futures.add(task.toCompletableFuture()));
                    try {
                        asker.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                return super.nanoTime();
            }
        }
        Heddle.run(Config.DEFAULT.withEngine(Asking::new), () -> {
            Task<String> task = Heddle.spawn(() -> "result");
            task.join();
            ended.set(task);
        });
        for (CompletableFuture<String> future : futures) {
            assertEquals("result", future.get(10, SECONDS));
        }
    }
}
