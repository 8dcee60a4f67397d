package dev.heddle.sim.programs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.heddle.conformance.PlantedBug;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs find a bug of each kind when it is planted. */
final class PlantedBugsTest {

    private static final long MAX = 20_000;

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : ProgramBugs.ALL) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("night")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        try (ExecutorService hunters = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            Map<PlantedBug, Future<ProgramBugs.Found>> hunts = new LinkedHashMap<>();
            ProgramBugs.ALL
                    .forEach(each -> hunts.put(each, hunters.submit(() -> ProgramBugs.find(each, MAX))));
            for (var hunt : hunts.entrySet()) {
                ProgramBugs.Found found = hunt.getValue().get();
                System.out.println("## " + hunt.getKey().words() + "\n" + found.programs() + " programs\n"
                        + found.smallest());
            }
        }
    }
}
