package dev.heddle.examples.guide;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Task;
import dev.heddle.process.JvmProcess;
import dev.heddle.process.ProcessOptions;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.SharedDoubles;
import dev.heddle.process.SharedLongs;
import dev.heddle.process.SharedMemory;
import dev.heddle.process.WorkerDiedException;
import dev.heddle.process.WorkerOutput;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.Pipe;
import dev.heddle.process.shared.SharedBarrier;
import dev.heddle.process.shared.SharedCondition;
import dev.heddle.process.shared.SharedEvent;
import dev.heddle.process.shared.SharedMutex;
import dev.heddle.process.shared.SharedQueue;
import dev.heddle.process.shared.SharedSemaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lines for people who come from Python's multiprocessing. */
@Tag("full")
final class ProcessesFromPythonTest {

    private interface Account {

        long deposit(long cents);
    }

    private static final class Bank implements Account {

        private long balance;

        @Override
        public long deposit(long cents) {
            balance += cents;
            return balance;
        }
    }

    private record Pair(int left, int right) {}

    private static int square(int n) {
        return n * n;
    }

    private static void work(int n) {
        if (n != 2) {
            throw new IllegalStateException("the value did not travel");
        }
    }

    private static int add(Pair pair) {
        return pair.left() + pair.right();
    }

    private static int missing() {
        throw new NoSuchElementException("nothing here");
    }

    private static void prepare() {}

    @SuppressWarnings("InfiniteLoopStatement")
    private static int endless() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static int crash() {
        Runtime.getRuntime().halt(9);
        return 0;
    }

    @Test
    void pools() {
        run(() -> {
            ProcessPoolOptions options = ProcessPoolOptions.DEFAULT.withWorkers(2).withInitializer(() -> prepare())
                    .withBodiesPerWorker(100);
            try (ProcessPool pool = ProcessPool.of(options)) {
                List<Integer> numbers = List.of(1, 2, 3);
                int one = pool.call(() -> square(2));
                Future<Integer> later = pool.submit(() -> square(3));
                List<Integer> called = new ArrayList<>();
                pool.supplyAsync(() -> square(3)).thenAccept(n -> called.add(n)).join();
                assertEquals(List.of(9), called);
                assertEquals(9, pool.submit(() -> square(3)).get());
                assertEquals(9, pool.submit(() -> square(3)).get(50, TimeUnit.SECONDS));
                List<Integer> squares = pool.map(numbers, n -> square(n));
                List<Integer> chunked = pool.map(numbers, 2, n -> square(n));
                List<Integer> lazy = new ArrayList<>();
                for (int each : pool.imap(numbers, n -> square(n))) {
                    lazy.add(each);
                }
                assertEquals(List.of(4, 9), List.of(one, later.get()));
                assertEquals(List.of(1, 4, 9), squares);
                assertEquals(squares, chunked);
                assertEquals(squares, lazy);
                Optional<Integer> late = moveOnAfter(Duration.ofMillis(300), () -> pool.call(() -> endless()));
                assertTrue(late.isEmpty());
                assertThrows(WorkerDiedException.class, () -> pool.call(() -> crash()));
                assertEquals(4, pool.retrying(3).call(() -> square(2)));
                pool.terminate();
            }
        });
    }

    @Test
    void moreCallsOfPools() {
        run(() -> {
            ProcessPool pool = ProcessPool.of(2);
            List<Integer> numbers = List.of(1, 2, 3);
            List<Pair> pairs = List.of(new Pair(1, 2), new Pair(3, 4));
            List<Integer> sums = pool.map(pairs, pair -> add(pair));
            Task<List<Integer>> squares = spawn(() -> pool.map(numbers, n -> square(n)));
            List<Integer> asDone = new ArrayList<>();
            for (int each : pool.imapUnordered(numbers, n -> square(n))) {
                asDone.add(each);
            }
            assertEquals(List.of(3, 7), sums);
            assertEquals(List.of(1, 4, 9), squares.join());
            assertEquals(List.of(1, 4, 9), asDone.stream().sorted().toList());
            var failure = assertThrows(NoSuchElementException.class, () -> pool.call(() -> missing()));
            assertNotNull(failure.getCause());
            pool.shutdown();
            pool.close();
        });
    }

    @Test
    void childrenThatPrint() {
        ProcessOptions loud = ProcessOptions.DEFAULT.withOutput(WorkerOutput.PREFIXED);
        run(() -> {
            try (JvmProcess child = JvmProcess.spawn(loud, () -> work(2))) {
                Task<Integer> end = spawn(() -> child.join());
                assertEquals(0, end.join());
            }
        });
    }

    @Test
    void moreSharedObjects() {
        run(() -> {
            try (Manager manager = Manager.open()) {
                SharedEvent started = manager.event();
                SharedSemaphore places = manager.semaphore(3);
                SharedBarrier meeting = manager.barrier(3);
                SharedMutex mutex = manager.mutex();
                SharedCondition changed = mutex.newCondition();
                List<String> names = manager.list();
                names.add("ann");
                assertEquals(List.of("ann"), List.copyOf(names));
                assertFalse(started.isSet());
                assertEquals(3, places.statistics().available());
                assertEquals(3, meeting.statistics().parties());
                mutex.run(() -> changed.signalAll());
                assertEquals(0, changed.statistics().waiting());
            }
        });
    }

    @Test
    void processes() {
        run(() -> {
            ProcessOptions daemon = ProcessOptions.DEFAULT.withDaemon(true);
            try (JvmProcess child = JvmProcess.spawn(() -> work(2));
                    JvmProcess other = JvmProcess.spawn(daemon, () -> work(2))) {
                int code = child.join();
                OptionalInt soon = other.joinWithin(Duration.ofSeconds(50));
                assertEquals(0, code);
                assertEquals(OptionalInt.of(0), soon);
                assertFalse(child.isAlive());
                assertEquals(OptionalInt.of(0), child.exitCode());
                assertTrue(child.pid() > 0);
                assertEquals(List.of(), JvmProcess.children());
                child.terminate();
                child.kill();
            }
        });
    }

    @Test
    void sharedObjects() {
        run(() -> {
            try (Manager manager = Manager.open(); ProcessPool pool = ProcessPool.of(1)) {
                SharedQueue<String> queue = manager.queue(10);
                Pipe<String> pipe = manager.pipe();
                SharedMutex mutex = manager.mutex();
                ConcurrentMap<String, Integer> counts = manager.map();
                Account account = manager.share(Account.class, new Bank());
                pool.submit(() -> queue.put("x")).get();
                pool.run(() -> pipe.first().send("y"));
                pipe.first().send("z");
                pool.run(() -> mutex.run(() -> counts.merge("a", 1, Integer::sum)));
                String got = pipe.second().receive();
                assertEquals(List.of("x", "y", "z"), List.of(queue.take(), got, pipe.second().receive()));
                queue.taskDone();
                queue.awaitAllDone();
                assertEquals(1, counts.get("a"));
                assertEquals(100, account.deposit(100));
                assertEquals(1, manager.counter().addAndGet(1));
            }
        });
    }

    @Test
    void memory() {
        run(() -> {
            try (SharedLongs value = SharedLongs.create(1);
                    SharedDoubles array = SharedDoubles.create(10);
                    SharedMemory memory = SharedMemory.create(1_000)) {
                value.addAndGet(0, 1);
                array.set(9, 0.5);
                assertEquals(1, value.get(0));
                assertEquals(0.5, array.get(9));
                try (SharedMemory same = SharedMemory.open(memory.name())) {
                    assertEquals(1_000, same.size());
                }
            }
        });
    }
}
