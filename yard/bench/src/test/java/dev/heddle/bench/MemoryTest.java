package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The memory of a process is the sum of the kernel's lines about it. */
final class MemoryTest {

    private static final List<String> LINES = List.of("Rss:   100 kB", "Private_Dirty:     12 kB",
            "Private_Dirty: 30 kB");

    @Test
    void allLinesThatMatchAreAdded() {
        assertEquals(42, Memory.sum(LINES, Pattern.compile("Private_Dirty: +(\\d+) kB")));
    }

    @Test
    void numberThatTheKernelDoesNotTellIsNotZero() {
        assertThrows(IllegalArgumentException.class, () -> Memory.sum(LINES, Pattern.compile("Slab: +(\\d+) kB")));
    }

    @Test
    void serversOfOursHaveTheOptionsOfTheArchetypesImage() throws IOException {
        String image = Files.readString(
                Path.of("../../tool/archetype/src/main/resources/archetype-resources/Dockerfile"));
        for (String option : Peer.IMAGE) {
            assertTrue(image.contains('"' + option + '"'), option);
        }
    }
}
