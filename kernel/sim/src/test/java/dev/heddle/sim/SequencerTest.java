package dev.heddle.sim;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.DeadlockException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** An order among tasks that a test forces. */
final class SequencerTest {

    private static final int SEEDS = 50;

    @Test
    void turnsComeInTheOrderOfTheirNumbersWhateverTheOrderOfTasks() {
        Sim.seeds(1, SEEDS, () -> {
            Sequencer sequencer = new Sequencer();
            List<Integer> order = new ArrayList<>();
            gather(
                    () -> {
                        sequencer.turn(0, () -> order.add(0));
                        sequencer.turn(3, () -> order.add(3));
                    },
                    () -> {
                        sequencer.turn(1, () -> order.add(1));
                        sequencer.turn(4, () -> order.add(4));
                    },
                    () -> sequencer.turn(2, () -> order.add(2)));
            assertEquals(List.of(0, 1, 2, 3, 4), order);
        });
    }

    @Test
    void turnLastsAsLongAsItsBody() {
        Sim.run(1, () -> {
            Sequencer sequencer = new Sequencer();
            spawn(() -> sequencer.turn(0, () -> sleep(Duration.ofHours(1))));
            assertEquals(Duration.ofHours(1), sequencer.turn(1, () -> Sim.current().elapsed()));
        });
    }

    @Test
    void numberIsForOneCall() {
        Sim.run(1, () -> {
            Sequencer sequencer = new Sequencer();
            sequencer.turn(0, () -> {});
            assertThrows(IllegalStateException.class, () -> sequencer.turn(0, () -> {}));
            assertThrows(IllegalArgumentException.class, () -> sequencer.turn(-1, () -> {}));
            assertEquals("fine", sequencer.turn(1, () -> "fine"));
        });
    }

    @Test
    void turnInsideOfTheTurnBeforeIsRefusedAndTheOrderGoesOn() {
        Sim.run(1, () -> {
            Sequencer sequencer = new Sequencer();
            IllegalStateException refused = sequencer.turn(0, () -> {
                assertEquals("a stranger's", spawn(() -> "a stranger's").join());
                return assertThrows(IllegalStateException.class, () -> sequencer.turn(1, () -> {}));
            });
            assertTrue(refused.getMessage().contains("turn 1 would wait for the end of turn 0"), refused.getMessage());
            assertEquals("fine", sequencer.turn(1, () -> "fine"));
        });
    }

    @Test
    void numberLeftOutIsADeadlockThatNamesIt() {
        SimOptions quiet = SimOptions.DEFAULT.withFailureHandler((what, failure) -> {});
        DeadlockException deadlock = assertThrows(DeadlockException.class, () -> Sim.run(quiet, sim -> {
            Sequencer sequencer = new Sequencer();
            sequencer.turn(0, () -> {});
            sequencer.turn(2, () -> {});
        }));
        assertTrue(
                deadlock.getMessage().contains("turn 2 of a sequencer that stands at turn 1"), deadlock.getMessage());
    }

    @Test
    void cancelledWaitBreaksTheOrderForThoseWhoWaitAndThoseWhoComeLater() {
        Sim.seeds(1, SEEDS, () -> {
            Sequencer sequencer = new Sequencer();
            Task<Void> first = spawn(() -> sequencer.turn(1, () -> {}));
            Task<Void> second = spawn(() -> sequencer.turn(2, () -> {}));
            Sim.current().awaitIdle();
            first.cancel("enough");
            Sim.current().awaitIdle();
            assertEquals(Task.State.CANCELLED, first.state());
            assertThrows(BrokenException.class, second::join);
            assertThrows(BrokenException.class, () -> sequencer.turn(0, () -> {}));
            assertThrows(BrokenException.class, () -> sequencer.turn(3, () -> {}));
        });
    }

    @Test
    void callThatIsCancelledBeforeItWaitsBreaksTheOrderToo() {
        Sim.run(1, () -> {
            Sequencer sequencer = new Sequencer();
            Task<Void> task = spawn(() -> sequencer.turn(0, () -> {}));
            task.cancel("at once");
            Sim.current().awaitIdle();
            assertThrows(BrokenException.class, () -> sequencer.turn(1, () -> {}));
        });
    }

    @Test
    void bodyThatFailsEndsItsTurnAndItsExceptionComesOutAsItIs() {
        Sim.run(1, () -> {
            Sequencer sequencer = new Sequencer();
            IOException failure = new IOException("mine");
            assertSame(failure, assertThrows(IOException.class, () -> sequencer.turn(0, (Action) () -> {
                throw failure;
            })));
            assertEquals("next", sequencer.turn(1, () -> "next"));
        });
    }

    @Test
    void tasksOfSeveralLoopsAndThreadsKeepTheOrder() throws InterruptedException {
        Sequencer sequencer = new Sequencer();
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 9; i >= 0; i--) {
            int number = i;
            Action turn = () -> sequencer.turn(number, () -> order.add(number));
            threads.add(Thread.ofPlatform().start(() -> {
                if (number % 2 == 0) {
                    Heddle.run(turn);
                } else {
                    Heddle.run(() -> Heddle.offload(turn));
                }
            }));
        }
        for (Thread each : threads) {
            each.join();
        }
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), List.copyOf(order));
    }
}
