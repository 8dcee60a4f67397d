package dev.heddle.cli.sight.leaks;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cli.sight.leaks.LeakSearch.Leaks;
import dev.heddle.generators.Generator;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.internal.StackTraces;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search for leaked waits in dumps of this JVM, whose tasks wait for all kinds of things. */
@Tag("full")
class LeakSearchTest {

    private static final Duration LONG = Duration.ofHours(1);

    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    @TempDir
    Path directory;

    /** The names of the waits of a program, by their threads. */
    private final Map<Long, String> names = new ConcurrentHashMap<>();

    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        executor.shutdownNow();
        Thread.getAllStackTraces().keySet().stream().filter(thread -> names.containsKey(thread.threadId()))
                .forEach(Thread::interrupt);
        HELD.clear();
    }

    private Action named(String name, Action wait) {
        return () -> {
            names.put(Thread.currentThread().threadId(), name);
            wait.run();
        };
    }

    private void begin(String name, Action wait) {
        spawn(name, named(name, wait));
    }

    /** Runs a program on two loops until all that it begins wait, and gives what a dump then tells. */
    private Leaks search(Action program) {
        return Heddle.run(Config.DEFAULT.withLoops(2), () -> {
            program.run();
            sleep(Duration.ofMillis(200)); // for the other loop and for threads
            return offload(this::dump);
        });
    }

    private Leaks dump() throws IOException {
        Path file = directory.resolve("heap.hprof");
        StackTraces.readAll(() -> ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpHeap(file.toString(), true));
        try (FileChannel channel = FileChannel.open(file)) {
            return LeakSearch.search(channel);
        }
    }

    private Set<String> leaked(Leaks leaks) {
        return leaks.threads().stream().map(thread -> names.getOrDefault(thread, "thread " + thread))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // ---- waits that nothing can end; each in a method that ends, so that none of our frames knows more ----

    private void receiverWhoseSenderHasEnded() {
        Channel<String> channel = Channel.of(0);
        begin("receiver whose sender has ended", channel::receive);
        spawn(() -> assertTrue(channel.tryReceive().isEmpty()));
    }

    private void senderToAFullChannel() {
        Channel<String> channel = Channel.of(1);
        begin("sender to a full channel", () -> {
            channel.send("one");
            channel.send("two");
        });
    }

    private void forgottenPromise() {
        begin("forgotten promise", new Promise<String>()::join);
    }

    private void mutexOfOneThatIsLeaked() {
        Mutex mutex = Mutex.create();
        HELD.add(mutex);
        begin("holder of a mutex", () -> mutex.run(new Promise<String>()::join));
    }

    private void selectOfTwo() {
        Channel<String> one = Channel.of(0);
        Event other = Event.create();
        begin("select", () -> Select.<String>of().receive(one, text -> text).await(other, () -> "").get());
    }

    private void eachOthersChannels() {
        Channel<String> one = Channel.of(0);
        Channel<String> other = Channel.of(0);
        begin("one that would answer", () -> other.send(one.receive()));
        begin("one that would ask", () -> one.send(other.receive()));
    }

    private void race() {
        begin("owner of a race", () -> Heddle.race(
                () -> {
                    named("one of a race", new Promise<String>()::join).run();
                    return "";
                },
                () -> group(group -> {
                    names.put(Thread.currentThread().threadId(), "other of a race");
                    group.spawn(named("task of one of a race", new Promise<String>()::join));
                    return "";
                })));
    }

    private void offloaded() {
        Promise<String> promise = new Promise<>();
        begin("offloader", () -> offload(named("offloaded", promise::join)));
    }

    private void onAnotherLoop() {
        Event event = Event.create();
        currentLoop().siblings().get(1).spawn("other", named("on another loop", event::await));
    }

    private void inAGroup() {
        BoundedSemaphore semaphore = BoundedSemaphore.of(1);
        begin("owner of one that is leaked", () -> group(group -> {
            group.spawn("permit", named("in a group", () -> {
                semaphore.acquire();
                semaphore.acquire();
            }));
        }));
    }

    private void platformThread() {
        Promise<String> promise = new Promise<>();
        Thread.ofPlatform().daemon().start(() -> {
            names.put(Thread.currentThread().threadId(), "platform thread");
            try {
                promise.join();
            } catch (RuntimeException e) {
                // It is interrupted in the end.
            }
        });
    }

    @Test
    void waitsThatNothingCanEndAreFound() {
        Leaks leaks = search(() -> {
            receiverWhoseSenderHasEnded();
            senderToAFullChannel();
            forgottenPromise();
            mutexOfOneThatIsLeaked();
            loan();
            selectOfTwo();
            eachOthersChannels();
            race();
            offloaded();
            onAnotherLoop();
            inAGroup();
            platformThread();
        });
        assertEquals(
                new TreeSet<>(Set.of("receiver whose sender has ended", "sender to a full channel", "forgotten promise",
                        "holder of a mutex", "borrower", "select", "owner of a race", "one of a race",
                        "other of a race", "task of one of a race", "offloader", "offloaded", "one that would answer",
                        "one that would ask",
                        "on another loop", "owner of one that is leaked", "in a group", "platform thread")),
                leaked(leaks));
    }

    // ---- waits that something may still end ----

    private void staticField() {
        Event event = Event.create();
        HELD.add(event);
        begin("static field", event::await);
    }

    private void deadlines() {
        begin("timeout", () -> timeout(LONG, new Promise<String>()::join));
        Event event = Event.create();
        begin("limit of the wait", () -> event.awaitWithin(LONG));
    }

    private void sleeper() {
        Channel<String> channel = Channel.of(0);
        Channel<String> next = Channel.of(0);
        begin("receiver from one that sleeps", () -> {
            channel.receive();
            next.send("on");
        });
        begin("receiver from one that waits for one that sleeps", next::receive);
        spawn(() -> {
            sleep(LONG);
            channel.send("late");
        });
    }

    private void otherLoop() {
        Promise<String> promise = new Promise<>();
        begin("promise of another loop", promise::join);
        currentLoop().siblings().get(1).spawn(() -> {
            sleep(LONG);
            promise.complete("late");
        });
    }

    private void platformFrame() {
        Promise<String> promise = new Promise<>();
        begin("promise of a thread", promise::join);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(LONG);
            } catch (InterruptedException e) {
                promise.complete("interrupted");
            }
            promise.complete("late");
        });
    }

    private void queueOfAnExecutor() {
        Promise<String> promise = new Promise<>();
        begin("promise in the queue of an executor", promise::join);
        executor.execute(() -> {
            try {
                Thread.sleep(LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        executor.execute(() -> promise.complete("late"));
    }

    private void timer() {
        Promise<String> promise = new Promise<>();
        begin("promise of a timer", promise::join);
        currentLoop().callLater(LONG, () -> promise.complete("late"));
    }

    private void service() {
        spawn(() -> group(group -> {
            group.spawnService(named("service", new Promise<String>()::join));
            sleep(LONG);
        }));
    }

    private void joined() {
        Task<String> task = spawn(() -> {
            sleep(LONG);
            return "late";
        });
        begin("join", task::join);
    }

    private void heldTask() {
        HELD.add(spawn(named("task that somebody keeps", new Promise<String>()::join)));
    }

    private void heldScope() {
        begin("scope that somebody keeps", () -> CancelScope.open(scope -> {
            HELD.add(scope);
            new Promise<String>().join();
        }));
    }

    private void weakReference() {
        Promise<String> promise = new Promise<>();
        HELD.add(new WeakReference<>(promise));
        begin("weak reference", promise::join);
    }

    private void foreignWait() {
        CountDownLatch latch = new CountDownLatch(1);
        HELD.add(latch);
        begin("offloaded", () -> offload(() -> latch.await()));
    }

    private void element() {
        Promise<String> promise = new Promise<>();
        Channel<Promise<String>> channel = Channel.of(1);
        HELD.add(channel);
        assertTrue(channel.trySend(promise));
        begin("promise in a channel", promise::join);
    }

    private void racing() {
        spawn(() -> Heddle.race(
                () -> {
                    sleep(LONG);
                    return "";
                },
                () -> group(group -> {
                    group.spawn(named("task of one that races", new Promise<String>()::join));
                    names.put(Thread.currentThread().threadId(), "one that races");
                    return new Promise<String>().join();
                })));
    }

    @Test
    void waitsThatSomethingMayEndAreNotFound() {
        Leaks leaks = search(() -> {
            staticField();
            deadlines();
            sleeper();
            loanOfASleeper();
            otherLoop();
            platformFrame();
            queueOfAnExecutor();
            timer();
            service();
            joined();
            heldTask();
            heldScope();
            weakReference();
            foreignWait();
            element();
            racing();
        });
        assertEquals(Set.of(), leaked(leaks));
        assertEquals(0, leaks.generators());
        assertTrue(leaks.waiting() >= 12, leaks::toString);
    }

    private Generator<String> generator() {
        Promise<String> promise = new Promise<>();
        begin("promise that a generator knows", promise::join);
        return Generator.of(out -> {
            Promise<String> known = promise;
            yieldIn(out);
            known.complete("");
        });
    }

    private static void yieldIn(Generator.Out<String> out) {
        out.yield("");
    }

    private Generator<String> rewritten() {
        Promise<String> promise = new Promise<>();
        begin("promise that a rewritten generator knows", promise::join);
        return Generator.of(out -> {
            Promise<String> known = promise;
            out.yield("");
            known.complete("");
        });
    }

    @Test
    void whatARewrittenGeneratorKnowsIsInItsFields() {
        Leaks leaks = search(() -> {
            Generator<String> generator = rewritten();
            HELD.add(generator);
            assertTrue(generator.hasNext());
        });
        assertEquals(Set.of(), leaked(leaks));
        assertEquals(0, leaks.generators());
    }

    @Test
    void suspendedGeneratorsAreCountedSinceADumpDoesNotShowWhatTheyKnow() {
        Leaks leaks = search(() -> {
            Generator<String> generator = generator();
            HELD.add(generator);
            assertTrue(generator.hasNext());
        });
        assertEquals(1, leaks.generators());
    }

    @Test
    void tenThousandTasksAreTold() {
        Leaks leaks = search(() -> IntStream.range(0, 10_000).forEach(i -> forgottenPromise()));
        assertEquals(10_000, leaks.threads().size());
    }

    /** A handler is known to its server, its connection and its loop. */
    @Test
    void handlersOfRequestsAreFound() {
        Leaks leaks = search(() -> {
            HttpServer server = HttpServer.builder()
                    .get("/", request -> {
                        names.put(Thread.currentThread().threadId(), "handler");
                        return Response.text(new Promise<String>().join());
                    })
                    .start("127.0.0.1", 0);
            server.background("background", named("background", new Promise<String>()::join));
            HttpClient client = HttpClient.create();
            spawn(() -> client.get("http://127.0.0.1:" + server.port()).text());
            while (!names.containsValue("handler")) { // the first request of a JVM takes its time
                sleep(Duration.ofMillis(10));
            }
        });
        assertEquals(new TreeSet<>(Set.of("handler", "background")), leaked(leaks));
    }

    private void loan() {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
        HELD.add(limiter);
        begin("borrower", () -> {
            limiter.acquire();
            try {
                new Promise<String>().join();
            } finally {
                limiter.release();
            }
        });
    }

    private void loanOfASleeper() {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
        HELD.add(limiter);
        begin("sleeper", () -> {
            limiter.acquire();
            try {
                sleep(LONG);
            } finally {
                limiter.release();
            }
        });
        begin("would borrow from a sleeper", () -> {
            limiter.acquire();
            limiter.release();
        });
    }

    /** One reference too many would hide leaks, and one that is gone from the kernel would bring them all back. */
    @Test
    void fieldsThatAreNotFollowedExist() throws Exception {
        for (Set<String> fields : List.of(Edges.TO_NOBODY, Edges.TO_OTHERS)) {
            for (String name : fields) {
                int dot = name.lastIndexOf('.');
                Class.forName(name.substring(0, dot)).getDeclaredField(name.substring(dot + 1));
            }
        }
        for (Set<String> classes : List.of(Edges.WEAK, Edges.IN_FRAMES)) {
            for (String name : classes) {
                Class.forName(name);
            }
        }
    }
}
