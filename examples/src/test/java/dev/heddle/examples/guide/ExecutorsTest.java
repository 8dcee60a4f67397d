package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.LoopChooser;
import dev.heddle.Outcome;
import dev.heddle.Results;
import dev.heddle.Task;
import dev.heddle.TaskPool;
import dev.heddle.Tasks;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on executors and pools. */
final class ExecutorsTest {

    private static final ThreadLocal<MessageDigest> DIGEST = new ThreadLocal<>();

    private final List<String> stored = new ArrayList<>();
    private final List<String> names = List.of("cccc", "a", "bb");

    private static String get(String name) throws IOException {
        sleep(Duration.ofMillis(100L * name.length()));
        if (name.equals("missing")) {
            throw new IOException("no such page");
        }
        return "page " + name;
    }

    private void store(String page) {
        stored.add(page);
    }

    @Test
    void poolRunsSoManyTasksAtATime() {
        Sim.run(() -> {
            group(g -> {
                TaskPool pool = g.pool(2);
                for (String name : names) {
                    pool.spawn(() -> store(get(name)));      // waits while two run
                }
            });
            assertEquals(List.of("page a", "page bb", "page cccc"), stored);
        });
    }

    @Test
    void fullPoolSaysSo() {
        Sim.run(() -> group(g -> {
            TaskPool pool = g.pool(1);
            pool.spawn(() -> store(get("a")));
            Optional<Task<Void>> second = pool.trySpawn(() -> store(get("bb")));    // empty: the pool is full
            assertTrue(second.isEmpty());
            pool.awaitEmpty();
            assertEquals(List.of("page a"), stored);
        }));
    }

    @Test
    void resultsAreMadeAsTheyAreAskedFor() {
        List<String> lines = Output.of(() -> Sim.run(() -> group(g -> {
            TaskPool pool = g.pool(2);
            try (Results<String, String> pages = pool.imap(names, name -> get(name))) {
                for (String page : pages) {
                    IO.println(page);                        // in the order of the names
                }
            }
        })));
        assertEquals(List.of("page cccc", "page a", "page bb"), lines);
    }

    @Test
    void failuresComeWithTheirItems() {
        List<String> lines = Output.of(() -> Sim.run(() -> group(g -> {
            List<String> wanted = List.of("missing", "a");
            try (Results<String, String> pages = g.pool(2).imapUnordered(wanted, name -> get(name))) {
                for (Results.Mapped<String, String> page : pages.outcomes()) {
                    switch (page.outcome()) {
                        case Outcome.Success<String>(String text) -> IO.println(text);
                        case Outcome.Failure<String>(Throwable e) -> IO.println(page.item() + ": " + e.getMessage());
                        case Outcome.Cancelled<String>(String reason) -> IO.println(page.item() + ": " + reason);
                    }
                }
            }
        })));
        assertEquals(List.of("page a", "missing: no such page"), lines);
    }

    @Test
    void threadsOfAPoolKeepWhatTheirInitializerMade() {
        List<String> lines = Output.of(() -> run(() -> {
            WorkerPoolOptions options = WorkerPoolOptions.DEFAULT
                    .withName("digest")
                    .withWorkers(2)
                    .withInitializer(() -> DIGEST.set(MessageDigest.getInstance("SHA-256")));
            try (WorkerPool pool = WorkerPool.of(options)) {
                for (String digest : pool.imap(names, this::digest)) {
                    IO.println(digest);
                }
            }
        }));
        assertEquals(3, lines.size());
        assertTrue(lines.stream().allMatch(line -> line.length() == 64), lines.toString());
    }

    private String digest(String text) {
        byte[] digest = DIGEST.get().digest(text.getBytes(StandardCharsets.UTF_8));   // this thread's own
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void poolWithoutRoomSaysSoToWhoOnlyTries() {
        var end = new CountDownLatch(1);
        try (WorkerPool pool = WorkerPool.of(WorkerPoolOptions.DEFAULT.withWorkers(1).withMaxQueued(0))) {
            pool.execute(() -> awaitQuietly(end));
            Optional<Future<String>> later = pool.trySubmit(() -> digest("a"));      // empty: no room
            assertTrue(later.isEmpty());
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void loopIsAnExecutor() {
        List<String> lines = Output.of(() -> Sim.run(() -> {
            ScheduledExecutorService executor = currentLoop().asExecutorService();
            ScheduledFuture<?> ticks = executor.scheduleAtFixedRate(() -> IO.println("tick"), 1, 1, TimeUnit.SECONDS);
            Future<String> page = executor.submit(() -> get("a"));
            IO.println(page.get());
            sleep(Duration.ofMillis(2500));
            ticks.cancel(true);
            executor.shutdown();
        }));
        assertEquals(List.of("page a", "tick", "tick"), lines);
    }

    @Test
    void tasksAreSpreadOverLoops() {
        List<String> lines = Output.of(() -> {
            run(Config.DEFAULT.withLoops(2), () -> {
                LoopChooser chooser = LoopChooser.roundRobin(currentLoop().siblings());
                List<Task<String>> tasks = new ArrayList<>();
                for (String name : names) {
                    tasks.add(chooser.spawn(() -> name + " on " + currentLoop().name()));
                }
                IO.println(Tasks.joinAll(tasks));
            });
        });
        assertEquals(List.of("[cccc on loop-0, a on loop-1, bb on loop-0]"), lines);
    }

    @Test
    void loopsArePinnedAndWatchedCloser() {
        Config pinned = Config.DEFAULT.withLoops(2).withCpus(2, 3);
        assertEquals(List.of(2, 3), pinned.cpus());
        Config config = Config.DEFAULT.withDebug(true);
        assertTrue(run(config, () -> "done").equals("done") && config.debug());
    }
}
