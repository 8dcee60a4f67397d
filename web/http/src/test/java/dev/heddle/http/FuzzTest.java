package dev.heddle.http;

import dev.heddle.http.server.Mutator;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every parser with thousands of messages made from the corpus by a seed; a failure names the bytes. The profile {@code
 * fuzz} does the same led by coverage, for as long as one likes.
 */
@Tag("night")
final class FuzzTest {

    /** Another seed and another count come from the command line. */
    private static final long SEED = Long.getLong("heddle.fuzz.seed", 1);

    private static final int COUNT = Integer.getInteger("heddle.fuzz.count", 2_000);

    @ParameterizedTest
    @EnumSource
    void whateverComesIsReadOneWayOrRefused(FuzzTarget target) {
        var messages = new ArrayList<>(target.seeds());
        messages.addAll(FuzzCorpus.of(target));
        var mutator = new Mutator(messages, SEED);
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = mutator.next();
            try {
                target.check(bytes);
            } catch (Throwable e) {
                throw new AssertionError("message " + i + ": " + WireNotation.show(Wire.text(bytes)), e);
            }
        }
    }
}
