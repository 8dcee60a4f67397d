package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fuzzing has found once holds in every build. */
final class FuzzCorpusTest {

    private static final int MAX_BYTES = 1 << 20;

    @ParameterizedTest
    @EnumSource
    void whatFuzzingHasFoundStillHolds(FuzzTarget target) {
        var messages = new ArrayList<>(target.seeds());
        messages.addAll(FuzzCorpus.of(target));
        for (byte[] message : messages) {
            try {
                target.check(message);
            } catch (Throwable e) {
                throw new AssertionError(WireNotation.show(Wire.text(message)), e);
            }
        }
    }

    @Test
    void whatIsKeptIsSmallSortedAndOnlyOnce() {
        int messages = 0;
        int bytes = 0;
        for (FuzzTarget target : FuzzTarget.values()) {
            List<String> lines = FuzzCorpus.of(target).stream().map(m -> WireNotation.show(Wire.text(m))).toList();
            assertEquals(lines.stream().distinct().sorted(FuzzCorpus::compare).toList(), lines, target::name);
            messages += lines.size();
            bytes += lines.stream().mapToInt(String::length).sum();
        }
        assertTrue(messages > 100 && bytes < MAX_BYTES, messages + " messages of " + bytes + " bytes");
    }

    @Test
    void everyByteComesBackFromTheFile(@TempDir Path folder) throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        FuzzCorpus.write(folder, FuzzTarget.REPLY, List.of(all, new byte[]{'b'}, new byte[]{' '}));

        List<String> lines = Files.readAllLines(folder.resolve("fuzz").resolve(FuzzCorpus.file(FuzzTarget.REPLY)));

        assertEquals(List.of(" ", "b"), lines.subList(0, 2));
        assertArrayEquals(all, Wire.latin1(WireNotation.text(lines.getLast())));
    }
}
