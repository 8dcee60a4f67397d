package dev.heddle.sim;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.DeadlockException;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A simulation waits a moment in real time for threads outside of it before it calls its end a deadlock. */
final class OtherThreadsTest {

    private static final SimOptions QUIET = SimOptions.DEFAULT.withFailureHandler((what, failure) -> {});
    private static final long PAUSE = 30; // milliseconds, far more than it takes to see a deadlock

    private static final Map<String, Action> WAITS = Map.of(
            "a future", () -> CompletableFuture.supplyAsync(
                    () -> 1, CompletableFuture.delayedExecutor(PAUSE, TimeUnit.MILLISECONDS)).get(),
            "a body in an executor", () -> {
                ExecutorService executor = Executors.newSingleThreadExecutor();
                executor.submit(OtherThreadsTest::pause).get();
                executor.shutdown();
            },
            "a thread", () -> Thread.ofPlatform().start(OtherThreadsTest::pause).join(),
            "a virtual thread", () -> Thread.ofVirtual().start(OtherThreadsTest::pause).join(),
            "a process", () -> new ProcessBuilder("sleep", "0.03").start().waitFor(),
            "an element from a thread", () -> {
                Channel<Integer> channel = Channel.of(0);
                Thread.ofPlatform().start(() -> {
                    pause();
                    channel.send(1);
                });
                channel.receive();
            });

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a future", "a body in an executor", "a thread", "a virtual thread", "a process",
            "an element from a thread"})
    void waitThatAnotherThreadEndsIsNoDeadlock(String what) {
        Sim.run(1, WAITS.get(what));
    }

    @Test
    void deadlineOverAFutureThatNobodyCompletesWaitsForNoRealTime() {
        long began = System.nanoTime();
        Sim.run(1, () -> assertTrue(moveOnAfter(Duration.ofHours(1), () -> new CompletableFuture<String>().get())
                .isEmpty()));
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(20).toNanos(), "a minute is what foreign work has");
    }

    @Test
    void noTimePassesWhileAParallelStreamIsAtWork() {
        for (int i = 0; i < 20; i++) {
            long sum = Sim.run(1, () -> timeout(Duration.ofMillis(1), () -> IntStream.range(0, 50_000)
                    .parallel()
                    .mapToLong(each -> Integer.toString(each).length())
                    .sum()));
            assertEquals(238_890, sum);
        }
    }

    @Test
    @Tag("full")
    void waitThatNobodyEndsIsADeadlockThatNamesTheWayOut() {
        String message = assertThrows(DeadlockException.class, () -> Sim.run(QUIET, sim -> {
            sleep(Duration.ofSeconds(1));
            new CountDownLatch(1).await();
        })).getMessage();
        assertTrue(message.contains("wait for it in offload(...)"), message);
    }
}
