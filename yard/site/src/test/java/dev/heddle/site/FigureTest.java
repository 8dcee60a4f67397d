package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of a table of figures: a picture of its first measure, and all of its rows. */
final class FigureTest {

    private static final String TABLE = """
            side\twhose\tmeasure\tmedian\tmin .. max\tratio\ttarget
            a\ta peer's\tCPU, ns\t10\t9 .. 11\t1.00\t
            ours\tHeddle's\tCPU, ns\t5\t4 .. 6\t0.50\tmet (<= 8)
            ours\tHeddle's\tmemory, MB\t7\t7 .. 7\t\t
            """;

    @Test
    void pageHasThePictureAndAllRows() {
        Figure figure = Figure.of("race", List.of("Two run.", "today."), TABLE);
        String page = figure.markdown();
        assertTrue(page.startsWith("# race\n\nTwo run.\n\n![Bars](race.svg)\n\n| side | whose |"), page);
        assertTrue(page.contains("| ours | Heddle's | CPU, ns | 5 | 4 .. 6 | 0.50 | met (<= 8) |\n"), page);
        assertTrue(page.endsWith("\ntoday.\n"), page);
        assertEquals(2, figure.picture().split("<rect ", -1).length - 1);
    }

    @Test
    void pageOfWhatHasNoRatioHasNoPicture() {
        Figure figure = Figure.of("race", List.of("Two run.", "today."), TABLE.replaceAll("[01].[05]0", ""));
        assertFalse(figure.markdown().contains("!["), figure.markdown());
    }

    @Test
    void benchmarksOfAListAreLinks() {
        assertEquals("# Where Heddle loses\n\n| benchmark | why |\n|---|---|\n| [race](race.tsv) | so |\n",
                Figure.table("losses", "benchmark\twhy\nrace\tso\n"));
    }

    @Test
    void pictureHasABarForEachSideAndEscapesTheirNames() {
        String svg = FigureChart.svg("race", List.of(
                new Figure.Line("a <b> & c", false, "CPU, ns", "10", "1.00"),
                new Figure.Line("ours", true, "CPU, ns", "5", "0.50")));
        assertTrue(svg.contains(">a &lt;b&gt; &amp; c</text>"), svg);
        assertEquals(2, svg.split("<rect ", -1).length - 1);
        assertEquals(1, svg.split("class=\"ours\"", -1).length - 1);
        assertTrue(svg.contains("CPU, ns, times the first</text>"), svg);
        assertTrue(svg.contains("prefers-color-scheme: dark"), svg);
    }

    @Test
    void pictureOfFarNumbersIsOnAScaleOfLogarithms() {
        assertTrue(FigureChart.svg("race", List.of(
                new Figure.Line("a", false, "CPU, ns", "1", "1.00"),
                new Figure.Line("ours", true, "CPU, ns", "100", "100.00"))).contains("on a scale of logarithms"));
    }
}
