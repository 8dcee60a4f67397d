package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.Outcome;
import dev.heddle.Promise;
import dev.heddle.RestartPolicy;
import dev.heddle.Task;
import dev.heddle.TaskPool;
import dev.heddle.Ticker;
import dev.heddle.WorkerPool;
import dev.heddle.generators.Generator;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Select;
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
final class ComingFromReactorTest {

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
    void pipelineBecomesAMethod() {
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

    @Test
    void nothingInsteadOfAPage() {
        Optional<String> found = saved.stream().findFirst();
        String known = found.orElse("none");
        assertEquals("none", known);
    }

    @Test
    void callsThatAreTriedAgain() {
        Sim.run(() -> {
            Backoff rests = Backoff.DEFAULT.withDelays(Duration.ofMillis(100), Duration.ofSeconds(1));
            String page = rests.retry(3, () -> fetch("a"), failure -> failure instanceof IOException);
            save(page);
        });
        assertEquals(List.of("page a"), saved);
    }

    @Test
    void severalSources() {
        Sim.run(() -> {
            Channel<String> lines = Channel.of(100);
            Channel<String> more = Channel.of(100);
            lines.send("x");
            more.send("y");
            String pair = lines.receive() + more.receive();
            more.send("z");
            String either = Select.<String>of().receive(lines, it -> it).receive(more, it -> it).get();
            Optional<String> quiet = lines.receiveWithin(Duration.ofSeconds(1));
            assertEquals(List.of("xy", "z", Optional.empty()), List.of(pair, either, quiet));
        });
    }

    @Test
    void sequences() {
        List<String> names = List.of("bb", "a");
        Sim.run(() -> {
            for (String name : names) {
                save(fetch(name));
            }
            Generator<Integer> squares = Generator.of(out -> {
                for (int i = 1;; i++) {
                    out.yield(i * i);
                }
            });
            List<Integer> even = squares.stream().filter(n -> n % 2 == 0).limit(2).toList();
            assertEquals(List.of(4, 16), even);
            List<Outcome<String>> outcomes = gatherOutcomes(() -> fetch("a"), () -> fetch("b"));
            assertEquals(2, outcomes.size());
            var cached = new Promise<String>();
            cached.complete(fetch("a"));
            save(cached.join());
        });
        assertEquals(List.of("page bb", "page a", "page a"), saved);
    }

    @Test
    void watchdogsAndDroppedFailures() {
        Config config = Config.DEFAULT
                .withBlockedAfter(Duration.ofSeconds(5))
                .withFailureHandler((what, failure) -> save(what));
        run(config, () -> save("ran"));
        assertEquals(List.of("ran"), saved);
    }

    @Test
    void clientsOfHttp() {
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("page")).start("127.0.0.1", 0);
            try (server; HttpClient http = HttpClient.builder().retries(RetryPolicy.DEFAULT.withAttempts(3)).build()) {
                String url = "http://" + server.address() + "/";
                String page = http.get(url).text();
                assertEquals("page", page);
            }
        });
    }
}
