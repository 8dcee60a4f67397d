package dev.heddle.sim.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random programs do what the model of Heddle says, and between them see enough. */
final class RandomProgramsTest {

    private static final long FEW = 2_000;
    private static final long MANY = Long.getLong("heddle.programs", 12_000);
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final Path CORPUS = Path.of("src", "test", "resources", "random-programs");

    @Test
    void fewProgramsKeepEveryRule() throws InterruptedException {
        keepsEveryRule(FEW, new Tally());
    }

    @Test
    @Tag("full")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void manyProgramsKeepEveryRuleAndSeeAllThatTheyShould() throws InterruptedException {
        var tally = new Tally();
        keepsEveryRule(MANY, tally);
        assertEquals(List.of(), tally.missing());
    }

    private static void keepsEveryRule(long count, Tally tally) throws InterruptedException {
        ProgramRun.Finding finding = ProgramSearch.search(1, count, CORES, tally);
        assertTrue(finding == null, () -> "" + (finding == null ? "" : Shrinker.shrink(finding)));
    }

    @Test
    void programsThatBrokeARuleOnceKeepItNow() throws IOException {
        try (Stream<Path> corpus = Files.list(CORPUS)) {
            for (Path each : corpus.sorted().toList()) {
                Program program = Program.parse(Files.readString(each));
                for (int seed = 1; seed <= 10; seed++) {
                    assertEquals(null, ProgramRun.of(program, seed, ProgramSearch.RUNS, new Tally()), each::toString);
                }
            }
        }
    }

    @Test
    void searchThatFailsItselfSaysSo() {
        IllegalStateException failure = new IllegalStateException("no flags");
        assertSame(failure, assertThrows(IllegalStateException.class, () -> ProgramSearch.search(seed -> {
            throw failure;
        }, 1, 100, 2, new Tally())).getCause());
    }

    @Test
    void programIsReadAsItIsWritten() {
        for (long seed = 1; seed <= 200; seed++) {
            Program program = ProgramWriter.write(seed);
            assertEquals(program, Program.parse(program.toString()));
        }
    }
}
