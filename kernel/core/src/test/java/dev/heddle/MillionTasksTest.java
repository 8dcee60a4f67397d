package dev.heddle;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A million tasks at the same time, and the heap after them. */
@Tag("full")
final class MillionTasksTest {

    private static final int MILLION = 1_000_000;
    private static final long SLACK_BYTES = 32L << 20;

    private int ran;

    @Test
    void oneMillionTasksAreSpawnedAndJoinedAndTheHeapIsBackAtItsBaseline() {
        run(() -> {
            spawnAndJoin(10_000);
            long before = usedAfterCollection();
            spawnAndJoin(MILLION);
            long after = usedAfterCollection();
            assertTrue(after - before < SLACK_BYTES, (after - before >> 20) + " MB more than before");
        });
        assertEquals(MILLION + 10_000, ran);
    }

    @Test
    void oneMillionGrowAsATreeOfTen() {
        assertEquals(MILLION, run(() -> skynet(MILLION)));
    }

    private void spawnAndJoin(int count) {
        group(g -> {
            for (int i = 0; i < count; i++) {
                g.spawn(() -> {
                    checkpoint();
                    ran++;
                });
                if (i % 10_000 == 0) {
                    checkpoint();
                }
            }
        });
    }

    private static int skynet(int size) {
        if (size == 1) {
            return 1;
        }
        Callable<Integer> tenth = () -> skynet(size / 10);
        int sum = 0;
        for (int part : Heddle.gather(Collections.nCopies(10, tenth))) {
            sum += part;
        }
        return sum;
    }

    private static long usedAfterCollection() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
