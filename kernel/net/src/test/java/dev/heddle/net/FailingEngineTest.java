package dev.heddle.net;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.Config;
import dev.heddle.ForwardingSimulation;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.ManualEngine;
import dev.heddle.Task;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sync.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** An engine that fails once, at each of its operations in turn: the program ends, with the cause, and nothing is left. */
final class FailingEngineTest {

    private static final int SEEDS = 2;

    @Test
    void eachOperationOfTheEngineMayFailOnce() throws Exception {
        Set<String> failed = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            int operations = failAt(seed, Integer.MAX_VALUE, failed);
            assertTrue(operations > 40, operations + " operations");
            for (int at = 1; at <= operations; at++) {
                failAt(seed, at, failed);
            }
        }
        assertTrue(failed.containsAll(Set.of("poll", "nanoTime", "listen", "connect", "accept", "read",
                "write", "await", "close")), failed::toString);
    }

    /** Runs the program with one failure; gives how many operations the engine was asked for. */
    private static int failAt(int seed, int at, Set<String> failed) throws Exception {
        List<Throwable> told = new CopyOnWriteArrayList<>();
        List<Task<?>> tasks = new CopyOnWriteArrayList<>();
        List<Failing> engines = new CopyOnWriteArrayList<>();
        List<Loop> loops = new CopyOnWriteArrayList<>();
        Config config = Config.DEFAULT
                .withSignals(false)
                .withEngine(() -> {
                    engines.add(new Failing(seed, at));
                    return engines.getFirst();
                })
                .withFailureHandler((what, failure) -> told.add(failure));
        var run = new FutureTask<>(() -> {
            try {
                Heddle.run(config, () -> program(tasks, loops, told));
            } catch (Throwable e) {
                told.add(e);
            }
            return null;
        });
        Thread.ofPlatform().daemon().start(run);
        String what = "seed " + seed + ", operation " + at;
        try {
            run.get(20, SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(what + " hangs: " + engines + ", " + loops + tasks, e);
        }
        Failing engine = engines.getFirst();
        if (engine.failed != null) {
            failed.add(engine.failed);
        }
        boolean named = told.stream().anyMatch(failure -> shows(failure, engine.failure, identitySet()));
        assertTrue(told.isEmpty() || named, () -> what + ", " + engine.failed + ": the cause is lost in " + told);
        assertTrue(tasks.stream().allMatch(Task::isDone), () -> what + ": " + tasks);
        assertTrue(loops.stream().allMatch(Loop::isClosed), () -> what + ": " + loops);
        if (!loops.isEmpty()) {
            assertTrue(engine.closed, what);
            assertFalse(loops.getFirst().allTasks().stream().anyMatch(task -> !task.isDone()), what);
        }
        return engine.operations;
    }

    private static boolean shows(Throwable told, Throwable failure, Set<Throwable> seen) {
        if (told == null || !seen.add(told)) {
            return false;
        }
        boolean shows = told == failure || shows(told.getCause(), failure, seen);
        for (Throwable suppressed : told.getSuppressed()) {
            shows |= shows(suppressed, failure, seen);
        }
        return shows;
    }

    private static Set<Throwable> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    // ---- the program ----

    private static void program(List<Task<?>> tasks, List<Loop> loops, List<Throwable> told) {
        ServeOptions options = ServeOptions.DEFAULT.withOnFailure((what, failure) -> told.add(failure));
        loops.add(Heddle.currentLoop());
        tasks.add(Heddle.currentTask());
        Channel<Integer> numbers = Channel.of(1);
        group(g -> {
            Listener listener = Tcp.listen("127.0.0.1", 0);
            Task<Void> server = kept(tasks, g.spawn("server", () -> listener.serve(options, FailingEngineTest::echo)));
            kept(tasks, g.spawn("producer", () -> {
                for (int i = 0; i < 3; i++) {
                    sleep(ofMillis(1));
                    numbers.send(offload(() -> 7));
                }
                numbers.close();
            }));
            kept(tasks, g.spawn("consumer", () -> {
                for (int number : numbers) {
                    assertEquals(7, number);
                }
            }));
            kept(tasks, g.spawn("client", () -> {
                try (ByteStream stream = Tcp.connect("127.0.0.1", listener.port())) {
                    stream.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
                    stream.readExactly(3);
                    moveOnAfter(ofMillis(5), () -> stream.readExactly(1));
                }
                kept(tasks, spawn("owned", () -> sleep(ofSeconds(1))));
                checkpoint();
                server.cancel();
            }));
        });
    }

    private static <T> Task<T> kept(List<Task<?>> tasks, Task<T> task) {
        tasks.add(task);
        return task;
    }

    private static void echo(ByteStream stream) {
        stream.write(ByteBuffer.wrap(stream.readExactly(3)));
        stream.readAll(10);
    }

    // ---- the engine ----

    /** A network in memory under simulated time, one of whose operations fails. */
    private static final class Failing extends ForwardingSimulation {
        final OutOfMemoryError failure = new OutOfMemoryError("planted");
        String failed;
        boolean closed;
        int operations;
        private final int failAt;
        private final Queue<Transport> arrived = new ArrayDeque<>();
        private final WaitSlot arrival = new WaitSlot("a connection");

        Failing(int seed, int failAt) {
            super(new ManualEngine(seed));
            this.failAt = failAt;
        }

        private synchronized void step(String operation) {
            if (++operations == failAt) {
                failed = operation;
                throw failure;
            }
        }

        @Override
        public long nanoTime() {
            step("nanoTime");
            return super.nanoTime();
        }

        @Override
        public long random() {
            step("random");
            return super.random();
        }

        @Override
        public boolean poll(long timeoutNanos, boolean external) {
            step("poll");
            return super.poll(timeoutNanos, external);
        }

        @Override
        public void wake() {
            step("wake");
            super.wake();
        }

        @Override
        public List<InetAddress> resolve(String host) {
            step("resolve");
            return List.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public Transport connect(SocketAddress remote) {
            step("connect");
            MemoryStreams.Pair pair = MemoryStreams.pair();
            arrived.add(new Stepping(pair.right()));
            arrival.wake();
            return new Stepping(pair.left());
        }

        @Override
        public Acceptor listen(SocketAddress local, ListenOptions options) {
            step("listen");
            return new Acceptor() {
                private boolean shut;

                @Override
                public Transport accept() {
                    while (arrived.isEmpty() && !shut) {
                        arrival.await();
                    }
                    step("accept");
                    if (shut) {
                        throw new ClosedException("the listener is closed");
                    }
                    return arrived.remove();
                }

                @Override
                public SocketAddress localAddress() {
                    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
                }

                @Override
                public void close() {
                    shut = true;
                    arrival.wake();
                    step("close");
                }
            };
        }

        @Override
        public void close() {
            closed = true;
            step("close of the engine");
            super.close();
        }

        private final class Stepping extends FilterTransport {

            Stepping(ByteStream stream) {
                super(stream);
            }

            @Override
            public int tryRead(ByteBuffer target) {
                step("read");
                return super.tryRead(target);
            }

            @Override
            public int tryWrite(ByteBuffer source) {
                step("write");
                return super.tryWrite(source);
            }

            @Override
            public void awaitReadable() {
                step("await");
                super.awaitReadable();
            }

            @Override
            public void close() {
                super.close();
                step("close");
            }
        }
    }
}
