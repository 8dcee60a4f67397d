package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.Ledgers;
import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each figure of a node is what a program that counts by itself knows of it, at each moment of rest. */
final class ClusterFiguresTest {

    private static final int SEEDS = 2;
    private static final int MANY_SEEDS = 8;

    @TestFactory
    Stream<DynamicTest> eachFigureIsTheLedgers() {
        Ledgers cluster = new CountedCluster();
        return cluster.all().entrySet().stream()
                .map(part -> DynamicTest.dynamicTest(part.getKey().getSimpleName(), () -> {
                    for (long seed = 1; seed <= Long.getLong("heddle.seeds", SEEDS); seed++) {
                        cluster.run(part.getValue(), seed);
                    }
                }));
    }

    @Test
    void eachTypeOfFiguresHasALedger() {
        assertEquals(Set.of(), Ledger.missing(Cluster.class, new CountedCluster().all().keySet()));
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "failed attempts counted as done | Jobs | done.sum(), failed.sum(), dropped.sum() "
                    + "| done.sum() + failed.sum(), failed.sum(), dropped.sum() | JobsNodeStatistics.done",
            "published messages not counted | ClusterTopic | last.last + (done ? 1 : 0) | last.last "
                    + "| ClusterTopicStatistics.published"
    })
    void plantedFigureIsFound(String words, String file, String right, String wrong, String figure) throws Exception {
        var bug = new PlantedBug(
                words, Path.of("src/main/java"), "dev/heddle/cluster/" + file + ".java", right, wrong);
        String found = bug.foundBy(CountedCluster.class, MANY_SEEDS);
        assertTrue(found.contains(figure), found);
    }
}
