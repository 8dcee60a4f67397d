package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks are spread over loops in turn, or where the fewest are. */
final class SpreadTest {

    private final Config config = Config.DEFAULT.withSignals(false).withLoops(3);

    @Test
    void roundRobinGoesFromLoopToLoop() {
        Heddle.run(config, () -> {
            List<Loop> loops = currentLoop().siblings();
            LoopChooser chooser = LoopChooser.roundRobin(loops);
            for (int i = 0; i < 9; i++) {
                assertSame(loops.get(i % 3), chooser.spawn(() -> currentLoop()).join());
            }
            assertSame(loops.get(0), chooser.next());
        });
    }

    @Test
    void leastTasksFillsTheEmptiestLoops() {
        Heddle.run(config, () -> {
            List<Loop> loops = currentLoop().siblings();
            for (int i = 0; i < 10; i++) {
                loops.get(0).spawn(() -> sleep(ofSeconds(60)));
                loops.get(1).spawn(() -> sleep(ofSeconds(60)));
            }
            loops.get(1).spawn(() -> {}).join();
            LoopChooser chooser = LoopChooser.leastTasks(loops);
            for (int i = 0; i < 5; i++) {
                assertSame(loops.get(2), chooser.spawn(() -> sleep(ofSeconds(60))).loop());
            }
        });
    }

    @Test
    void burstIsSpreadBeforeTheLoopsHaveCountedIt() {
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            loops.add(Loop.create(config)); // nobody drives them, so they count nothing
        }
        LoopChooser chooser = LoopChooser.leastTasks(loops);
        int[] spawned = new int[3];
        for (int i = 0; i < 30; i++) {
            spawned[loops.indexOf(chooser.spawn(() -> {}).loop())]++;
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(10, spawned[i]);
        }
        loops.forEach(Loop::close);
    }

    @Test
    void endedLoopRefuses() {
        Loop loop = Loop.start(config);
        LoopChooser chooser = LoopChooser.leastTasks(List.of(loop));
        loop.close();
        assertThrows(IllegalStateException.class, () -> chooser.spawn(() -> {}));
    }

    @Test
    void noLoopsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> LoopChooser.roundRobin(List.of()));
    }

    @Test
    void tasksKnowTheLineThatSpawnedThem() {
        Heddle.run(config, () -> {
            LoopChooser chooser = LoopChooser.roundRobin(currentLoop().siblings());
            assertEquals(
                    SpreadTest.class.getName(),
                    chooser.spawn(() -> {}).spawnedAt().orElseThrow().getClassName());
        });
    }
}
