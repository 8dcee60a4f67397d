package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Handle;
import dev.heddle.Outcome;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import dev.heddle.Tasks;
import dev.heddle.Ticker;
import dev.heddle.WorkerPool;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The lines of the table for people who come from CompletableFuture. */
final class ComingFromFuturesTest {

    private static final ScopedValue<String> USER = ScopedValue.newInstance();

    private final List<String> logged = new ArrayList<>();

    private static int price() {
        sleep(Duration.ofMillis(100));
        return 40;
    }

    private static int missing() throws IOException {
        throw new IOException("no price");
    }

    private static int rebate() {
        return 2;
    }

    private static int priceOf(String name) {
        return name.length();
    }

    private static String order(int price) {
        return "for " + price;
    }

    private void log(String line) {
        logged.add(line);
    }

    @Test
    void chainsBecomeLines() {
        Sim.run(() -> {
            Task<Integer> task = spawn(() -> price());
            int more = price() + 1;
            String order = order(price());
            log(order(price()));
            List<Integer> both = gather(() -> price(), () -> rebate());
            int price = task.join();
            assertEquals(List.of(40, 41, 40, 2), List.of(price, more, both.getFirst(), both.getLast()));
            assertEquals(List.of(order), logged);
            assertTrue(task.isDone());
            assertFalse(task.failure().isPresent());
        });
    }

    @Test
    void failuresAreCaught() {
        try {
            throw new IllegalStateException("no price");
        } catch (IllegalStateException e) {
            log(e.getMessage());
        } finally {
            log("clean");
        }
        assertEquals(List.of("no price", "clean"), logged);
    }

    @Test
    void deadlinesEndTheWork() {
        Sim.run(() -> {
            int quick = timeout(Duration.ofSeconds(1), () -> price());
            int known = moveOnAfter(Duration.ofSeconds(1), () -> price()).orElse(0);
            assertEquals(80, quick + known);
        });
    }

    @Test
    void manyAtOnce() {
        Sim.run(() -> {
            List<Callable<Integer>> calls = List.of(() -> price(), () -> rebate());
            List<Integer> all = gather(calls);
            int first = race(calls);
            assertEquals(List.of(40, 2, 2), List.of(all.getFirst(), all.getLast(), first));
            List<String> names = List.of("a", "bb");
            List<Integer> prices = map(names, 100, name -> priceOf(name));
            assertEquals(List.of(1, 2), prices);
            List<Task<Integer>> tasks = List.of(spawn(() -> price()), spawn(() -> rebate()));
            for (Task<Integer> done : Tasks.asCompleted(tasks)) {
                log("done " + done.join());
            }
            group(g -> {
                g.spawn(() -> price());
            });
        });
        assertEquals(List.of("done 2", "done 40"), logged);
    }

    @Test
    void cancellingReachesTheWork() {
        Sim.run(() -> {
            Task<Integer> task = spawn(() -> price());
            task.cancel("no longer wanted");
            assertThrows(TaskCancelledException.class, task::join);
            var promise = new Promise<Integer>();
            promise.complete(7);
            assertEquals(7, promise.join());
        });
    }

    @Test
    void pools() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(4)) {
                Future<Integer> future = pool.submit(() -> rebate());
                assertEquals(2, future.get());
            }
        });
    }

    @Test
    void schedules() {
        Sim.run(() -> {
            Ticker ticker = Ticker.every(Duration.ofSeconds(1));
            ticker.awaitTick();
            ticker.awaitTick();
            assertEquals(Duration.ofSeconds(2), Sim.current().elapsed());
        });
    }

    @Test
    void outcomesAreValues() {
        Sim.run(() -> {
            Task<Integer> task = spawn(() -> price());
            switch (task.awaitOutcome()) {
                case Outcome.Success<Integer>(Integer price) -> log("price " + price);
                case Outcome.Failure<Integer>(Throwable e) -> log("failed: " + e.getMessage());
                case Outcome.Cancelled<Integer>(String reason) -> log("cancelled: " + reason);
            }
            int now = task.isDone() ? task.join() : 0;
            assertEquals(40, now);
            Task<Integer> failing = spawn(() -> missing());
            try {
                failing.join();
            } catch (TaskFailedException e) {
                log(String.valueOf(e.getCause()));
            }
            var promise = new Promise<Integer>();
            promise.fail(new IOException("no price"));
            assertThrows(TaskFailedException.class, promise::join);
            Task<Void> logging = spawn(() -> log("ran"));
            logging.join();
            assertFalse(logging.state() == Task.State.CANCELLED);
        });
        assertEquals(List.of("price 40", "java.io.IOException: no price", "ran"), logged);
    }

    @Test
    void firstOfTwoAndLater() {
        Sim.run(() -> {
            int first = race(() -> price(), () -> rebate());
            assertEquals(2, first);
            Handle later = currentLoop().callLater(Duration.ofSeconds(1), () -> log("later"));
            while (!later.isDone()) {
                sleep(Duration.ofSeconds(1));
            }
        });
        assertEquals(List.of("later"), logged);
    }

    @Test
    void whatElseExecutorsDo() {
        run(() -> {
            try (WorkerPool pool = WorkerPool.of(4)) {
                int rebate = pool.call(() -> rebate());
                assertEquals(2, rebate);
                pool.shutdown();
                assertTrue(pool.awaitTermination(20, TimeUnit.SECONDS));
                assertEquals(List.of(), pool.shutdownNow());
            }
        });
    }

    @Test
    void latchesQueuesAndLocals() {
        Sim.run(() -> {
            Event ready = Event.create();
            ready.set();
            ready.await();
            Barrier meeting = Barrier.of(2);
            gather(meeting::await, meeting::await);
            Channel<String> queue = Channel.of(100);
            queue.send("x");
            log(queue.receive());
            Mutex mutex = Mutex.create();
            mutex.run(() -> log("alone"));
            ScopedValue.where(USER, "Ada").run(() -> log("hello " + USER.get()));
        });
        assertEquals(List.of("x", "alone", "hello Ada"), logged);
    }
}
