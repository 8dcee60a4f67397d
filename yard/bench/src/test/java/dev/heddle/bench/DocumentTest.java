package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A page that is written in part: nothing is touched outside its markers. */
final class DocumentTest {

    private static final String EMPTY = """
            # Performance

            <!-- from here to the next marker: written by yard/bench/run --write -->
            <!-- written by hand from here -->

            ## Notes
            """;

    @Test
    void whatIsOutsideTheMarkersStays() {
        String page = Document.with(EMPTY, "new\n");
        assertTrue(page.startsWith("# Performance\n\n<!-- from here"), page);
        assertTrue(page.endsWith("-->\n\nnew\n\n<!-- written by hand from here -->\n\n## Notes\n"), page);
    }

    @Test
    void writingTheSameTwiceChangesNothing() {
        String once = Document.with(EMPTY, "new\n");
        assertEquals(once, Document.with(once, "new\n"));
    }

    @Test
    void documentWithoutMarkersIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Document.with("# Performance\n", "new\n"));
    }

    @Test
    void leadsAndLossesStandInTablesOfTheirOwn() {
        Figure lead = new Figure("lead", "Two run.", "today.", List.of(
                new Figure.Line("a", false, "CPU, ns", "10", "9 .. 11", "1.00", ""),
                new Figure.Line("ours", true, "CPU, ns", "5", "4 .. 6", "0.50", "")));
        Figure loss = new Figure("loss", "Two run.", "today.", List.of(
                new Figure.Line("a", false, "CPU, ns", "10", "9 .. 11", "1.00", ""),
                new Figure.Line("ours", true, "CPU, ns", "20", "19 .. 21", "2.00", "")));
        var losses = new Losses(List.of(new Losses.Reason("loss", "", "it is slow")));
        String text = Headlines.of(Figures.none().with(lead, "m").with(loss, "m"), losses,
                new Goals(List.of(), losses));
        assertTrue(text.contains("| [lead](../yard/figures/lead.tsv) | CPU, ns | ours: 5 | a: 10 | 0.50 |\n\n"), text);
        assertTrue(text.contains("| it is slow | loss | CPU | 2.00 |\n\n"), text);
        assertTrue(text.endsWith("Measured with:\n\n- m\n"), text);
    }

    @Test
    void manyLossesOfOneReasonAndMeasureAreOneRow() {
        List<Figure.Line> lines = IntStream.of(1, 2, 3)
                .boxed()
                .flatMap(n -> Stream.of(
                        new Figure.Line("a", false, "CPU, " + n + " at once, ns", "10", "9 .. 11", "1.00", ""),
                        new Figure.Line("ours", true, "CPU, " + n + " at once, ns", 10 + 10 * n + "", "9 .. 90",
                                1 + n + ".00",
                                "")))
                .toList();
        var losses = new Losses(List.of(new Losses.Reason("l*", "", "it is slow")));
        Figures figures = Figures.none().with(new Figure("lone", "Two run.", "today.", lines), "m");
        assertTrue(Headlines.of(figures, losses, new Goals(List.of(), losses))
                .contains("| it is slow | lone | CPU | 2.00 to 4.00 |\n\n"));
        Figures more = figures.with(new Figure("left", "Two run.", "today.", lines), "m")
                .with(new Figure("last", "Two run.", "today.", lines), "m");
        String text = Headlines.of(more, losses, new Goals(List.of(), losses));
        assertTrue(text.contains(" and 2 more | CPU | 2.00 to 4.00 |\n\n"), text);
        var none = new Losses(List.of());
        String unexplained = Headlines.of(figures, none, new Goals(List.of(), none));
        assertTrue(unexplained.contains("| CPU, 1 at once | 2.00 |\n"), unexplained);
    }
}
