package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.middleware.LogText;
import dev.heddle.http.testing.TestClient;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the owner learns of each request. */
final class AccessLogTest {

    private static final AccessRecord RECORD = new AccessRecord(Instant.parse("2026-11-20T16:05:10Z"), "192.0.2.1",
            "GET",
            "/a?b", "HTTP/1.1", "a", 200, 5, Duration.ofMillis(3), "http://b/", "curl/8");

    @TempDir
    private Path temp;

    private final List<AccessRecord> records = new ArrayList<>();

    private HttpServer.Builder server() {
        return HttpServer.builder()
                .accessLog(records::add)
                .get("/text", r -> Response.text("hello"))
                .get("/late", r -> {
                    Heddle.sleep(Duration.ofSeconds(3));
                    return Response.empty(204);
                })
                .get("/stream", r -> Response.stream("a/b", out -> {
                    out.write(new byte[70_000]);
                    out.flush();
                    out.write(new byte[7]);
                }))
                .get("/cut", r -> Response.stream("a/b", out -> {
                    out.write(new byte[100]);
                    out.flush();
                    throw new IllegalStateException("cut");
                }))
                .get("/bug", r -> {
                    throw new IllegalStateException();
                })
                .post("/read", r -> Response.text(r.text(100)))
                .files("/files", temp);
    }

