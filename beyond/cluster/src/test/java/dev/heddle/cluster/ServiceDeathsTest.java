package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No service of a node ends in silence, at whatever step it fails. */
final class ServiceDeathsTest {

    private static final List<PlantedBug> BUGS = List.of(
            bug("a directory is followed no more after a failure", "internal/DirectoryView.java",
                    "Heddle.sleep(service.failed(e));", "throw e;"),
            bug("turns are made no more, in silence", "ClusterRateLimiter.java",
                    "catch (UnreadableEntryException _) {", "catch (IllegalStateException _) {"));

    @Test
    void servicesOutliveADeathAtTheirFirstStep() {
        assertTrue(ServiceDeaths.all(1).size() > 10);
    }

    @Test
    @Tag("full")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void servicesOutliveADeathAtEachStep() {
        System.out.println(String.join("\n", ServiceDeaths.all(20)));
    }

    @Test
    @Tag("full")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachServiceThatIsMadeToEndIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        for (PlantedBug each : BUGS) {
            var hunt = each.plantBehind(ServiceDeaths.class).getDeclaredMethod("hunt", int.class);
            hunt.setAccessible(true);
            String found = (String) hunt.invoke(null, 3);
            if (found.isEmpty()) {
                missed.add(each.words());
            } else {
                System.out.println(each.words() + ": " + found);
            }
        }
        assertEquals(List.of(), missed);
    }

    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, Path.of("src", "main", "java"), "dev/heddle/cluster/" + source, right, wrong);
    }
}
