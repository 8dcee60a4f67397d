package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults from all that a node calls end none of its services, and a service that they do end is found. */
final class CallbackFaultsTest {

    private static final int MAX = Integer.getInteger("seeds", 50);

    private static final List<PlantedBug> BUGS = List.of(
            bug(
                    "a directory is followed no more after a failure",
                    "internal/DirectoryView.java",
                    "Heddle.sleep(service.failed(e));",
                    "throw e;"),
            bug(
                    "the clerk of a line ends with its lease going on",
                    "internal/Line.java",
                    "now.end(Throwables.text(\"the line of \" + what + \" failed\", e));",
                    ""));

    @Test
    @Tag("full")
    void servicesOutliveFaultsOfAllThatTheyCall() {
        CallbackFaults.seeds(Integer.getInteger("from", 1), Integer.getInteger("seeds", 5));
    }

    @Test
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void servicesOutliveFaultsOfAllThatTheyCallWithManySeeds() {
        CallbackFaults.seeds(1_000, 50);
    }

    @Test
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachServiceThatIsMadeToEndIsFound() throws Exception {
        assertEquals(List.of(), PlantedBug.missed(BUGS, planted -> {
            var hunt = planted.plantBehind(CallbackFaults.class).getDeclaredMethod("hunt", int.class);
            hunt.setAccessible(true);
            return (String) hunt.invoke(null, MAX);
        }));
    }

    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, Path.of("src", "main", "java"), "dev/heddle/cluster/" + source, right, wrong);
    }
}
