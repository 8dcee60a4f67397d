package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.Generator;
import dev.heddle.Outcome;
import dev.heddle.RestartPolicy;
import dev.heddle.Task;
import dev.heddle.TaskPool;
import dev.heddle.Ticker;
import dev.heddle.WorkerPool;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the table for people who come from Reactor. */
class ComingFromReactorTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    @TempDir
    Path directory;

    private final List<String> saved = new ArrayList<>();

    private static String fetch(String name) {
        sleep(Duration.ofMillis(100L * name.length()));
        return "page " + name;
    }

    private void save(String page) {
        saved.add(page);
    }

    private void greet() {
        save("hello " + USER.get());
    }

    private static int square(int n) {
        return n * n;
    }

    @Test
    void aPipelineBecomesAMethod() {
        Sim.run(() -> {
            String page = fetch("a");
            int size = fetch("a").length();
            save(fetch("a"));
            List<String> both = gather(() -> fetch("a"), () -> fetch("b"));
            String first = race(() -> fetch("a"), () -> fetch("b"));
            String quick = timeout(Duration.ofSeconds(1), () -> fetch("a"));
            sleep(Duration.ofSeconds(1));
            assertEquals(List.of("page a", "page a", "page a", "page b"),
                    List.of(page, quick, both.getFirst(), both.getLast()));
            assertEquals(List.of(6, 6), List.of(size, first.length()));
            assertEquals(List.of(page), saved);
        });
    }

    @Test
    void runningAndCancelling() {
        String result = run(() -> fetch("a"));
        assertEquals("page a", result);
        Sim.run(() -> {
            Task<String> task = spawn(() -> fetch("a"));
            task.cancel("no longer wanted");
            assertInstanceOf(Outcome.Cancelled.class, task.awaitOutcome());
            task = spawn(() -> fetch("b"));
            CompletableFuture<String> future = task.toCompletableFuture();
            String value = await(future);
            assertEquals("page b", value);
        });
    }

    @Test
    void failuresAndRetries() {
        Sim.run(() -> {
            try {
                throw new IllegalStateException("no page");
            } catch (IllegalStateException e) {
                save("none");
            } finally {
                save("clean");
            }
            group(g -> {
                g.supervise("page", RestartPolicy.DEFAULT.withMaxRestarts(3, Duration.ofMinutes(1)),
                        () -> save(fetch("a")));
            });
        });
        assertEquals(List.of("none", "clean", "page a"), saved);
    }

    @Test
    void manyAtATime() {
        Sim.run(() -> {
            List<String> names = List.of("bb", "a");
            group(g -> {
                TaskPool pool = g.pool(10);
                for (String each : pool.imapUnordered(names, name -> fetch(name))) {
                    save(each);
                }
            });
            List<String> pages = map(names, 10, name -> fetch(name));
            assertEquals(List.of("page bb", "page a"), pages);
            assertEquals(List.of("page a", "page bb"), saved);
        });
    }

    @Test
    void streamsOfElements() {
        Sim.run(() -> {
            Channel<String> lines = Channel.of(100);
            lines.send("x");
            lines.send("y");
            assertEquals(Optional.of("x"), lines.tryReceive());
            lines.close();
            for (String line : lines) {
                save(line);
            }
            Broadcast<String> news = Broadcast.create();
            Subscription<String> reader = news.subscribe(16, Overflow.DROP_OLDEST);
            news.send("news");
            save(reader.receive());
            Ticker ticker = Ticker.every(Duration.ofSeconds(1));
            ticker.awaitTick();
            Generator<Integer> squares = Generator.of(out -> {
                for (int i = 1; i <= 3; i++) {
                    out.yield(i * i);
                }
            });
            assertEquals(List.of(1, 4, 9), squares.stream().toList());
            ScopedValue.where(USER, "Ada").run(() -> greet());
        });
        assertEquals(List.of("y", "news", "hello Ada"), saved);
    }

    @Test
    void otherThreads() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "text");
        run(() -> {
            String text = offload(() -> Files.readString(file));
            List<Integer> numbers = List.of(1, 2, 3);
            int sum = 0;
            try (WorkerPool workers = WorkerPool.of(2)) {
                for (int each : workers.imap(numbers, n -> square(n))) {
                    sum += each;
                }
            }
            assertEquals("text14", text + sum);
        });
    }
}
