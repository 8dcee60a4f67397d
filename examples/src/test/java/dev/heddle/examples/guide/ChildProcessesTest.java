package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.examples.Output;
import dev.heddle.process.JvmProcess;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.SharedMemory;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.SharedQueue;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The snippets of the chapter on child processes. */
@Tag("full")
final class ChildProcessesTest {

    private static long fib(int n) {
        return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static long endless() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static void work(int n) {
        if (n != 7) {
            throw new IllegalStateException("the value did not travel");
        }
    }

    private static int count(SharedQueue<Integer> queue, ConcurrentMap<String, Integer> totals, int n) {
        queue.put(n);
        return totals.merge("sum", n, Integer::sum);
    }

    @Test
    void pool() {
        List<String> printed = Output.of(() -> run(() -> {
            try (ProcessPool pool = ProcessPool.of(2)) {
                long one = pool.call(() -> fib(20));                              // waits; the loop's other tasks go on
                List<Long> all = pool.map(List.of(10, 11, 12), n -> fib(n));      // in order, in chunks
                IO.println(one + " " + all);
            }
        }));
        assertEquals(List.of("6765 [55, 89, 144]"), printed);
    }

    @Test
    void killingWhatDoesNotEnd() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(1)) {
                Optional<Long> late = moveOnAfter(Duration.ofMillis(300), () -> pool.call(() -> endless()));
                assertTrue(late.isEmpty());
                assertEquals(55, pool.call(() -> fib(10)));
            }
        });
    }

    @Test
    void oneProcess() {
        List<String> printed = Output.of(() -> run(() -> {
            try (JvmProcess child = JvmProcess.spawn(() -> work(7))) {
                IO.println(child.name() + " ended with " + child.join());
            }
        }));
        assertTrue(printed.getFirst().matches("child-\\d+ ended with 0"), printed.getFirst());
    }

    @Test
    void sharedObjects() {
        List<String> printed = Output.of(() -> run(() -> {
            try (Manager manager = Manager.open(); ProcessPool pool = ProcessPool.of(2)) {
                SharedQueue<Integer> queue = manager.queue(10);
                ConcurrentMap<String, Integer> totals = manager.map();
                pool.map(List.of(1, 2, 3), n -> count(queue, totals, n));
                IO.println(Map.copyOf(totals) + ", " + queue.statistics().size() + " queued");
            }
        }));
        assertEquals(List.of("{sum=6}, 3 queued"), printed);
    }

    @Test
    void sharedMemory() {
        run(() -> {
            try (SharedMemory memory = SharedMemory.create(1_000_000); ProcessPool pool = ProcessPool.of(2)) {
                pool.run(() -> memory.segment().set(ValueLayout.JAVA_BYTE, 999_999, (byte) 7));
                assertEquals(7, memory.segment().get(ValueLayout.JAVA_BYTE, 999_999));
            }
        });
    }
}
