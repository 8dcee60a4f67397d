package dev.heddle.sim.programs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a task swallows, and whatever it waits for, others have their turn, no core burns, and it ends when it may. */
final class SwallowersTest {

    private static final long FEW = 2_000;
    private static final long MANY = Long.getLong("heddle.swallowers", 5_000);
    private static final Path SOURCES = Path.of("..", "..", "kernel", "core", "src", "main", "java");

    private static final List<PlantedBug> BUGS = List.of(
            bug(
                    "a swallowed cancel is not held back",
                    "SpinGuard.java",
                    "pause(again.next(task, now()), again);",
                    "again.next(task, now());"),
            bug("it is held back by no more than a turn", "SpinGuard.java", "if (nanos < Pace.MIN_PAUSE_NANOS) {",
                    "if (nanos >= 0) {"),
            bug("the pause does not grow", "Pace.java", "rounds++;", "rounds = 1;"),
            bug(
                    "a poll in a shield makes it a new story",
                    "SpinGuard.java",
                    "SwallowedCancel found = around != null && around.scope == told",
                    "SwallowedCancel found = swallowed != null && swallowed.scope == told && around != null"),
            bug(
                    "an inner scope makes it a new story",
                    "CancelScope.java",
                    "while (!outermost.shield && around != null",
                    "while (outermost.task == null && around != null"),
            bug(
                    "interrupts are not held back",
                    "Task.java",
                    "long pause = again ? spinGuard().nextPause(told) : 0;",
                    "long pause = again ? 1 : 0;"),
            bug("a poll without time gives no way", "Waiter.java", "fiber.task.giveWay();",
                    "fiber.task.noticeInterrupt();"),
            bug("a deadline that is over at once gives no way", "CancelScope.java", "facts |= AT_ONCE;", "facts |= 0;"),
            bug("a group that ends gives no way", "TaskGroup.java", "Task.current().endsGroupBehindCancel();",
                    "Task.current();"));

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void fewKeepNoLoopToThemselves() throws InterruptedException {
        assertNull(SwallowerSearch.search(1, FEW, Runtime.getRuntime().availableProcessors()));
    }

    @Test
    @Tag("night")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void manyKeepNoLoopToThemselves() throws InterruptedException {
        assertNull(SwallowerSearch.search(1, MANY, Runtime.getRuntime().availableProcessors()));
    }

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : BUGS) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("night")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        for (PlantedBug each : BUGS) {
            var hunt = each.plantBehind(SwallowerSearch.class).getDeclaredMethod("hunt", long.class);
            hunt.setAccessible(true);
            Object found = hunt.invoke(null, FEW);
            assertNotNull(found, () -> "not found: " + each.words());
            System.out.println("## " + each.words() + "\n" + found);
        }
    }

    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, SOURCES, "dev/heddle/" + source, right, wrong);
    }
}
