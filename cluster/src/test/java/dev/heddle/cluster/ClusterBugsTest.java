package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad days find a bug of each kind when it is planted. */
final class ClusterBugsTest {

    private static final int MOST = Integer.getInteger("heddle.days", 1_000);

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : ClusterBugs.ALL) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("full")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        for (PlantedBug each : ClusterBugs.ALL) {
            Optional<ClusterBugs.Found> found = ClusterBugs.find(each, MOST);
            found.ifPresentOrElse(
                    days -> System.out.println("| " + each.words() + " | " + days.days() + " | "
                            + days.words().lines().findFirst().orElse("") + " |"),
                    () -> missed.add(each.words()));
        }
        assertEquals(List.of(), missed);
    }
}
