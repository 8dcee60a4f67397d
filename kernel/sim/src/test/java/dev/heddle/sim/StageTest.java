package dev.heddle.sim;

import static dev.heddle.Heddle.await;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Completion stages of the JDK inside a simulation. */
final class StageTest {

    @Test
    void stageThatAnotherThreadCompletesIsAwaitedInRealTime() {
        assertEquals("done", Sim.run(1, () -> await(CompletableFuture.supplyAsync(
                () -> "done", CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)))));
    }

    @Test
    void stageThatATaskCompletesIsAwaitedInVirtualTime() {
        assertEquals("done", Sim.run(1, () -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            spawn(() -> {
                sleep(Duration.ofDays(1));
                stage.complete("done");
            });
            return await(stage);
        }));
    }
}
