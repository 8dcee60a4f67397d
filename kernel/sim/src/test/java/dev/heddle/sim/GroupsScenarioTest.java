package dev.heddle.sim;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.GroupException;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Groups whose tasks fail, spawn more, and are cancelled, at any moment. */
final class GroupsScenarioTest {

    /** What happened in one group. */
    private static final class Story {
        private int begun;
        private int ended;
        private int failed;
        private int cancelled;
        private boolean over;
    }

    @Test
    void groupEndsWhenAllItsTasksHaveAndReportsAllFailures() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            Story story = new Story();
            int reported = 0;
            try {
                group(g -> {
                    for (int i = 0; i < 4; i++) {
                        g.spawn(() -> work(g, random, story, 2));
                    }
                    sleep(random.upTo(Duration.ofMillis(5)));
                });
            } catch (GroupException e) {
                reported = e.failures().size();
            }
            story.over = true;
            assertEquals(story.failed, reported);
            assertEquals(story.begun, story.ended);
            assertTrue(story.failed > 0 || story.cancelled == 0, "nobody is cancelled where nobody fails");
            sleep(Duration.ofHours(1));
        });
    }

    private static void work(TaskGroup group, SimRandom random, Story story, int depth) {
        story.begun++;
        try {
            sleep(random.upTo(Duration.ofMillis(10)));
            assertTrue(!story.over, "a task ran behind the end of its group");
            if (depth > 0 && random.chance(0.5)) {
                group.spawn(() -> work(group, random, story, depth - 1));
            }
            if (random.chance(0.15)) {
                story.failed++;
                throw new IllegalArgumentException("planned");
            }
        } catch (CancelledException e) {
            story.cancelled++;
            throw e;
        } finally {
            story.ended++;
        }
    }

    @Test
    void groupThatIsCancelledAtAnyMomentLeavesNothingRunning() {
        Seeds.run(() -> {
            SimRandom random = Sim.current().random();
            List<Task<Void>> tasks = new ArrayList<>();
            group(g -> {
                for (int i = 0; i < 5; i++) {
                    tasks.add(g.spawn(() -> sleep(random.upTo(Duration.ofMillis(4)))));
                }
                g.spawn(() -> {
                    sleep(random.upTo(Duration.ofMillis(4)));
                    g.cancel("enough");
                });
            });
            tasks.forEach(each -> assertTrue(each.isDone()));
            assertTrue(tasks.stream().noneMatch(each -> each.state() == Task.State.FAILED));
        });
    }

    /** Groups inside groups, whose tasks fail and join what was spawned before them, also further out. */
    private static final class Forest {

        private static final int MAX_DEPTH = 3;

        private final SimRandom random = Sim.current().random();
        private final Set<Throwable> thrown = Collections.newSetFromMap(new IdentityHashMap<>());
        private boolean hasError;

        void grow(int depth, List<Task<Void>> older) {
            group(g -> {
                List<Task<Void>> known = new ArrayList<>(older);
                for (int i = random.below(4); i >= 0; i--) {
                    List<Task<Void>> before = List.copyOf(known);
                    known.add(g.spawn(() -> live(depth, before)));
                }
                live(depth, known);
            });
        }

        private void live(int depth, List<Task<Void>> older) throws Exception {
            try {
                sleep(random.upTo(Duration.ofMillis(3)));
            } finally {
                if (random.chance(0.2)) {
                    fail();
                }
            }
            if (depth < MAX_DEPTH && random.chance(0.4)) {
                grow(depth + 1, older);
            }
            if (!older.isEmpty() && random.chance(0.6)) {
                older.get(random.below(older.size())).join();
            }
        }

        private void fail() throws Exception {
            if (!hasError && random.chance(0.1)) {
                hasError = true;
                throw noted(new AssertionError("planned"));
            }
            throw random.chance(0.5) ? noted(new IOException("planned")) : noted(new IllegalStateException("planned"));
        }

        private <X extends Throwable> X noted(X failure) {
            thrown.add(failure);
            return failure;
        }
    }

    @Test
    void eachFailureOfNestedGroupsComesOutOnceHoweverManyHaveJoinedIt() {
        Seeds.run(() -> {
            Forest forest = new Forest();
            List<Throwable> told = new ArrayList<>();
            try {
                forest.grow(0, List.of());
            } catch (GroupException | AssertionError e) {
                tell(e, told);
            }
            Set<Throwable> once = Collections.newSetFromMap(new IdentityHashMap<>());
            once.addAll(told);
            assertEquals(once.size(), told.size(), () -> "told twice: " + told);
            assertEquals(forest.thrown, once);
        });
    }

    private static void tell(Throwable failure, List<Throwable> told) {
        for (Throwable leaf : GroupException.leaves(failure)) {
            told.add(leaf);
            if (leaf instanceof Error) {
                for (Throwable other : leaf.getSuppressed()) {
                    if (other instanceof Exception) {
                        tell(other, told);
                    }
                }
            }
        }
    }
}
