package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.file.FileFailedException;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.server.ClosableWriter;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.Sim;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms that are collected: fields in memory, files in memory or on the disk, and gone with their request. */
@LeavesNothing
final class FormDataTest {

    private static final String LARGE = "0123456789".repeat(30_000);

    @TempDir
    private Path temp;

    private final List<FormData> seen = new ArrayList<>();

    private MultipartLimits limits() {
        return MultipartLimits.DEFAULT.withDirectory(temp).withMemoryBytes(1000);
    }

    private HttpServer.Builder server(Handler handler) {
        return HttpServer.builder().post("/", r -> {
            seen.add(r.formData(limits()));
            return handler.handle(r);
        });
    }

    private static String large() {
        return Multipart.post(Multipart.body(
                Multipart.field("a", "1"), Multipart.file("f", "large.txt", LARGE),
                Multipart.file("f", "small", "few"), Multipart.file("g", "second", LARGE + "!"),
                Multipart.field("a", "2")));
    }

    /** What is left in the directory, and the descriptors that are open, are looked at after every test. */
    @AfterEach
    void nothingIsLeftInTheDirectory() throws IOException {
        try (var entries = Files.list(temp)) {
            assertEquals(List.of(), entries.toList());
        }
    }

    @Test
    void fieldsAndFilesComeApartAndInOrder() {
        String answer = Wire.ask(server(r -> {
            FormData data = seen.getLast();
            assertSame(data, r.formData(limits()));
            assertEquals(List.of("1", "2"), data.fields().all("a"));
            assertEquals(List.of("large.txt", "small", "second"),
                    data.files().stream().map(UploadedFile::filename).toList());
            assertEquals(2, data.files("f").size());
            assertEquals(Optional.empty(), data.file("a"));
            UploadedFile file = data.file("f").orElseThrow();
            assertEquals(LARGE.length(), file.size());
            assertEquals(Optional.of("text/plain"), file.contentType());
            for (int i = 0; i < 2; i++) {
                assertEquals(LARGE, file.text(1 << 20));
                assertEquals(LARGE, Wire.text(file.inputStream().readAllBytes()));
                assertEquals(LARGE + "!", data.file("g").orElseThrow().text(1 << 20));
            }
            assertEquals("few", data.files("f").get(1).text(3));
            assertEquals(413, assertThrows(StatusException.class, () -> file.bytes(10)).status());
            return Response.text("ok");
        }), large());
        assertEquals("ok", Wire.body(answer));
        UploadedFile late = seen.getFirst().file("f").orElseThrow();
        Sim.run(() -> {
            assertThrows(IllegalStateException.class, () -> late.bytes(1 << 20));
        });
    }

