package dev.heddle.sim;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.GroupException;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
}
