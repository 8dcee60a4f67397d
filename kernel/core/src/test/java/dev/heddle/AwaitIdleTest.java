package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who waits for an idle loop goes on when all others wait and nothing is due. */
final class AwaitIdleTest {

    @Test
    void idleWaiterGoesOnWhenAllOthersWait() {
        ManualEngine.runInManyOrders(50, () -> {
            AtomicInteger steps = new AtomicInteger();
            for (int i = 0; i < 10; i++) {
                spawn(() -> {
                    for (int step = 0; step < 20; step++) {
                        checkpoint();
                        steps.incrementAndGet();
                    }
                    sleep(ofSeconds(1));
                });
            }
            currentLoop().awaitIdle();
            assertEquals(200, steps.get());
            assertEquals(ZERO, ManualEngine.elapsed());
        });
    }

    @Test
    void severalGoOnInOrderEachWhenTheLoopIsIdleAgain() {
        List<String> log = new ArrayList<>();
        ManualEngine.run(() -> {
            for (String name : List.of("first", "second", "third")) {
                spawn(() -> {
                    currentLoop().awaitIdle();
                    log.add(name);
                    checkpoint();
                    log.add(name + " again");
                });
            }
            sleep(ofSeconds(1));
        });
        assertEquals(List.of("first", "first again", "second", "second again", "third", "third again"), log);
    }

    @Test
    void timersThatAreDueComeFirst() {
        List<String> log = new ArrayList<>();
        WorkingEngine.run(() -> {
            currentLoop().callLater(ofMillis(10), () -> log.add("timer"));
            WorkingEngine.work(ofMillis(20));
            currentLoop().awaitIdle();
            log.add("idle");
        });
        assertEquals(List.of("timer", "idle"), log);
    }

    @Test
    void callsFromOtherThreadsComeFirst() {
        run(() -> {
            Loop loop = currentLoop();
            AtomicInteger called = new AtomicInteger();
            Thread.ofPlatform().start(() -> loop.callFromThread(called::incrementAndGet)).join();
            loop.awaitIdle();
            assertEquals(1, called.get());
        });
    }

    @Test
    void loopThatIsNeverIdleLetsItWait() {
        ManualEngine.run(() -> {
            Task<Void> busy = spawn(() -> {
                while (true) {
                    checkpoint();
                }
            });
            Task<Void> idle = spawn(() -> currentLoop().awaitIdle());
            for (int i = 0; i < 1000; i++) {
                checkpoint();
            }
            assertFalse(idle.isDone());
            assertEquals(Optional.of("waiting for the loop to be idle"), idle.waitingFor());
            busy.cancel();
            idle.join();
        });
    }

    @Test
    void cancelledWaitLeavesNothingBehind() {
        ManualEngine.run(() -> {
            Task<Void> busy = spawn(() -> {
                while (true) {
                    checkpoint();
                }
            });
            Task<Void> cancelled = spawn(() -> currentLoop().awaitIdle());
            Task<Void> next = spawn(() -> currentLoop().awaitIdle());
            checkpoint();
            cancelled.cancel();
            assertThrows(TaskCancelledException.class, cancelled::join);
            busy.cancel();
            next.join();
            assertFalse(moveOnAfter(ZERO, () -> currentLoop().awaitIdle()));
        });
    }

    @Test
    void itDoesNotHideADeadlock() {
        assertThrows(DeadlockException.class, () -> ManualEngine.run(() -> {
            Task<Void> idle = spawn(() -> currentLoop().awaitIdle());
            idle.join();
            new Waiter("nothing").await();
        }));
    }

    @Test
    void itDoesNotSpinWhileTheLoopSleepsAfterwards() {
        run(() -> {
            currentLoop().awaitIdle();
            LoopStatistics before = currentLoop().statistics();
            sleep(ofMillis(50));
            LoopStatistics after = currentLoop().statistics();
            assertTrue(after.turns() - before.turns() < 10, (after.turns() - before.turns()) + " turns");
        });
    }

    @Test
    void loopDrivenByStepsGoesOnToo() {
        try (Loop loop = Loop.create(ManualEngine.config())) {
            Task<Void> idle = loop.spawn(() -> currentLoop().awaitIdle());
            for (int i = 0; i < 10 && !idle.isDone(); i++) {
                loop.step(ofSeconds(1));
            }
            assertTrue(idle.isDone());
        }
    }

    @Test
    void onlyTasksOfTheLoopMayWait() {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            assertThrows(IllegalStateException.class, loop::awaitIdle);
            ManualEngine.run(() -> assertThrows(IllegalStateException.class, loop::awaitIdle));
        }
    }
}
