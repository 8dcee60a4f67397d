package dev.heddle.http.server;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Config;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Headers;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.middleware.Precompressed;
import dev.heddle.internal.PageCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were asked for before are read without a worker thread, and are always what is there now. */
@LeavesNothing
final class RecentFilesTest {

    private static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:09.123456789Z");

    /** Has what it was given, and counts how often it was asked. */
    private static final class Pages implements PageCache {
        private final List<String> asked = new ArrayList<>();

        /** By the ends of paths; null for what is not in memory. */
        private final Map<String, PageCache.@Nullable Snapshot> pages = new HashMap<>();

        void put(String end, String content, Instant modified) {
            pages.put(end, new Snapshot(modified, content.length(), content.getBytes(UTF_8), null));
        }

        private String end(byte[] path) {
            asked.add(new String(path, UTF_8));
            return asked.getLast().substring(asked.getLast().lastIndexOf('/') + 1);
        }

        @Override
        public boolean isTryable(byte[] path) {
            return true;
        }

        @Override
        public PageCache.@Nullable Snapshot read(byte[] path, int maxBytes) {
            return pages.get(end(path));
        }

        @Override
        public @Nullable Instant modified(byte[] path) {
            String end = end(path);
            PageCache.Snapshot page = pages.get(end);
            return page == null ? pages.containsKey(end) ? null : NO_FILE : page.modified();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @TempDir
    private Path temp;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        temp = temp.toRealPath();
        root = Files.createDirectories(temp.resolve("root/dir")).getParent();
    }

    /** An answer: its status and its body. */
    private static String ask(HttpClient http, HttpServer server, String path) {
        try (Reply reply = http.request("GET", "http://127.0.0.1:" + server.port() + path).send()) {
            return reply.status() + " " + reply.text();
        }
    }

    private interface Steps {

        void take(HttpClient http, HttpServer server) throws Exception;
    }

    private void serving(Steps steps) {
        serving(FileOptions.DEFAULT, steps);
    }

    private void serving(FileOptions options, Steps steps) {
        run(() -> {
            try (HttpServer server = HttpServer.builder().files("/", root, options).start("127.0.0.1", 0);
                    HttpClient http = HttpClient.create()) {
                steps.take(http, server);
            }
        });
    }

    @Test
    void changesAreSeenAtOnce() {
        serving((http, server) -> {
            Path file = Files.writeString(root.resolve("a"), "one");
            for (int i = 0; i < 3; i++) {
                assertEquals("200 one", ask(http, server, "/a"));
            }
            Files.writeString(file, "another");
            assertEquals("200 another", ask(http, server, "/a"));
            Files.move(Files.writeString(root.resolve("b"), "moved"), file, StandardCopyOption.ATOMIC_MOVE);
            assertEquals("200 moved", ask(http, server, "/a"));
            Files.delete(file);
            assertEquals("404", ask(http, server, "/a").substring(0, 3));
            Files.writeString(file, "back");
            assertEquals("200 back", ask(http, server, "/a"));
            assertEquals("200 back", ask(http, server, "/%61"));
        });
    }

    @Test
    void whatHasBecomeALinkIsRefused() {
        serving((http, server) -> {
            Path outside = Files.createDirectories(temp.resolve("outside"));
            Files.writeString(outside.resolve("a"), "secret");
            Files.writeString(root.resolve("dir/a"), "open");
            Files.writeString(root.resolve("a"), "open");
            for (int i = 0; i < 2; i++) {
                assertEquals("200 open", ask(http, server, "/a"));
                assertEquals("200 open", ask(http, server, "/dir/a"));
            }

            Files.move(root.resolve("dir"), temp.resolve("gone"));
            Files.createSymbolicLink(root.resolve("dir"), outside);
            Files.delete(root.resolve("a"));
            Files.createSymbolicLink(root.resolve("a"), outside.resolve("a"));

            for (int i = 0; i < 2; i++) {
                assertEquals("404", ask(http, server, "/a").substring(0, 3));
                assertEquals("404", ask(http, server, "/dir/a").substring(0, 3));
            }
        });
    }

    @Test
    void whatHasBecomeAPipeOrADirectoryIsNotRead() {
        serving((http, server) -> {
            Path file = Files.writeString(root.resolve("a"), "open");
            Path other = Files.writeString(root.resolve("b"), "open");
            for (int i = 0; i < 2; i++) {
                assertEquals("200 open", ask(http, server, "/a"));
                assertEquals("200 open", ask(http, server, "/b"));
            }
            Files.delete(file);
            Files.delete(other);
            assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
            Files.createDirectory(other);

            assertEquals("404", ask(http, server, "/a").substring(0, 3));
            assertEquals("404", ask(http, server, "/b/").substring(0, 3));
        });
    }

