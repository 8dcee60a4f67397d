package dev.heddle.sim;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.sim.Checkpoints.assertCheckpoint;
import static dev.heddle.sim.Checkpoints.assertNoCheckpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What counts as a checkpoint. */
final class CheckpointsTest {

    private static void has(Action body) {
        assertCheckpoint(body);
        assertThrows(AssertionError.class, () -> assertNoCheckpoint(body));
    }

    private static void hasNone(Action body) {
        assertNoCheckpoint(body);
        assertThrows(AssertionError.class, () -> assertCheckpoint(body));
    }

    @Test
    void everyWaitingCallIsACheckpointAlsoWhereItNeedNotWait() {
        Sim.run(1, () -> {
            Channel<String> channel = Channel.of(10);
            channel.send("ready");
            has(() -> checkpoint());
            has(() -> sleep(Duration.ZERO));
            has(() -> sleep(Duration.ofHours(1)));
            has(channel::receive);
            has(() -> channel.send("more"));
            has(CancelScope::throwIfCancelled);
            has(() -> moveOnAfter(Duration.ofHours(1), () -> sleep(Duration.ofHours(2))));
            has(() -> Thread.sleep(60_000));
            assertEquals("ready", channel.receive(), "the bodies were cut off before they took or gave anything");
            assertEquals(0, channel.statistics().size());
        });
    }

    @Test
    void callsThatNeverWaitAndPlainCodeAreNone() {
        Sim.run(1, () -> {
            Channel<String> channel = Channel.of(1);
            Task<Void> ended = spawn(() -> {});
            ended.join();
            hasNone(() -> {});
            hasNone(() -> channel.trySend("x"));
            hasNone(channel::tryReceive);
            hasNone(() -> spawn(() -> {}));
            hasNone(() -> new ReentrantLock().lock());
            hasNone(ended::join);
        });
    }

    @Test
    void givingWayCountsAlsoWhereNoCancelIsLookedFor() {
        Sim.run(1, () -> has(() -> shield(() -> checkpoint())));
        Sim.run(1, () -> has(() -> Thread.yield()));
    }

    @Test
    void bodyWithoutACheckpointRunsToItsEndAndItsFailurePasses() {
        Sim.run(1, () -> {
            int[] runs = new int[1];
            assertNoCheckpoint(() -> runs[0]++);
            assertEquals(1, runs[0]);
            assertThrows(ArithmeticException.class, () -> assertNoCheckpoint(() -> {
                throw new ArithmeticException("mine");
            }));
        });
    }

    @Test
    void cancelStaysInside() {
        Sim.run(1, () -> {
            assertCheckpoint(() -> checkpoint());
            checkpoint();
        });
    }

    @Test
    void cancelFromOutsidePassesOn() {
        Sim.run(1, () -> {
            Task<Void> task = spawn(() -> assertNoCheckpoint(() -> checkpoint()));
            task.cancel("enough");
            Sim.current().awaitIdle();
            assertEquals(Task.State.CANCELLED, task.state());
        });
    }

    @Test
    void itWorksOnARealLoopToo() {
        Heddle.run(() -> {
            has(() -> checkpoint());
            hasNone(() -> {});
        });
        assertTrue(assertThrows(IllegalStateException.class, () -> assertCheckpoint(() -> {})).getMessage()
                .contains("no task"));
    }
}
