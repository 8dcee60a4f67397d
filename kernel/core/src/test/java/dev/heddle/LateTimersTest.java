package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Timers that became due while their loop did not turn, as in a process that was stopped and continued. */
final class LateTimersTest {

    private static final Config REAL = Config.DEFAULT.withSignals(false).withBlockedAfter(Duration.ZERO);

    @Test
    void lateTimersFireOnceEachInTheOrderOfTheirDeadlines() {
        List<Integer> order = new ArrayList<>();
        Heddle.run(REAL, () -> {
            long start = currentLoop().nanoTime();
            for (int millis : new int[]{3, 1, 5, 2, 4}) {
                currentLoop().callAt(start + Duration.ofMillis(millis).toNanos(), () -> order.add(millis));
            }
            while (currentLoop().nanoTime() - start < Duration.ofMillis(10).toNanos()) {
                Thread.onSpinWait(); // holds the loop
            }
            sleep(Duration.ofMillis(1));
        });
        assertEquals(List.of(1, 2, 3, 4, 5), order);
    }
}
