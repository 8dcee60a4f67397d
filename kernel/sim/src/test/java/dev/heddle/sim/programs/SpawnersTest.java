package dev.heddle.sim.programs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What threads leave for loops begins, or is refused, until after the loops' ends. */
final class SpawnersTest {

    private static final Path SOURCES = Path.of("..", "..", "kernel", "core", "src", "main", "java");
    private static final long FEW = 100;
    private static final long MANY = 800;

    /** In which a planted bug must be found. */
    private static final long MAX = 3_000;

    private static final List<PlantedBug> BUGS = List.of(
            new PlantedBug(
                    "the inbox is not read again when bodies are refused",
                    SOURCES,
                    "dev/heddle/Loop.java",
                    "        scheduler.takeInbox(); // and so does who was quicker than the end\n",
                    ""),
            new PlantedBug(
                    "whoever comes behind the last look keeps a task that never begins",
                    SOURCES,
                    "dev/heddle/Loop.java",
                    "return left && (!scheduler.refusesCalls() || (!taken.complete(false) && taken.join()));",
                    "return left;"));

    @Test
    void fewRoundsLoseNoBody() {
        assertNull(SpawnerSearch.hunt(FEW));
    }

    @Test
    @Tag("night")
    void manyRoundsLoseNoBody() {
        assertNull(SpawnerSearch.hunt(MANY));
    }

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : BUGS) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("night")
    void eachBugIsFound() throws Exception {
        for (PlantedBug each : BUGS) {
            var hunt = each.plantBehind(SpawnerSearch.class).getDeclaredMethod("hunt", long.class);
            hunt.setAccessible(true);
            assertNotNull(hunt.invoke(null, MAX), () -> "not found: " + each.words());
        }
    }
}
