package dev.heddle;

import static dev.heddle.Heddle.gather;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The line that spawned a task is the user's own, whatever lies between. */
final class SpawnSiteTest {

    private static final ScopedValue<String> BOUND = ScopedValue.newInstance();

    @Test
    void namesOfOursAreThoseOfClasses() throws Exception {
        for (String name : SpawnSite.OURS) {
            assertEquals(name, Class.forName("dev.heddle." + name).getSimpleName());
        }
    }

    @Test
    void siteIsTheLineOfTheUsersCode() {
        ManualEngine.run(() -> {
            int line = here() + 1;
            Task<Void> task = spawn(() -> {});
            assertEquals(line, lineOf(task));
            assertEquals(
                    SpawnSiteTest.class.getName(), task.spawnedAt().orElseThrow().getClassName());
        });
    }

    @Test
    void siteStaysRightHoweverOftenALineSpawns() {
        ManualEngine.run(() -> group(g -> {
            int line = here() + 2;
            for (int i = 0; i < 1000; i++) {
                Task<Void> task = g.spawn(() -> {});
                assertEquals(line, lineOf(task));
            }
        }));
    }

    @Test
    void bodiesThatHeddleWrapsAreNotMixedUp() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 20; i++) {
                List<Integer> lines = new ArrayList<>();
                int line = here() + 1;
                gather(() -> lines.add(currentLine()), () -> lines.add(currentLine()), () -> lines.add(currentLine()));
                assertEquals(List.of(line, line, line), lines);
                int other = here() + 1;
                gather(() -> lines.set(0, currentLine()));
                assertEquals(other, lines.getFirst());
            }
        });
    }

    @Test
    void eachAttemptOfASupervisedBodyHasTheLineOfTheSupervision() {
        ManualEngine.run(() -> {
            List<Integer> lines = new ArrayList<>();
            int line = here() + 1;
            group(g -> g.supervise("worker", RestartPolicy.DEFAULT, () -> {
                lines.add(currentLine());
                if (lines.size() < 3) {
                    throw new IllegalStateException("again");
                }
            }));
            assertEquals(List.of(line, line, line), lines);
        });
    }

    @Test
    void methodsOfTheJdkInBetweenAreSkipped() {
        ManualEngine.run(() -> group(g -> {
            List<Callable<Integer>> bodies = List.of(SpawnSiteTest::currentLine);
            int line = here() + 1;
            bodies.forEach(g::spawn);
            assertEquals(line, lineOf(g.tasks().getFirst()));
        }));
    }

    @Test
    void spawnInsideABindingOfAScopedValueIsOnItsOwnLine() {
        ManualEngine.run(() -> {
            int line = here() + 1;
            Task<Void> task = ScopedValue.where(BOUND, "x").call(() -> spawn(() -> {}));
            assertEquals(line, lineOf(task));
        });
    }

    @Test
    void classThatSpawnsForItsCallersIsSkipped() {
        ManualEngine.run(() -> {
            for (int i = 0; i < 5; i++) {
                int line = here() + 1;
                Task<Integer> task = SpawningLibrary.spawnTwice(() -> 1);
                assertEquals(line, lineOf(task));
                int other = here() + 1;
                assertEquals(other, lineOf(SpawningLibrary.spawnTwice(() -> 2)));
            }
        });
    }

    @Test
    void mainTaskKnowsWhereItWasRun() {
        Heddle.run(ManualEngine.config(), () -> assertTrue(lineOf(Heddle.currentTask()) > 0));
    }

    private static int currentLine() {
        return lineOf(Heddle.currentTask());
    }

    private static int lineOf(Task<?> task) {
        return task.spawnedAt().orElseThrow().getLineNumber();
    }

    private static int here() {
        return StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }
}

/** A library that spawns for its callers. */
@SpawnsForCaller
final class SpawningLibrary {

    private SpawningLibrary() {}

    static Task<Integer> spawnTwice(Callable<Integer> body) {
        return spawn(() -> spawn(body).join());
    }
}
