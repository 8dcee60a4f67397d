package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.Config;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Loop;
import dev.heddle.LoopFailedException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskGroup;
import dev.heddle.WorkerPool;
import dev.heddle.WorkerPoolOptions;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import dev.heddle.examples.Documents;
import dev.heddle.examples.Program;
import dev.heddle.generators.Generator;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.internal.JdkHook;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Dns;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Channel;
import dev.heddle.sync.CircuitBreaker;
import dev.heddle.sync.CircuitBreakerOptions;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Select;
import dev.heddle.sync.Subscription;
import dev.heddle.sync.WorkQueue;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Provokes each message that the page of error messages explains, so that the page says what users see. */
final class ErrorsTest {

    private static final String PAGE = "docs/error-messages.md";

    /** Three dots in it stand for what differs. */
    private static final Pattern HEADING = Pattern.compile("(?m)^### `(.+)`$");

    /**
     * Checks that the page explains a message.
     *
     * @param heading the message with three dots for what differs
     * @param message what users see
     */
    private static void assertExplained(String heading, String message) throws IOException {
        String pattern = Stream.of(heading.split("\\.\\.\\.", -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        assertTrue(Pattern.compile(pattern).matcher(message).find(), message);
        assertTrue(Documents.text(PAGE).contains("### `" + heading + "`\n"), "not explained: " + heading);
    }

    /** The message of a body's failure. */
    private static String failureOf(Action body) {
        try {
            body.run();
            return "no failure";
        } catch (Throwable e) {
            return e.getMessage();
        }
    }

    private static String failureInSimulation(Action body) {
        return failureOf(() -> Sim.run(body));
    }

    @Test
    void everyMessageOfThePageIsProvokedHere() throws IOException {
        String tests = Documents.text("examples/src/test/java/dev/heddle/examples/guide/ErrorsTest.java");
        List<String> headings = HEADING.matcher(Documents.text(PAGE))
                .results()
                .map(heading -> heading.group(1))
                .toList();
        assertTrue(headings.size() > 20, headings.toString());
        for (String heading : headings) {
            assertTrue(tests.contains('"' + heading + '"'), "not provoked: " + heading);
        }
    }

    /** The engine fails when it is asked to wait; all else of it is that of the JDK. */
    @Test
    void loopFailsBelowItsTasks() throws Exception {
        var broken = new AtomicBoolean();
        Supplier<Engine> engines = () -> {
            var engine = new NioEngine();
            return (Engine) Proxy.newProxyInstance(
                    Engine.class.getClassLoader(),
                    new Class<?>[]{Engine.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("poll") && broken.get()) {
                            throw new IllegalStateException("the engine is broken");
                        }
                        return method.invoke(engine, arguments);
                    });
        };
        Loop loop = Loop.start(Config.DEFAULT.withEngine(engines).withFailureHandler((context, failure) -> {}));
        Task<Void> task = loop.spawn(() -> sleep(Duration.ofHours(1)));
        broken.set(true);
        try {
            loop.callFromThread(() -> {});
        } catch (IllegalStateException ended) {
            // It has polled already.
        }
        Throwable cancelled = assertThrows(TaskCancelledException.class, task::join);
        Throwable cause = cancelled.getCause();
        assertInstanceOf(LoopFailedException.class, cause);
        assertExplained("... failed below its tasks: ...", cause.getMessage());
        assertThrows(LoopFailedException.class, loop::close);
    }

    @Test
    @Tag("full")
    void flagsAreMissing() throws Exception {
        assertExplained(
                "which the JDK allows only with these flags. Add to the java command: ...",
                Program.document("HelloTasks").launchWithoutFlags().err());
    }

    @Test
    void jdkLacksAMember() throws IOException {
        assertExplained(
                "Heddle cannot run its loops on JDK ..., which does not have ...",
                JdkHook.LOOPS.refusal(new NoSuchFieldException("carrierThread"), Runtime.version(), true));
    }

    @Test
    void callIsMadeOutsideOfATask() throws Exception {
        assertExplained(
                "no task is running here: call this inside Heddle.run(...) or a task",
                failureOf(() -> sleep(Duration.ZERO)));
    }

    @Test
    void runIsCalledInATask() throws Exception {
        assertExplained(
                "run(...) inside a task: a loop runs here already. Call the body directly, or spawn(...) it",
                failureInSimulation(() -> run(() -> IO.println("never"))));
    }

    @Test
    void workComesAfterTheEndOfTheLoop() throws Exception {
        Loop ended = run(() -> currentLoop());
        assertExplained("... has ended; it takes no more work", failureOf(() -> ended.spawn(() -> "too late")));
    }

    @Test
    void groupIsUsedAfterItsEnd() throws Exception {
        assertExplained("this group has ended; spawn before the group(...) call returns", failureInSimulation(() -> {
            TaskGroup ended = group(g -> g);
            ended.spawn(() -> "too late");
        }));
    }

    @Test
    void groupIsUsedFromAnotherThread() throws Exception {
        assertExplained("only code on ... may spawn into a group", failureOf(() -> run(() -> group(g -> {
            offload(() -> g.spawn(() -> "elsewhere"));
        }))));
    }

    @Test
    void taskJoinsItself() throws Exception {
        assertExplained(
                "... cannot join itself: it would wait for ever",
                failureInSimulation(() -> currentTask().join()));
    }

    @Test
    void failureIsJoinedByNobody() throws Exception {
        List<String> heard = new ArrayList<>();
        Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> heard.add(what)), sim -> {
            spawn(() -> {
                throw new IOException("disk full");
            });
            sleep(Duration.ofSeconds(2));
        });
        assertExplained("task ... failed and nobody joined it", heard.getFirst());
    }

    @Test
    void failureNamesTheSpawnOfItsTask() throws Exception {
        assertExplained("Suppressed: ... task ... was spawned", failureInSimulation(() -> {
            try {
                spawn("parser", () -> Integer.parseInt("x")).join();
            } catch (NumberFormatException e) {
                throw new IllegalStateException("Suppressed: " + e.getSuppressed()[0]);
            }
        }));
    }

    @Test
    void severalTasksOfAGroupFail() throws Exception {
        assertExplained("... failures, the first: ...", failureInSimulation(() -> gather(
                () -> {
                    throw new IOException("disk full");
                },
                () -> {
                    throw new IOException("disk still full");
                })));
    }

    private static void recurse() {
        CancelScope.open(scope -> {
            recurse();
        });
    }

    @Test
    void scopesNestWithoutEnd() throws Exception {
        assertExplained(
                "more than 250 scopes and groups inside each other",
                failureInSimulation(() -> recurse()));
    }

    @Test
    void generatorCatchesItsClose() throws Exception {
        assertExplained("... ignored its close: the body ...", failureOf(() -> {
            Generator<String> stubborn = Generator.of(out -> {
                try {
                    out.yield("first");
                } finally {
                    out.yield("second");
                }
            });
            stubborn.next();
            stubborn.close();
        }));
    }

    @Test
    void generatorYieldsInsideATimeout() throws Exception {
        assertExplained("cannot yield inside a group, timeout or other cancel scope", failureInSimulation(() -> {
            Generator<String> pages = Generator.of(out -> timeout(Duration.ofSeconds(1), () -> out.yield("page")));
            pages.next();
        }));
    }

    @Test
    void generatorMovesToAnotherTask() throws Exception {
        assertExplained("... belongs to ..., where it began", failureInSimulation(() -> {
            Generator<Integer> numbers = Generator.of(out -> out.yieldFrom(List.of(1, 2)));
            numbers.next();
            spawn(() -> numbers.next()).join();
        }));
    }

    private static final class YieldsAtFirstUse {
        static final String REFUSAL = failureOf(() -> yielding.yield("page"));
    }

    private static Generator.Out<String> yielding;

    @Test
    void generatorYieldsInAStaticInitializer() throws Exception {
        List<String> refusals = new ArrayList<>();
        Generator<String> pages = Generator.of(out -> {
            yielding = out;
            refusals.add(YieldsAtFirstUse.REFUSAL);
            out.yield("page");
        });
        pages.next();
        pages.close();
        assertExplained("cannot yield here: ...", refusals.getFirst());
    }

    @Test
    void tasksWaitForEachOther() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        Config config = Config.DEFAULT
                .withBlockedAfter(Duration.ofMinutes(1))   // no other report, however slow the machine
                .withFailureHandler((what, failure) -> heard.add(what));
        run(config, () -> {
            var first = Mutex.create();
            var second = Mutex.create();
            var one = spawn(() -> first.run(() -> {
                sleep(Duration.ofMillis(10));
                second.run(() -> {});
            }));
            spawn(() -> second.run(() -> {
                sleep(Duration.ofMillis(10));
                first.run(() -> {});
            }));
            while (heard.isEmpty()) {
                sleep(Duration.ofMillis(20));
            }
            one.cancel();
        });
        assertExplained("these wait for each other and none can go on: ...", heard.getFirst());
    }

    @Test
    void taskEndsWithAMutex() throws Exception {
        assertExplained("... is broken: ... ended without releasing it", failureInSimulation(() -> {
            var mutex = Mutex.create();
            spawn(() -> mutex.acquire()).join();
            mutex.acquire();
        }));
    }

    @Test
    void workComesAfterTheEndOfAPool() throws Exception {
        WorkerPool closed = WorkerPool.of(1);
        closed.close();
        assertExplained(
                "... is shut down; it takes no more work",
                failureOf(() -> closed.submit(() -> "too late")));
    }

    @Test
    void initializerOfAPoolFails() throws Exception {
        try (WorkerPool pool = WorkerPool.of(WorkerPoolOptions.DEFAULT.withInitializer(() -> {
            throw new IOException("no licence");
        }))) {
            assertExplained("... is broken: its initializer failed", failureOf(() -> pool.call(() -> "never")));
        }
    }

    @Test
    void simulationWaitsForTheClockOfTheSystem() throws Exception {
        assertExplained(
                "... waits for a time in ...: that is real time, and a simulation has its own",
                failureInSimulation(() -> Thread.sleep(100)));
    }

    @Test
    void joinedTaskWasCancelled() throws Exception {
        assertExplained("task ... was cancelled: ...", failureInSimulation(() -> {
            Task<Void> task = spawn(() -> sleep(Duration.ofHours(1)));
            task.cancel("closing time");
            task.join();
        }));
    }

    @Test
    void deadlinePasses() throws Exception {
        assertExplained(
                "not done within ...",
                failureInSimulation(() -> timeout(Duration.ofSeconds(1), () -> sleep(Duration.ofHours(1)))));
    }

    @Test
    void taskHoldsItsLoop() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        run(Config.DEFAULT.withFailureHandler((what, failure) -> heard.add(what)), () -> {
            while (heard.isEmpty()) {
                Thread.onSpinWait();
            }
        });
        assertExplained("task ... holds ... for more than ...", heard.getFirst());
    }

    @Test
    void taskWaitsWithoutLeavingItsLoop() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Thread> pinned = new AtomicReference<>();
        Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
        Config config = Config.DEFAULT.withFailureHandler((what, failure) -> {
            heard.add(what);
            LockSupport.unpark(pinned.get());
        });
        run(config, () -> {
            pinned.set(Thread.currentThread());
            continuation.getMethod("pin").invoke(null);
            try {
                while (heard.isEmpty()) {
                    LockSupport.park();
                }
            } finally {
                continuation.getMethod("unpin").invoke(null);
            }
        });
        assertExplained("task ... waits without leaving ... for more than ...", heard.getFirst());
    }

    @Test
    void everythingWaits() throws Exception {
        assertExplained(
                "everything on ... waits and nothing can happen",
                failureInSimulation(() -> Channel.of(0).receive()));
    }

    @Test
    void simulationLeavesSomethingOpen() throws Exception {
        assertExplained("left open at the end of the simulation", failureInSimulation(() -> Tcp.listen(0)));
    }

    @Test
    void loopIsNotSimulated() throws Exception {
        assertExplained(
                "this loop is not simulated; start it with Sim.run(...)",
                failureOf(() -> run(() -> Sim.current())));
    }

    @Test
    void closedChannelIsUsed() throws Exception {
        assertExplained("the channel is closed", failureInSimulation(() -> {
            Channel<String> channel = Channel.of(1);
            channel.close();
            channel.send("too late");
        }));
    }

    @Test
    void holderAsksForItsMutexAgain() throws Exception {
        Mutex mutex = Mutex.named("till");
        assertExplained(
                "... is held by its caller, ..., already: it is not re-entrant, so the wait would never end",
                failureInSimulation(() -> mutex.run(mutex::acquire)));
    }

    @Test
    void circuitBreakerIsOpen() throws IOException {
        var bank = CircuitBreaker.of("bank", CircuitBreakerOptions.DEFAULT.withFailureShare(1).withMinCalls(1));
        assertExplained("circuit breaker ... is open for another ...: ...", failureInSimulation(() -> {
            assertThrows(IllegalStateException.class, () -> bank.run(() -> {
                throw new IllegalStateException("no money");
            }));
            bank.run(() -> {});
        }));
    }

    @Test
    void taskAsksForASecondToken() throws Exception {
        ConcurrencyLimiter limiter = ConcurrencyLimiter.named("database", 2);
        assertExplained("... has a token of ... already", failureInSimulation(() -> limiter.run(limiter::acquire)));
    }

    @Test
    void semaphoreIsReleasedTooOften() throws Exception {
        assertExplained(
                "... was released more often than acquired: all ... permits are back already",
                failureOf(BoundedSemaphore.of(3)::release));
    }

    @Test
    void lastReceiverHasLeft() throws Exception {
        assertExplained("the last receiver of the channel is closed", failureInSimulation(() -> {
            Channel<String> channel = Channel.of(1);
            channel.receiver().close();
            channel.send("too late");
        }));
    }

    @Test
    void subscriberIsTooSlow() throws Exception {
        assertExplained("the subscriber was too slow: its buffer of ... was full", failureInSimulation(() -> {
            Broadcast<String> news = Broadcast.create();
            Subscription<String> slow = news.subscribe(1, Overflow.DISCONNECT);
            news.send("one");
            news.send("two");
            slow.receive();
            slow.receive();
        }));
    }

    @Test
    void moreIsDoneThanWasTaken() throws Exception {
        assertExplained(
                "taskDone was called more often than elements were taken",
                failureOf(WorkQueue.fifo(1)::taskDone));
    }

    @Test
    void twoTasksShareASelect() throws Exception {
        assertExplained("this select is in use already; make one for each task", failureInSimulation(() -> {
            var shared = Select.of().receive(Channel.of(1), element -> element);
            spawn(() -> shared.get());
            Sim.current().awaitIdle();
            shared.get();
        }));
    }

    @Test
    void deadlineStrikesAtARealSocket() throws Exception {
        List<String> reports = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
            Sim.run(SimOptions.DEFAULT.withFailureHandler((what, failure) -> reports.add(what)),
                    sim -> assertThrows(DeadlineExceededException.class, () -> timeout(Duration.ofSeconds(5),
                            () -> socket.getInputStream().read())));
        }
        assertExplained("the deadline of ... has struck while ... waited for something real", reports.getFirst());
    }

    private static void nest() {
        group(g -> nest());
    }

    @Test
    void groupsAreTooDeepInsideEachOther() throws Exception {
        assertExplained(
                "more than 250 scopes and groups inside each other",
                failureInSimulation(() -> nest()));
    }

    @Test
    void twoTasksReadOneStream() throws Exception {
        assertExplained("another task is reading from ...", failureInSimulation(() -> {
            try (var pair = MemoryStreams.pair()) {
                spawn(() -> pair.left().fill());
                Sim.current().awaitIdle();
                pair.left().fill();
            }
        }));
    }

    @Test
    void lineIsTooLong() throws Exception {
        assertExplained("a line is longer than ... bytes", failureInSimulation(() -> {
            try (var pair = MemoryStreams.pair()) {
                pair.left().write("a".repeat(100));
                pair.right().readLine(10);
            }
        }));
    }

    @Test
    void nobodyListens() throws Exception {
        assertExplained(
                "cannot connect to ...: no address answered (...)",
                failureInSimulation(() -> Tcp.connect("127.0.0.1", 9)));
    }

    @Test
    void hostHasItsPortInIt() throws Exception {
        assertExplained("no host: ...", failureInSimulation(() -> Tcp.connect("127.0.0.1:80", 80)));
    }

    @Test
    void nobodyTrustedHasSignedTheCertificate() throws Exception {
        TlsIdentity unknown = TlsIdentity.selfSigned("localhost");
        assertExplained("no TLS with ...: its certificate ...", failureOf(() -> run(() -> {
            MemoryStreams.Pair pair = MemoryStreams.pair();
            spawn(() -> Tls.upgradeServer(pair.right(), ServerTls.of(unknown)).fill());
            Tls.upgradeClient(pair.left(), "localhost", ClientTls.DEFAULT).fill();
        })));
    }

    @Test
    void hostIsUnknown() throws Exception {
        assertExplained("cannot resolve ...: ...", failureInSimulation(() -> Dns.resolve("no-such-host")));
    }

    @Test
    void portIsTaken() throws Exception {
        assertExplained("cannot listen on ...: Address already in use...", failureInSimulation(() -> {
            try (Listener first = Tcp.listen(8080); Listener second = Tcp.listen(first.port())) {
                IO.println(second);
            }
        }));
    }

    @Test
    void serverDoesNotAnswer() throws Exception {
        assertExplained("...: no response head after ...", failureInSimulation(() -> {
            var slow = HttpServer.builder().get("/", request -> {
                sleep(Duration.ofHours(1));
                return Response.empty(204);
            });
            try (var server = slow.start("127.0.0.1", 0); var http = HttpClient.create()) {
                http.request("GET", "http://" + server.address() + "/").timeout(Duration.ofSeconds(2)).send();
            }
        }));
    }
}
