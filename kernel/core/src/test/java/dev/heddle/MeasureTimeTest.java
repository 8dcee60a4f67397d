package dev.heddle;

import static dev.heddle.Heddle.measureTime;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The time that a body takes is that of the loop. */
final class MeasureTimeTest {

    @Test
    void itIsTheTimeOfTheLoop() {
        ManualEngine.run(() -> {
            assertEquals(ofSeconds(90), measureTime(() -> sleep(ofSeconds(90))));
            assertEquals(ZERO, measureTime(() -> {}));
        });
    }

    @Test
    void exceptionsPassAsTheyAreAndCheckedOnesWrappedOnce() {
        ManualEngine.run(() -> {
            IOException checked = new IOException("no");
            IllegalStateException unchecked = new IllegalStateException("no");

            assertSame(checked, assertThrows(TaskFailedException.class, () -> measureTime(() -> {
                throw checked;
            })).getCause());
            assertSame(unchecked, assertThrows(IllegalStateException.class, () -> measureTime(() -> {
                throw unchecked;
            })));
        });
    }

    @Test
    void outsideOfALoopThereIsNoTime() {
        assertThrows(IllegalStateException.class, () -> measureTime(() -> {}));
    }
}
