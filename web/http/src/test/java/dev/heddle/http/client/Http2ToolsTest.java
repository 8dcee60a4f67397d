package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of HTTP/2 that people really have, over real sockets. */
final class Http2ToolsTest {

    private static final Path BIN = Path.of("/usr/bin");

    @TempDir
    private Path temp;

    private final HttpServer.Builder server = HttpServer.builder()
            .get("/hello", r -> Response.text("hello over " + r.version() + "\n"))
            .get("/big", r -> Response.bytes("a/b", new byte[2_000_000]))
            .get("/stream", r -> Response.stream("text/plain", out -> {
                for (int i = 0; i < 1_000; i++) {
                    out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    if (i % 100 == 0) {
                        out.flush();
                    }
                }
            }))
            .get("/hinted", r -> {
                r.sendEarlyHints(Headers.of("Link", "</a.css>; rel=preload"));
                return Response.text("hello\n");
            })
            .post("/length", r -> Response.text("" + r.bytes(8 << 20).length))
            .post("/ignore", r -> Response.text("ignored"));

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String run(String tool, String scheme, String... arguments) {
        assumeTrue(Files.isExecutable(BIN.resolve(tool)), tool + " is not installed");
        return Heddle.run(() -> {
            try (HttpServer started = server.start("127.0.0.1", 0)) {
                List<String> command = new ArrayList<>(List.of(BIN.resolve(tool).toString()));
                for (String argument : arguments) {
                    command.add(argument.replace("{url}", scheme + "://127.0.0.1:" + started.port()));
                }
                return Heddle.offload(() -> output(command));
            }
        });
    }

    private String curl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-sS", "--max-time", "20", "--http2-prior-knowledge"));
        all.addAll(List.of(arguments));
        return run("curl", "http", all.toArray(String[]::new));
    }

    @Test
    void curlSpeaksItWithPriorKnowledge() {
        assertEquals("hello over HTTP/2\n", curl("{url}/hello"));
        assertEquals(1_000, curl("{url}/stream").lines().count());
        assertEquals("2000000", curl("{url}/big", "-o", "/dev/null", "-w", "%{size_download}"));
        assertTrue(curl("-I", "{url}/big").contains("content-length: 2000000"));
    }

    @Test
    void curlUploadsWithAndWithoutWaitingForA100() throws IOException {
        Path file = Files.write(temp.resolve("up"), new byte[3_000_000]);
        assertEquals("3000000", curl("--data-binary", "@" + file, "{url}/length"));
        assertEquals("3000000", curl("-H", "Expect: 100-continue", "--data-binary", "@" + file, "{url}/length"));
    }

    @Test
    void curlFindsItByAlpnAndFallsBackToHttp1() {
        server.tls(ServerTls.of(TlsIdentity.selfSigned("localhost", "127.0.0.1")));
        assertEquals("hello over HTTP/2\nhello over HTTP/2\n",
                run("curl", "https", "-sSk", "--max-time", "20", "{url}/hello", "{url}/hello"));
        assertEquals("hello over HTTP/1.1\n", run("curl", "https", "-sSk", "--http1.1", "{url}/hello"));
        server.http1Only();
        assertEquals("hello over HTTP/1.1\n", run("curl", "https", "-sSk", "--max-time", "20", "{url}/hello"));
    }

    @Test
    void curlAsksForAnUpgradeInVainAndGetsItsAnswer() {
        assertEquals("hello over HTTP/1.1\n", run("curl", "http", "-sS", "--max-time", "20", "--http2", "{url}/hello"));
    }

    @Test
    void curlShowsEarlyHintsOfBothVersions() {
        String both = curl("-i", "{url}/hinted") + run("curl", "http", "-sSi", "--max-time", "20", "{url}/hinted");
        assertEquals(
                List.of("HTTP/2 103 ", "HTTP/2 200 ", "HTTP/1.1 103 Early Hints", "HTTP/1.1 200 OK"),
                both.lines().filter(line -> line.startsWith("HTTP/")).toList(), both);
        assertEquals(2, both.lines().filter(line -> line.equalsIgnoreCase("Link: </a.css>; rel=preload")).count(),
                both);
    }

    @Test
    void nghttpSpeaksOfItsPrioritiesByRfc9218() {
        String report = run("nghttp", "http", "-nas", "--no-rfc7540-pri", "-H", "priority: u=1, i", "-m", "5", "-t",
                "20", "{url}/hello", "{url}/big");
        assertEquals(10, report.lines().filter(line -> line.contains(" 200 ")).count(), report);
    }

    @Test
    void nghttpGetsManyAtOnce() {
        String report = run("nghttp", "http", "-nas", "-m", "20", "-t", "20", "{url}/hello", "{url}/stream",
                "{url}/big");
        assertTrue(report.lines().filter(line -> line.contains(" 200 ")).count() >= 60, report);
    }

    @Test
    void h2loadFindsNoFailure() {
        String report = run("h2load", "http", "-n", "2000", "-c", "4", "-m", "50", "{url}/hello", "{url}/stream");
        assertTrue(report.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), report);
    }
}
