package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.AwaitCondition;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Handle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import dev.heddle.Tasks;
import dev.heddle.Ticker;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Memo;
import dev.heddle.sync.MemoOptions;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import dev.heddle.sync.WorkQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the tables for people who come from Python. */
final class ComingFromPythonTest {

    private static final ScopedValue<String> STUDENT = ScopedValue.newInstance();

    @TempDir
    Path directory;

    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private int count;

    private static String answer() {
        return "42";
    }

    private static String other() {
        sleep(Duration.ofSeconds(1));
        return "43";
    }

    private void log(String line) {
        logged.add(line);
    }

    private void cleanUp() {
        sleep(Duration.ofSeconds(1));
        log("clean");
    }

    private void work(String item) {
        count = count + 1;
        log(item);
    }

    private void heartbeat() {
        try {
            sleep(Duration.ofHours(1));
        } catch (CancelledException e) {
            log("cancelled");
            throw e;
        }
    }

    private void greet() {
        log("hello " + STUDENT.get());
    }

    private void eat() {
        log("eat");
    }

    private void play() {
        log("play");
    }

    private void handle(ByteStream stream) {
        byte[] buffer = new byte[1024];
        int n = stream.read(buffer);
        byte[] data = Arrays.copyOf(buffer, n);
        stream.write(data);
    }

    @Test
    void tasksOfAsyncio() {
        assertEquals("42", Sim.run(() -> answer()));
        assertEquals("42", run(() -> answer()));
        Sim.run(() -> {
            Task<String> task = spawn(() -> answer());
            String result = task.join();
            String direct = answer();
            sleep(Duration.ofSeconds(2));
            List<String> both = gather(() -> answer(), () -> other());
            String first = race(() -> answer(), () -> other());
            String quick = timeout(Duration.ofSeconds(5), () -> answer());
            shield(Duration.ofSeconds(5), () -> cleanUp());
            group(g -> {
                g.spawn(() -> answer());
            });
            long when = currentLoop().nanoTime() + Duration.ofSeconds(1).toNanos();
            assertFalse(CancelScope.open(scope -> {
                CancelScope.current().deadlineAt(when);
                sleep(Duration.ofSeconds(2));
            }));
            assertEquals(List.of("42", "42", "42", "43", "42", "42"),
                    List.of(result, direct, both.getFirst(), both.getLast(), first, quick));
            assertTrue(task.isDone());
        });
    }

    @Test
    void waitingForSeveral() {
        Sim.run(() -> {
            List<Outcome<String>> outcomes = gatherOutcomes(() -> answer(), () -> other());
            tolerantGroup(g -> {
                g.spawn(() -> answer());
            });
            List<Task<String>> tasks = List.of(spawn(() -> answer()), spawn(() -> other()));
            var early = Tasks.awaitWithin(Duration.ofSeconds(5), tasks, AwaitCondition.FIRST_COMPLETED);
            var failed = Tasks.await(tasks, AwaitCondition.FIRST_EXCEPTION);
            var waited = Tasks.await(tasks, AwaitCondition.ALL_COMPLETED);
            List<String> all = Tasks.joinAll(tasks);
            var two = Tasks.joinFirst(2, tasks);
            for (Task<String> done : Tasks.asCompleted(tasks)) {
                log(done.join());
            }
            Tasks.cancelAll(tasks, "enough");
            assertEquals(List.of(2, 1, 2, 2, 2, 2), List.of(outcomes.size(), early.done().size(), failed.done().size(),
                    waited.done().size(), all.size(), two.size()));
            var reply = new Promise<String>();
            reply.complete("yes");
            assertEquals("yes", reply.join());
        });
        assertEquals(List.of("42", "43"), logged);
    }

    @Test
    void greenletsOfGevent() {
        Sim.run(() -> {
            spawn(() -> { sleep(Duration.ofSeconds(2)); log("later"); });
            Task<String> task = spawn(() -> other());
            Handle link = task.onDone(ended -> log(ended.name()));
            link.cancel();
            task.fail(new IOException("no longer wanted"));
            assertThrows(TaskFailedException.class, task::join);
            sleep(Duration.ofSeconds(3));
        });
        assertEquals(List.of("later"), logged);
    }

    @Test
    void cancellingOfAsyncio() {
        Sim.run(() -> {
            Task<String> task = spawn(() -> other());
            task.onDone(ended -> log(ended.name()));
            task.cancel("no longer needed");
            assertThrows(TaskCancelledException.class, task::join);
            Sim.current().awaitIdle();
            assertTrue(task.state() == Task.State.CANCELLED);
            assertEquals(List.of(task.name()), logged);
            assertEquals(List.of(currentTask()), currentLoop().allTasks());
        });
    }

    @Test
    void loopOfAsyncio() throws InterruptedException {
        Sim.run(() -> {
            long start = currentLoop().nanoTime();
            currentLoop().callSoon(() -> log("soon"));
            currentLoop().callLater(Duration.ofSeconds(2), () -> log("later"));
            sleep(Duration.ofSeconds(3));
            assertEquals(3_000_000_000L, currentLoop().nanoTime() - start);
        });
        var called = new CountDownLatch(1);
        Loop loop = Loop.start(Config.DEFAULT);
        loop.callFromThread(() -> log("from elsewhere"));
        loop.spawn(() -> called.countDown());
        called.await();
        loop.close();
        assertEquals(List.of("soon", "later", "from elsewhere"), logged);
    }

