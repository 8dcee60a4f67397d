package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.cache.CacheFiles;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sim.Sim;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies outlive their program in files, which hold no secrets, and which may be torn, full or gone without harm. */
final class HttpCacheOnDiskTest {

    private static final String PAGE = "http://site/page";
    private static final long MB = 1_000_000;

    @TempDir
    private Path temp;

    private final Logger logger = Logger.getLogger("dev.heddle.http");
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private Path directory = Path.of("");

    @BeforeEach
    void listen() {
        directory = temp.resolve("cache");
        Filter filter = entry -> {
            if (entry.getLevel() == Level.WARNING) {
                warnings.add(entry.getMessage());
                return false;
            }
            return true;
        };
        logger.setFilter(filter);
    }

    @AfterEach
    void listenNoMore() {
        logger.setFilter(null);
    }

    private interface Body {
        void run(ScriptedServer server) throws Exception;
    }

    /** Runs with a server that numbers its answers. */
    private static void with(String fields, Body body) {
        Sim.run(1, () -> {
            var count = new int[1];
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    String text = "page " + ++count[0];
                    boolean isSame = peer.lastRequest().contains("If-None-Match");
                    peer.send((isSame ? "HTTP/1.1 304 Not Modified\r\n" : "HTTP/1.1 200 OK\r\n") + fields
                            + (isSame ? "\r\n" : "Content-Length: " + text.length() + "\r\n\r\n" + text));
                }
            })) {
                body.run(server);
            }
        });
    }

    private HttpCache open() {
        return HttpCache.onDisk(directory, MB);
    }

    private static String get(ScriptedServer server, HttpCache cache, String... fields) {
        return get(server, cache, PAGE, fields);
    }

    private static String get(ScriptedServer server, HttpCache cache, String url, String[] fields) {
        try (HttpClient http = server.client().cache(cache).build()) {
            ClientRequest request = http.request("GET", url);
            for (int i = 0; i < fields.length; i += 2) {
                request.header(fields[i], fields[i + 1]);
            }
            return request.send().text();
        }
    }

    /** The files with replies. */
    private List<Path> replies() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".reply")).toList();
        }
    }

    private int count() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.count();
        }
    }

    @Test
    void replyOutlivesItsProgram() {
        with("Cache-Control: max-age=100\r\nContent-Type: text/plain\r\n", server -> {
            try (HttpCache first = open()) {
                assertEquals("page 1", get(server, first));
                assertEquals(1, first.statistics().filed());
                assertEquals(Files.size(replies().getFirst()), first.statistics().fileBytes());
            }
            Heddle.sleep(Duration.ofSeconds(40));
            try (HttpCache second = open(); HttpClient http = server.client().cache(second).build()) {
                Reply reply = http.get(PAGE);
                assertEquals("page 1", reply.text());
                assertEquals("40", reply.headers().first("Age"));
                assertEquals("text/plain", reply.headers().first("Content-Type"));
                assertEquals("heddle; hit; ttl=59", reply.headers().first("Cache-Status"));
                assertEquals(1, second.statistics().replies(), "it is in memory now");
                Heddle.sleep(Duration.ofSeconds(61));
                assertEquals("page 2", http.get(PAGE).text());
            }
            assertEquals(1, replies().size());
        });
    }

    @Test
    void staleFileIsAskedAboutAndWrittenAnew() {
        with("Cache-Control: max-age=10\r\nETag: \"1\"\r\n", server -> {
            try (HttpCache cache = open()) {
                get(server, cache);
            }
            Heddle.sleep(Duration.ofSeconds(20));
            try (HttpCache cache = open()) {
                assertEquals("page 1", get(server, cache));
                assertEquals(1, cache.statistics().revalidated());
            }
            Heddle.sleep(Duration.ofSeconds(5));
            try (HttpCache cache = open()) {
                assertEquals("page 1", get(server, cache));
                assertEquals(1, cache.statistics().hits());
            }
            assertEquals(2, server.requests.size());
        });
    }

    @Test
    void tornOrChangedFileIsNotThere() {
        with("Cache-Control: max-age=100\r\n", server -> {
            try (HttpCache cache = open()) {
                get(server, cache);
            }
            byte[] whole = Files.readAllBytes(replies().getFirst());
            Path file = replies().getFirst();
            int page = 1;
            for (int i = 0; i < whole.length; i += 7) {
                byte[] changed = whole.clone();
                changed[i] ^= 0x10;
                Files.write(file, i % 2 == 0 ? changed : Arrays.copyOf(whole, i));
                try (HttpCache cache = open()) {
                    assertEquals("page " + ++page, get(server, cache), "at " + i);
                }
                assertEquals(List.of(file), replies());
            }
            Files.write(file, new byte[0]);
            Files.write(directory.resolve(file.getFileName().toString().replace(".reply", ".7.tmp")), whole);
            try (HttpCache cache = open()) {
                assertEquals("page " + ++page, get(server, cache));
            }
            assertEquals(3, count(), "a reply, the lock and the secret");
        });
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void filesAreForTheirOwnerAndNameNothing() {
        with("Cache-Control: max-age=100\r\n", server -> {
            try (HttpCache cache = open()) {
                get(server, cache, "Cookie", "id=verysecret");
            }
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                    String text = file + Files.readString(file, StandardCharsets.ISO_8859_1);
                    assertFalse(text.contains("verysecret") || text.contains("site"), file.toString());
                }
            }
            try (HttpCache cache = open()) {
                assertEquals("page 2", get(server, cache, "Cookie", "id=another"));
                assertEquals("page 1", get(server, cache, "Cookie", "id=verysecret"));
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "Cache-Control: max-age=100; X-A; true", "Cache-Control: max-age=100; Authorization; false",
            "Cache-Control: public, max-age=100; Authorization; true",
            "Cache-Control: must-revalidate, max-age=100; Authorization; true",
            "Cache-Control: max-age=100, private; Cookie; true", "Cache-Control: no-store; X-A; false",
            "Set-Cookie: a=b\\r\\nCache-Control: max-age=100; X-A; false",
    })
    void credentialsAreOfNoFile(String answered, String asked, boolean written) {
        with(answered.replace("\\r\\n", "\r\n") + "\r\n", server -> {
            try (HttpCache cache = open()) {
                get(server, cache, asked, "x");
                assertEquals(written ? 1 : 0, replies().size());
            }
        });
    }

    @Test
    void boundOfBytesHoldsAndWhatWasUsedStays() {
        Sim.run(1, () -> {
            try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nCache-Control: max-age=999\r\n"
                    + "Content-Length: 1000\r\n\r\n" + "x".repeat(1000))) {
                try (HttpCache cache = HttpCache.onDisk(directory, 20_000, 8_000)) {
                    for (int i = 0; i < 50; i++) {
                        get(server, cache, PAGE + i, new String[0]);
                        get(server, cache, PAGE + 0, new String[0]);
                        assertTrue(cache.statistics().fileBytes() <= 20_000);
                    }
                    assertEquals(cache.statistics().filed(), replies().size());
                    assertTrue(cache.statistics().filed() > 10, () -> cache.statistics().toString());
                }
                int before = server.requests.size();
                try (HttpCache cache = HttpCache.onDisk(directory, 5_000, 8_000)) {
                    get(server, cache, PAGE + 49, new String[0]);
                    assertTrue(cache.statistics().fileBytes() <= 5_000);
                }
                assertEquals(before, server.requests.size());
                assertTrue(replies().size() <= 4);
            }
        });
    }

    @Test
    void changeForgetsFilesToo() {
        with("Cache-Control: max-age=100\r\n", server -> {
            try (HttpCache cache = open()) {
                get(server, cache);
            }
            try (HttpCache cache = open(); HttpClient http = server.client().cache(cache).build()) {
                http.request("POST", PAGE).send().close();
                assertEquals(List.of(), replies());
                assertEquals("page 3", http.get(PAGE).text());
            }
            try (HttpCache cache = open()) {
                cache.forget(PAGE);
                assertEquals(List.of(), replies(), "also what nobody has asked for yet");
                get(server, cache);
                cache.clear();
                assertEquals(List.of(), replies());
            }
        });
    }

    @Test
    void directoryIsOfOneCacheAtATime() {
        with("Cache-Control: max-age=100\r\n", server -> {
            try (HttpCache first = open(); HttpCache second = open()) {
                assertEquals("page 1", get(server, first));
                assertEquals("page 2", get(server, second));
                assertEquals("page 2", get(server, second), "it has its memory");
                assertEquals(0, second.statistics().filed());
                assertTrue(warnings.getFirst().contains("another cache of this program"), warnings.toString());
            }
            try (HttpCache third = open()) {
                assertEquals("page 1", get(server, third));
            }
        });
    }

    /** Holds a lock until its input ends. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (FileChannel channel = FileChannel.open(
                    Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                System.out.println(channel.tryLock() != null);
                System.in.read();
            }
        }
    }

    @Test
    void directoryIsOfOneProcessAtATime() throws Exception {
        Files.createDirectory(directory);
        Process other = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + Path.of(
                        Holder.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
                Holder.class.getName(), directory.resolve("lock").toString()).start();
        try {
            assertEquals("true", other.inputReader().readLine());
            with("Cache-Control: max-age=100\r\n", server -> {
                try (HttpCache cache = open()) {
                    assertEquals("page 1", get(server, cache));
                    assertEquals("page 1", get(server, cache));
                    assertEquals(0, cache.statistics().filed());
                    assertTrue(warnings.getFirst().contains("another process"), warnings.toString());
                }
            });
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void directoryThatOthersMayWriteToIsNotUsed() throws Exception {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        with("Cache-Control: max-age=100\r\n", server -> {
            try (HttpCache cache = open()) {
                assertEquals("page 1", get(server, cache));
                assertEquals("page 1", get(server, cache));
                assertEquals(0, count());
                assertTrue(warnings.getFirst().contains("others may write"), warnings.toString());
            }
        });
    }

    @Test
    void diskThatFailsIsAsIfItWereNotThereAndIsTriedAgain() {
        with("Cache-Control: max-age=100\r\n", server -> {
            Path elsewhere = temp.resolve("elsewhere");
            try (HttpCache cache = open()) {
                assertEquals("page 1", get(server, cache, PAGE + 1, new String[0]));
                Files.move(directory, elsewhere);
                assertEquals("page 2", get(server, cache, PAGE + 2, new String[0]));
                assertEquals("page 2", get(server, cache, PAGE + 2, new String[0]), "from memory");
                assertEquals("page 3", get(server, cache, PAGE + 3, new String[0]));
                assertEquals(2, cache.statistics().fileFailures());
                assertEquals(1, warnings.size(), warnings.toString());
                Files.move(elsewhere, directory);
                assertEquals("page 4", get(server, cache, PAGE + 4, new String[0]));
                assertEquals(1, cache.statistics().filed(), "it rests");
                Heddle.sleep(CacheFiles.PAUSE);
                assertEquals("page 5", get(server, cache, PAGE + 5, new String[0]));
                assertEquals(2, cache.statistics().filed());
            }
        });
    }

    @Test
    void bodyThatBreaksOffOrIsCancelledLeavesNoFile() {
        Sim.run(1, () -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    peer.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=999\r\nContent-Length: 100000\r\n\r\n");
                    peer.send("x".repeat(50_000));
                    Heddle.sleep(Duration.ofSeconds(5));
                    if (peer.lastRequest().contains("/broken")) {
                        return;
                    }
                    peer.send("x".repeat(50_000));
                }
            }); HttpCache cache = open()) {
                Heddle.moveOnAfter(Duration.ofSeconds(1), () -> get(server, cache));
                try {
                    get(server, cache, PAGE + "/broken", new String[0]);
                } catch (HeddleException e) {
                    assertEquals(List.of(), replies());
                }
                assertEquals(100_000, get(server, cache).length());
                assertEquals(1, replies().size());
                assertEquals(3, count());
            }
        });
    }

    /** A server of one long page that is as fast as its reader. */
    private static void withLongPage(int bytes, Body body) {
        Sim.run(1, () -> {
            try (ScriptedServer server = ScriptedServer.of(peer -> {
                while (peer.hasRequest()) {
                    if (peer.lastRequest().contains("If-None-Match")) {
                        peer.send("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=50\r\nETag: \"1\"\r\n\r\n");
                    } else {
                        peer.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=50\r\nETag: \"1\"\r\nContent-Length: "
                                + bytes + "\r\n\r\n");
                        peer.send(longPage(bytes));
                    }
                }
            })) {
                body.run(server);
            }
        });
    }

    private static byte[] longPage(int bytes) {
        var page = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            page[i] = (byte) (i * 31 + (i >> 11));
        }
        return page;
    }

    /** A cache whose memory has no room for the long page. */
    private HttpCache openSmall() {
        return HttpCache.onDisk(directory, 8 * MB, 80_000);
    }

    @Test
    void longBodyGoesThroughItsFilePieceByPiece() {
        int bytes = 700_001;
        withLongPage(bytes, server -> {
            try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                for (int i = 0; i < 3; i++) {
                    assertArrayEquals(longPage(bytes), http.get(PAGE).bytes());
                    assertTrue(cache.statistics().bytes() < 80_000);
                }
                assertEquals(2, cache.statistics().hits());
                assertEquals(1, cache.statistics().filed());
            }
            Heddle.sleep(Duration.ofSeconds(60));
            try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                assertArrayEquals(longPage(bytes), http.get(PAGE).bytes());
                assertEquals(1, cache.statistics().revalidated());
                try (Reply half = http.get(PAGE)) {
                    assertTrue(half.read(new byte[1_000]) > 0);
                }
                try (Reply head = http.request("HEAD", PAGE).send()) {
                    assertEquals(Integer.toString(bytes), head.headers().first("Content-Length"));
                }
                assertArrayEquals(longPage(bytes), http.get(PAGE).bytes());
            }
            assertEquals(2, server.requests.size());
            assertEquals(3, count());
        });
    }

    @Test
    void longBodyThatIsReadWhileItIsForgottenIsReadToItsEnd() {
        int bytes = 300_000;
        withLongPage(bytes, server -> {
            try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                http.get(PAGE).bytes();
                try (Reply kept = http.get(PAGE)) {
                    cache.clear();
                    assertEquals(List.of(), replies());
                    assertArrayEquals(longPage(bytes), kept.bytes());
                }
            }
        });
    }

    @Test
    void tornLongFileIsNotThere() {
        int bytes = 300_000;
        withLongPage(bytes, server -> {
            try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                http.get(PAGE).bytes();
            }
            Path file = replies().getFirst();
            byte[] whole = Files.readAllBytes(file);
            int asked = 1;
            for (int at : new int[]{5, 100, 1_000, 299_000, whole.length - 1}) {
                byte[] changed = whole.clone();
                changed[at] ^= 1;
                Files.write(file, changed);
                try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                    assertArrayEquals(longPage(bytes), http.get(PAGE).bytes());
                    assertEquals(++asked, server.requests.size(), "at " + at);
                }
                Files.write(file, Arrays.copyOf(whole, at));
                try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                    assertArrayEquals(longPage(bytes), http.get(PAGE).bytes());
                    assertEquals(++asked, server.requests.size(), "cut at " + at);
                }
            }
        });
    }

    @Test
    void longBodyThatIsNotReadToItsEndLeavesNoFile() {
        withLongPage(300_000, server -> {
            try (HttpCache cache = openSmall(); HttpClient http = server.client().cache(cache).build()) {
                for (int i = 0; i < 3; i++) {
                    try (Reply reply = http.get(PAGE)) {
                        assertEquals(150_000, reply.inputStream().readNBytes(150_000).length);
                    }
                    assertEquals(0, cache.statistics().filed());
                }
                http.get(PAGE).bytes();
                assertEquals(3, count(), "what was given up is gone");
            }
        });
    }

    @Test
    void diskThatFailsInTheMiddleOfALongBodyTakesNothingFromItsReader() {
        withLongPage(300_000, server -> {
            try (HttpCache cache = openSmall();
                    HttpClient http = server.client().cache(cache).build();
                    Reply reply = http.get(PAGE)) {
                byte[] begin = reply.inputStream().readNBytes(150_000);
                Files.move(directory, temp.resolve("elsewhere"));
                byte[] rest = reply.inputStream().readAllBytes();
                assertEquals(300_000, begin.length + rest.length);
                assertEquals(0, cache.statistics().filed());
                assertEquals(1, cache.statistics().fileFailures());
            }
        });
    }

    @Test
    void loopsOfAProgramShareTheFiles() {
        Heddle.run(() -> {
            HttpServer.Builder builder = HttpServer.builder().get("/{name}", request -> Response
                    .text(request.path("name").repeat(500)).withHeader("Cache-Control", "max-age=600"));
            try (var server = builder.build(); HttpCache cache = HttpCache.onDisk(directory, MB, 20_000)) {
                Listener listener = Tcp.listen("127.0.0.1", 0);
                server.start(listener);
                int port = listener.port();
                List<Task<Void>> loops = IntStream.range(0, 3).mapToObj(i -> Heddle.spawn(
                        () -> Heddle.offload(() -> Heddle.run(() -> ask(cache, port))))).toList();
                loops.forEach(Task::join);
                assertEquals(30, cache.statistics().filed());
                assertEquals(0, cache.statistics().fileFailures());
                assertEquals(32, count());
            }
        });
    }

    private static void ask(HttpCache cache, int port) {
        try (HttpClient http = HttpClient.builder().cache(cache).build()) {
            Heddle.map(IntStream.range(0, 300).boxed().toList(), 10, i -> {
                String name = "p" + i % 30;
                assertEquals(name.repeat(500), http.get("http://127.0.0.1:" + port + "/" + name).text());
                return i;
            });
        }
    }
}
