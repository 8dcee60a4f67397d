package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The sections of the document of results: each is replaced in its place and nothing else is touched. */
final class DocumentTest {

    private static final List<String> ORDER = List.of("first", "second");
    private static final Losses NO_REASONS = new Losses(List.of());
    private static final String EMPTY = """
            # Performance

            <!-- from here to the next marker: written by yard/bench/run --write -->
            <!-- written by hand from here -->

            ## Notes
            """;

    private static String section(String name, int median) {
        Measure measure = new Measure("a thing", "ns", Target.atMost(100));
        Benchmark benchmark = new Benchmark(
                name,
                "Two do a thing",
                0,
                1,
                List.of(measure),
                List.of(Side.peer("floor", () -> () -> new double[1]), Side.ours("ours", () -> () -> new double[1])));
        List<List<Samples>> samples = List.of(List.of(new Samples(50)), List.of(new Samples(median)));
        return Report.of(new Outcome(benchmark, samples, List.of()), "in a test");
    }

    private static String with(String document, String section) {
        return Document.with(document, section, "a machine", ORDER, NO_REASONS, List.of());
    }

    @Test
    void whatIsOutsideTheMarkersStays() {
        String document = with(EMPTY, section("first", 50));
        assertTrue(document.startsWith("# Performance\n\n<!-- from here"), document);
        assertTrue(document.endsWith("<!-- written by hand from here -->\n\n## Notes\n"), document);
    }

    @Test
    void sectionReplacesItsOldOneAndKeepsTheOthers() {
        String document = with(with(with(EMPTY, section("first", 51)), section("second", 52)), section("first", 53));
        assertFalse(document.contains("| 51 |"), document);
        assertTrue(document.contains("| 52 |"), document);
        assertTrue(document.contains("| 53 |"), document);
    }

    @Test
    void sectionsStandInTheOrderOfTheSuite() {
        String document = with(with(EMPTY, section("second", 50)), section("first", 50));
        assertTrue(document.indexOf("### first") < document.indexOf("### second"), document);
    }

    @Test
    void benchmarkThatIsGoneLosesItsSection() {
        String document = Document.with(with(EMPTY, section("first", 50)), section("second", 50), "m",
                List.of("second"), NO_REASONS, List.of());
        assertFalse(document.contains("### first"), document);
    }

    @Test
    void targetsAreListedFromAllSections() {
        String document = with(with(EMPTY, section("first", 50)), section("second", 150));
        assertTrue(document.contains("| first | ours | a thing, ns | 50 | 1.00 | met (<= 100) |\n"
                + "| second | ours | a thing, ns | 150 | 3.00 | MISSED (<= 100) |"), document);
    }

    @Test
    void writingTheSameTwiceChangesNothing() {
        String once = with(EMPTY, section("first", 50));
        assertEquals(once, with(once, section("first", 50)));
    }

    @Test
    void documentWithoutMarkersIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> with("# Performance\n", section("first", 50)));
    }
}
