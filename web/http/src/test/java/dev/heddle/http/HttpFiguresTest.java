package dev.heddle.http;

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

/** Each figure of servers, clients and caches is what a program that counts by itself knows of it, at each moment of rest. */
final class HttpFiguresTest {

    private static final int SEEDS = 2;
    private static final int MANY_SEEDS = 8;

    @TestFactory
    Stream<DynamicTest> eachFigureIsTheLedgers() {
        Ledgers http = new CountedHttp();
        return http.all().entrySet().stream()
                .map(part -> DynamicTest.dynamicTest(part.getKey().getSimpleName(), () -> {
                    for (long seed = 1; seed <= Long.getLong("heddle.seeds", SEEDS); seed++) {
                        http.run(part.getValue(), seed);
                    }
                }));
    }

    @Test
    void eachTypeOfFiguresHasALedger() {
        assertEquals(Set.of(), Ledger.missing(Headers.class, new CountedHttp().all().keySet()));
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "refusals counted twice | src/main/java | http/overload/LoadShedding | number = refused++; "
                    + "| number = refused; refused += 2; | LoadSheddingStatistics.refused",
            "bytes out told as bytes in | ../../kernel/net/src/main/java | io/ByteStream "
                    + "| in.bytesRead(), out.bytesWritten() | out.bytesWritten(), out.bytesWritten() | Traffic.in"
    })
    void plantedFigureIsFound(
            String words, Path sources, String file, String right, String wrong, String figure) throws Exception {
        var bug = new PlantedBug(words, sources, "dev/heddle/" + file + ".java", right, wrong);
        String found = bug.foundBy(CountedHttp.class, MANY_SEEDS);
        assertTrue(found.contains(figure), found);
    }
}
