package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Cookie;
import dev.heddle.http.ServerSentEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What curl makes of cookies, codings, ranges, names, conditions, passwords and events. */
@LeavesNothing
final class ResponseCurlTest {

    @TempDir
    private Path temp;

    @BeforeAll
    static void curlIsInstalled() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
    }

    private String curl(HttpServer.Builder builder, String... arguments) {
        return Heddle.run(() -> {
            try (HttpServer server = builder.start("127.0.0.1", 0)) {
                var command = new ArrayList<>(List.of("/usr/bin/curl", "-sS", "--max-time", "20"));
                for (String argument : arguments) {
                    command.add(argument.replace("{url}", "http://127.0.0.1:" + server.port()));
                }
                return Heddle.offload(() -> output(command));
            }
        });
    }

    private String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream in = process.getInputStream()) {
            String out = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return out;
        }
    }

    @Test
    void compressedBodiesAreUnderstood() throws IOException {
        Path big = Files.writeString(temp.resolve("big.txt"), "some line\n".repeat(50_000));
        HttpServer.Builder server = HttpServer.builder()
                .get("/file", r -> Compression.DEFAULT.handle(r, q -> Response.file(big)));
        for (String coding : List.of("gzip", "deflate")) {
            assertEquals(50_000,
                    curl(server, "--compressed", "-H", "Accept-Encoding: " + coding, "{url}/file").lines().count());
        }
        String size = curl(server, "-o", "coded", "-w", "%{size_download}", "-H", "Accept-Encoding: gzip",
                "{url}/file");
        assertTrue(Integer.parseInt(size) < 10_000, size);
    }

    @Test
    void attachmentGetsItsName() throws IOException {
        HttpServer.Builder server = HttpServer.builder()
                .get("/x", r -> Response.text("report").asAttachment("../a report.txt"));
        curl(server, "-OJ", "{url}/x");
        assertEquals("report", Files.readString(temp.resolve("a report.txt")));
    }

    @Test
    void severalRangesAndResumedDownloadsFit() throws IOException {
        Path root = Files.createDirectory(temp.resolve("root"));
        Files.writeString(root.resolve("a.txt"), "0123456789".repeat(20_000));
        HttpServer.Builder server = HttpServer.builder().files("/", root);
        String parts = curl(server, "-r", "0-3,199990-199999", "{url}/a.txt");
        assertTrue(parts.contains("\r\n\r\n0123\r\n--") && parts.contains("\r\n\r\n0123456789\r\n--"), parts);
        Files.writeString(temp.resolve("half.txt"), "0123456789");
        curl(server, "-C", "-", "-o", "half.txt", "{url}/a.txt");
        assertEquals(200_000, Files.size(temp.resolve("half.txt")));
    }

    @Test
    void sessionIsKeptInACookieJar() {
        Sessions sessions = Sessions.in(SessionStore.inMemory(10)).withCookie(Cookie.of("sid", "").withSecure(false));
        HttpServer.Builder server = HttpServer.builder().get("/", r -> sessions.handle(r, q -> {
            int visits = Integer.parseInt(q.session().get("visits").orElse("0")) + 1;
            q.session().put("visits", "" + visits);
            return Response.text(visits + ";");
        }));
        assertEquals("1;2;3;", curl(server, "-c", "jar", "-b", "jar", "{url}/", "{url}/", "{url}/"));
    }

    @Test
    void passwordAndATokenOpen() {
        HttpServer.Builder server = HttpServer.builder()
                .get("/basic",
                        r -> Authentication.basic("x", (user, password) -> Authentication.same(password, "p\u00e4ss"))
                                .handle(r, q -> Response.text(q.user().orElseThrow())));
        assertEquals("ann", curl(server, "-u", "ann:p\u00e4ss", "{url}/basic"));
        assertEquals("401", curl(server, "-o", "none", "-w", "%{http_code}", "-u", "ann:x", "{url}/basic"));
    }

    @Test
    void tagSavesTheSecondDownload() {
        HttpServer.Builder server = HttpServer.builder()
                .get("/", r -> Conditional.middleware().handle(r, q -> Response.text("page").withETag()));
        assertEquals("200", curl(server, "--etag-save", "tag", "-o", "page", "-w", "%{http_code}", "{url}/"));
        assertEquals("304", curl(server, "--etag-compare", "tag", "-o", "none", "-w", "%{http_code}", "{url}/"));
    }

    @Test
    void eventsArriveWhileTheStreamGoesOn() {
        HttpServer.Builder server = HttpServer.builder().get("/", r -> Response.events(events -> {
            events.send("a");
            events.send(ServerSentEvent.of("b\nc").withId("1"));
        }));
        assertEquals("data: a\n\nid: 1\ndata: b\ndata: c\n\n", curl(server, "-N", "{url}/"));
    }
}
