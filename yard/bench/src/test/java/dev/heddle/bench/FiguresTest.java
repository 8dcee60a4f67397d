package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of figures: each is replaced in its place, and what follows from them is made anew. */
final class FiguresTest {

    private static final List<String> ORDER = List.of("first", "second");
    private static final Losses NO_REASONS = new Losses(List.of());
    private static final Goals NO_GOALS = new Goals(List.of(), NO_REASONS);

    @TempDir
    private Path directory;

    private static Figure figure(String name, int median) {
        Measure measure = new Measure("a thing", "ns", Target.atMost(100));
        Benchmark benchmark = new Benchmark(
                name,
                "Two do a thing",
                0,
                1,
                List.of(measure),
                List.of(Side.peer("floor", () -> () -> new double[1]), Side.ours("ours", () -> () -> new double[1])));
        List<List<Samples>> samples = List.of(List.of(new Samples(50)), List.of(new Samples(median)));
        return Figure.of(new Outcome(benchmark, samples, List.of()), "in a test");
    }

    private Figures put(Figures figures, String name, int median) throws IOException {
        figures.with(figure(name, median), "a machine").only(ORDER).write(directory, NO_REASONS, NO_GOALS);
        return Figures.read(directory);
    }

    @Test
    void tableReplacesItsOldOneAndKeepsTheOthers() throws IOException {
        Figures figures = put(put(put(Figures.none(), "first", 51), "second", 52), "first", 53);
        assertEquals(List.of("50", "53", "50", "52"), figures.rows().stream().map(Losses.Row::number).toList());
        assertEquals("side\twhose\tmeasure\tmedian\tmin .. max\tratio\ttarget\n"
                + "floor\ta peer's\ta thing, ns\t50\t50 .. 50\t1.00\t\n"
                + "ours\tHeddle's\ta thing, ns\t53\t53 .. 53\t1.06\tmet (<= 100)\n",
                Files.readString(directory.resolve("first.tsv")));
    }

    @Test
    void figuresStandInTheOrderOfTheSuite() throws IOException {
        Figures figures = put(put(Figures.none(), "second", 50), "first", 50);
        assertEquals(ORDER, figures.all().stream().map(Figure::name).toList());
    }

    @Test
    void benchmarkThatIsGoneLosesItsTable() throws IOException {
        put(put(Figures.none(), "first", 50), "second", 50).only(List.of("second"))
                .write(directory, NO_REASONS, NO_GOALS);
        assertFalse(Files.exists(directory.resolve("first.tsv")));
        assertEquals(List.of("second"), Figures.read(directory).all().stream().map(Figure::name).toList());
    }

    @Test
    void writingTheSameTwiceChangesNothing() throws IOException {
        Figures once = put(Figures.none(), "first", 50);
        Figures twice = put(once, "first", 50);
        assertEquals(once.all(), twice.all());
        assertEquals("a machine.", twice.versions());
    }

    @Test
    void missedTargetIsALoss() throws IOException {
        put(put(Figures.none(), "first", 50), "second", 150);
        assertTrue(Files.readString(directory.resolve("losses.tsv"))
                .contains("second\ta thing, ns\tours: 150\tfloor: 50\t3.00\tnot explained yet\n"));
    }

    @Test
    void otherTableIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Figure.parse("a", "", "", "side\tmeasure\n"));
    }

    /** What is in the repository is what {@code --pages} would write. */
    @Test
    void pageSaysWhatTheFiguresCheckedInSay() throws IOException {
        Figures figures = Figures.read(Home.FIGURES);
        assertEquals(Suite.names().stream().filter(name -> Files.exists(Home.FIGURES.resolve(name + ".tsv"))).toList(),
                figures.all().stream().map(Figure::name).toList());
        var losses = new Losses(Losses.reasons(Home.LOSSES));
        var goals = new Goals(Goals.goals(Home.GOALS), losses);
        String page = Files.readString(Home.PERFORMANCE);
        assertEquals(Document.with(page, Headlines.of(figures, losses, goals)), page);
        assertEquals(losses.table(figures.rows()), Files.readString(Home.FIGURES.resolve("losses.tsv")));
        assertEquals(goals.table(figures.rows()), Files.readString(Home.FIGURES.resolve("goals.tsv")));
        assertTrue(page.length() < 25_000, () -> page.length() + " characters: the page is for what readers take home");
    }
}
