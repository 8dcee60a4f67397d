package dev.heddle.cluster.sql.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
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
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        assertEquals(List.of(), PlantedBug.missed(SqlBugs.ALL, planted -> {
            var hunt = planted.plantBehind(SqlDay.class).getDeclaredMethod("hunt", int.class);
            hunt.setAccessible(true);
            return (String) hunt.invoke(null, MAX);
        }));
    }
}
