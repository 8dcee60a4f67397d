package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs of the documents beside their examples, and the page with what they took. */
final class OriginalsTest {

    private static final int PYTHON = 5;
    private static final int HEDDLE = 6;
    private static final int RATIO = 7;
    private static final String TIME = "[\\d.,]+ (s|ms|us)";

    private static final Original FIRST = Originals.ALL.getFirst();
    private static final Original SECOND = Originals.ALL.get(1);

    static List<Original> all() {
        return Originals.ALL;
    }

    static List<Original> some() {
        return Originals.ALL;
    }

    /** A round of each says little of the time, but that both sides run, and fetch their pages. */
    @Tag("night")
    @ParameterizedTest
    @MethodSource("some")
    void eachHasANumberOfPythonAndOneOfOurs(Original original) {
        Counts.useQuick();
        assumeTrue(original.benchmark(0).sides().getFirst().missing().isEmpty());
        String row = Originals.measure(Originals.PREFIX + original.name());
        String[] cells = row.split(" \\| ", -1);
        assertTrue(cells[PYTHON - 1].matches(TIME), row);
        assertTrue(cells[HEDDLE - 1].matches(TIME), row);
        assertTrue(Double.parseDouble(cells[RATIO - 1]) > 0, row);
    }

    @AfterEach
    void useUsualNumbers() {
        System.clearProperty("heddle.bench.quick");
    }

    @Test
    void eachHasANameOfItsOwnThatTheCommandKnows() {
        assertEquals(Originals.ALL.size(), new HashSet<>(Originals.names()).size());
        assertEquals(Originals.names(), Suite.expand("documents"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void eachHasItsProgramAndItsExample(Original original) {
        assertTrue(Files.exists(Home.PYTHON_SOURCES.resolve("originals").resolve(original.program())));
        assertTrue(Files.exists(Path.of("..", "..", "examples", "src", "main", "java", original.example() + ".java")));
    }

    private static String page(Stream<String> rows) {
        return "before\n" + Document.FROM + String.join("", rows.toList()) + Document.TO + "after\n";
    }

    private static String row(Original original, double python, double heddle) {
        return OriginalsPage.row(original, python, heddle, List.of());
    }

    @Test
    void rowIsPutInItsPlaceAndTheOthersStay() {
        String second = row(SECOND, 100, 50);
        String page = OriginalsPage.with(page(Stream.of(second)), row(FIRST, 2000, 1000), "the versions", "today");
        assertTrue(page.contains(row(FIRST, 2000, 1000) + second), page);
        assertTrue(page.startsWith("before\n"), page);
        assertTrue(page.contains("\nthe versions.\n"), page);
        assertTrue(page.contains("\ntoday.\n"), page);
        assertTrue(page.endsWith("after\n"), page);
    }

    @Test
    void rowTakesThePlaceOfTheOneOfItsName() {
        String old = row(FIRST, 1, 1);
        String page = OriginalsPage.with(page(Stream.of(old)), row(FIRST, 2, 2), "the versions", "today");
        assertTrue(page.contains(row(FIRST, 2, 2)), page);
        assertTrue(!page.contains(old), page);
    }

    @Test
    void rowSaysWhoIsQuickerAndCallsATenthLevel() {
        assertTrue(row(FIRST, 100, 89).contains("| 0.89 |  |  | Heddle |"), row(FIRST, 100, 89));
        assertTrue(row(FIRST, 100, 110).contains("| 1.10 |  |  | level |"));
        assertTrue(row(FIRST, 100, 111).contains("| 1.11 |  |  | Python |"));
    }

    @Test
    void timesAreInTheUnitThatFitsThem() {
        assertTrue(row(FIRST, 12_345, 0.5).contains("| 12.3 s | 500 us |"), row(FIRST, 12_345, 0.5));
        assertTrue(row(FIRST, 999, 1).contains("| 999 ms | 1 ms |"));
    }

    @Test
    void pageWithoutMarkersIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> OriginalsPage.with("no markers", row(FIRST, 1, 1), "", ""));
    }
}
