package dev.heddle.sim;

import static dev.heddle.Heddle.await;
import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Offloaded work and completion stages beside tasks. */
final class OffloadScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(5);

    @Test
    void offloadedBodiesGiveTheirResultsInAnyOrderAndTakeNoVirtualTime() {
        Seeds.run(() -> {
            List<Integer> items = IntStream.range(0, 20).boxed().toList();
            List<Integer> results = map(items, 4, item -> offload(() -> item + 1));
            assertEquals(IntStream.range(1, 21).boxed().toList(), results);
            assertEquals(Duration.ZERO, Sim.current().elapsed());
        });
    }

    @Test
    void offloadedBodyUnderALockOfTheJdkExcludesOthers() {
        Seeds.run(() -> {
            ReentrantLock lock = new ReentrantLock();
            int[] number = new int[1];
            Action increment = () -> {
                lock.lock();
                try {
                    int read = number[0];
                    number[0] = offload(() -> read + 1);
                } finally {
                    lock.unlock();
                }
            };
            gather(increment, increment, increment, increment);
            assertEquals(4, number[0]);
        });
    }

    @Test
    void stagesThatTasksCompleteAreAwaitedInVirtualTime() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            CompletableFuture<Integer> one = new CompletableFuture<>();
            CompletableFuture<Integer> other = new CompletableFuture<>();
            Duration first = random.upTo(MOMENT);
            Duration second = random.upTo(MOMENT);
            spawn(() -> {
                sleep(first);
                one.complete(1);
            });
            spawn(() -> {
                sleep(second);
                other.complete(2);
            });
            assertEquals(3, await(one.thenCombine(other, Integer::sum)));
            assertEquals(first.compareTo(second) > 0 ? first : second, Sim.current().elapsed());
        });
    }

    @Test
    void stageWhoseAwaitWasCutOffIsLeftAsItIs() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            CompletableFuture<String> stage = new CompletableFuture<>();
            spawn(() -> {
                sleep(random.upTo(MOMENT));
                stage.complete("late");
            });
            boolean inTime = moveOnAfter(random.upTo(MOMENT), () -> await(stage)).isPresent();
            assertTrue(!inTime || stage.isDone());
            assertEquals("late", await(stage));
        });
    }
}
