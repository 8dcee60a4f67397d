package dev.heddle;

import static dev.heddle.Heddle.await;
import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import dev.heddle.sync.ConcurrencyLimiter;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Mutex;
import dev.heddle.sync.Select;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any number of waits that were given up leaves nothing behind on what lives on. */
final class CancelledWaitsTest {

    private static final int MANY = 50_000;

    /** Far below what one object for each wait would take. */
    private static final long MAX_BYTES = MANY * 4L;

    /** Each is as long as three collections of garbage. */
    private static final int MAX_LOOKS = 100;

    private final Promise<String> promise = new Promise<>();
    private final CompletableFuture<String> future = new CompletableFuture<>();

    @Test
    void waitsForAFutureOfTheJdkLeaveHardlyAnythingOnIt() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 5_000; i++) {
                assertTrue(moveOnAfter(Duration.ZERO, () -> await(future)).isEmpty());
            }
            assertTrue(future.getNumberOfDependents() < 1_000, future::toString);
            Task<String> waiting = spawn(() -> await(future));
            checkpoint();
            future.complete("result");
            assertEquals("result", waiting.join());
        });
    }

    @Test
    void selectThatSomethingElseDecidedLeavesNothingOnAPromise() {
        ManualEngine.run(() -> {
            Channel<String> channel = Channel.of(1);
            Task<String> selecting = spawn(() -> Select.<String>of().join(promise, it -> it).receive(channel, it -> it)
                    .get());
            checkpoint();
            assertEquals(1, promise.listeners());
            channel.send("from the channel");
            assertEquals("from the channel", selecting.join());
            assertEquals(0, promise.listeners());
        });
    }

    @Test
    void futuresThatTheirHoldersEndLeaveNothingOnWhatTheyStandFor() {
        ManualEngine.run(() -> {
            promise.toCompletableFuture().complete("of the holder");
            promise.toCompletableFuture().completeExceptionally(new IllegalStateException("of the holder"));
            assertEquals(0, promise.listeners());
            CompletableFuture<String> kept = promise.toCompletableFuture();
            promise.complete("result");
            assertEquals("result", kept.join());
            Task<Void> living = spawn(() -> sleep(Duration.ofSeconds(1)));
            checkpoint();
            for (int i = 0; i < 1_000; i++) {
                living.toCompletableFuture().complete(null);
            }
            checkpoint();
            long before = Heddle.currentLoop().statistics().ran();
            living.join();
            checkpoint();
            long callbacks = Heddle.currentLoop().statistics().ran() - before;
            assertTrue(callbacks < 10, callbacks + " items ran at its end");
        });
    }

    @Test
    @Tag("full")
    void waitsThatWereGivenUpLeaveNothing() {
        ManualEngine.run(() -> {
            Task<Void> living = spawn(() -> sleep(ofHours(1_000)));
            Mutex mutex = Mutex.create();
            ConcurrencyLimiter limiter = ConcurrencyLimiter.of(1);
            BoundedSemaphore semaphore = BoundedSemaphore.of(1);
            spawn(() -> {
                mutex.acquire();
                limiter.acquire();
                sleep(ofHours(1_000));
            });
            semaphore.acquire();
            checkpoint();
            Event event = Event.create();
            Channel<String> channel = Channel.of(0);
            Mutex own = Mutex.create();
            Condition condition = own.newCondition();
            Barrier barrier = Barrier.of(2);
            giveUp("a join", living::join);
            giveUp("a promise", promise::join);
            giveUp("a future", () -> await(future));
            giveUp("a mutex", mutex::acquire);
            giveUp("a limiter", limiter::acquire);
            giveUp("a semaphore", semaphore::acquire);
            giveUp("an event", event::await);
            giveUp("a receive", channel::receive);
            giveUp("a send", () -> channel.send("element"));
            giveUp("a condition", () -> own.run(condition::await));
            giveUp("a select", () -> Select.<String>of()
                    .receive(channel, element -> element)
                    .await(event, () -> "set")
                    .join(promise, result -> result)
                    .join(living, result -> "ended")
                    .get());
            giveUp("a barrier", () -> {
                try {
                    barrier.await();
                } finally {
                    barrier.reset();
                }
            });
        });
    }

    /** Waits in vain very often, after some that may load classes. */
    private static void giveUp(String what, Action waiting) {
        repeat(1_000, waiting);
        long before = used();
        repeat(MANY, waiting);
        long more = Long.MAX_VALUE;
        for (int i = 0; i < MAX_LOOKS && more >= MAX_BYTES; i++) {
            checkpoint();
            more = used() - before;
        }
        assertTrue(more < MAX_BYTES, what + " leaves " + more + " bytes");
    }

    private static void repeat(int times, Action waiting) {
        for (int i = 0; i < times; i++) {
            boolean _ = moveOnAfter(Duration.ofNanos(1), waiting);
        }
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
