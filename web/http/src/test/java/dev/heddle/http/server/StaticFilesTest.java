package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.http.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files below a directory: what is outside of it does not exist, and what is inside comes with its conditions and
 * ranges.
 */
final class StaticFilesTest {

    private static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:09Z");
    private static final String HTTP_DATE = "Mon, 06 May 2024 07:08:09 GMT";

    @TempDir
    private Path temp;

    private Path root;
    private HttpServer.Builder server;

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        Files.writeString(temp.resolve("secret.txt"), "secret");
        Files.createDirectory(temp.resolve("outside"));
        Files.writeString(temp.resolve("outside/secret.txt"), "secret");
        write("a.txt", "0123456789");
        write("page.html", "<p>");
        write("noext", "x");
        write(".env", "secret");
        Files.createDirectories(root.resolve("dir/sub"));
        write("dir/index.html", "index");
        write("dir/sub/deep.css", "css");
        Files.createDirectory(root.resolve("empty"));
        server = HttpServer.builder().files("/static", root);
    }

    private void write(String name, String content) throws IOException {
        Path file = Files.writeString(root.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    }

    private String get(String path, String... fields) {
        return ask("GET", path, fields);
    }

    private String ask(String method, String path, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return Wire.ask(server, method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n");
    }

    private static String field(String response, String name) {
        int at = response.indexOf("\r\n" + name + ": ");
        return at < 0 ? "" : response.substring(at + name.length() + 4, response.indexOf('\r', at + 2));
    }

    @Test
    void fileComesWithItsTypeLengthTagAndTime() {
        String answer = get("/static/a.txt");
        assertEquals(200, Wire.status(answer));
        assertEquals("0123456789", Wire.body(answer));
        assertEquals("text/plain; charset=utf-8", field(answer, "Content-Type"));
        assertEquals("10", field(answer, "Content-Length"));
        assertEquals(HTTP_DATE, field(answer, "Last-Modified"));
        assertEquals("bytes", field(answer, "Accept-Ranges"));
        assertEquals("nosniff", field(answer, "X-Content-Type-Options"));
        assertTrue(field(answer, "ETag").matches("\"[0-9a-f-]+\""), answer);
        assertEquals("application/octet-stream", field(get("/static/noext"), "Content-Type"));
    }

    @Test
    void headHasTheHeadOfGet() {
        String answer = ask("HEAD", "/static/a.txt");
        assertEquals("10", field(answer, "Content-Length"));
        assertEquals("", Wire.body(answer));
    }

    @Test
    void directoryIsItsIndexBehindASlash() {
        assertEquals("index", Wire.body(get("/static/dir/")));
        String redirect = get("/static/dir?x=y");
        assertEquals(301, Wire.status(redirect));
        assertEquals("/static/dir/?x=y", field(redirect, "Location"));
        assertEquals("/static/", field(get("/static"), "Location"));
        assertEquals("css", Wire.body(get("/static/dir/sub/deep.css")));
    }

    @Test
    void treeCanBeMountedAtTheRoot() {
        server = HttpServer.builder().files("/", root).get("/api", r -> Response.text("api"));
        assertEquals("0123456789", Wire.body(get("/a.txt")));
        assertEquals("api", Wire.body(get("/api")));
        assertEquals(404, Wire.status(get("//evil.example/..")));
        assertEquals(404, Wire.status(get("//dir")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/static/absent", "/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/%2e%2e%2fsecret.txt",
            "/static/..%2fsecret.txt", "/static/..%5csecret.txt", "/static/%252e%252e/secret.txt",
            "/static/....//secret.txt", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/a.txt%00",
            "/static/%00", "/static/%c0%ae%c0%ae/secret.txt", "/static/%e0%80%ae/secret.txt", "/static/C:%5cwindows",
            "/static/C:/windows", "/static/%5c%5chost%5cshare", "/static/a.txt::$DATA", "/static/a.txt:x",
            "/static/a.txt/", "/static/a.txt/x", "/static/.env", "/static/./a.txt", "/static/dir/../a.txt",
            "/static/empty/", "/static/dir//index.html", "/static/%ff", "/static/%", "/static/dir/.",
            "/static/\\..\\secret.txt"
    })
    void whatIsOutsideAndWhatIsAbsentGetOneIdenticalAnswer(String path) {
        String answer = get(path);
        assertEquals(withoutDate(get("/static/surely-not-there")), withoutDate(answer));
        assertEquals(404, Wire.status(answer));
    }

    private static String withoutDate(String answer) {
        return answer.replaceAll("Date: [^\r]*", "");
    }

    @Test
    void symbolicLinkIsNotFollowedWhereverItPoints() throws IOException {
        Files.createSymbolicLink(root.resolve("link.txt"), temp.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("linked"), temp.resolve("outside"));
        Files.createSymbolicLink(root.resolve("inner.txt"), root.resolve("a.txt"));
        Files.createSymbolicLink(root.resolve("dir/up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("empty/index.html"), temp.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("a.txt.gz"), temp.resolve("secret.txt"));
        for (String path : List.of("link.txt", "linked/secret.txt", "linked/", "inner.txt", "dir/up/a.txt", "empty/",
                "a.txt.gz")) {
            assertEquals(404, Wire.status(get("/static/" + path)), path);
        }
    }

    @Test
    void withoutThePlatformsRelativeCallsLinksAreRefusedToo() throws IOException {
        Files.createSymbolicLink(root.resolve("link.txt"), temp.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("linked"), temp.resolve("outside"));
        var tree = new FileTree(root, FileOptions.DEFAULT.withListing(true), false);
        assertTrue(tree.find(List.of("a.txt"), List.of()) instanceof FileTree.FoundFile);
        assertTrue(tree.find(List.of("dir", "sub", "deep.css"), List.of()) instanceof FileTree.FoundFile);
        assertTrue(tree.find(List.of("dir", ""), List.of()) instanceof FileTree.FoundFile);
        assertTrue(tree.find(List.of("empty", ""), List.of()) instanceof FileTree.FoundNames);
        assertNull(tree.find(List.of("link.txt"), List.of()));
        assertThrows(IOException.class, () -> tree.find(List.of("linked", "secret.txt"), List.of()));
        assertThrows(IOException.class, () -> tree.find(List.of("absent"), List.of()));
    }

    @Test
    void rootItselfMayBeALink() throws IOException {
        Files.createSymbolicLink(temp.resolve("current"), root);
        server = HttpServer.builder().files("/static", temp.resolve("current"));
        assertEquals(200, Wire.status(get("/static/a.txt")));
        assertTrue(
                new FileTree(temp.resolve("current"), FileOptions.DEFAULT, false)
                        .find(List.of("dir", "sub", "deep.css"), List.of()) instanceof FileTree.FoundFile);
    }

    @Test
    void fifoDeviceOrUnreadableFileIsNotFoundAndNothingWaits() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start().waitFor());
        assertEquals(404, Wire.status(get("/static/fifo")));
        server = HttpServer.builder().files("/static", Path.of("/dev"));
        assertEquals(404, Wire.status(get("/static/null")));
        server = HttpServer.builder().files("/static", temp.resolve("absent"));
        assertEquals(404, Wire.status(get("/static/a.txt")));
    }

    @ParameterizedTest
    @CsvSource({
            "bytes=0-0,206,0,bytes 0-0/10", "bytes=2-4,206,234,bytes 2-4/10", "bytes=8-,206,89,bytes 8-9/10",
            "bytes=-3,206,789,bytes 7-9/10", "bytes=-99,206,0123456789,bytes 0-9/10",
            "bytes=5-99,206,56789,bytes 5-9/10",
            "bytes=5-99999999999999999999999,206,56789,bytes 5-9/10", "BYTES=0-1,206,01,bytes 0-1/10"
    })
    void rangeGetsItsPart(String range, int status, String body, String contentRange) {
        String answer = get("/static/a.txt", "Range: " + range);
        assertEquals(status, Wire.status(answer));
        assertEquals(body, Wire.body(answer));
        assertEquals(contentRange, field(answer, "Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=-0", "bytes=10-", "bytes=10-20", "bytes=99999999999999999999999-"})
    void rangeBeyondTheEndGets416WithTheLength(String range) {
        String answer = get("/static/a.txt", "Range: " + range);
        assertEquals(416, Wire.status(answer));
        assertEquals("bytes */10", field(answer, "Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "bytes=4-2", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,a", "bytes=3-4,0-1", "bytes=0-4,3-5",
            "bytes=0-1,", "bytes=0x1-2", "bytes=1",
            "bytes=\u00b2-\u00b3", "bytes=--1", "bytes=+1-2", "bytes 0-1", "bytes=1 -2"
    })
    void malformedOrCostlyRangeGetsTheWholeFile(String range) {
        String answer = get("/static/a.txt", "Range: " + range);
        assertEquals(200, Wire.status(answer));
        assertEquals("0123456789", Wire.body(answer));
    }

    @Test
    void oneThousandOverlappingRangesGetTheFileOnce() {
        String answer = get("/static/a.txt", "Range: bytes=" + "0-9,".repeat(1000) + "0-9");
        assertEquals("0123456789", Wire.body(answer));
        assertEquals(200, Wire.status(answer));
    }

    @Test
    void ifRangeGivesThePartOnlyOfTheSameFile() {
        String tag = field(get("/static/a.txt"), "ETag");
        assertEquals(206, Wire.status(get("/static/a.txt", "Range: bytes=0-1", "If-Range: " + tag)));
        // A date does not tell two changes in one second apart, and there is a tag.
        for (String other : List.of(HTTP_DATE, "\"x\"", "W/" + tag, "Mon, 06 May 2024 07:08:10 GMT", "junk")) {
            assertEquals(200, Wire.status(get("/static/a.txt", "Range: bytes=0-1", "If-Range: " + other)), other);
        }
    }

    @Test
    void rangeIsForGetOnly() {
        assertEquals(200, Wire.status(ask("HEAD", "/static/a.txt", "Range: bytes=0-1")));
    }

    @Test
    void conditionsAreChecked() throws IOException {
        String tag = field(get("/static/a.txt"), "ETag");
        for (String same : List.of("If-None-Match: " + tag, "If-None-Match: \"x\", W/" + tag, "If-None-Match: *",
                "If-Modified-Since: " + HTTP_DATE, "If-Modified-Since: Mon, 06 May 2024 07:08:10 GMT")) {
            String answer = get("/static/a.txt", same);
            assertEquals(304, Wire.status(answer), same);
            assertEquals("", Wire.body(answer));
            assertEquals(tag, field(answer, "ETag"));
        }
        for (String other : List.of("If-None-Match: \"x\"", "If-Modified-Since: Mon, 06 May 2024 07:08:08 GMT",
                "If-Modified-Since: junk", "If-None-Match: \"x\"\r\nIf-Modified-Since: " + HTTP_DATE,
                "If-Match: " + tag, "If-Match: *", "If-Unmodified-Since: " + HTTP_DATE)) {
            assertEquals(200, Wire.status(get("/static/a.txt", other)), other);
        }
        for (String failed : List.of("If-Match: \"x\"", "If-Match: W/" + tag,
                "If-Unmodified-Since: Mon, 06 May 2024 07:08:08 GMT")) {
            assertEquals(412, Wire.status(get("/static/a.txt", failed)), failed);
        }
        write("a.txt", "01234567890");
        assertNotEquals(tag, field(get("/static/a.txt"), "ETag"));
    }

    @Test
    void listingsAreOffByDefaultAndEscapeEveryName() throws IOException {
        String evil = "<script>\"'&X y.txt";
        Files.writeString(root.resolve("empty").resolve(evil), "x");
        Files.writeString(root.resolve("empty").resolve(".hidden"), "x");
        Files.createDirectory(root.resolve("empty/javascript%3Ax"));
        assertEquals(404, Wire.status(get("/static/empty/")));
        server = HttpServer.builder().files("/static", root, FileOptions.DEFAULT.withListing(true));
        String answer = get("/static/empty/");
        assertEquals(200, Wire.status(answer));
        String page = Wire.body(answer);
        assertTrue(page.contains("&lt;script&gt;&quot;&#39;&amp;"), page);
        assertTrue(page.contains("href=\"./%3cscript%3e%22%27%26X%20y.txt\""), page);
        assertTrue(page.contains("href=\"./javascript%253Ax/\""), page);
        assertFalse(page.contains("<script") || page.contains("hidden"), page);
        assertEquals("index", Wire.body(get("/static/dir/")));
    }

    @Test
    void listingLeavesOutNamesThatAreNotServed() throws IOException {
        for (String name : List.of("plain", "new\nline", "co:lon", "back\\slash")) {
            Files.writeString(root.resolve("empty").resolve(name), name);
        }
        server = HttpServer.builder().files("/static", root, FileOptions.DEFAULT.withListing(true));
        String page = Wire.body(get("/static/empty/"));

        assertTrue(page.contains("plain"), page);
        assertFalse(page.contains("line") || page.contains("lon") || page.contains("slash"), page);
    }

    @Test
    void listingIsBounded() throws IOException {
        for (int i = 0; i < 10; i++) {
            Files.writeString(root.resolve("empty/" + i), "x");
        }
        server = HttpServer.builder().files("/static", root, FileOptions.DEFAULT.withListing(true).withMaxListed(4));
        String page = Wire.body(get("/static/empty/"));
        assertEquals(4, page.split("href=", -1).length - 1);
        assertTrue(page.contains("and more"), page);
    }

    @Test
    void dotFilesAreShownOnlyIfAllowed() throws IOException {
        Files.createDirectory(root.resolve(".well-known"));
        write(".well-known/x", "known");
        assertEquals("known", Wire.body(get("/static/.well-known/x")));
        server = HttpServer.builder().files("/static", root, FileOptions.DEFAULT.withDotFiles(true));
        assertEquals(200, Wire.status(get("/static/.env")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000})
    void filesOfAllSizesComeWhole(int size) throws IOException {
        write("big", "x".repeat(size));
        assertEquals(size, Wire.body(get("/static/big")).length());
        if (size > 200_000) {
            assertEquals(100_001, Wire.body(get("/static/big", "Range: bytes=100000-200000")).length());
        }
    }

    @Test
    void fileThatGrowsIsSentAsItWasAndOneThatShrinksCutsTheConnection() {
        for (boolean grows : new boolean[]{true, false}) {
            Wire.play(server, (peer, connection) -> {
                write("moving", "x".repeat(2_000_000));
                peer.write("GET /static/moving HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                var part = new byte[1000];
                int got = peer.read(part);
                try (var file = new RandomAccessFile(root.resolve("moving").toFile(), "rw")) {
                    file.setLength(grows ? 3_000_000 : 10_000);
                }
                if (grows) {
                    String rest = new String(part, 0, got) + Wire.text(peer.readAll(1 << 24));
                    assertEquals(2_000_000, Wire.body(rest).length());
                } else {
                    assertThrows(BrokenException.class, () -> peer.readAll(1 << 24));
                }
            });
        }
    }

    @Test
    void fileDeletedInTheMiddleIsStillSent() {
        Wire.play(server, (peer, connection) -> {
            write("gone", "x".repeat(1_000_000));
            peer.write("GET /static/gone HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            var part = new byte[10];
            peer.readExactly(10);
            Files.delete(root.resolve("gone"));
            assertTrue(peer.readAll(1 << 24).length > 999_990 + part.length);
        });
    }

    @Test
    void hugeFileOnASlowPeerTakesNoMoreMemoryThanABuffer() {
        Wire.play(server, (peer, connection) -> {
            long huge = 10L << 30;
            try (var file = new RandomAccessFile(root.resolve("huge").toFile(), "rw")) {
                file.setLength(huge);
            }
            peer.write("GET /static/huge HTTP/1.1\r\nHost: a\r\n\r\n");
            String head = Wire.text(peer.readUntil(Wire.latin1("\r\n\r\n"), 10_000));
            assertEquals("" + huge, field(head, "Content-Length"));
            for (int i = 0; i < 100; i++) {
                peer.readExactly(100_000);
            }
            peer.abort();
            connection.join();
        });
    }

    @Test
    void handlerCanAnswerWithAFileOfItsChoice() {
        server = HttpServer.builder()
                .get("/one", r -> Response.file(root.resolve("page.html")))
                .get("/none", r -> Response.file(root.resolve("absent")))
                .get("/dir", r -> Response.file(root));
        assertEquals("<p>", Wire.body(get("/one")));
        assertEquals("text/html; charset=utf-8", field(get("/one"), "Content-Type"));
        assertEquals(404, Wire.status(get("/none")));
        assertEquals(404, Wire.status(get("/dir")));
    }

    @Test
    void fileOfAnyKindHasTheTypeOfTheOptionsOrTheKnownOne() throws IOException {
        write("report.docx", "x");
        write("map.GEOTIFF", "x");
        write("page.txt", "x");
        FileOptions options = FileOptions.DEFAULT
                .withContentType("geotiff", "image/tiff; application=geotiff")
                .withContentType("TXT", "text/x-own");
        server = HttpServer.builder().files("/static", root, options);
        for (var expected : Map.of(
                "report.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "map.GEOTIFF", "image/tiff; application=geotiff",
                "page.txt", "text/x-own",
                "page.html", "text/html; charset=utf-8",
                "noext", "application/octet-stream").entrySet()) {
            String answer = get("/static/" + expected.getKey());
            assertTrue(answer.contains("\r\nContent-Type: " + expected.getValue() + "\r\n"), answer);
        }
    }

    @Test
    void typeThatIsNoneIsRefused() {
        for (String extension : List.of("", ".x", "tar.gz", "a/b")) {
            assertThrows(
                    IllegalArgumentException.class, () -> FileOptions.DEFAULT.withContentType(extension, "a/b"),
                    extension);
        }
        for (String type : List.of("", "text", "/b", "a/b\r\nX: y")) {
            assertThrows(IllegalArgumentException.class, () -> FileOptions.DEFAULT.withContentType("x", type), type);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mon, 06 May 2024 07:08:09 GMT", "Monday, 06-May-24 07:08:09 GMT",
            "Mon May  6 07:08:09 2024"})
    void dateInAnyOfTheThreeFormsMakesACondition(String date) {
        assertEquals(304, Wire.status(get("/static/a.txt", "If-Modified-Since: " + date)));
        assertEquals(200, Wire.status(get("/static/a.txt", "If-Modified-Since: " + date.replace(":09", ":08"))));
        assertEquals(412, Wire.status(get("/static/a.txt", "If-Unmodified-Since: " + date.replace(":09", ":08"))));
    }
}
