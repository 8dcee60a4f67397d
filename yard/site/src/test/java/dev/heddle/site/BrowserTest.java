package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The site in a browser, opened from files: on a phone, a tablet and a desk, with what there is to press. */
@Tag("night")
final class BrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static List<Page> pages = List.of();
    private static List<String> told = List.of();

    /**
     * Has two pages of script read all the others, once for all tests. A browser takes a tenth of a second for each, and
     * keeps one processor busy.
     */
    @BeforeAll
    @Timeout(240)
    static void read(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), "Chromium is not installed");
        Site site = Site.of(Path.of("..", "..").toAbsolutePath().normalize());
        site.write(directory.resolve("site"));
        pages = site.pages();
        int half = pages.size() / 2;
        told = Heddle.run(() -> Heddle.gather(
                () -> Heddle.offload(() -> read(directory, pages.subList(0, half), true)),
                () -> Heddle.offload(() -> read(directory, pages.subList(half, pages.size()), false))))
                .stream().flatMap(List::stream).toList();
    }

    private static List<String> read(Path directory, List<Page> some, boolean presses) throws IOException {
        String names = some.stream().map(page -> '"' + page.address() + '"').collect(Collectors.joining(", "));
        Path reader = directory.resolve("site/reader-" + presses + ".html");
        Files.writeString(reader, Site.resource("reader.html")
                .replace("/*pages*/", names)
                .replace("/*presses*/true", Boolean.toString(presses)));
        String seen = run(
                CHROMIUM.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                "--user-data-dir=" + directory.resolve("profile-" + presses), "--window-size=1400,900",
                "--virtual-time-budget=600000", "--dump-dom", reader.toUri().toString());
        List<String> lines = seen.replaceFirst("(?s).*<pre id=\"told\">(.*?)</pre>.*", "$1").lines().toList();
        assertEquals("end", lines.getLast(), seen);
        return lines;
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> told(String about) {
        return told.stream().filter(line -> line.startsWith(about + "\t"))
                .map(line -> line.substring(about.length() + 1))
                .toList();
    }

    @Test
    void noPageIsWiderThanItsWindow() {
        assertEquals(3 * pages.size(), told("read").size());
        assertEquals(List.of(), told("wide"));
    }

    @Test
    void searchFindsWithoutAServerOnceItHasReadTheIndex() {
        assertEquals(List.of("true"), told("closed"));
        assertEquals(List.of("../guide/04-cancelling-and-deadlines.html#scopes-by-hand\ttrue"), told("found"));
        assertEquals(List.of("nothing found"), told("nothing"));
    }

    @Test
    void searchFindsChineseWordsThatNoSpaceDivides() {
        assertEquals(List.of("../zh/guide/03-groups.html#取消任务组"), told("chinese"));
    }

    @Test
    void searchIsLedByKeysAndTellsScreenReadersWhereItIs() {
        assertEquals(List.of("true"), told("chosen"));
        assertEquals(List.of("true\tfalse"), told("left"));
    }

    @Test
    void everyBlockOfCodeHasAButtonThatCopies() {
        assertEquals(List.of("true"), told("buttons"));
        assertEquals(List.of("Copied"), told("pressed"));
    }

    @Test
    void buttonCopiesABlockWithTheImportsThatItNeeds() {
        assertEquals(List.of("import static dev.heddle.Heddle.*;,import dev.heddle.GroupException;"), told("imports"));
        assertEquals(List.of("false"), told("unfolded"));
    }

    @Test
    void picturesFollowTheButtonForLightAndDark() {
        assertEquals(List.of("true\ttrue"), told("theme"));
    }
}