    private AccessRecord ask(String request) {
        records.clear();
        Wire.ask(server(), request);
        assertEquals(1, records.size());
        return records.getFirst();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    @Test
    void recordTellsWhoAskedForWhatAndWhatCameOfIt() {
        AccessRecord record = ask("GET /text?q=1 HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\nUser-Agent: me\r\n"
                + "Referer: http://b/\r\n\r\n");
        assertEquals("GET", record.method());
        assertEquals("/text?q=1", record.target());
        assertEquals("HTTP/1.1", record.protocol());
        assertEquals("a:80", record.host());
        assertEquals(200, record.status());
        assertEquals(5, record.bodyBytes());
        assertEquals("me", record.userAgent());
        assertEquals("http://b/", record.referer());
        assertTrue(record.clientAddress().startsWith("memory:"), record.clientAddress());
    }

    @Test
    void timeIsThatFromTheHeadToTheEndOfTheResponse() {
        assertEquals(Duration.ofSeconds(3), ask(get("/late")).duration());
    }

    @Test
    void allKindsOfBodiesAreCounted() throws IOException {
        Files.write(temp.resolve("f"), new byte[200_000]);
        assertEquals(200_000, ask(get("/files/f")).bodyBytes());
        assertEquals(70_007, ask(get("/stream")).bodyBytes());
        assertEquals(0, ask(get("/late")).bodyBytes());
        assertEquals(0, ask("HEAD /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").bodyBytes());
        assertThrows(BrokenException.class, () -> ask(get("/cut")));
        assertEquals(100, records.getFirst().bodyBytes());
    }

    @Test
    void errorsAreRecordedToo() {
        assertEquals(404, ask(get("/none")).status());
        assertEquals(500, ask(get("/bug")).status());
        AccessRecord bad = ask("GET  /text HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(400, bad.status());
        assertEquals("-", bad.method());
        assertEquals("-", bad.target());
        AccessRecord late = ask("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        assertEquals(408, late.status());
        assertEquals("POST", late.method());
    }

    @Test
    void requestWithoutAResponseHasNoStatus() {
        Wire.play(server(), (stream, connection) -> {
            stream.write("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
            Heddle.sleep(Duration.ofSeconds(1));
            stream.abort();
            connection.join();
        });
        assertEquals(1, records.size());
        assertEquals(0, records.getFirst().status());
    }

    @Test
    void nothingThatPeersSendForgesALineOrDrivesATerminal() {
        AccessRecord record = ask(
                "GET /text?\"\\ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUser-Agent: a\"b\\c\u00e9\t\r\n"
                        + "Referer: x\u009b31m\r\n\r\n");
        String line = AccessLog.combinedLine(record);
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
        assertTrue(line.endsWith("\"x\\x9b31m\" \"a\\\"b\\\\c\\xe9\""), line);
        assertEquals("\\x0d\\x0a\\x1b[31m\\x00", LogText.escaped("\r\n\u001b[31m\0"));
    }

    @Test
    void longTextsAreCut() {
        AccessRecord record = ask(get("/text?" + "x".repeat(5_000)));
        assertEquals(1_000, record.target().length());
    }

    @Test
    void combinedFormatIsThatOfApache() {
        assertEquals("192.0.2.1 - - [20/Nov/2026:16:05:10 +0000] \"GET /a?b HTTP/1.1\" 200 5 \"http://b/\" \"curl/8\"",
                AccessLog.combinedLine(RECORD));
        AccessRecord empty = new AccessRecord(RECORD.time(), "", "-", "-", "-", "", 0, 0, Duration.ZERO, "", "");
        assertEquals("- - - [20/Nov/2026:16:05:10 +0000] \"-\" 000 - \"-\" \"-\"", AccessLog.combinedLine(empty));
    }

    @Test
    void logThatFailsChangesNoResponse() {
        String answer = Wire.ask(server().accessLog(r -> {
            throw new IllegalStateException("full");
        }), get("/text"));
        assertTrue(answer.endsWith("hello"), answer);
    }

    @Test
    void linesAreAppendedAndWholeWhenTheLogIsClosed() throws IOException {
        Path file = temp.resolve("log");
        Files.writeString(file, "before\n");
        try (AccessLog log = AccessLog.combined(file)) {
            for (int i = 0; i < 3_000; i++) {
                log.accept(RECORD);
            }
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(3_001, lines.size());
        assertEquals("before", lines.getFirst());
        assertEquals(AccessLog.combinedLine(RECORD), lines.getLast());
    }

    @Test
    void slowDiskHoldsNobodyUpAndWhatIsTooMuchIsDroppedAndCounted() {
        var written = new ByteArrayOutputStream();
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        AccessLog log = AccessLog.combined(new OutputStream() {
            @Override
            public void write(int b) {
                written.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                begun.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                written.write(bytes, offset, count);
            }
        });
        log.accept(RECORD);
        awaited(begun);
        for (int i = 0; i < AccessLog.MAX_WAITING + 10; i++) {
            log.accept(RECORD);
        }
        assertEquals(10, log.dropped());
        go.countDown();
        log.close();
        log.accept(RECORD);
        assertEquals(11, log.dropped());
        assertEquals(AccessLog.MAX_WAITING + 1, written.toString().lines().count());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatCannotBeWrittenIsCounted() {
        AccessLog log = AccessLog.combined(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left on device");
            }
        });
        log.accept(RECORD);
        log.close();
        log.close();
        assertEquals(1, log.dropped());
    }

    @Test
    void serverOnALoopWritesIntoAFile() throws IOException {
        Path file = temp.resolve("log");
        Heddle.run(() -> {
            try (AccessLog log = AccessLog.combined(file);
                    HttpServer server = HttpServer.builder().accessLog(log).get("/", r -> Response.text("hello"))
                            .build();
                    TestClient client = TestClient.of(server)) {
                assertEquals("hello", client.get("/").text());
            }
        });
        String line = Files.readString(file);
        assertTrue(line.contains("\"GET / HTTP/1.1\" 200 5 \"-\" \"heddle\"\n"), line);
    }

    @Test
    void statisticsCountTheSame() {
        Sim.run(() -> {
            HttpServer server = server().get("/moved", r -> Response.redirect(301, "/")).build();
            assertEquals(0, server.statistics().requests());
            try (TestClient client = TestClient.of(server)) {
                for (String path : List.of("/text", "/text", "/moved", "/none", "/bug")) {
                    client.get(path).bytes();
                }
                var asking = Heddle.spawn(() -> client.get("/late").status());
                Heddle.sleep(Duration.ofSeconds(1));
                assertEquals(1, server.statistics().inFlight());
                assertEquals(204, asking.join());
                assertEquals(new RunningServer.Counts(1, 1, 0, 6, 3, 1, 1, 1, 0), server.statistics());
            }
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                ByteStream peer = pair.left();
                var serving = Heddle.spawn(() -> server.serve(pair.right()));
                peer.write("POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
                Heddle.sleep(Duration.ofSeconds(1));
                peer.abort();
                serving.join();
            }
            assertEquals(1, server.statistics().unanswered());
            server.close();
            assertEquals(0, server.statistics().connections());
        });
    }

    @Test
    void streamThatThrowsWhatItShouldNotDoesNotHangTheClose() {
        AccessLog log = AccessLog.combined(new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("a bug of the stream's");
            }
        });
        log.accept(RECORD);
        log.close();
        assertEquals(1, log.dropped());
    }

    @Test
    void interruptedCloseLeavesTheRestToTheLogsThread() throws InterruptedException {
        for (int records : new int[]{0, AccessLog.MAX_WAITING}) {
            var begun = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            var closed = new CountDownLatch(1);
            AccessLog log = AccessLog.combined(new OutputStream() {
                @Override
                public void write(int b) {
                    begun.countDown();
                    awaited(go);
                }

                @Override
                public void write(byte[] bytes, int offset, int count) {
                    write(0);
                }

                @Override
                public void close() {
                    closed.countDown();
                }
            });
            log.accept(RECORD);
            awaited(begun);
            for (int i = 0; i < records; i++) {
                log.accept(RECORD);
            }
            Thread.currentThread().interrupt();
            log.close();
            assertTrue(Thread.interrupted());
            go.countDown();
            assertTrue(closed.await(10, TimeUnit.SECONDS), records + " records");
            assertEquals(0, log.dropped());
        }
    }

    @Test
    void streamThatClosesItsLogIsClosedItself() throws Exception {
        var log = new AtomicReference<AccessLog>();
        var closed = new CountDownLatch(1);
        log.set(AccessLog.combined(new OutputStream() {
            @Override
            public void write(int b) {
                log.get().close();
            }

            @Override
            public void close() {
                closed.countDown();
            }
        }));
        log.get().accept(RECORD);
        assertTrue(closed.await(10, TimeUnit.SECONDS));
    }
}
