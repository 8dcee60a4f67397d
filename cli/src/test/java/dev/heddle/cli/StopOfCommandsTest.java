package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.cli.command.CommandLoops;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time that the loops of a command have for their end, as against the grace that the command was given. */
final class StopOfCommandsTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 30, 60, 86_400})
    void graceFitsIntoThePartOfTheEndThatIsForIt(long seconds) {
        Duration grace = Duration.ofSeconds(seconds);
        Config config = CommandLoops.withGrace(grace);
        Duration part = config.shutdownTimeout().multipliedBy(3).dividedBy(4);
        assertTrue(part.compareTo(grace.plusSeconds(5)) >= 0, config.shutdownTimeout() + " for " + grace);
    }

    @Test
    void shortGraceLeavesTheUsualTime() {
        assertEquals(Config.DEFAULT.shutdownTimeout(), CommandLoops.withGrace(Duration.ZERO).shutdownTimeout());
    }
}
