package dev.heddle.sim.programs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.heddle.conformance.PlantedBug;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs find a bug of each kind when it is planted. */
final class PlantedBugsTest {

    private static final long MOST = 20_000;

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : ProgramBugs.ALL) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("full")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        for (PlantedBug each : ProgramBugs.ALL) {
            ProgramBugs.Found found = ProgramBugs.find(each, MOST);
            System.out.println("## " + each.words() + "\n" + found.programs() + " programs\n" + found.smallest());
        }
    }
}
