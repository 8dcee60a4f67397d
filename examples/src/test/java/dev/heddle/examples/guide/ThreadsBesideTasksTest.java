package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.Config;
import dev.heddle.GroupException;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.WorkerPool;
import dev.heddle.examples.Program;
import dev.heddle.http.client.HttpClient;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Mutex;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for people who come from virtual threads and structured concurrency of the JDK. */
final class ThreadsBesideTasksTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private final AtomicBoolean read = new AtomicBoolean();
    private final AtomicBoolean added = new AtomicBoolean();
    private final List<String> logged = new ArrayList<>();
    private int count;

    private static String fetch(String name) {
        sleep(Duration.ofMillis(100));
        return "page of " + name;
    }

    private static int compute() {
        return 42;
    }

    private static void cleanUp() {
        sleep(Duration.ofMillis(100));
    }

    private void log(String line) {
        logged.add(line);
    }

    @Tag("full")
    @Test
    void forkRunsInParallelAndHeddleIsRefusedThere(@TempDir Path classes) throws Exception {
        List<String> out = outputOf("ForkBesideTasks", classes);
        assertEquals("1", out.get(0));
        assertTrue(out.get(1).startsWith("no task is running here"), out.get(1));
        assertEquals(List.of("length 4", "the fork is interrupted", "answer Optional.empty"),
                out.subList(2, out.size()));
    }

    @Tag("full")
    @Test
    void forkWithHeddlesFactoryIsATask(@TempDir Path classes) throws Exception {
        assertEquals(
                List.of("page of a, page of b", "1000", "the fork is cancelled", "answer Optional.empty"),
                outputOf("ForksOnTheLoop", classes));
    }

    private static List<String> outputOf(String program, Path classes) throws Exception {
        Path source = Path.of("src", "test", "resources", "previews", program + ".java");
        int compiled = ToolProvider.getSystemJavaCompiler().run(
                null, null, OutputStream.nullOutputStream(), "--enable-preview", "--release", "25",
                "--class-path", Program.classPath(), "-d", classes.toString(), source.toString());
        assertEquals(0, compiled);
        return Program.runCompiled(classes, program, "--enable-preview");
    }

    @Test
    void threadOfItsOwnRunsInParallelAndHeddleIsRefusedThere() {
        run(() -> {
            var refused = new CompletableFuture<String>();
            Thread thread = Thread.startVirtualThread(() -> {
                while (!read.get()) {
                    Thread.onSpinWait();
                }
                count = count + 1000;
                added.set(true);
                refused.complete(assertThrows(IllegalStateException.class, () -> checkpoint()).getMessage());
            });
            int before = count;
            read.set(true);
            while (!added.get()) {
                Thread.onSpinWait();
            }
            count = before + 1;
            thread.join();
            assertTrue(refused.join().startsWith("no task is running here"), refused.join());
            assertEquals(1, count);
        });
    }

    @Test
    void tasksOfALoopNeedNoLock() {
        run(() -> {
            group(g -> {
                for (int i = 0; i < 1000; i++) {
                    g.spawn(() -> {
                        checkpoint();
                        count = count + 1;
                    });
                }
            });
            assertEquals(1000, count);
        });
    }

    @Test
    void streamsAndClientsNeedATask() {
        try (HttpClient http = HttpClient.create()) {
            assertThrows(IllegalStateException.class, () -> http.get("http://127.0.0.1:1/").text());
        }
        assertThrows(IllegalStateException.class, () -> Tcp.connect("127.0.0.1", 1));
        assertThrows(IllegalStateException.class, () -> timeout(Duration.ofSeconds(1), () -> "quick"));
    }

    @Test
    void foreignThreadAsksTheLoop() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            String page = loop.spawn(() -> fetch("a")).join();
            CompletableFuture<String> later = loop.spawn(() -> fetch("b")).toCompletableFuture();
            assertEquals(List.of("page of a", "page of b"), List.of(page, later.join()));
        }
    }

    @Test
    void channelJoinsBothWorlds() {
        run(() -> {
            Channel<String> lines = Channel.of(10);
            Thread.startVirtualThread(() -> lines.send("from a thread"));
            assertEquals("from a thread", lines.receive());
        });
    }

    @Test
    void swallowedCancelComesAgain() {
        Sim.run(() -> {
            Optional<String> answer = moveOnAfter(Duration.ofSeconds(1), () -> {
                for (int attempt = 1; attempt <= 3; attempt++) {
                    try {
                        sleep(Duration.ofHours(1));
                    } catch (RuntimeException e) {
                        log("attempt " + attempt + " failed");
                    }
                }
                return "late";
            });
            assertEquals(List.of("attempt 1 failed", "attempt 2 failed", "attempt 3 failed"), logged);
            assertEquals(Duration.ofSeconds(1), Duration.ofNanos(currentLoop().nanoTime()));
            assertEquals(Optional.of("late"), answer);
        });
    }

    @Test
    void linesOfTheTable() {
        Sim.run(() -> {
            List<String> names = List.of("a", "b");
            Task<String> page = spawn(() -> fetch("a"));
            assertEquals("page of a", page.join());
            page.cancel("no longer wanted");
            List<String> pages = map(names, 100, name -> fetch(name));
            List<String> both = gather(() -> fetch("a"), () -> fetch("b"));
            String first = race(() -> fetch("a"), () -> fetch("b"));
            List<Outcome<String>> outcomes = gatherOutcomes(() -> fetch("a"), () -> fetch("b"));
            String quick = timeout(Duration.ofSeconds(5), () -> fetch("a"));
            shield(Duration.ofSeconds(5), () -> cleanUp());
            ScopedValue.where(USER, "Ada").run(() -> spawn(() -> log("hello " + USER.get())).join());
            BoundedSemaphore places = BoundedSemaphore.of(3);
            places.run(() -> cleanUp());
            Mutex mutex = Mutex.create();
            mutex.run(() -> cleanUp());
            CancelScope.throwIfCancelled();
            assertEquals(4, pages.size() + both.size());
            assertEquals(2, outcomes.size());
            assertEquals(quick.length(), first.length());
            assertTrue(currentLoop().waitReport().toString().length() > 0);
            try {
                group(g -> {
                    g.spawn(() -> {
                        throw new IOException("no page");
                    });
                });
            } catch (GroupException e) {
                assertEquals("no page", e.firstOf(IOException.class).orElseThrow().getMessage());
            }
        });
        assertEquals(List.of("hello Ada"), logged);
    }

    @Test
    void coresForWhatComputes() {
        run(() -> {
            int answer = offload(() -> compute());
            try (WorkerPool pool = WorkerPool.of(4)) {
                assertEquals(answer, pool.call(() -> compute()));
            }
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                assertEquals(answer, executor.submit(() -> compute()).get());
            }
        });
    }
}
