package dev.heddle;

import static dev.heddle.Heddle.await;
import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.internal.VirtualThreads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Waiting for a stage of the JDK: its value, its failure, its cancel, and a cancel of the call. */
final class AwaitTest {

    @Test
    void givesTheValueOfTheStage() {
        run(() -> {
            assertEquals("done", await(CompletableFuture.completedFuture("done")));
            assertNull(await(CompletableFuture.completedFuture(null)));
            assertEquals("later", await(CompletableFuture.supplyAsync(() -> "later")));
        });
    }

    @Test
    void stageCompletedByAnotherTaskWakesTheWaiter() {
        ManualEngine.run(() -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            Task<String> waiter = spawn(() -> await(stage));
            checkpoint();
            stage.complete("value");
            assertEquals("value", waiter.join());
        });
    }

    @Test
    void failureOfTheStageComesOutUnwrapped() {
        ManualEngine.run(() -> {
            IllegalStateException unchecked = new IllegalStateException("bad");
            CompletableFuture<String> stage = CompletableFuture.failedFuture(unchecked);
            assertSame(unchecked, assertThrows(IllegalStateException.class, () -> await(stage)));
            assertSame(unchecked, assertThrows(
                    IllegalStateException.class, () -> await(stage.thenApply(String::length))));
            IOException checked = new IOException("disk");
            assertSame(checked, assertThrows(
                    TaskFailedException.class, () -> await(CompletableFuture.failedFuture(checked))).getCause());
        });
    }

    @Test
    void cancelledStageIsTold() {
        ManualEngine.run(() -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            stage.cancel(true);
            assertThrows(TaskCancelledException.class, () -> await(stage));
        });
    }

    @Test
    void cancelledCallLeavesTheStageAsItIs() {
        ManualEngine.run(() -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            assertFalse(moveOnAfter(ofSeconds(1), () -> {
                await(stage);
            }));
            assertFalse(stage.isDone());
            stage.complete("for somebody else");
            assertEquals("for somebody else", await(stage));
        });
    }

    @Test
    void stageOfATaskOfAnotherLoopCanBeAwaited() {
        try (Loop other = Loop.start(Config.DEFAULT)) {
            run(() -> {
                CompletableFuture<String> stage = other.spawn(() -> {
                    Heddle.sleep(ofMillis(5));
                    return "from afar";
                }).toCompletableFuture();
                assertEquals("from afar", await(stage));
            });
        }
    }

    @Test
    void inVirtualTimeAStageThatAThreadWillCompleteIsNoDeadlock() {
        ManualEngine.run(() -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            Thread worker = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(ofMillis(10).toNanos());
                stage.complete("from a thread");
            });
            assertEquals("from a thread", await(stage));
            assertEquals(ofMillis(0), ManualEngine.elapsed());
            worker.join(1000);
        });
    }

    @Test
    void inVirtualTimeATaskThatIsNotifiedWaitsForTheMonitorOfItsNotifier() {
        Object bell = new Object();
        ManualEngine.run(() -> {
            Loop loop = Heddle.currentLoop();
            Thread ofLoop = VirtualThreads.currentCarrier();
            Thread notifier = Thread.ofPlatform().unstarted(() -> {
                synchronized (bell) {
                    bell.notifyAll();
                    loop.spawn(() -> {}).join(); // behind it, the loop asks what may wake the task
                    while (ofLoop.isAlive() && ofLoop.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
            });
            synchronized (bell) {
                notifier.start();
                bell.wait(10_000);
            }
            notifier.join(10_000);
        });
    }
}
