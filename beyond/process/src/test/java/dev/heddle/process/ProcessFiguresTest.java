package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.Ledgers;
import dev.heddle.conformance.PlantedBug;
import dev.heddle.process.shared.ManagerStatistics;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each figure of pools of processes and of managers is what a program that counts by itself knows of it, at each moment of rest. */
final class ProcessFiguresTest {

    private static final Ledgers POOLS = new CountedPools();

    private static void figuresAreTheLedgers(Class<?> figures, int seeds) {
        for (long seed = 1; seed <= seeds; seed++) {
            POOLS.run(Objects.requireNonNull(POOLS.all().get(figures)), seed);
        }
    }

    @Test
    void eachFigureOfAManagerIsTheLedgers() {
        figuresAreTheLedgers(ManagerStatistics.class, 3);
    }

    @Tag("full")
    @Test
    void eachFigureOfAPoolIsTheLedgers() {
        figuresAreTheLedgers(ProcessPoolStatistics.class, 1);
    }

    @Test
    void eachTypeOfFiguresHasALedger() {
        assertEquals(Set.of(), Ledger.missing(ProcessPool.class, POOLS.all().keySet()));
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "done bodies forgotten | JobQueue | waiting, done + over, started | waiting, over, started "
                    + "| ProcessPoolStatistics.done",
            "calls never over | shared/SharedObjects | underWay--; | underWay -= 0; | ManagerStatistics.callsUnderWay"
    })
    void plantedFigureIsFound(String words, String file, String right, String wrong, String figure) throws Exception {
        var bug = new PlantedBug(
                words, Path.of("src/main/java"), "dev/heddle/process/" + file + ".java", right, wrong);
        String found = bug.foundBy(CountedPools.class, 1);
        assertTrue(found.contains(figure), found);
    }
}
