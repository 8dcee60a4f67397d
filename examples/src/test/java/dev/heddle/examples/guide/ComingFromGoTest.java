package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.Handle;
import dev.heddle.Promise;
import dev.heddle.Ticker;
import dev.heddle.generators.Generator;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.Routes;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.StreamTimeouts;
import dev.heddle.io.Streams;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Memo;
import dev.heddle.sync.MemoOptions;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

/** The lines of the table for people who come from Go. */
final class ComingFromGoTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();
    private final List<String> logged = new ArrayList<>();

    private static String answer() {
        sleep(Duration.ofMillis(100));
        return "42";
    }

    private static String other() {
        return "43";
    }

    private static String fetch(String name) {
        return "page " + name;
    }

    private void work(String item) {
        logged.add(item);
    }

    private void cleanUp() {
        logged.add("clean");
    }

    private void greet() {
        logged.add("hello " + USER.get());
    }

    private static void handle(ByteStream stream) {
        stream.write(stream.readLine(100).orElse("") + "\n");
    }

    @Test
    void tasks() {
        Sim.run(() -> {
            spawn(() -> work("a"));
            group(g -> {
                g.spawn(() -> work("a"));
            });
            List<String> both = gather(() -> answer(), () -> other());
            List<String> names = List.of("a", "b");
            List<String> pages = map(names, 10, name -> fetch(name));
            assertEquals(List.of("42", "43"), both);
            assertEquals(List.of("page a", "page b"), pages);
            checkpoint();
            assertEquals(1, currentLoop().statistics().aliveTasks());
            assertTrue(currentLoop().waitReport().toString().length() > 0);
        });
        assertEquals(List.of("a", "a"), logged);
    }

    @Test
    void channels() {
        Sim.run(() -> {
            Channel<String> channel = Channel.of(10);
            channel.send("x");
            String x = channel.receive();
            Optional<String> maybe = channel.tryReceive();
            assertFalse(maybe.isPresent());
            Channel<String> meeting = Channel.of(0);
            spawn(() -> meeting.send("met"));
            String event = Select.<String>of()
                    .receive(channel, it -> it)
                    .receive(meeting, it -> it)
                    .get();
            Optional<String> soon = moveOnAfter(Duration.ofSeconds(1), () -> channel.receive());
            channel.send("last");
            channel.close();
            for (String each : channel) {
                work(each);
            }
            assertEquals(List.of("x", "met", Optional.empty()), List.of(x, event, soon));
        });
        assertEquals(List.of("last"), logged);
    }

    @Test
    void contexts() {
        Sim.run(() -> {
            String quick = timeout(Duration.ofSeconds(1), () -> answer());
            CancelScope.open(scope -> {
                scope.cancel("no longer wanted");
                try {
                    CancelScope.throwIfCancelled();
                } catch (CancelledException e) {
                    work(quick);
                    throw e;
                }
            });
            shield(Duration.ofSeconds(5), () -> cleanUp());
            ScopedValue.where(USER, "Ada").run(() -> greet());
        });
        assertEquals(List.of("42", "clean", "hello Ada"), logged);
    }

    @Test
    void timeAndLocks() {
        Sim.run(() -> {
            sleep(Duration.ofSeconds(1));
            Ticker ticker = Ticker.every(Duration.ofSeconds(1));
            ticker.awaitTick();
            Mutex mutex = Mutex.create();
            mutex.run(() -> cleanUp());
            BoundedSemaphore few = BoundedSemaphore.of(3);
            few.run(() -> cleanUp());
            var promise = new Promise<String>();
            promise.complete("yes");
            assertEquals("yes", promise.join());
            Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, name -> fetch(name));
            assertEquals(pages.get("a"), pages.get("a"));
        });
        assertEquals(List.of("clean", "clean"), logged);
    }

    @Test
    void failures() {
        try {
            throw new IllegalStateException("no");
        } catch (IllegalStateException e) {
            work(e.getMessage());
        } finally {
            cleanUp();
        }
        assertEquals(List.of("no", "clean"), logged);
    }

    @Test
    void network() {
        run(() -> {
            var listener = Tcp.listen("127.0.0.1", 0);
            group(g -> {
                g.spawnService(() -> {
                    listener.serve(1_000, stream -> handle(stream));
                });
                String host = "127.0.0.1";
                int port = listener.port();
                try (ByteStream stream = Tcp.connect(host, port)) {
                    stream.write("hello\n");
                    assertEquals(Optional.of("hello"), stream.readLine(100));
                }
            });
            HttpServer server = HttpServer.builder().get("/", request -> Response.text("page")).start("127.0.0.1", 0);
            try (server; var http = HttpClient.create()) {
                String url = "http://" + server.address() + "/";
                String page = http.get(url).text();
                assertEquals("page", page);
            }
        });
    }

    @Test
    void moreOfChannels() {
        Sim.run(() -> {
            Channel<String> channel = Channel.of(1);
            assertTrue(channel.trySend("x"));
            Optional<String> ready = Select.<String>of().receive(channel, it -> it).tryGet();
            assertEquals(Optional.of("x"), ready);
            String sent = Select.<String>of().send(channel, "y", () -> "sent").get();
            assertEquals("sent", sent);
            channel.receive();
            channel.close();
            try {
                channel.receive();
            } catch (ClosedException e) {
                work("closed");
            }
            Handle alarm = currentLoop().callLater(Duration.ofSeconds(1), () -> work("alarm"));
            alarm.cancel();
            timeout(Duration.ofSeconds(1), () -> {
                CancelScope scope = CancelScope.current();
                Optional<Duration> left = scope.remaining();
                assertEquals(Optional.of(Duration.ofSeconds(1)), left);
                assertEquals(Optional.empty(), scope.reason());
                assertFalse(scope.isCancelled());
            });
        });
        assertEquals(List.of("closed"), logged);
    }

    @Test
    void moreLocks() {
        Sim.run(() -> {
            Mutex mutex = Mutex.create();
            Condition changed = mutex.newCondition();
            spawn(() -> mutex.run(() -> changed.signalAll()));
            mutex.run(() -> {
                changed.await();
            });
            var lock = new ReentrantReadWriteLock();
            lock.readLock().lock();
            try {
                work("read");
            } finally {
                lock.readLock().unlock();
            }
            counts.merge("a", 1, Integer::sum);
            assertEquals(1, counts.get("a"));
            Generator<Integer> numbers = Generator.of(out -> out.yieldFrom(List.of(1, 2)));
            assertEquals(List.of(1, 2), numbers.stream().toList());
        });
    }

    @Test
    void moreOfTheNetwork() {
        Sim.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair(); MemoryStreams.Pair other = MemoryStreams.pair()) {
                pair.left().write("abcd\nline\n");
                pair.left().closeOutput();
                ByteStream stream = Streams.withTimeouts(pair.right(),
                        StreamTimeouts.NONE.withRead(Duration.ofSeconds(5)));
                byte[] head = stream.readExactly(5);
                assertEquals(5, head.length);
                long copied = Streams.copy(stream, other.left());
                other.left().closeOutput();
                for (String line : other.right().lines(1024)) {
                    work(line);
                }
                assertEquals(5, copied);
            }
        });
        assertEquals(List.of("line"), logged);
    }

    record Order(String customer, int count) {}

    private static Order find(int id) {
        if (id != 7) {
            throw new StatusException(404, "no such order");
        }
        return new Order("Ada", 2);
    }

    private static Response place(Request request) {
        Order order = request.json(Order.class);
        return Response.json(order).withStatus(201);
    }

    @Test
    void serviceOfJson() {
        Sim.run(() -> {
            Routes orders = Routes.create();
            orders.get("/orders/{id:int}", request -> Response.json(find(request.pathInt("id"))));
            orders.post("/orders", ComingFromGoTest::place);
            try (TestClient http = TestClient.of(orders)) {
                String url = "/orders/7";
                Reply found = http.request("GET", url).timeout(Duration.ofSeconds(5)).send();
                assertEquals("{\"customer\":\"Ada\",\"count\":2}", found.text());
                assertEquals(404, http.get("/orders/8").status());
                assertEquals(404, http.get("/orders/seven").status());
                assertEquals(201, http.request("POST", "/orders").json(new Order("Bob", 1)).send().status());
                assertEquals(415, http.request("POST", "/orders").body("{}").send().status());
                assertEquals(400, http.request("POST", "/orders").json(Map.of("customer", "Bob")).send().status());
            }
        });
    }

    @Test
    void serversAndTheirEnd() {
        run(Config.DEFAULT.withLoops(2), () -> {
            HttpServer server = HttpServer.builder().get("/hello", request -> Response.text("hello")).build();
            try (TestClient client = TestClient.of(server)) {
                assertEquals("hello", client.get("/hello").text());
            }
            server.stop(Duration.ofSeconds(10));
        });
    }
}
