package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** What goes up with a request. */
final class ClientUploadTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String LARGE = "0123456789".repeat(30_000);

    @TempDir
    Path directory;

    @SimTest(seeds = 10)
    void smallBodyLeavesWithItsHeadInOneWrite() {
        try (var server = ScriptedServer.of(peer -> {
            byte[] first = peer.stream().readExactly(peer.stream().fill().remaining());
            String all = new String(first, StandardCharsets.US_ASCII);
            assertTrue(all.startsWith("POST / HTTP/1.1\r\n"), all);
            assertTrue(all.endsWith("\r\n\r\ndata"), all);
            peer.send(OK);
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            assertEquals("ok", http.request("POST", "http://h/").body("data").send().text());
        }
    }

    @SimTest(seeds = 10)
    void textHasItsTypeUnlessTheCallerSaysAnother() {
        try (var server = ScriptedServer.of(peer -> {
            for (int i = 0; i < 2; i++) {
                peer.request();
                assertEquals("\u00c3\u00a4", peer.body(2));
                peer.send(OK);
            }
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            http.request("POST", "http://h/").body("\u00e4").send().text();
            http.request("POST", "http://h/").header("Content-Type", "a/b").body("\u00e4").send().text();
            assertTrue(server.requests.get(0).contains("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
            assertTrue(server.requests.get(1).contains("\r\nContent-Type: a/b\r\n"));
        }
    }

    @SimTest(seeds = 10)
    void largeBodyGoesUpWholeWithItsLength() {
        try (var server = ScriptedServer.of(peer -> {
            assertTrue(peer.request().contains("\r\nContent-Length: " + LARGE.length() + "\r\n"));
            assertEquals(LARGE, peer.body(LARGE.length()));
            peer.send(OK);
            assertEquals(0, peer.awaitEnd());
        });
                var http = server.client().build()) {
            byte[] body = LARGE.getBytes(StandardCharsets.US_ASCII);
            assertEquals("ok", http.request("PUT", "http://h/").body(body).send().text());
            assertEquals(1, http.statistics().idle());
        }
    }

    @SimTest(seeds = 3)
    void fileGoesUpWithItsLength() throws IOException {
        Path file = Files.writeString(directory.resolve("up"), LARGE);
        try (var server = ScriptedServer.of(peer -> {
            assertTrue(peer.request().contains("\r\nContent-Length: " + LARGE.length() + "\r\n"));
            assertEquals(LARGE, peer.body(LARGE.length()));
            peer.send(OK);
            assertEquals(0, peer.awaitEnd());
        });
                var http = server.client().build()) {
            assertEquals("ok", http.request("PUT", "http://h/").body(file).send().text());
            assertThrows(
                    NoSuchFileException.class,
                    () -> http.request("PUT", "http://h/").body(directory.resolve("absent")));
        }
    }

    @SimTest(seeds = 3)
    void fileThatGrowsOrShrinksMeanwhileFailsTheRequest() throws IOException {
        for (String now : new String[]{"more than before", "less"}) {
            Path file = Files.writeString(directory.resolve("changing"), "0123456789");
            try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                    var http = server.client().build()) {
                var request = http.request("PUT", "http://h/").body(file);
                Files.writeString(file, now);
                var changed = assertThrows(IllegalStateException.class, request::send);
                assertTrue(changed.getMessage().contains(file.toString()), changed.getMessage());
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 3)
    void streamGoesUpInChunksAndIsClosed() {
        boolean[] closed = new boolean[1];
        InputStream source = new ByteArrayInputStream("data".getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        try (var server = ScriptedServer.of(peer -> {
            assertTrue(peer.request().contains("\r\nTransfer-Encoding: chunked\r\n"));
            assertEquals("4\r\ndata\r\n0\r\n\r\n", peer.readUntil("0\r\n\r\n"));
            peer.send(OK);
            assertEquals(0, peer.awaitEnd());
        });
                var http = server.client().build()) {
            assertEquals("ok", http.request("POST", "http://h/").body(source).send().text());
            assertTrue(closed[0]);
        }
    }

    @SimTest(seeds = 10)
    void whatAWriterFlushesLeavesAtOnce() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            assertEquals("2\r\nab\r\n", peer.readUntil("ab\r\n"));
            assertEquals("1\r\nc\r\n0\r\n\r\n", peer.readUntil("0\r\n\r\n"));
            peer.send(OK);
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            Reply reply = http.request("POST", "http://h/")
                    .body(out -> {
                        out.write('a');
                        out.write('b');
                        out.flush();
                        Heddle.sleep(Duration.ofSeconds(5));
                        out.write('c');
                    })
                    .send();
            assertEquals("ok", reply.text());
        }
    }

    @SimTest(seeds = 10)
    void writerThatFailsFailsTheRequestAndLeavesNoWholeBody() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            assertFalse(new String(peer.stream().readAll(1000), StandardCharsets.US_ASCII).contains("0\r\n\r\n"));
        });
                var http = server.client().build()) {
            var checked = http.request("POST", "http://h/").body(out -> {
                out.write('a');
                throw new IOException("disk");
            });
            var e = assertThrows(TaskFailedException.class, checked::send);
            assertEquals("disk", e.getCause().getMessage());
            var unchecked = http.request("POST", "http://h/").body(out -> {
                throw new IllegalStateException("no data");
            });
            assertThrows(IllegalStateException.class, unchecked::send);
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void whatAWriterMakesOfALostConnectionIsNoFailureOfTheBody() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.abort();
        });
                var http = server.client().build()) {
            var request = http.request("POST", "http://h/").body(out -> {
                try {
                    while (true) {
                        out.write(new byte[100_000]);
                    }
                } catch (BrokenException e) {
                    throw new IOException("wrapped", e);
                }
            });
            assertThrows(BrokenException.class, request::send);
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 3)
    void onlyARegularFileGoesUp() throws IOException {
        try (var http = HttpClient.create()) {
            var e = assertThrows(IOException.class, () -> http.request("PUT", "http://h/").body(directory));
            assertTrue(e.getMessage().endsWith("is not a regular file"), e.getMessage());
        }
    }

    @SimTest(seeds = 10)
    void refusalEndsTheUploadAndIsTheReply() {
        for (boolean closes : new boolean[]{true, false}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                if (closes) {
                    peer.stream().closeOutput();
                }
                Heddle.sleep(Duration.ofHours(1));
            });
                    var http = server.client().build()) {
                Reply reply = http.request("POST", "http://h/").body(new byte[10_000_000]).send();
                assertEquals(413, reply.status());
                assertEquals("big", reply.text());
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 10)
    void serverThatAnswersWhileItReadsGetsAllOfIt() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length() + "\r\n\r\n");
            peer.send(peer.body(LARGE.length()));
            peer.awaitEnd();
        });
                var http = server.client().build()) {
            byte[] body = LARGE.getBytes(StandardCharsets.US_ASCII);
            assertEquals(LARGE, http.request("POST", "http://h/").body(body).send().text());
        }
    }

    @SimTest(seeds = 10)
    void connectionThatBreaksDuringTheUploadIsAnError() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.abort();
        });
                var http = server.client().build()) {
            var request = http.request("POST", "http://h/").body(new byte[10_000_000]);
            assertThrows(BrokenException.class, request::send);
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void cancelDuringTheUploadClosesTheConnection() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            Heddle.sleep(Duration.ofHours(1));
        });
                var http = server.client().build()) {
            Task<Reply> task = Heddle.spawn(() -> http.request("POST", "http://h/").body(new byte[10_000_000]).send());
            Heddle.sleep(Duration.ofSeconds(1));
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void bodyWaitsForTheGoAhead() {
        try (var server = ScriptedServer.of(peer -> {
            assertTrue(peer.request().contains("\r\nExpect: 100-continue\r\n"));
            Heddle.sleep(Duration.ofMillis(500));
            assertFalse(peer.stream().buffered().hasRemaining());
            peer.send(CONTINUE);
            assertEquals("data", peer.body(4));
            peer.send(OK);
            assertEquals(0, peer.awaitEnd());
        });
                var http = server.client().build()) {
            assertEquals("ok", http.request("POST", "http://h/").body("data").expectContinue().send().text());
            assertEquals(1, http.statistics().idle());
        }
    }

    @SimTest(seeds = 10)
    void refusalInsteadOfTheGoAheadKeepsTheBodyBack() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
            assertEquals(0, peer.awaitEnd());
        });
                var http = server.client().build()) {
            assertEquals(417, http.request("POST", "http://h/").body("data").expectContinue().send().status());
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void withoutAGoAheadTheBodyGoesAllTheSame() {
        for (String early : new String[]{"", "HTTP/1.1 200 O", "HTTP/1.1 103 Early\r\n\r\n"}) {
            try (var server = ScriptedServer.of(peer -> {
                peer.request();
                peer.send(early);
                assertEquals("data", peer.body(4));
                peer.send(early.startsWith("HTTP/1.1 2") ? OK.substring(early.length()) : CONTINUE + OK);
                assertEquals(0, peer.awaitEnd());
            });
                    var http = server.client().build()) {
                assertEquals("ok", http.request("POST", "http://h/").body("data").expectContinue().send().text());
            }
        }
    }

    @SimTest(seeds = 10)
    void writeThatTheWriterItselfCutsOffIsNotLostFromTheBody() {
        try (var server = ScriptedServer.of(peer -> {
            peer.request();
            assertThrows(HeddleException.class, () -> peer.stream().readAll(1_000));
        });
                var http = server.client().build()) {
            var request = http.request("POST", "http://h/").body(out -> {
                out.write('a');
                assertFalse(CancelScope.open(scope -> {
                    scope.cancel("on purpose");
                    out.flush();
                }));
                out.write('b');
            });
            // What the server answers to half a body would still count.
            assertThrows(DeadlineExceededException.class, request::send);
        }
    }
}
