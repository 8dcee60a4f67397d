package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.server.FormData;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.UploadedFile;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Forms that a client sends. */
final class ClientFormTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String LARGE = "0123456789".repeat(30_000);

    @TempDir
    private Path temp;

    /** What a server of our own reads. */
    private final List<String> seen = new ArrayList<>();

    private HttpServer echo() {
        return HttpServer.builder().post("/", r -> {
            seen.add(r.contentLength().isPresent() ? "sized" : "chunked");
            FormData data = r.formData();
            data.fields().forEach((name, value) -> seen.add(name + "=" + value));
            for (UploadedFile file : data.files()) {
                seen.add(file.name() + "(" + file.filename() + ", " + file.contentType().orElse("") + ")="
                        + file.text(1 << 20));
            }
            return Response.text("ok");
        }).start("127.0.0.1", 0);
    }

    private static ClientRequest post(HttpClient http, HttpServer server) {
        return http.request("POST", "http://127.0.0.1:" + server.port());
    }

    @SimTest(seeds = 3)
    void fieldsAreEncodedAndKeepTheirOrder() {
        try (var http = HttpClient.create(); var server = echo()) {
            post(http, server).form("b", "1 &=+%", "a\u00e4", "\u20ac", "b", "", "", "x").send().text();
            var map = new LinkedHashMap<String, String>();
            map.put("z", "1");
            map.put("a", "2");
            post(http, server).form(map).send().text();
            assertEquals(List.of("sized", "b=1 &=+%", "a\u00e4=\u20ac", "b=", "=x", "sized", "z=1", "a=2"), seen);
            assertThrows(IllegalArgumentException.class, () -> post(http, server).form("odd"));
        }
    }

    @SimTest(seeds = 3)
    void formIsWrittenAsBrowsersDo() {
        try (var server = ScriptedServer.of(peer -> {
            String head = peer.request();
            assertTrue(head.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"), head);
            assertEquals("a+b=c%26d&e=%C3%A4*-._", peer.body(22));
            peer.send(OK);
        });
                var http = server.client().build()) {
            http.request("POST", "http://h/").form("a b", "c&d", "e", "\u00e4*-._").send().text();
        }
    }

    @SimTest(seeds = 3)
    void partsOfAllKindsArriveWithTheLengthOfTheWhole() throws IOException {
        Path file = Files.writeString(temp.resolve("large.png"), LARGE);
        byte[] bytes = "\r\n--x\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var http = HttpClient.create(); var server = echo()) {
            ClientRequest request = post(http, server).multipart(form -> form
                    .field("a", "\u20ac")
                    .file("f", file)
                    .file("g", file, "a/b")
                    .bytes("h", "\u00e4 \"x\"\r\n.txt", "text/plain", bytes)
                    .field("", ""));
            List<String> expected = List.of(
                    "sized", "a=\u20ac", "=", "f(large.png, image/png)=" + LARGE, "g(large.png, a/b)=" + LARGE,
                    "h(\u00e4 %22x%22%0D%0A.txt, text/plain)=\r\n--x\r\n");
            request.send().text();
            assertEquals(expected, seen);
            seen.clear();
            request.send().text();
            assertEquals(expected, seen);
        }
    }

    @SimTest(seeds = 3)
    void streamMakesTheLengthUnknownAndIsSentOnceOnly() throws IOException {
        try (var http = HttpClient.create(); var server = echo()) {
            var source = new ByteArrayInputStream(LARGE.getBytes(StandardCharsets.US_ASCII));
            post(http, server).multipart(form -> form.stream("s", "n", "a/b", source).field("a", "b")).send().text();
            assertEquals(List.of("chunked", "a=b", "s(n, a/b)=" + LARGE), seen);
        }
        ClientBody once = new MultipartBody().stream("s", "n", "a/b", new ByteArrayInputStream(new byte[0])).body("b");
        assertFalse(once.isRepeatable());
        assertTrue(new MultipartBody().field("a", "b").body("b").isRepeatable());
    }

    @SimTest(seeds = 3)
    void noPartsAreABodyToo() throws IOException {
        try (var http = HttpClient.create(); var server = echo()) {
            post(http, server).multipart(form -> {}).send().text();
            assertEquals(List.of("sized"), seen);
        }
    }

    @SimTest(seeds = 3)
    void whatCannotBeSentIsRefusedAtOnce() throws IOException {
        try (var http = HttpClient.create()) {
            ClientRequest request = http.request("POST", "http://h/");
            Path absent = temp.resolve("absent");
            assertThrows(NoSuchFileException.class, () -> request.multipart(form -> form.file("f", absent)));
            assertThrows(IOException.class, () -> request.multipart(form -> form.file("f", temp)));
            assertThrows(IllegalArgumentException.class, () -> request.multipart(form -> form.field("a\0", "b")));
            assertThrows(IllegalArgumentException.class,
                    () -> request.multipart(form -> form.bytes("a", "b", "text/plain\r\nX: y", new byte[0])));
        }
    }

    @SimTest(seeds = 5)
    void boundariesAreNeverTheSame() {
        String boundary = MultipartBody.newBoundary();
        assertTrue(boundary.matches("heddle-[0-9a-f]{2,32}"), boundary);
        assertFalse(boundary.equals(MultipartBody.newBoundary()));
    }
}
