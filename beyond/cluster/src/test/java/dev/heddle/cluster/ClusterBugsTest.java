package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad days find a bug of each kind when it is planted. */
final class ClusterBugsTest {

    private static final int MAX = Integer.getInteger("heddle.days", 1_000);

    @Test
    void eachBugStillFitsTheSourcesThatItIsPlantedIn() {
        for (PlantedBug each : ClusterBugs.ALL) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachBugIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        try (ExecutorService hunters = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            Map<PlantedBug, Future<Optional<ClusterBugs.Found>>> hunts = new LinkedHashMap<>();
            ClusterBugs.ALL
                    .forEach(each -> hunts.put(each, hunters.submit(() -> ClusterBugs.find(each, MAX))));
            for (var hunt : hunts.entrySet()) {
                String words = hunt.getKey().words();
                hunt.getValue().get().ifPresentOrElse(
                        days -> System.out.println("| " + words + " | " + days.days() + " | "
                                + days.words().lines().findFirst().orElse("") + " |"),
                        () -> missed.add(words));
            }
        }
        assertEquals(List.of(), missed);
    }
}
