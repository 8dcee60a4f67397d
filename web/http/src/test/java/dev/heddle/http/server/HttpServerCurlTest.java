package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that people really have, over real sockets. */
@Tag("full")
final class HttpServerCurlTest {

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

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/hello", r -> Response.text("hello"))
            .post("/length", r -> Response.text("" + r.bytes(8 << 20).length))
            .post("/ignore", r -> Response.text("ignored"))
            .get("/stream", r -> Response.stream("text/plain", out -> {
                for (int i = 0; i < 1000; i++) {
                    out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    if (i % 100 == 0) {
                        out.flush();
                    }
                }
            }));

    @Test
    void severalRequestsShareAConnection() {
        assertEquals("hello0hello0hello0", curl(server, "{url}/hello", "{url}/hello", "{url}/hello", "-w", "0"));
        String verbose = curl(server, "-v", "{url}/hello", "{url}/hello");
        assertTrue(verbose.contains("Re-using existing connection"), verbose);
    }

    @Test
    void streamComesWhole() {
        assertEquals(1000, curl(server, "{url}/stream").lines().count());
        assertEquals(1000, curl(server, "--http1.0", "{url}/stream").lines().count());
    }

    @Test
    void uploadsWithLengthChunkedAndWithContinueArrive() throws IOException {
        Path file = Files.write(temp.resolve("up"), new byte[3_000_000]);
        assertEquals("3000000", curl(server, "--data-binary", "@" + file, "{url}/length"));
        assertEquals("3000000",
                curl(server, "-H", "Transfer-Encoding: chunked", "--data-binary", "@" + file, "{url}/length"));
        assertEquals("3000000",
                curl(server, "-H", "Expect: 100-continue", "--data-binary", "@" + file, "{url}/length"));
    }

    @Test
    void uploadThatIsNotWantedStillGetsItsAnswer() throws IOException {
        Path file = Files.write(temp.resolve("up"), new byte[30_000_000]);
        String answer = curl(server, "-w", "%{http_code}", "-H", "Expect:", "--data-binary", "@" + file,
                "{url}/ignore");
        assertTrue(answer.contains("413"), answer);
    }

    @Test
    void headRangesAndConditionsWork() throws IOException {
        Path root = Files.createDirectory(temp.resolve("root"));
        Files.write(root.resolve("f.bin"), new byte[500_000]);
        server.files("/files", root);
        assertTrue(curl(server, "-I", "{url}/files/f.bin").contains("Content-Length: 500000"));
        assertEquals("206 1000", curl(server, "-r", "1000-1999", "-o", "/dev/null", "-w",
                "%{http_code} %{size_download}", "{url}/files/f.bin"));
        Path tag = temp.resolve("tag");
        curl(server, "--etag-save", tag.toString(), "-o", "/dev/null", "{url}/files/f.bin");
        assertEquals("304", curl(server, "--etag-compare", tag.toString(), "-o", "/dev/null", "-w", "%{http_code}",
                "{url}/files/f.bin"));
        assertEquals("404",
                curl(server, "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", "{url}/files/../../etc/passwd"));
    }
}
