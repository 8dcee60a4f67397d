package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Receiver;
import dev.heddle.sync.Select;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * With four times as many waiting calls or listeners an operation on all of them takes some four times as long. What
 * grows by the square takes sixteen times as long; the quickest of several rounds tells the two apart: whatever else the
 * machine does only adds to a round.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class GrowthTest {

    private static final int FEW = 4_000;
    private static final int TIMES = 4;

    /** Between four, and a little for caches, and sixteen. */
    private static final double MOST = 8;

    /** So many that also what runs first in its process is compiled in some of them, on a busy machine as well. */
    private static final int ROUNDS = 10;

    /** Under so much nothing grows that anybody would notice. */
    private static final long LEAST_NANOS = 2_000_000;

    private final Map<String, IntFunction<Runnable>> operations = new LinkedHashMap<>();

    @Test
    void operationsOnManyListenersGrowByTheirNumber() {
        addOperationsOnListeners();
        assertGrowth();
    }

    @Tag("full")
    @Test
    void operationsOnManyWaitersGrowByTheirNumber() {
        addOperationsOnWaiters();
        assertGrowth();
    }

    private void assertGrowth() {
        Map<String, Double> tooMuch = new TreeMap<>();
        operations.forEach((name, operation) -> {
            double growth = growth(operation);
            if (growth > MOST) {
                tooMuch.put(name, growth);
            }
        });
        assertEquals(Map.of(), tooMuch);
    }

    @Tag("night")
    @Test
    void plantedWalkThroughAllIsFound() {
        assertTrue(growth(n -> {
            List<Object> listeners = new ArrayList<>();
            for (int i = 0; i < 2 * n; i++) {
                listeners.add(new Object());
            }
            List<Object> backwards = listeners.reversed();
            return () -> List.copyOf(backwards).forEach(listeners::remove);
        }) > MOST);
    }

    private void addOperationsOnListeners() {
        operations.put("handles of a promise taken back", n -> {
            Promise<String> promise = new Promise<>();
            return takenBack(n, () -> promise.onDone(ended -> {}));
        });
        operations.put("futures of a promise cancelled", n -> {
            Promise<String> promise = new Promise<>();
            List<CompletableFuture<?>> futures = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                futures.add(promise.toCompletableFuture());
            }
            return () -> futures.forEach(future -> future.complete(null));
        });
        operations.put("a select of many channels", n -> {
            List<Channel<String>> channels = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                channels.add(Channel.of(1));
            }
            return () -> {
                Select<String> select = Select.of();
                channels.forEach(channel -> select.receive(channel, it -> it));
                select.tryGet();
            };
        });
        operations.put("the first of many ends", n -> {
            List<Promise<String>> promises = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                promises.add(new Promise<>());
            }
            promises.getLast().complete("first");
            return () -> Tasks.await(promises, AwaitCondition.FIRST_COMPLETED);
        });
    }

    private void addOperationsOnWaiters() {
        operations.put("cancelled joins of a promise", n -> cancelled(n, new Promise<>()::join));
        operations.put("cancelled joins of a task", n -> {
            Task<Void> task = spawn(() -> sleep(ofHours(1)));
            return cancelled(n, task::join);
        });
        operations.put("joins of a promise with a limit", n -> cancelled(n, waitingWithin(new Promise<>())));
        operations.put("cancelled waits for an event", n -> cancelled(n, Event.named("set")::await));
        operations.put("cancelled waits for a mutex", n -> {
            Mutex mutex = Mutex.named("held");
            mutex.acquire();
            return cancelled(n, mutex::acquire);
        });
        operations.put("cancelled waits for a token", n -> cancelled(n, ConcurrencyLimiter.of(0)::acquire));
        operations.put("cancelled receives", n -> cancelled(n, Channel.of(1)::receive));
        operations.put("cancelled selects of a promise", n -> {
            Promise<String> promise = new Promise<>();
            return cancelled(n, () -> Select.<String>of().join(promise, it -> it).get());
        });
        operations.put("handles of a task taken back", n -> {
            Task<Void> task = spawn(() -> sleep(ofHours(1)));
            return takenBack(n, () -> task.onDone(ended -> {}));
        });
        operations.put("receivers closed while each waits", n -> {
            Channel<String> channel = Channel.of(1);
            List<Receiver<String>> receivers = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                Receiver<String> receiver = channel.receiver();
                receivers.add(receiver);
                spawn(() -> receiver.forEach(element -> {}));
            }
            checkpoint();
            return () -> receivers.forEach(Receiver::close);
        });
    }

    private static Action waitingWithin(Promise<String> promise) {
        return () -> Heddle.moveOnAfter(ofSeconds(1), promise::join);
    }

    /** Cancels the younger half of so many tasks that wait. */
    private static Runnable cancelled(int n, Action waits) {
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 2 * n; i++) {
            tasks.add(spawn(waits));
        }
        checkpoint();
        return () -> Tasks.cancelAll(tasks.subList(n, 2 * n), "no longer wanted");
    }

    private static Runnable takenBack(int n, Supplier<Handle> makes) {
        List<Handle> handles = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            handles.add(makes.get());
        }
        return () -> handles.reversed().forEach(Handle::cancel);
    }

    /** Ends with the first round that is quick enough. */
    private static double growth(IntFunction<Runnable> operation) {
        long few = quickest(operation, FEW);
        long many = Long.MAX_VALUE;
        double growth = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS && growth > MOST; round++) {
            many = Math.min(many, nanos(operation, FEW * TIMES));
            growth = (double) many / Math.max(LEAST_NANOS, few);
        }
        return growth;
    }

    private static long quickest(IntFunction<Runnable> operation, int n) {
        return IntStream.range(0, ROUNDS).mapToLong(round -> nanos(operation, n)).min().orElseThrow();
    }

    private static long nanos(IntFunction<Runnable> operation, int n) {
        return Heddle.run(Config.DEFAULT.withSignals(false), () -> {
            Runnable measured = operation.apply(n);
            long start = cpuNanos();
            measured.run();
            return cpuNanos() - start;
        });
    }

    /** The time that the loop's thread has computed: what else runs on the machine does not count. */
    private static long cpuNanos() {
        Thread driver = Heddle.currentLoop().scheduler.driverAsSeenElsewhere();
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(driver.threadId());
    }
}
