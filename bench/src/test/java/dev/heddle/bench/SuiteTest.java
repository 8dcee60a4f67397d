package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class SuiteTest {

    @Test
    void eachBenchmarkHasANameOfItsOwn() {
        assertEquals(Suite.names().size(), new HashSet<>(Suite.names()).size());
    }

    @Test
    void eachBenchmarkComparesSomebodyOfOursWithSomebodyElse() {
        for (Benchmark benchmark : Suite.BENCHMARKS) {
            assertTrue(benchmark.sides().stream().anyMatch(Side::ours), benchmark.name());
            assertTrue(!benchmark.sides().getFirst().ours(), benchmark.name());
        }
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Suite.find("nothing"));
    }

    @Test
    void aQuickRunHasFewerRounds() {
        Benchmark quick = Suite.find("switch-yield").quick();
        assertTrue(quick.rounds() < Suite.find("switch-yield").rounds());
        assertTrue(quick.rounds() >= 1);
    }
}
