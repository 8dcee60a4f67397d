package dev.heddle.cluster.sql.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad days find a bug of each kind when it is planted in the stores on databases. */
final class SqlBugsTest {

    private static final int MAX = Integer.getInteger("heddle.days", 1_000);

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : SqlBugs.ALL) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("full")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        for (PlantedBug each : SqlBugs.ALL) {
            var hunt = each.plantBehind(SqlDay.class).getDeclaredMethod("hunt", int.class);
            hunt.setAccessible(true);
            String[] found = (String[]) hunt.invoke(null, MAX);
            if (found.length == 0) {
                missed.add(each.words());
            } else {
                System.out.println("| " + each.words() + " | " + found[0] + " | "
                        + found[1].lines().findFirst().orElse("") + " |");
            }
        }
        assertEquals(List.of(), missed);
    }
}
