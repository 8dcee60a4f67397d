package dev.heddle.http.server;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Config;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.internal.PageCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        private PageCache.@Nullable Snapshot page;

        @Override
        public boolean isTryable(byte[] path) {
            return true;
        }

        @Override
        public PageCache.@Nullable Snapshot read(byte[] path, int maxBytes) {
            asked.add(new String(path, java.nio.charset.StandardCharsets.UTF_8));
            return page;
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
        run(() -> {
            try (HttpServer server = HttpServer.builder().files("/", root).start("127.0.0.1", 0);
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

    private OpenFile file(String name) {
        return OpenFile.found(name, new PageCache.Snapshot(MODIFIED.getEpochSecond(), 0, 1, new byte[1], null));
    }

    private void keep(RecentFiles recent, String asked) {
        List<String> segments = List.of("dir", "");
        var found = new FileTree.FoundFile(file("index.html"), "");
        recent.keeping(asked, new RecentFiles.Looked(found, recent.tryable(root, segments, found.file())));
    }

    @Test
    void onlyWhatWasFoundIsTriedAndNoLongerThanItPays() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);

        assertNull(recent.read("/dir/"));
        assertEquals(List.of(), pages.asked);
        keep(recent, "/dir/");
        for (int i = 0; i < 10; i++) {
            assertNull(recent.read("/dir/"));
        }
        assertEquals(List.of(root + "/dir/index.html", root + "/dir/index.html", root + "/dir/index.html"),
                pages.asked);
    }

    @Test
    void tryThatSucceedsForgetsTheVainOnes() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        keep(recent, "/dir/");
        for (int i = 0; i < 5; i++) {
            assertNull(recent.read("/dir/"));
            assertNull(recent.read("/dir/"));
            pages.page = new PageCache.Snapshot(MODIFIED.getEpochSecond(), MODIFIED.getNano(), 2, new byte[]{1, 2},
                    null);
            OpenFile read = recent.read("/dir/");
            assertNotNull(read);
            assertEquals(MODIFIED, read.modified());
            assertEquals(2, read.size());
            pages.page = null;
        }
    }

    @Test
    void memoryOfPathsIsBounded() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        for (int i = 0; i <= RecentFiles.MAX_PATHS; i++) {
            keep(recent, "/" + i);
        }
        keep(recent, "/" + "x".repeat(1000));

        recent.read("/0");
        recent.read("/" + "x".repeat(1000));
        assertEquals(0, pages.asked.size());
        recent.read("/1");
        assertEquals(1, pages.asked.size());
    }

    @Test
    void pathThatLeadsToNothingAnyMoreIsForgotten() {
        var pages = new Pages();
        var recent = new RecentFiles(pages);
        keep(recent, "/a");
        recent.keeping("/a", new RecentFiles.Looked(null, null));
        recent.read("/a");
        assertEquals(0, pages.asked.size());
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
                    offload(() -> new RecentFiles.Looked(null, recent.tryable(root, List.of("a"), file("a")))));
            OpenFile read = recent.read("/a");
            // Where the file system is not one of those that are tried, there is nothing to see.
            assertEquals(read == null ? 0 : 4, read == null ? 0 : read.size());
        });
    }
}
