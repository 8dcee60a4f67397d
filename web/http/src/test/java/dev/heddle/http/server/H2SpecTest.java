package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conformance suite h2spec, all of its cases in strict mode, over real sockets. */
final class H2SpecTest {

    private static final String BINARY = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @TempDir
    private static Path temp;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        boolean fits = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        assumeTrue(fits, "the binary is for Linux on amd64");
        try (InputStream packed = ClassLoader.getSystemResourceAsStream(BINARY)) {
            assumeTrue(packed != null, "h2spec is not on the class path");
            Process tar = new ProcessBuilder("tar", "xz", "-C", temp.toString()).start();
            packed.transferTo(tar.getOutputStream());
            tar.getOutputStream().close();
            assertEquals(0, tar.waitFor());
        }
    }

    private static String run(HttpServer.Builder builder, String... more) {
        // Its cases take for granted that no response overtakes the rest of its request.
        builder.get("/", r -> Response.text("hello, this is long enough for every case" + r.text(1 << 20)))
                .post("/", r -> Response.text("read " + r.bytes(1 << 20).length));
        return Heddle.run(() -> {
            try (HttpServer server = builder.start("127.0.0.1", 0)) {
                List<String> command = new ArrayList<>(List.of(temp.resolve("h2spec").toString(), "--strict",
                        "--host", "127.0.0.1", "--port", "" + server.port(), "--timeout", "5"));
                command.addAll(List.of(more));
                return Heddle.offload(() -> {
                    Process h2spec = new ProcessBuilder(command).redirectErrorStream(true).start();
                    return new String(h2spec.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                });
            }
        });
    }

    private static void assertAllPassed(String report) {
        assertTrue(report.contains("146 tests, 146 passed, 0 skipped, 0 failed"), report);
    }

    @Test
    void allCasesPassOverPlainTcp() {
        assertAllPassed(run(HttpServer.builder()));
    }

    @Test
    @Tag("full")
    void allCasesPassOverTls() {
        HttpServer.Builder server = HttpServer.builder().tls(ServerTls.of(TlsIdentity.selfSigned("localhost")));
        assertAllPassed(run(server, "--tls", "--insecure"));
    }
}
