package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.StreamMutants.StreamMutant;
import dev.heddle.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The suites of streams find each fault that is planted in a stream. */
final class StreamMutantsTest {

    @Test
    void eachMutantStillFitsTheSources() {
        for (StreamMutant each : StreamMutants.ALL) {
            assertDoesNotThrow(each.bug()::changedSource);
        }
    }

    /** One after another, since some tests count the descriptors of the process. */
    @Test
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachMutantIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        for (StreamMutant each : StreamMutants.ALL) {
            if (runsHere(each)) {
                Optional<String> found = each.bug().foundBy(each.suites());
                System.out.println("## " + each.bug().words() + "\n" + found.orElse("not found"));
                if (found.isEmpty()) {
                    missed.add(each.bug().words());
                }
            }
        }
        assertEquals(List.of(), missed);
    }

    /** Whether this system has the engine of the suites. */
    private static boolean runsHere(StreamMutant mutant) {
        OnEngine engine = mutant.suites().getFirst().getAnnotation(OnEngine.class);
        return engine == null || Engines.offers()
                .stream()
                .anyMatch(offer -> offer.name().equals(engine.value()) && offer.whyNot().isEmpty());
    }
}