    @Test
    void conditionsAndRangesAreThoseOfTheFirstAnswer() {
        serving((http, server) -> {
            Path file = Files.writeString(root.resolve("a.txt"), "0123456789");
            Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
            String url = "http://127.0.0.1:" + server.port() + "/a.txt";
            String tag;
            try (Reply first = http.request("GET", url).send()) {
                tag = String.valueOf(first.headers().first("ETag"));
                first.text();
            }
            for (int i = 0; i < 2; i++) {
                try (Reply same = http.request("GET", url).header("If-None-Match", tag).send()) {
                    assertEquals(304, same.status());
                }
                try (Reply part = http.request("GET", url).header("Range", "bytes=2-4").header("If-Range", tag)
                        .send()) {
                    assertEquals("206 234 text/plain; charset=utf-8", part.status() + " " + part.text() + " "
                            + part.headers().first("Content-Type"));
                }
            }
        });
    }

    @Test
    void directoryIsItsIndexEachTime() {
        serving((http, server) -> {
            Path index = Files.writeString(root.resolve("dir/index.html"), "one");
            assertEquals("200 one", ask(http, server, "/dir/"));
            assertEquals("200 one", ask(http, server, "/dir/"));
            Files.writeString(index, "two");
            assertEquals("200 two", ask(http, server, "/dir/"));
            Files.delete(index);
            assertEquals("404", ask(http, server, "/dir/").substring(0, 3));
        });
    }

    @Test
    void fileThatHasGrownComesWhole() {
        serving((http, server) -> {
            Path file = Files.writeString(root.resolve("a"), "x");
            ask(http, server, "/a");
            ask(http, server, "/a");
            String large = "y".repeat(3 * OpenFile.SMALL_BYTES);
            Files.writeString(file, large);
            assertEquals("200 " + large, ask(http, server, "/a"));
            Files.writeString(file, "small again");
            assertEquals("200 small again", ask(http, server, "/a"));
            assertEquals("200 small again", ask(http, server, "/a"));
        });
    }

    @Test
    void serversOfOneLoopHaveTheirOwn() {
        run(() -> {
            Path other = Files.createDirectories(temp.resolve("other"));
            Files.writeString(root.resolve("a"), "one");
            Files.writeString(other.resolve("a"), "two");
            try (HttpServer first = HttpServer.builder().files("/", root).start("127.0.0.1", 0);
                    HttpServer second = HttpServer.builder().files("/", other).start("127.0.0.1", 0);
                    HttpClient http = HttpClient.create()) {
                for (int i = 0; i < 3; i++) {
                    assertEquals("200 one", ask(http, first, "/a"));
                    assertEquals("200 two", ask(http, second, "/a"));
                }
            }
        });
    }

    private static OpenFile file(String name) {
        return OpenFile.found(name, new PageCache.Snapshot(MODIFIED, 1, new byte[1], null));
    }

    private void keep(RecentFiles recent, String asked, String... codings) {
        List<String> segments = List.of("dir", "");
        for (String coding : codings.length == 0 ? new String[]{""} : codings) {
            recent.keeping(asked, new RecentFiles.Looked(new FileTree.FoundFile(file("index.html"), coding),
                    recent.tryable(root, segments, "index.html")));
        }
    }

    private static @Nullable String read(RecentFiles recent, String asked, String... accepted) {
        RecentFiles.Known known = recent.known(asked);
        List<Precompressed> codings = accepted.length == 0
                ? List.of()
                : Precompressed.acceptedBy(Headers.of("Accept-Encoding", String.join(",", accepted)));
        FileTree.FoundFile found = known == null ? null : known.read(codings);
        return found == null ? null : found.coding() + ":" + new String(found.file().content(), UTF_8);
    }

    @Test
    void onlyWhatWasFoundIsTriedAndSeldomWhereItIsInVain() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);

