package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.cli.command.CommandLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static Duration seconds(String unit, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of("../../examples/systemd", unit)));
        assertTrue(found.find(), unit);
        return Duration.ofSeconds(Long.parseLong(found.group(1)));
    }

    @Test
    void systemdKillsNoneBeforeItsStopIsOver() throws IOException {
        Duration files = CommandLoops.withGrace(seconds("files.service", "--grace (\\d+)s")).shutdownTimeout();
        assertTrue(seconds("files.service", "TimeoutStopSec=(\\d+)s").compareTo(files) > 0, "more than " + files);
        Duration service = Config.DEFAULT.shutdownTimeout();
        assertTrue(seconds("service.service", "TimeoutStopSec=(\\d+)s").compareTo(service) > 0, "more than " + service);
    }
}
