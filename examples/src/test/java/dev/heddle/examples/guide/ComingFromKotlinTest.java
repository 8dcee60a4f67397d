package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.Config;
import dev.heddle.Handle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskPool;
import dev.heddle.Tasks;
import dev.heddle.Ticker;
import dev.heddle.WaitReport;
import dev.heddle.WorkerPool;
import dev.heddle.generators.Generator;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.sim.Sim;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Select;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the table for people who come from Kotlin's coroutines. */
final class ComingFromKotlinTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    @TempDir
    Path directory;

    private final List<String> logged = new ArrayList<>();

    private static String answer() {
        sleep(Duration.ofMillis(100));
        return "42";
    }

    private static String other() {
        throw new IllegalStateException("no other");
    }

    private static int compute() {
        return 7;
    }

    private void cleanUp() {
        logged.add("clean");
    }

    private void greet() {
        logged.add("hello " + USER.get());
    }

    @Test
    void scopes() {
        String result = run(() -> answer());
        Sim.run(() -> {
            group(g -> {
                g.spawn(() -> answer());
            });
            tolerantGroup(g -> {
                Task<String> failing = g.spawn(() -> other());
                assertInstanceOf(Outcome.Failure.class, failing.awaitOutcome());
            });
            Task<String> task = spawn(() -> answer());
            String value = task.join();
            assertEquals(result, value);
            List<String> both = gather(() -> answer(), () -> answer());
            assertEquals(2, both.size());
            Task<String> named = spawn("x", () -> answer());
            assertEquals("x", named.name());
            CompletableFuture<String> future = task.toCompletableFuture();
            assertEquals(value, future.join());
        });
    }

    @Test
    void timeAndCancelling() {
        Sim.run(() -> {
            sleep(Duration.ofSeconds(1));
            String quick = timeout(Duration.ofSeconds(1), () -> answer());
            Optional<String> maybe = moveOnAfter(Duration.ofSeconds(1), () -> answer());
            shield(Duration.ofSeconds(5), () -> cleanUp());
            Task<String> task = spawn(() -> answer());
            task.cancel("no longer wanted");
            task.awaitOutcome();
            CancelScope.throwIfCancelled();
            checkpoint();
            assertFalse(CancelScope.current().isCancelled());
            assertEquals(Optional.of(quick), maybe);
        });
        assertEquals(List.of("clean"), logged);
    }

    @Test
    void otherThreads() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "text");
        run(() -> {
            String text = offload(() -> Files.readString(file));
            try (WorkerPool workers = WorkerPool.of(2)) {
                int number = workers.call(() -> compute());
                assertEquals("text7", text + number);
            }
            CompletableFuture<String> future = CompletableFuture.completedFuture("later");
            String later = await(future);
            assertEquals("later", later);
        });
    }

    @Test
    void channels() {
        Sim.run(() -> {
            Channel<Integer> channel = Channel.of(10);
            channel.send(1);
            int first = channel.receive();
            channel.send(2);
            String event = Select.<String>of()
                    .receive(channel, x -> "got " + x)
                    .get();
            channel.send(3);
            channel.close();
            for (int each : channel) {
                logged.add(event + " and " + first + " and " + each);
            }
            Generator<Integer> numbers = Generator.of(out -> {
                out.yield(1);
                out.yield(2);
            });
            assertEquals(List.of(1, 2), numbers.stream().toList());
            Broadcast<String> news = Broadcast.create();
            var reader = news.subscribe(16, Overflow.DROP_OLDEST);
            news.send("news");
            assertEquals("news", reader.receive());
        });
        assertEquals(List.of("got 2 and 1 and 3"), logged);
    }

    @Test
    void locksAndContext() {
        Sim.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.run(() -> cleanUp());
            BoundedSemaphore few = BoundedSemaphore.of(3);
            few.run(() -> cleanUp());
            var promise = new Promise<String>();
            promise.complete("yes");
            assertEquals("yes", promise.join());
            ScopedValue.where(USER, "Ada").run(() -> greet());
        });
        assertEquals(List.of("clean", "clean", "hello Ada"), logged);
    }

    @Test
    void loopOfAUserInterface() throws InterruptedException {
        var turns = new LinkedBlockingQueue<Runnable>();
        Executor host = turns::add;
        Loop loop = Loop.guest(Config.DEFAULT, host);
        var result = loop.spawn(() -> answer()).toCompletableFuture();
        while (!result.isDone()) {
            turns.take().run();
        }
        assertEquals("42", result.join());
        loop.stop();
        while (!loop.isClosed()) {
            turns.take().run();
        }
    }

    @Test
    void childrenAndTheirEnds() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> answer());
            Handle link = task.onDone(ended -> logged.add(ended.name()));
            link.cancel();
            List<Task<String>> tasks = List.of(task, spawn(() -> answer()));
            List<String> all = Tasks.joinAll(tasks);
            assertEquals(List.of("42", "42"), all);
            Tasks.cancelAll(tasks, "enough");
            group(g -> {
                g.spawnService(() -> heartbeat());
                g.cancel("enough");
            });
            currentLoop().callLater(Duration.ofSeconds(1), () -> logged.add("later"));
            sleep(Duration.ofSeconds(2));
            assertTrue(WaitReport.capture().toString().length() > 0);
        });
        assertEquals(List.of("later"), logged);
    }

    private static void heartbeat() {
        sleep(Duration.ofHours(1));
    }

    @Test
    void channelsThatAreTriedOrWaitedFor() {
        Sim.run(() -> {
            Channel<Integer> meeting = Channel.of(0);
            assertFalse(meeting.trySend(1));
            assertEquals(Optional.empty(), meeting.tryReceive());
            Optional<String> event = Select.<String>of()
                    .receive(meeting, x -> "got " + x)
                    .getWithin(Duration.ofSeconds(1));
            assertEquals(Optional.empty(), event);
            Broadcast<String> state = Broadcast.create();
            var latest = state.subscribe(1, Overflow.DROP_OLDEST);
            state.send("old");
            state.send("new");
            assertEquals("new", latest.receive());
            Ticker ticker = Ticker.every(Duration.ofSeconds(1));
            ticker.awaitTick();
            Generator<Integer> numbers = Generator.of(out -> out.yieldFrom(List.of(1, 2, 3, 4)));
            List<Integer> doubled = numbers.stream().filter(n -> n % 2 == 0).map(n -> n * 2).toList();
            assertEquals(List.of(4, 8), doubled);
            group(g -> {
                TaskPool pool = g.pool(4);
                for (String each : pool.imapUnordered(List.of("a"), name -> answer())) {
                    logged.add(each);
                }
            });
        });
        assertEquals(List.of("42"), logged);
    }

    @Test
    void callbacksBecomePromises() {
        Sim.run(() -> {
            var promise = new Promise<String>();
            currentLoop().callLater(Duration.ofSeconds(1), () -> promise.complete("called back"));
            assertEquals("called back", promise.join());
            ConcurrencyLimiter few = ConcurrencyLimiter.of(4);
            few.run(() -> cleanUp());
        });
        assertEquals(List.of("clean"), logged);
    }

    @Test
    void loopsAndClients() {
        Config config = Config.DEFAULT.withFailureHandler((what, failure) -> logged.add(what));
        try (Loop loop = Loop.start(config)) {
            assertEquals("42", loop.spawn(() -> answer()).join());
        }
        Sim.run(() -> {
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("page")).start("127.0.0.1", 0);
            try (server; HttpClient http = HttpClient.create()) {
                String url = "http://" + server.address() + "/";
                assertEquals("page", http.get(url).text());
            }
        });
        assertEquals(List.of(), logged);
    }
}
