import static dev.heddle.Heddle.measureTime;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.sim.Sim;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A test of a program in simulated time, as the guide shows it. */
final class PagesTest {

    /** A minute of simulated time takes no time. */
    @Test
    void answerComesAfterAMinute() {
        Sim.run(() -> {
            var time = measureTime(() -> assertEquals("42", Pages.slowAnswer()));
            assertEquals(Duration.ofMinutes(1), time);
        });
    }
}
