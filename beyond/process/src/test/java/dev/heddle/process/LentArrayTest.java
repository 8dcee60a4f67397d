package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The long array of a call is its caller's again when the call has ended. */
@Tag("full")
@Timeout(120)
final class LentArrayTest {

    /** Leaves a file if an array is not as one that asked had it. */
    private static int look(byte[] array, byte as, String torn) throws IOException {
        int wrong = 0;
        for (byte each : array) {
            wrong += each == as ? 0 : 1;
        }
        if (wrong > 0) {
            Files.write(Path.of(torn), new byte[0]);
        }
        return wrong;
    }

    private static void callAndChange(ProcessPool pool, int calls, int stepMillis, String torn) {
        byte[] array = new byte[20_000_000];
        int ended = 0;
        for (int i = 0; i < calls; i++) {
            byte as = (byte) i;
            Arrays.fill(array, as);
            Optional<Integer> wrong = Heddle.moveOnAfter(
                    Duration.ofMillis((long) i * stepMillis), () -> pool.call(() -> look(array, as, torn)));
            assertEquals(0, wrong.orElse(0));
            ended += wrong.isPresent() ? 1 : 0;
        }
        assertTrue(ended < calls, "some were cut off");
        assertEquals(1, pool.call(() -> 1));
        assertFalse(Files.exists(Path.of(torn)), "a body has seen what its caller wrote after the call");
    }

    @Test
    void bodyOfACallThatIsCutOffSeesNothingOfWhatComesAfterIt(@TempDir Path directory) throws Exception {
        String torn = directory.resolve("torn").toString();
        Heddle.run(() -> {
            try (ProcessPool pool = ProcessPool.of(ProcessPoolOptions.DEFAULT.withWorkers(1))) {
                callAndChange(pool, 30, 3, torn);
            }
        });
    }

    @Test
    void norDoesThatOfACallWhoseProcessIsKilled(@TempDir Path directory) throws Exception {
        String torn = directory.resolve("torn").toString();
        Heddle.run(() -> {
            try (ProcessPool pool = ProcessPool.of(
                    ProcessPoolOptions.DEFAULT.withWorkers(1).withGrace(Duration.ofMillis(1)))) {
                callAndChange(pool, 4, 10, torn);
            }
        });
    }
}
