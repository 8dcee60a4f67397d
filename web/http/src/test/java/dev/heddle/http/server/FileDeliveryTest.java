package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.form.ContentDisposition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a server may do with files beyond sending them whole: compressed siblings, fallbacks, caching, several ranges,
 * names.
 */
@LeavesNothing
final class FileDeliveryTest {

    private static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:09Z");
    private static final FileOptions COMPRESSED = FileOptions.DEFAULT.withPrecompressed(true);
    private static final FileOptions SPA = FileOptions.DEFAULT.withFallback("index.html");
    private static final String HTML = "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

    @TempDir
    private Path temp;

    private Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
        write("a.js", "plain", 0);
        write("index.html", "index", 0);
    }

    private void write(String name, String content, int secondsLater) throws IOException {
        Path file = Files.writeString(root.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED.plusSeconds(secondsLater)));
    }

    private String get(FileOptions options, String path, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return Wire.ask(HttpServer.builder().files("/", root, options),
                "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n");
    }

    private static String field(String response, String name) {
        int at = response.indexOf("\r\n" + name + ": ");
        return at < 0 ? "" : response.substring(at + name.length() + 4, response.indexOf('\r', at + 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "gzip, deflate, br, zstd|br", "gzip, zstd|zstd", "gzip|gzip", "GZIP;q=0.5|gzip", "br;q=0.1, gzip|gzip",
            "x-gzip|gzip", "*|br", "br;q=0, *;q=0.5|zstd", "br;q=0, zstd;q=0, *|gzip", "identity|''", "''|''",
            "br;q=0|''",
            "gzip;q=0.5, identity|''", "br;q=2|''", "br;q=junk|''", "brotli|''"
    })
    void siblingThatThePeerLikesBestStandsIn(String accepted, String coding) throws IOException {
        write("a.js.br", "br", 0);
        write("a.js.gz", "gzip", 1);
        write("a.js.zst", "zstd", 0);
        String answer = get(COMPRESSED, "/a.js", "Accept-Encoding: " + accepted);
        assertEquals(coding, field(answer, "Content-Encoding"));
        assertEquals(coding.isEmpty() ? "plain" : coding, Wire.body(answer));
        assertEquals("text/javascript; charset=utf-8", field(answer, "Content-Type"));
        assertEquals("Accept-Encoding", field(answer, "Vary"));
    }

    @Test
    void siblingsAreUsedOnlyIfAskedForAndEachHasItsOwnTag() throws IOException {
        write("a.js.gz", "gzip!", 0);
        assertEquals("plain", Wire.body(get(FileOptions.DEFAULT, "/a.js", "Accept-Encoding: gzip")));
        String plain = field(get(COMPRESSED, "/a.js"), "ETag");
        String gzip = field(get(COMPRESSED, "/a.js", "Accept-Encoding: gzip"), "ETag");
        assertNotEquals(plain, gzip);
        String again = get(COMPRESSED, "/a.js", "Accept-Encoding: gzip", "If-None-Match: " + gzip);
        assertEquals(304, Wire.status(again));
        assertEquals("Accept-Encoding", field(again, "Vary"));
        assertEquals(200, Wire.status(get(COMPRESSED, "/a.js", "Accept-Encoding: gzip", "If-None-Match: " + plain)));
    }

    @Test
    void olderSiblingALinkOrADirectoryIsNoSibling() throws IOException {
        write("a.js.gz", "old", -1);
        Files.writeString(temp.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("a.js.br"), temp.resolve("secret"));
        Files.createDirectory(root.resolve("a.js.zst"));
        assertEquals("plain", Wire.body(get(COMPRESSED, "/a.js", "Accept-Encoding: gzip, br, zstd")));
    }

    @Test
    void siblingWithoutItsFileIsAFileLikeOthers() throws IOException {
        write("b.js.gz", "gzip", 0);
        assertEquals(404, Wire.status(get(COMPRESSED, "/b.js", "Accept-Encoding: gzip")));
        String direct = get(COMPRESSED, "/b.js.gz", "Accept-Encoding: gzip");
        assertEquals("", field(direct, "Content-Encoding"));
        assertEquals("application/gzip", field(direct, "Content-Type"));
    }

    @Test
    void indexHasSiblingsToo() throws IOException {
        write("index.html.br", "small", 0);
        String answer = get(COMPRESSED, "/", "Accept-Encoding: br");
        assertEquals("small", Wire.body(answer));
        assertEquals("text/html; charset=utf-8", field(answer, "Content-Type"));
    }

    @Test
    void filesAndNotErrorsHaveTheCacheControl() {
        FileOptions options = FileOptions.DEFAULT.withCacheControl("max-age=60");
        assertEquals("max-age=60", field(get(options, "/a.js"), "Cache-Control"));
        String tag = field(get(options, "/a.js"), "ETag");
        assertEquals("max-age=60", field(get(options, "/a.js", "If-None-Match: " + tag), "Cache-Control"));
        assertEquals("", field(get(options, "/absent"), "Cache-Control"));
        assertEquals("", field(get(options, "/a.js", "Range: bytes=99-"), "Cache-Control"));
        assertThrows(IllegalArgumentException.class, () -> FileOptions.DEFAULT.withCacheControl("a\r\nb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/42", "/absent.html", "/a.js/x", "/.env", "/deep/er/"})
    void pathThatDoesNotExistGetsTheFallbackIfHtmlIsAskedFor(String path) {
        String answer = get(SPA.withCacheControl("max-age=999"), path, HTML);
        assertEquals(200, Wire.status(answer));
        assertEquals("index", Wire.body(answer));
        assertEquals("no-cache", field(answer, "Cache-Control"));
        assertEquals("Accept", field(answer, "Vary"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: */*", "X: y", "Accept: text/html;q=0", "Accept: application/json"})
    void withoutHtmlInSoManyWordsThereIsNoFallback(String accept) {
        String answer = get(SPA, "/app.123.js", accept);
        assertEquals(404, Wire.status(answer));
        assertEquals("Accept", field(answer, "Vary"));
    }

    @Test
    void whatExistsNeedsNoFallbackAndAFallbackThatDoesNotExistIsNotFound() {
        assertEquals("plain", Wire.body(get(SPA, "/a.js", HTML)));
        assertEquals(404, Wire.status(get(FileOptions.DEFAULT.withFallback("none.html"), "/x", HTML)));
        assertThrows(IllegalArgumentException.class, () -> FileOptions.DEFAULT.withFallback("../x"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 300_000})
    void severalRangesComeAsSeveralParts(int size) throws IOException {
        var content = new StringBuilder();
        for (int i = 0; content.length() < size; i++) {
            content.append(i).append(' ');
        }
        String all = content.substring(0, size);
        write("big.txt", all, 0);
        String answer = get(FileOptions.DEFAULT, "/big.txt", "Range: bytes=0-9, 100-899,-5, " + size + "-");
        assertEquals(206, Wire.status(answer));
        String type = field(answer, "Content-Type");
        assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
        String boundary = type.substring(type.indexOf('=') + 1);
        String[] parts = Wire.body(answer).split("\r\n--" + boundary, -1);
        assertEquals(5, parts.length);
        assertEquals("", parts[0]);
        assertEquals("--\r\n", parts[4]);
        int[][] wanted = {{0, 9}, {100, 899}, {size - 5, size - 1}};
        for (int i = 0; i < 3; i++) {
            int from = wanted[i][0];
            int to = wanted[i][1];
            assertEquals("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes " + from + "-" + to + "/"
                    + size + "\r\n\r\n" + all.substring(from, to + 1), parts[i + 1]);
        }
        assertEquals(Wire.body(answer).length(), Integer.parseInt(field(answer, "Content-Length")));
    }

    @Test
    void oneRangeOfSeveralThatCanBeHadComesAlone() {
        String answer = get(FileOptions.DEFAULT, "/a.js", "Range: bytes=1-2,50-60");
        assertEquals("la", Wire.body(answer));
        assertEquals("bytes 1-2/5", field(answer, "Content-Range"));
        assertEquals(416, Wire.status(get(FileOptions.DEFAULT, "/a.js", "Range: bytes=50-60,70-")));
    }

    @Test
    void tooManyRangesGetTheFileOnce() throws IOException {
        write("big.txt", "x".repeat(1_000), 0);
        var sixteen = new StringBuilder("Range: bytes=0-0");
        for (int i = 1; i < 16; i++) {
            sixteen.append(',').append(i * 10).append('-').append(i * 10);
        }
        assertEquals(206, Wire.status(get(FileOptions.DEFAULT, "/big.txt", sixteen.toString())));
        assertEquals(200, Wire.status(get(FileOptions.DEFAULT, "/big.txt", sixteen + ",900-900")));
    }

    @Test
    void fileThatShrinksBetweenItsRangesCutsTheConnection() throws IOException {
        write("moving.txt", "x".repeat(2_000_000), 0);
        Wire.play(HttpServer.builder().files("/", root), (peer, connection) -> {
            peer.write("GET /moving.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=0-999999,1500000-1999999\r\n\r\n");
            peer.readExactly(1);
            write("moving.txt", "x", 0);
            assertThrows(BrokenException.class, () -> peer.readAll(1 << 24));
            connection.join();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
            "a.pdf|attachment; filename=\"a.pdf\"",
            "a b;c.pdf|attachment; filename=\"a b;c.pdf\"",
            "../../etc/passwd|attachment; filename=\"passwd\"",
            "C:\\dir\\a.pdf|attachment; filename=\"a.pdf\"",
            "50%.pdf|attachment; filename=\"50_.pdf\"; filename*=UTF-8''50%25.pdf",
            "\u00e4\u20ac.pdf|attachment; filename=\"__.pdf\"; filename*=UTF-8''%C3%A4%E2%82%AC.pdf",
            "\ud83d\ude00|attachment; filename=\"_\"; filename*=UTF-8''%F0%9F%98%80",
            "..|attachment; filename=\"download\"", "'  '|attachment; filename=\"download\"",
            "x/|attachment; filename=\"download\"",
            "gpj\u202eexe.exe|attachment; filename=\"gpjexe.exe\""
    })
    void attachmentHasASafeNameInBothForms(String name, String field) {
        assertEquals(field, Response.text("x").asAttachment(name).headers().get("Content-Disposition").orElseThrow());
    }

    @Test
    void quotesAndLineEndsInANameOfAnAttachmentEndNothing() {
        String field = ContentDisposition.attachment("a\"; x=\"y\r\nSet-Cookie: b=c\u0000.txt");
        assertEquals("attachment; filename=\"a_; x=_ySet-Cookie: b=c.txt\"; "
                + "filename*=UTF-8''a%22%3B%20x%3D%22ySet-Cookie%3A%20b%3Dc.txt", field);
        String longName = ContentDisposition.attachment("x".repeat(65_536) + ".pdf");
        assertTrue(longName.length() < 150 && longName.endsWith("x.pdf\""), longName);
        assertFalse(ContentDisposition.attachment("\ud83d\ude00".repeat(100)).contains("%3F"));
    }

    @Test
    void pathThroughAFileOrAFifoIsNotFoundAndNothingWaitsOrStaysOpen() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start().waitFor());
        for (String path : List.of("/a.js/x", "/a.js/", "/fifo/x", "/fifo/", "/fifo")) {
            assertEquals(404, Wire.status(get(FileOptions.DEFAULT, path)), path);
        }
    }

    @Test
    void cancelThatMeetsTheOpeningOfAFileIsNoMissingFile() {
        var interrupted = new ClosedByInterruptException();
        assertSame(interrupted, OpenFile.refusal(interrupted));
        assertEquals(404, assertInstanceOf(StatusException.class, OpenFile.refusal(new IOException("x"))).status());
        assertEquals(503, assertInstanceOf(StatusException.class,
                OpenFile.refusal(new IOException("a: Too many open files"))).status());
    }

    @Test
    void fileWhoseResponseMiddlewareReplacesIsClosed() throws IOException {
        Files.write(temp.resolve("large"), new byte[200_000]);
        String ask = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        Middleware replacing = (request, next) -> {
            assertEquals(200, next.handle(request).status());
            return Response.text("instead");
        };
        Middleware failing = (request, next) -> {
            next.handle(request);
            throw new IllegalStateException("after the handler");
        };
        assertEquals("instead", Wire.body(Wire.ask(HttpServer.builder().use(replacing).files("/", temp), ask)));
        assertEquals(500, Wire.status(Wire.ask(HttpServer.builder().use(failing).files("/", temp), ask)));
        Middleware marking = (request, next) -> next.handle(request).withHeader("X-Mark", "1");
        String whole = Wire.ask(HttpServer.builder().use(marking).files("/", temp), ask);
        assertEquals(200_000, Wire.body(whole).length());
        String coded = Wire.ask(HttpServer.builder().use(marking).use(Compression.DEFAULT).use(marking)
                .files("/", temp).get("/large.txt", r -> Response.file(temp.resolve("large")).withHeader("Content-Type",
                        "text/plain")),
                ask.replace("/large", "/large.txt").replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\n\r\n"));
        var body = new GZIPInputStream(new ByteArrayInputStream(Wire.latin1(Wire.body(coded))));
        assertEquals(200_000, body.readAllBytes().length);
    }
}
