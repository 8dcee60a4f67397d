package dev.heddle.sim;

import static dev.heddle.Heddle.map;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.race;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.GroupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many at a time, and the first of many. */
final class MapAndRaceScenarioTest {

    private static final Duration MOMENT = Duration.ofMillis(10);

    @Test
    void mapKeepsToItsLimitAndTheOrderOfItsItems() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            int limit = 1 + random.below(5);
            int[] running = new int[1];
            List<Integer> items = IntStream.range(0, 20).boxed().toList();
            List<Integer> results = map(items, limit, item -> {
                assertTrue(++running[0] <= limit);
                sleep(random.upTo(MOMENT));
                running[0]--;
                return item * item;
            });
            assertEquals(items.stream().map(item -> item * item).toList(), results);
        });
    }

    @Test
    void failureInAMapStopsTheRestAndTakesNoMoreItems() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            int bad = random.below(20);
            int[] running = new int[1];
            int[] taken = new int[1];
            boolean failed = false;
            try {
                map(() -> IntStream.range(0, 1000).peek(item -> taken[0]++).iterator(), 3, item -> {
                    running[0]++;
                    try {
                        sleep(random.upTo(MOMENT));
                        if (item == bad) {
                            throw new IllegalArgumentException("bad item " + item);
                        }
                        return item;
                    } finally {
                        running[0]--;
                    }
                });
            } catch (GroupException e) {
                failed = e.firstOf(IllegalArgumentException.class).isPresent();
            }
            assertTrue(failed);
            assertEquals(0, running[0]);
            assertTrue(taken[0] < 1000, () -> taken[0] + " items taken");
        });
    }

    @Test
    void raceIsWonByTheFirstThatSucceedsAndTheOthersHaveEnded() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            int[] running = new int[1];
            List<Duration> times = new ArrayList<>();
            List<Callable<Duration>> bodies = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Duration time = random.upTo(MOMENT);
                boolean fails = i > 0 && random.chance(0.3);
                if (!fails) {
                    times.add(time);
                }
                bodies.add(() -> {
                    running[0]++;
                    try {
                        sleep(time);
                        if (fails) {
                            throw new IllegalStateException("planned");
                        }
                        return time;
                    } finally {
                        running[0]--;
                    }
                });
            }
            Duration best = times.stream().min(Duration::compareTo).orElseThrow();
            assertEquals(best, race(bodies));
            assertEquals(0, running[0]);
            assertEquals(best, Sim.current().elapsed());
        });
    }

    @Test
    void raceThatIsCutOffGivesBackWhatItsWinnerOpenedOrGivesItOut() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            int[] open = new int[1];
            Callable<Integer> opening = () -> {
                sleep(random.upTo(MOMENT));
                return ++open[0];
            };
            boolean given = moveOnAfter(random.upTo(MOMENT), () -> race(List.of(opening))).isPresent();
            assertEquals(given ? 1 : 0, open[0]);
        });
    }
}
