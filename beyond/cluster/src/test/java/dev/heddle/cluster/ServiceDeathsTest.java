package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
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
    @Tag("night")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void servicesOutliveADeathAtEachStep() {
        System.out.println(String.join("\n", ServiceDeaths.all(20)));
    }

    @Test
    @Tag("night")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachServiceThatIsMadeToEndIsFound() throws Exception {
        assertEquals(List.of(), PlantedBug.missed(BUGS, planted -> {
            var hunt = planted.plantBehind(ServiceDeaths.class).getDeclaredMethod("hunt", int.class);
            hunt.setAccessible(true);
            return (String) hunt.invoke(null, 3);
        }));
    }

    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, Path.of("src", "main", "java"), "dev/heddle/cluster/" + source, right, wrong);
    }
}