    @Test
    void executorsAndFuturesOfAsyncio() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "text");
        CompletableFuture<Integer> future = CompletableFuture.completedFuture(7);
        run(() -> {
            String text = offload(() -> Files.readString(file));
            int number = await(future);
            assertEquals("text7", text + number);
        });
    }

    @Test
    void queues() {
        Sim.run(() -> {
            Channel<String> queue = Channel.of(10);
            queue.send("x");
            String x = queue.receive();
            boolean sent = queue.trySend("x");
            Optional<String> next = queue.tryReceive();
            assertEquals(x, next.orElseThrow());
            assertTrue(sent);
            assertEquals(0, queue.statistics().size());
            queue.send("last");
            queue.close();
            for (String each : queue) {
                log(each);
            }
            assertEquals(List.of("last"), logged);
        });
    }

    @Test
    void queuesOfThreading() {
        Sim.run(() -> {
            WorkQueue<String> jobs = WorkQueue.fifo(1_000);
            jobs.put("x");
            String job = jobs.take();
            assertTrue(jobs.putWithin("x", Duration.ofSeconds(1)) && jobs.tryPut("x"));
            assertEquals(Optional.of(job), jobs.takeWithin(Duration.ofSeconds(1)));
            assertEquals(Optional.of(job), jobs.tryTake());
            for (int i = 0; i < 3; i++) {
                jobs.taskDone();
            }
            jobs.awaitAllDone();
            jobs.put("last");
            Channel<String> orders = Channel.of(10);
            assertEquals("job last",
                    Select.<String>of().receive(jobs, x -> "job " + x).receive(orders, x -> "order " + x).get());
            assertEquals(1, jobs.statistics().unfinished());
            jobs.put("x");
            jobs.close();
            for (String each : jobs) {
                log(each);
            }
            jobs.abort();
            for (WorkQueue<String> other : List.<WorkQueue<String>>of(
                    WorkQueue.lifo(1_000),
                    WorkQueue.priority(1_000, Comparator.naturalOrder()))) {
                other.put("a");
                other.put("b");
                log(other.take());
            }
        });
        assertEquals(List.of("x", "b", "a"), logged);
    }

    @Test
    void threads() {
        Sim.run(() -> {
            Task<Void> thread = spawn(() -> work("x"));
            spawn("get detail html", () -> work("x"));
            thread.join();
            timeout(Duration.ofSeconds(5), thread::join);
            assertTrue(thread.isDone());
            assertTrue(thread.name().startsWith("task-"));
            assertEquals("main", currentTask().name());
            spawn(() -> heartbeat());
            Sim.current().awaitIdle();
            assertEquals(2, currentLoop().allTasks().size());
            ScopedValue.where(STUDENT, "Ada").run(() -> greet());
        });
        assertEquals(2, count);
        assertEquals(List.of("x", "x", "hello Ada", "cancelled"), logged);
    }

    @Test
    void locks() {
        Sim.run(() -> {
            Mutex mutex = Mutex.create();
            mutex.run(() -> eat());
            assertTrue(mutex.acquireWithin(Duration.ofSeconds(5)));
            mutex.release();
            assertTrue(mutex.tryAcquire());
            mutex.release();
            var again = new ReentrantLock();
            again.lock();
            again.lock();
            Condition changed = mutex.newCondition();
            Task<Void> waiting = spawn(() -> mutex.run(() -> {
                changed.awaitUntil(() -> count > 0);
            }));
            Sim.current().awaitIdle();
            assertFalse(waiting.isDone());
            mutex.run(() -> {
                work("x");
                changed.signalAll();
            });
            waiting.join();
            BoundedSemaphore places = BoundedSemaphore.of(3);
            places.run(() -> eat());
            ConcurrencyLimiter tokens = ConcurrencyLimiter.of(10);
            tokens.run(() -> eat());
            tokens.setTotal(40);
            assertEquals(List.of(3, 40), List.of(places.statistics().available(), tokens.statistics().total()));
        });
        assertEquals(List.of("eat", "x", "eat", "eat"), logged);
    }

    @Test
    void eventsAndBarriers() {
        Sim.run(() -> {
            Event started = Event.create();
            assertFalse(started.awaitWithin(Duration.ofSeconds(5)));
            started.set();
            started.await();
            Barrier meeting = Barrier.of(3);
            gather(meeting::await, meeting::await, meeting::await);
            assertThrows(DeadlineExceededException.class, () -> timeout(Duration.ofSeconds(5), () -> {
                meeting.await();
            }));
            assertTrue(meeting.isBroken());
            meeting.reset();
            assertFalse(meeting.isBroken());
            meeting.abort();
            assertThrows(BrokenException.class, meeting::await);
        });
    }

    @Test
    void timers() {
        Sim.run(() -> {
            Handle alarm = currentLoop().callLater(Duration.ofSeconds(5), () -> log("alarm"));
            alarm.cancel();
            Handle blinking = currentLoop().callEvery(Duration.ofMillis(50), () -> log("blink"));
            sleep(Duration.ofMillis(120));
            blinking.cancel();
            Ticker ticker = Ticker.every(Duration.ofSeconds(1));
            ticker.awaitTick();
            currentLoop().awaitIdle();
            sleep(Duration.ofSeconds(5));
        });
        assertEquals(List.of("blink", "blink"), logged);
    }

    @Test
    void runWideValues() {
        ScopedValue.where(STUDENT, "Ada").run(() -> Sim.run(() -> greet()));
        assertEquals(List.of("hello Ada"), logged);
    }

    @Test
    void gevent() {
        run(() -> {
            Thread.sleep(10);
            gather(() -> eat(), () -> play());
        });
        Sim.run(() -> sleep(Duration.ofSeconds(1)));
        assertEquals(List.of("eat", "play"), logged);
    }

    @Test
    void clientsOfHttp() {
        Sim.run(() -> {
            var site = HttpServer.builder()
                    .get("/", request -> Response.text("page"))
                    .post("/", request -> Response.text(request.text(100)));
            try (HttpServer server = site.start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                String url = "http://" + server.address() + "/";
                String page = http.get(url).text();
                assertEquals(page, http.get(url).expectSuccess().text());
                try (Reply reply = http.get(url)) {
                    assertEquals(200, reply.status());
                    assertEquals(4, reply.bytes().length);
                }
                http.request("GET", url).timeout(Duration.ofSeconds(5)).send().close();
                assertEquals("name=Ada", http.request("POST", url).body("name=Ada").send().text());
                fetchMany(http, List.of(url, url));
                fetchOnce(http, url);
            }
        });
    }

    private void fetchOnce(HttpClient http, String address) {
        Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, url -> http.get(url).text());
        assertEquals(pages.get(address), pages.get(address));
    }

    private void fetchMany(HttpClient http, List<String> urls) {
        List<String> pages = map(urls, 7, url -> http.get(url).text());
        assertEquals(List.of("page", "page"), pages);
        String url = urls.getFirst();
        Task<String> page = spawn(() -> http.get(url).text());
        assertEquals("page", page.join());
    }

    private static HttpServer.Builder byNumber() {
        return HttpServer.builder().get("/{id}", request -> Response.text(request.path("id")));
    }

    private static Response created(Request request) {
        return Response.text(request.path()).withStatus(201);
    }

    private static Response asked(Request request) {
        return Response.text(request.path("id") + request.queryString().orElse(""));
    }

    @Test
    void serversOfHttp() {
        Sim.run(() -> {
            HttpServer server = byNumber().get("/new/{id}", request -> created(request))
                    .get("/asked/{id}", request -> asked(request)).build();
            spawn(() -> {
                server.serve("0.0.0.0", 9977);
            });
            Sim.current().awaitIdle();
            try (HttpClient http = HttpClient.create()) {
                assertEquals("7", http.get("http://127.0.0.1:9977/7").text());
                assertEquals("/new/7", http.get("http://127.0.0.1:9977/new/7").text());
                assertEquals("7a=b", http.get("http://127.0.0.1:9977/asked/7?a=b").text());
            }
        });
    }

    @Test
    void streamsOfAsyncio() throws Exception {
        Sim.run(() -> {
            String host = "example.org";
            var old = Sim.current().network().host(host);
            old.spawn(() -> {
                try (Listener listener = Tcp.listen(host, 80)) {
                    listener.serve(1_000, stream -> {
                        stream.readLine(1024);
                        stream.write("HTTP/1.0 200 OK\r\n\r\npage");
                    });
                }
            });
            Sim.current().awaitIdle();
            try (ByteStream stream = Tcp.connect(host, 80)) {
                stream.write("GET / HTTP/1.0\r\n\r\n");
                Optional<String> line = stream.readLine(1024);
                byte[] everything = stream.readAll(1_000_000);
                assertEquals("HTTP/1.0 200 OK", line.orElseThrow());
                assertEquals(6, everything.length);
                assertTrue(stream.remoteAddress().endsWith(":80"), stream.remoteAddress());
            }
        });
    }

    @Test
    void sockets() {
        Sim.run(() -> {
            try (Listener listener = Tcp.listen("127.0.0.1", 8080)) {
                Task<byte[]> client = spawn(() -> {
                    try (ByteStream stream = Tcp.connect("127.0.0.1", 8080)) {
                        stream.write("hello");
                        return stream.readAll(100);
                    }
                });
                ByteStream accepted = listener.accept();
                group(g -> {
                    g.spawn(() -> handle(accepted));
                });
                accepted.close();
                assertEquals("hello", new String(client.join(), StandardCharsets.UTF_8));
                Task<Void> server = spawn(() -> {
                    listener.serve(1_000, stream -> handle(stream));
                });
                Sim.current().awaitIdle();
                server.cancel();
            }
        });
    }
}
