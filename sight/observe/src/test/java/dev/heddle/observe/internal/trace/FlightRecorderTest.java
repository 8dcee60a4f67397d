package dev.heddle.observe.internal.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.observe.FlightRecorder;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flight recorder writes what its loops have done as a trace that Perfetto and Chrome open. */
final class FlightRecorderTest {

    @TempDir
    private Path directory;

    /** A producer that sleeps, a consumer that it wakes, and one who is spawned and ends. */
    private static void program() throws Exception {
        Heddle.group(group -> {
            Channel<Integer> channel = Channel.of(0);
            group.spawn("producer", () -> {
                for (int i = 0; i < 3; i++) {
                    Heddle.sleep(Duration.ofMillis(10));
                    channel.send(i);
                }
                channel.close();
            });
            group.spawn("consumer", () -> channel.forEach(each -> {}));
            group.spawn("one \"line\u001b[31m\n<script>", () -> {});
        });
    }

    private static void record(long seed, Path file) {
        Sim.run(seed, () -> {
            try (FlightRecorder recorder = FlightRecorder.start(List.of(Heddle.currentLoop()))) {
                program();
                recorder.writeTo(file);
            }
        });
    }

    @Test
    void simulatedRunIsATraceOfTracksSlicesAndArrows() throws IOException {
        Path file = directory.resolve("trace.json");
        record(1, file);
        ChromeTrace trace = ChromeTrace.read(file);
        assertTrue(trace.tracks().containsAll(List.of("producer", "consumer")), trace.tracks()::toString);
        assertTrue(trace.arrows().contains("producer -> consumer"), trace.arrows()::toString);
        assertTrue(trace.slices().stream().anyMatch(slice -> slice.name().equals("poll")));
        assertEquals(3, trace.of("i", "timer").size());
    }

    @Test
    void sameSeedGivesTheSameFile() throws IOException {
        Path first = directory.resolve("first.json.gz");
        Path second = directory.resolve("second.json.gz");
        record(7, first);
        record(7, second);
        assertFalse(ChromeTrace.read(first).slices().isEmpty());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }
}
