package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The suites of streams find each fault that is planted in a simulated connection. */
final class SimStreamMutantsTest {

    private static final List<PlantedBug> MUTANTS = List.of(
            mutant(
                    "loss that wakes no reader",
                    "SimTransport.java",
                    "            reader.wake();\n            writer.wake();\n            connection.ended();",
                    "            writer.wake();\n            connection.ended();"),
            mutant(
                    "room that wakes no writer",
                    "SimTransport.java",
                    "        sending.acknowledge(position);\n        writer.wake();",
                    "        sending.acknowledge(position);"),
            mutant(
                    "close before unread bytes that looks like an end",
                    "SimTransport.java",
                    "sending.end(unread ? Segment.End.RESET : Segment.End.FINISH)",
                    "sending.end(Segment.End.FINISH)"),
            mutant(
                    "loss told as an end",
                    "SimTransport.java",
                    "        checkWhole();\n        return 0;",
                    "        return broken == null ? 0 : -1;"),
            mutant(
                    "bytes at a closed end that nobody answers",
                    "SimTransport.java",
                    "receiving.isNews(segment)",
                    "segment.length() < 0"),
            mutant(
                    "bytes behind the limit of a read dropped",
                    "ReceiveSide.java",
                    "        if (!first.hasRemaining()) {\n            ready.remove();\n        }",
                    "        ready.remove();"),
            mutant(
                    "end that overtakes the bytes before it",
                    "ReceiveSide.java",
                    "        if (segment.position() > received) {",
                    "        if (segment.position() > received && segment.end() == Segment.End.NONE) {"));

    private static PlantedBug mutant(String words, String source, String right, String wrong) {
        return new PlantedBug(words, Path.of("src", "main", "java"), "dev/heddle/sim/" + source, right, wrong);
    }

    @Test
    void eachMutantStillFitsTheSources() {
        for (PlantedBug each : MUTANTS) {
            assertDoesNotThrow(each::changedSource);
        }
    }

    @Test
    @Tag("night")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void eachMutantIsFound() throws Exception {
        assertEquals(List.of(), PlantedBug.missed(
                MUTANTS, planted -> planted.foundBy(List.of(SimTransportTest.class)).orElse("")));
    }
}
