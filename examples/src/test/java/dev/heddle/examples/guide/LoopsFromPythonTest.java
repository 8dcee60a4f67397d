package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.Ticker;
import dev.heddle.WorkerPool;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.WorkQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More lines for people who come from Python: loops, threads, locks, executors, Deferreds. */
final class LoopsFromPythonTest {

    @TempDir
    Path directory;

    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final List<String> items = List.of("a", "b", "c");

    private void log(String line) {
        logged.add(line);
    }

    private static String answer() {
        return "42";
    }

    private static String fetch(String item) {
        sleep(Duration.ofSeconds(1));
        return "page " + item;
    }

    private static String missing() throws IOException {
        throw new IOException("no such page");
    }

    private void heartbeat() {
        try {
            sleep(Duration.ofHours(1));
        } catch (CancelledException e) {
            log("cancelled");
            throw e;
        }
    }

    @Test
    void timesAndDeadlines() {
        Sim.run(() -> {
            long start = currentLoop().nanoTime();
            currentLoop().callAt(start + 2_000_000_000L, () -> log("at two"));
            List<String> soon = timeout(Duration.ofSeconds(5), () -> map(items, 7, item -> fetch(item)));
            assertEquals(List.of("page a", "page b", "page c"), soon);
            timeout(Duration.ofSeconds(5), () -> {
                assertEquals(Optional.of(Duration.ofSeconds(5)), CancelScope.current().remaining());
            });
            assertEquals(Optional.empty(), CancelScope.current().remaining());
            Ticker ticker = Ticker.every(Duration.ofSeconds(1)).withJitter(0.1);
            ticker.awaitTick();
            ticker.awaitTick();
        });
        assertEquals(List.of("at two"), logged);
    }

    @Test
    void loopsOfTheirOwn() {
        Loop loop = Loop.start(Config.DEFAULT.withFailureHandler((what, failure) -> log(failure.getMessage())));
        String result = loop.spawn(() -> answer()).join();
        loop.callFromThread(() -> {
            throw new IllegalStateException("a callback's failure");
        });
        assertFalse(loop.isClosed());
        loop.spawn(() -> currentLoop().awaitIdle()).join();
        loop.stop();
        loop.close();
        assertTrue(loop.isClosed());
        assertEquals("42", result);
        assertEquals(List.of("a callback's failure"), logged);
    }

    @Test
    void tasksAndTheirStates() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> answer());
            task.join();
            assertTrue(task.state() == Task.State.SUCCEEDED);
            assertTrue(currentTask().id() != task.id());
            group(g -> {
                g.spawnService(() -> heartbeat());
                g.spawn(() -> sleep(Duration.ofSeconds(1)));
            });
            var lost = new Promise<String>();
            lost.fail(new IOException("no answer"));
            assertThrows(TaskFailedException.class, lost::join);
        });
        assertEquals(List.of("cancelled"), logged);
    }

    @Test
    void locks() {
        Sim.run(() -> {
            Mutex mutex = Mutex.create();
            Condition changed = mutex.newCondition();
            Task<Void> waiting = spawn(() -> mutex.run(() -> {
                changed.await();
                log("woken");
            }));
            Sim.current().awaitIdle();
            mutex.acquire();
            changed.signal();
            mutex.release();
            waiting.join();

            Event started = Event.create();
            started.set();
            assertTrue(started.isSet());
            started.clear();
            assertFalse(started.isSet());

            BoundedSemaphore places = BoundedSemaphore.of(1);
            places.acquire();
            spawn(() -> places.release());
            places.acquire();

            Barrier meeting = Barrier.of(3, () -> log("all here"));
            gather(meeting::await, meeting::await, meeting::await);

            WorkQueue<String> jobs = WorkQueue.fifo(1_000);
            jobs.put("x");
            assertEquals(Optional.of("x"), jobs.tryPeek());
            assertEquals("x", jobs.take());
        });
        assertEquals(List.of("woken", "all here"), logged);
    }

    @Test
    void offloadingUnderALimit() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "text");
        run(() -> {
            ConcurrencyLimiter tokens = ConcurrencyLimiter.of(10);
            String text = tokens.run(() -> offload(() -> Files.readString(file)));
            assertEquals("text", text);
        });
    }

    @Test
    void futuresOfExecutors() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(Runtime.getRuntime().availableProcessors())) {
                Future<String> later = pool.submit(() -> missing());
                assertThrows(ExecutionException.class, later::get);
                assertTrue(later.isDone());
                assertEquals(Future.State.FAILED, later.state());
                assertEquals("no such page", later.exceptionNow().getMessage());
            }
        });
    }
}
