package dev.heddle.cli.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved bodies have safe names of their own, and only when they are whole. */
final class BodyDirectoryTest {

    @TempDir
    Path directory;

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void nameTellsThePlaceAndTheUrl() {
        assertEquals("000001-h", BodyDirectory.name(0, URI.create("http://h/")));
        assertEquals("000042-h_81_a_page.html", BodyDirectory.name(41, URI.create("http://h:81/a/page.html")));
        assertEquals("000001-cd8c18b9-h_a_b_c", BodyDirectory.name(0, URI.create("http://h/a?b=c")));
        assertEquals("1000001-h", BodyDirectory.name(1_000_000, URI.create("http://h")));
    }

    @Test
    void noNameLeavesTheDirectoryOrIsTooLong() {
        for (String url : List.of(
                "http://h/../../etc/passwd",
                "http://h/%2e%2e%2f",
                "http://h/a%00b",
                "http://h/" + "x".repeat(10_000) + ".html?" + "y".repeat(10_000),
                "http://[::1]/",
                "http://h/\u00fc\u202e")) {
            String name = BodyDirectory.name(0, URI.create(url));
            assertTrue(name.matches("000001-[A-Za-z0-9._-]{1,200}"), name);
            assertEquals(directory, directory.resolve(name).normalize().getParent());
        }
    }

    @Test
    void endOfALongPathIsKept() {
        assertTrue(BodyDirectory.name(0, URI.create("http://h/" + "x".repeat(1000) + ".html")).endsWith("xx.html"));
    }

    @Test
    void urlsWithTheSamePlaceHaveDifferentNamesWhateverIsCutOrReplaced() {
        String tail = "/" + "x".repeat(120) + ".html";
        List<String> urls = List.of("http://h/2024" + tail, "http://h/2025" + tail, "http://h/a/b", "http://h/a_b",
                "http://h/a?b", "http://h/a;b", "http://h/a?" + "q".repeat(120) + "1", "http://h/a?" + "q".repeat(120));

        assertEquals(urls.size(), urls.stream().map(url -> BodyDirectory.name(0, URI.create(url))).distinct().count());
    }

    @Test
    void twoWritersOfOneNameEachSaveAWholeBody() throws IOException {
        SavedBody one = BodyDirectory.open(directory, false).begin("000001-h");
        SavedBody two = BodyDirectory.open(directory, false).begin("000001-h");
        one.write("one ".getBytes(UTF_8), 4);
        two.write("two ".getBytes(UTF_8), 4);
        one.finish("end".getBytes(UTF_8), 3);
        assertEquals("one end", Files.readString(directory.resolve("000001-h")));

        two.finish("end".getBytes(UTF_8), 3);
        assertEquals("two end", Files.readString(directory.resolve("000001-h")));
        assertEquals(List.of("000001-h"), files());
    }

    @Test
    void onlyOneAtATimeResumesInADirectory() throws IOException {
        try (BodyDirectory _ = BodyDirectory.open(directory, true)) {
            assertThrows(UsageException.class, () -> BodyDirectory.open(directory, true));
            BodyDirectory.open(directory, false);
        }
        BodyDirectory.open(directory, true).close();
    }

    @Test
    void equalUrlsHaveDifferentNames() {
        URI url = URI.create("http://h/a");

        assertTrue(!BodyDirectory.name(0, url).equals(BodyDirectory.name(1, url)));
    }

    @Test
    void bodyHasItsNameOnlyWhenItIsWhole() throws IOException {
        SavedBody body = BodyDirectory.open(directory, false).begin("000001-h");
        body.write("first ".getBytes(UTF_8), 6);
        assertEquals(1, files().size());
        assertTrue(files().getFirst().matches("\\.000001-h\\.\\d+\\.part"), files().toString());

        body.finish("last".getBytes(UTF_8), 4);
        assertEquals(List.of("000001-h"), files());
        assertEquals("first last", Files.readString(directory.resolve("000001-h")));
        body.giveUp();
        assertEquals(List.of("000001-h"), files());
    }

    @Test
    void discardedBodyLeavesNothing() throws IOException {
        SavedBody body = BodyDirectory.open(directory, false).begin("000001-h");
        body.write("first".getBytes(UTF_8), 5);
        body.giveUp();

        assertEquals(List.of(), files());
    }

    @Test
    void bodyThatNeverBeganLeavesNothing() throws IOException {
        BodyDirectory.open(directory, false).begin("000001-h").giveUp();

        assertEquals(List.of(), files());
    }

    @Test
    void linkInTheWayIsReplacedAndNotFollowed() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "keep");
        Files.createSymbolicLink(directory.resolve(".000001-h.part"), precious);
        Files.createSymbolicLink(directory.resolve("000001-h"), precious);
        BodyDirectory.open(directory, false).begin("000001-h").finish("new".getBytes(UTF_8), 3);

        assertEquals("keep", Files.readString(precious));
        assertEquals("new", Files.readString(directory.resolve("000001-h")));
        assertTrue(Files.isRegularFile(directory.resolve("000001-h"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void missingDirectoryIsMade() {
        Path inner = directory.resolve("a/b");
        BodyDirectory.open(inner, false);

        assertTrue(Files.isDirectory(inner));
    }

    @Test
    void fileInThePlaceOfTheDirectoryIsWrongUsage() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        String message = assertThrows(UsageException.class, () -> BodyDirectory.open(file, false)).getMessage();
        assertEquals("cannot save in " + file + ": it is a file", message);
    }
}
