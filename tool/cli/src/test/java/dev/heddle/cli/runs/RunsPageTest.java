package dev.heddle.cli.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that keep runs: what is added stays, whatever else happens to the file. */
final class RunsPageTest {

    private static final long MILLI = 1_000_000L;
    private static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private Path file;
    private RunsPage page;

    @BeforeEach
    void name() {
        file = directory.resolve("page.html");
        page = new RunsPage(file, 0);
    }

    private static LoadRun run(String name, long... millis) {
        Latencies times = new Latencies();
        for (long each : millis) {
            times.add(each * MILLI);
        }
        return new LoadRun(name, BEGUN, "http://h/", 50, 200, 10.5, false, millis.length + 3, 3, 2, 12.25, times);
    }

    private List<String> names() throws IOException {
        return page.runs().stream().map(LoadRun::name).toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }

    private void assertRefused(String reason) {
        String message = assertThrows(IOException.class, () -> page.add(run("x", 1))).getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void runComesBackAsItWas() throws Exception {
        page.add(run("one", 1, 1, 2, 300));
        LoadRun read = page.runs().getFirst();

        assertEquals(List.of("page.html"), files());
        assertEquals(run("one", 1, 1, 2, 300).toString().replaceFirst("times=.*", ""),
                read.toString().replaceFirst("times=.*", ""));
        assertEquals(4, read.times().count());
        assertEquals(300 * MILLI, read.times().maxNanos());
        for (double share = 0.01; share <= 1; share += 0.01) {
            assertEquals(run("one", 1, 1, 2, 300).times().percentileNanos(share), read.times().percentileNanos(share));
        }
    }

    @Test
    void addedRunsStandBehindEachOtherAndNamelessOnesGetTheirNumber() throws Exception {
        assertEquals(1, page.add(run("", 1)));
        assertEquals(2, page.add(run("after", 2)));
        assertEquals(3, page.add(run("", 3)));

        assertEquals(List.of("run 1", "after", "run 3"), names());
    }

    @Test
    void tableTellsEachRunBesideTheFirst() throws Exception {
        page.add(run("before", 100, 100, 100));
        page.add(run("after", 50, 50, 50));
        String html = Files.readString(file);

        assertTrue(html.contains("<small class=\"good\">× 0.50</small>"), html);
        assertTrue(html.contains("<small>× 1.00</small>"), html);
        assertTrue(html.contains("<small class=\"bad\">3 failed</small>"), html);
        assertTrue(html.contains("<small class=\"bad\">2 missed</small>"), html);
        assertEquals(2, html.split("<polyline", -1).length - 1);
        assertEquals(2, html.split("<figure>", -1).length - 1);
    }

    @Test
    void runWithoutAReplyHasNoPictureAndStandsInTheTable() throws Exception {
        page.add(run("nothing"));
        assertFalse(Files.readString(file).contains("<polyline"));
        page.add(run("something", 1));

        assertEquals(List.of("nothing", "something"), names());
        assertEquals(2, Files.readString(file).split("<polyline", -1).length);
    }

    @Test
    void textsOfARunAreNeverMarkup() throws Exception {
        page.add(run("</script><script>alert(1)</script>&\"\u202e", 1));
        String html = Files.readString(file);

        assertFalse(html.contains("<script>"), html);
        assertEquals(2, html.split("</script>", -1).length);
        assertEquals(List.of("</script><script>alert(1)</script>&\"?"), names());
        assertTrue(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""), html);
    }

    @Test
    void fileThatIsNoneOfThesePagesStaysAsItIs() throws Exception {
        for (String other : List.of("", "important", RunsHtml.DATA_BEGIN + "[" + RunsHtml.DATA_END,
                RunsHtml.DATA_BEGIN + "{}" + RunsHtml.DATA_END, RunsHtml.DATA_BEGIN + "[1]" + RunsHtml.DATA_END,
                RunsHtml.DATA_BEGIN + "[{\"times\":[1,-1]}]" + RunsHtml.DATA_END,
                RunsHtml.DATA_BEGIN + "[{\"times\":[1]}]" + RunsHtml.DATA_END,
                RunsHtml.DATA_BEGIN + "[{\"begun\":\"yesterday\"}]" + RunsHtml.DATA_END)) {
            Files.writeString(file, other);
            assertRefused(" is no page of heddle bench; give another file, or remove it");
            assertEquals(other, Files.readString(file));
            assertEquals(List.of("page.html"), files());
        }
    }

    @Test
    void directoryAndAPlaceThatIsNotThereAreRefused() throws Exception {
        Files.createDirectory(file);
        assertRefused(" is no file");
        page = new RunsPage(directory.resolve("nowhere").resolve("page.html"));
        assertRefused("nowhere");
    }

    @Test
    void fullPageTakesNoMore() throws Exception {
        List<LoadRun> runs = new ArrayList<>();
        for (int i = 0; i < RunsPage.MAX_RUNS; i++) {
            runs.add(run("run", 1));
        }
        Files.writeString(file, RunsHtml.of(runs));
        assertRefused(" has 50 runs, which is the most; give another file");
    }

    @Test
    void pageBehindALinkIsWrittenWhereItIs() throws Exception {
        Path place = Files.createDirectory(directory.resolve("place")).resolve("real.html");
        new RunsPage(place).add(run("one", 1));
        Files.createSymbolicLink(file, place);
        page.add(run("two", 1));

        assertTrue(Files.isSymbolicLink(file));
        assertEquals(2, new RunsPage(place).runs().size());
    }

    @Test
    void partOfARunThatHasDiedIsNamed() throws Exception {
        Path part = Files.writeString(directory.resolve(".page.html.part"), "half");
        assertRefused(part + " is in the way: ");
        assertEquals("half", Files.readString(part));
    }

    @Test
    void ofRunsThatEndAtOnceNoneIsLost() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Integer>> adds = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String name = "n" + i;
                adds.add(() -> new RunsPage(file).add(run(name, 1)));
            }
            Set<Integer> counts = new HashSet<>();
            for (var add : threads.invokeAll(adds)) {
                counts.add(add.get());
            }
            assertEquals(20, counts.size());
        }
        assertEquals(20, Set.copyOf(names()).size());
    }
}
