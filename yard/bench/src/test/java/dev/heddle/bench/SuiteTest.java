package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each benchmark has a name of its own and compares ours with others. */
final class SuiteTest {

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
    void nameOfAGroupStandsForItsBenchmarks() {
        assertEquals(Suite.names(), Suite.expand("all"));
        assertTrue(Suite.expand("http").contains("http-plaintext"));
        assertTrue(Suite.names().containsAll(Suite.expand("http")));
        assertTrue(Suite.expand("process").contains("process-tiny"));
        assertTrue(Suite.expand("sight").contains("sight-top"));
        assertTrue(Suite.expand("growth").contains("growth-echo"));
        assertTrue(Suite.expand("allocation").contains("allocation-net"));
        assertEquals(List.of("names-lossless", "names-lossy"), Suite.expand("names"));
        assertEquals(List.of("echo"), Suite.expand("echo"));
    }

    @Test
    void unknownNameIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Suite.find("nothing"));
    }

    @Test
    void quickRunHasFewerRounds() {
        Benchmark quick = Suite.find("switch-yield").quick();
        assertTrue(quick.rounds() < Suite.find("switch-yield").rounds());
        assertTrue(quick.rounds() >= 1);
    }
}
