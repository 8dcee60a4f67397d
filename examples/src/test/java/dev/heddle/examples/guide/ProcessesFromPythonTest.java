package dev.heddle.examples.guide;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.process.Manager;
import dev.heddle.process.Pipe;
import dev.heddle.process.Process;
import dev.heddle.process.ProcessOptions;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.process.SharedDoubles;
import dev.heddle.process.SharedLongs;
import dev.heddle.process.SharedMemory;
import dev.heddle.process.SharedMutex;
import dev.heddle.process.SharedQueue;
import dev.heddle.process.WorkerDiedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The lines for people who come from Python's multiprocessing. */
class ProcessesFromPythonTest {

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

    private static int square(int n) {
        return n * n;
    }

    private static void work(int n) {
        if (n != 2) {
            throw new IllegalStateException("the value did not travel");
        }
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
    void processes() {
        run(() -> {
            ProcessOptions daemon = ProcessOptions.DEFAULT.withDaemon(true);
            try (Process child = Process.spawn(() -> work(2)); Process other = Process.spawn(daemon, () -> work(2))) {
                int code = child.join();
                OptionalInt soon = other.joinWithin(Duration.ofSeconds(50));
                assertEquals(0, code);
                assertEquals(OptionalInt.of(0), soon);
                assertFalse(child.isAlive());
                assertEquals(OptionalInt.of(0), child.exitCode());
                assertTrue(child.pid() > 0);
                assertEquals(List.of(), Process.children());
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
                pool.run(() -> mutex.run(() -> counts.merge("a", 1, Integer::sum)));
                assertEquals(List.of("x", "y"), List.of(queue.take(), pipe.second().receive()));
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
