package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wall clock that jumps moves no timer. */
final class WallClockTest {

    @Test
    void wallClockThatJumpsMovesNoTimer() {
        for (Duration jump : List.of(ofHours(1), ofHours(-1))) {
            List<Duration> times = new ArrayList<>();
            Heddle.run(ManualEngine.config().withEngine(() -> new JumpingEngine(jump)), () -> {
                Instant before = currentLoop().engine().now();
                currentLoop().callLater(ofSeconds(10), () -> times.add(ManualEngine.elapsed()));
                Ticker ticker = Ticker.every(ofSeconds(4));
                ticker.awaitTick();
                ticker.awaitTick();
                times.add(ManualEngine.elapsed());
                sleep(ofSeconds(3));
                times.add(ManualEngine.elapsed());
                assertEquals(before.plus(jump).plusSeconds(11), currentLoop().engine().now());
            });
            assertEquals(List.of(ofSeconds(8), ofSeconds(10), ofSeconds(11)), times);
        }
    }

    /** Its wall clock jumps after the fifth second. */
    private static final class JumpingEngine extends ForwardingSimulation {
        private final Duration jump;
        private final long startNanos = nanoTime();

        JumpingEngine(Duration jump) {
            super(new ManualEngine(0));
            this.jump = jump;
        }

        @Override
        public Instant now() {
            return nanoTime() - startNanos > ofSeconds(5).toNanos() ? super.now().plus(jump) : super.now();
        }
    }
}