    /** Where the system can, a file that is deleted with its end has no name from the beginning. */
    @Test
    void fileOfAnUploadHasNoNameThatOthersCouldOpen_CVE_2022_24823() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "Linux");
        var names = new ArrayList<Path>();
        Wire.ask(server(r -> {
            try (var entries = Files.list(temp)) {
                names.addAll(entries.toList());
            }
            return Response.text(seen.getLast().file("f").orElseThrow().filename());
        }), large());
        assertEquals(1, seen.size());
        assertEquals(List.of(), names);
    }

    @Test
    void fileCanBeSaved() throws IOException {
        Path kept = temp.resolve("kept");
        assertEquals("300000", Wire.body(Wire.ask(
                server(r -> Response.text("" + seen.getLast().file("f").orElseThrow().saveTo(kept))), large())));
        assertEquals(LARGE, Files.readString(kept));
        Files.delete(kept);
    }

    @Test
    void fileJustAsLargeAsTheMemoryStaysThere() {
        for (int size : new int[]{0, 999, 1000, 1001}) {
            String data = "x".repeat(size);
            assertEquals("ok", Wire.body(Wire.ask(server(r -> {
                assertEquals(data, seen.getLast().files().getFirst().text(1 << 20));
                return Response.text("ok");
            }), Multipart.post(Multipart.body(Multipart.file("f", "n", data))))));
        }
    }

    @Test
    void inputThatWasLeftEmptyIsNoFile() {
        Wire.ask(server(r -> Response.text("ok")), Multipart.post(
                Multipart.body(Multipart.file("f", "", ""), Multipart.file("g", "", "x"),
                        Multipart.file("h", "n", ""))));
        assertEquals(List.of("g", "h"), seen.getFirst().files().stream().map(UploadedFile::name).toList());
    }

    @Test
    void urlencodedFormHasFieldsOnly() {
        Wire.ask(server(r -> Response.text("ok")),
                Multipart.post("application/x-www-form-urlencoded", "a=1&b=%20"));
        assertEquals(Optional.of(" "), seen.getFirst().fields().get("b"));
        assertEquals(List.of(), seen.getFirst().files());
        assertEquals(415, Wire.status(Wire.ask(server(r -> Response.text("ok")), Multipart.post("text/plain", "a=1"))));
    }

    @Test
    void bodyIsOneFormOnly() {
        var twice = HttpServer.builder().post("/", r -> {
            r.multipart();
            assertThrows(IllegalStateException.class, r::multipart);
            assertThrows(IllegalStateException.class, r::formData);
            return Response.text("ok");
        });
        assertEquals("ok", Wire.body(Wire.ask(twice, Multipart.post(Multipart.body()))));
    }

    @Test
    void filesAreThereUntilAStreamedResponseIsWritten() {
        var streaming = server(r -> Response.stream("text/plain", out -> {
            seen.getLast().file("f").orElseThrow().inputStream().transferTo(out);
        }));
        String whole = Wire.ask(streaming, large());
        assertEquals(200, Wire.status(whole));
        assertEquals(true, whole.contains("0123456789"));
        String failing = Wire.ask(server(r -> Response.stream("text/plain", out -> {
            throw new IllegalStateException("on purpose");
        })), large());
        assertEquals(500, Wire.status(failing));
    }

    @Test
    void whatAStreamedResponseHoldsItselfIsFreedBesidesTheFiles() {
        int[] released = new int[1];
        class Held implements ClosableWriter {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                seen.getLast().file("f").orElseThrow().inputStream().transferTo(out);
            }

            @Override
            public void release() {
                released[0]++;
            }
        }
        assertEquals(200, Wire.status(Wire.ask(server(r -> Response.stream("text/plain", new Held())), large())));
        assertEquals(1, released[0]);
    }

    @Test
    void filesAreGoneWhenTheHandlerFails() {
        assertEquals(500, Wire.status(Wire.ask(server(r -> {
            throw new IllegalStateException("on purpose");
        }), large())));
    }

    @Test
    void filesAreGoneWhenTheUploadIsCutOffAtAnyPlace() {
        String request = large();
        for (int end = 10; end < request.length(); end += 50_021) {
            String part = request.substring(0, end);
            Wire.play(server(r -> Response.text("ok")), (peer, connection) -> {
                peer.write(Wire.latin1(part));
                Heddle.sleep(Duration.ofSeconds(1));
                peer.abort();
                connection.join();
            });
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void filesAreGoneWhenTheHandlerIsCancelled() {
        Sim.run(() -> {
            try (MemoryStreams.Pair pair = MemoryStreams.pair()) {
                HttpServer server = server(r -> {
                    Heddle.sleep(Duration.ofHours(1));
                    return Response.text("ok");
                }).build();
                var connection = Heddle.spawn(() -> server.serve(pair.right()));
                pair.left().write(Wire.latin1(large()));
                Heddle.sleep(Duration.ofSeconds(1));
                server.stop(Duration.ZERO);
                connection.join();
            }
        });
        assertEquals(1, seen.size());
    }

    @Test
    void diskThatIsFullGets507AndOthersGoOn() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no device that is always full");
        var server = HttpServer.builder().post("/", r -> {
            try (var spool = new UploadSpool(() -> FileChannel.open(full, StandardOpenOption.WRITE))) {
                new FormCollector(limits(), spool).collect(r.multipart());
            }
            return Response.text("ok");
        });
        assertEquals(507, Wire.status(Wire.ask(server, large())));
        String small = Multipart.post(Multipart.body(Multipart.file("f", "n", "few")));
        assertEquals(200, Wire.status(Wire.ask(server, small)));
    }

    @ParameterizedTest
    @CsvSource({
            "POST, No space left on device, 507",
            "PUT,  Disk quota exceeded,     507",
            "POST, Input/output error,      500",
            "GET,  No space left on device, 500"
    })
    void handlerWithoutRoomForWhatItWasSentGets507(String method, String words, int status) {
        var full = new FileSystemException("kept", null, words);
        for (Exception failure : List.of(full, new UncheckedIOException(full),
                new FileFailedException("write", Path.of("kept"), full))) {
            Handler handler = r -> {
                throw failure;
            };
            var server = HttpServer.builder().get("/", handler).post("/", handler).put("/", handler);
            assertEquals(status, Wire.status(Wire.ask(
                    server, method + " / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        }
    }

    @Test
    void directoryThatIsNotThereGets500() {
        var server = HttpServer.builder().post("/", r -> {
            r.formData(limits().withDirectory(temp.resolve("absent")));
            return Response.text("ok");
        });
        assertEquals(500, Wire.status(Wire.ask(server, large())));
    }

    @Test
    void requestCanBeSavedAndReadAsAStream() throws IOException {
        Path kept = temp.resolve("kept");
        var server = HttpServer.builder()
                .post("/save", r -> Response.text("" + r.saveTo(kept)))
                .post("/stream", r -> Response.text("" + r.inputStream().readAllBytes().length));
        String request = Multipart.post("a/b", LARGE);
        assertEquals("300000", Wire.body(Wire.ask(server, request.replace("POST /", "POST /stream"))));
        assertEquals("300000", Wire.body(Wire.ask(server, request.replace("POST /", "POST /save"))));
        assertEquals(LARGE, Files.readString(kept));
        Wire.play(server, (peer, connection) -> {
            peer.write(Wire.latin1(request.replace("POST /", "POST /save").substring(0, 200_000)));
            Heddle.sleep(Duration.ofSeconds(1));
            peer.abort();
            connection.join();
        });
        assertEquals(LARGE, Files.readString(kept));
        Files.delete(kept);
    }
}