        assertNull(read(recent, "/dir/"));
        assertEquals(List.of(), pages.asked);
        keep(recent, "/dir/");
        for (int i = 0; i < 60; i++) {
            assertNull(read(recent, "/dir/"));
        }
        assertEquals(Collections.nCopies(3, root + "/dir/index.html"), pages.asked);
        pages.put("index.html", "back", MODIFIED);
        for (int i = 0; i < 10; i++) {
            read(recent, "/dir/");
        }
        assertEquals(":back", read(recent, "/dir/"));
    }

    @Test
    void tryThatSucceedsForgetsTheVainOnes() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        keep(recent, "/dir/");
        for (int i = 0; i < 5; i++) {
            assertNull(read(recent, "/dir/"));
            assertNull(read(recent, "/dir/"));
            pages.put("index.html", "ab", MODIFIED);
            assertEquals(":ab", read(recent, "/dir/"));
            pages.pages.clear();
        }
    }

    @Test
    void compressedFileStandsInAsLongAsItIsThereAndNoOlder() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        keep(recent, "/dir/", "gzip");
        pages.put("index.html", "plain", MODIFIED);
        pages.put("index.html.gz", "packed", MODIFIED);

        assertEquals(":plain", read(recent, "/dir/"));
        assertEquals("gzip:packed", read(recent, "/dir/", "gzip"));
        assertEquals("gzip:packed", read(recent, "/dir/", "gzip", "br", "zstd"));
        assertEquals(":plain", read(recent, "/dir/", "zstd", "br"));

        pages.put("index.html", "changed", MODIFIED.plusNanos(1));
        assertNull(read(recent, "/dir/", "gzip"));
        pages.put("index.html.gz", "packed anew", MODIFIED.plusNanos(1));
        assertEquals("gzip:packed anew", read(recent, "/dir/", "gzip"));

        pages.pages.remove("index.html");
        assertNull(read(recent, "/dir/", "gzip"));
        pages.put("index.html", "back", MODIFIED);
        pages.pages.remove("index.html.gz");
        assertEquals(":back", read(recent, "/dir/", "gzip"));
    }

    @Test
    void compressedFileThatNobodyHasLookedAtIsNotOpened() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        keep(recent, "/dir/", "gzip");
        pages.put("index.html", "plain", MODIFIED);
        pages.put("index.html.gz", "packed", MODIFIED);
        pages.put("index.html.br", "a device, for all that is known", MODIFIED);

        assertNull(read(recent, "/dir/", "br", "gzip"));
        keep(recent, "/dir/", "br");
        assertEquals("br:a device, for all that is known", read(recent, "/dir/", "br", "gzip"));
        assertEquals("gzip:packed", read(recent, "/dir/", "gzip"));
        pages.pages.put("index.html.br", null);
        assertNull(read(recent, "/dir/", "br", "gzip"), "whether it is there cannot be told without waiting");
    }

    @Test
    void memoryOfPathsIsBounded() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        for (int i = 0; i <= RecentFiles.MAX_PATHS; i++) {
            keep(recent, "/" + i);
        }
        keep(recent, "/" + "x".repeat(1000));

        assertNull(recent.known("/0"));
        assertNull(recent.known("/" + "x".repeat(1000)));
        assertNotNull(recent.known("/1"));
    }

    @Test
    void pathThatLeadsToNothingAnyMoreIsForgotten() {
        var recent = new RecentFiles(new Pages());
        keep(recent, "/a");
        recent.keeping("/a", new RecentFiles.Looked(null, null));
        assertNull(recent.known("/a"));
    }

    @Test
    void compressedFilesOfADirectoryComeAndGo() {
        serving(FileOptions.DEFAULT.withPrecompressed(true), (http, server) -> {
            Path file = Files.writeString(root.resolve("a.js"), "plain");
            for (int i = 0; i < 3; i++) {
                assertEquals("plain", packed(http, server, "br, gzip"));
            }
            Files.writeString(root.resolve("a.js.gz"), "gzip");
            for (int i = 0; i < 3; i++) {
                assertEquals("gzip gzip", packed(http, server, "br, gzip"));
                assertEquals("plain", packed(http, server, "br"));
            }
            Files.writeString(root.resolve("a.js.br"), "br");
            for (int i = 0; i < 3; i++) {
                assertEquals("br br", packed(http, server, "br, gzip"));
                assertEquals("gzip gzip", packed(http, server, "gzip"));
            }
            Files.delete(root.resolve("a.js.br"));
            assertEquals("gzip gzip", packed(http, server, "br, gzip"));
            Files.createSymbolicLink(root.resolve("a.js.br"), file);
            assertEquals("gzip gzip", packed(http, server, "br, gzip"));
            Files.setLastModifiedTime(root.resolve("a.js.gz"), FileTime.from(MODIFIED));
            assertEquals("plain", packed(http, server, "br, gzip"));
        });
    }

    /** The coding of an answer and its bytes, which nobody unpacks. */
    private static String packed(HttpClient http, HttpServer server, String accepted) {
        try (Reply reply = http.request("GET", "http://127.0.0.1:" + server.port() + "/a.js")
                .header("Accept-Encoding", accepted)
                .send()) {
            String coding = reply.headers().first("Content-Encoding");
            return (coding == null ? "" : coding + " ") + new String(reply.bytes(), UTF_8);
        }
    }

    @Test
    void engineThatCanIsAsked() {
        run(Config.DEFAULT, () -> {
            Files.writeString(root.resolve("a"), "open");
            RecentFiles recent = RecentFiles.of(new StaticFiles("", root, FileOptions.DEFAULT));
            if (recent == null) {
                return; // of an engine that cannot
            }
            recent.keeping("/a",
                    offload(() -> new RecentFiles.Looked(null, recent.tryable(root, List.of("a"), "a"))));
            String read = read(recent, "/a");
            // Where the file system is not one of those that are tried, there is nothing to see.
            assertEquals(":open", read == null ? ":open" : read);
        });
    }
}
