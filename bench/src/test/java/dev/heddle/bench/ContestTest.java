package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs some benchmarks of the suite once, in real JVMs, to see that every side answers. */
class ContestTest {

    private static void runsOnce(String name) {
        Benchmark whole = Suite.find(name);
        Benchmark once = new Benchmark(name, whole.what(), 0, 1, whole.measures(), whole.sides());
        List<List<Samples>> samples = Contest.run(once);
        assertEquals(whole.sides().size(), samples.size());
        for (List<Samples> side : samples) {
            assertEquals(whole.measures().size(), side.size());
            assertTrue(side.getFirst().median() > 0, () -> Report.of(once, samples));
        }
    }

    @Test
    void switchingRuns() {
        runsOnce("switch-wake");
    }

    @Test
    void spawningRuns() {
        runsOnce("spawn");
    }

    @Test
    void handingOverRuns() {
        runsOnce("channel");
    }

    @Test
    void aSideThatEndsEarlyIsNamedInTheFailure() {
        Benchmark unknown = new Benchmark(
                "no-such-benchmark",
                "Nothing",
                0,
                1,
                List.of(new Measure("a thing", "ns")),
                List.of(Side.peer("the missing side", () -> () -> new double[1])));
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> Contest.run(unknown));
        assertEquals("the missing side gave no answer", failure.getMessage());
    }
}
