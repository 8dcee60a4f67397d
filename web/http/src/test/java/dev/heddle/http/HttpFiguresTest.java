package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.Ledger;
import dev.heddle.conformance.PlantedBug;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.LongFunction;
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
        return CountedHttp.all().entrySet().stream()
                .map(part -> DynamicTest.dynamicTest(part.getKey().getSimpleName(), () -> {
                    for (long seed = 1; seed <= Long.getLong("heddle.seeds", SEEDS); seed++) {
                        CountedHttp.run(part.getValue(), seed);
                    }
                }));
    }

    @Test
    void eachTypeOfFiguresHasALedger() {
        assertEquals(Set.of(), Ledger.missing(Headers.class, CountedHttp.all().keySet()));
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({
            "refusals counted twice, overload/LoadShedding, number = refused++;, number = refused; refused += 2;, LoadSheddingStatistics.refused"
    })
    void plantedFigureIsFound(String words, String file, String right, String wrong, String figure) throws Exception {
        var bug = new PlantedBug(words, Path.of("src/main/java"), "dev/heddle/http/" + file + ".java", right, wrong);
        Constructor<?> make = bug.plantBehind(CountedHttp.class).getDeclaredConstructor();
        make.setAccessible(true);
        @SuppressWarnings("unchecked") // an interface of the JDK's
        var search = (LongFunction<String>) make.newInstance();
        String found = search.apply(MANY_SEEDS);
        assertTrue(found.contains(figure), found);
    }
}
