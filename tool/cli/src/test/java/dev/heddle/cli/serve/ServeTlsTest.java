package dev.heddle.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.ChildJvm;
import dev.heddle.cli.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle serve --tls} as curl and openssl see it. */
final class ServeTlsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void makeFile() throws IOException {
        Files.writeString(directory.resolve("file.txt"), "hello");
    }

    private static CommandLine run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new CommandLine(process.waitFor(), out, "");
    }

    private static CommandLine curl(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "30", "--noproxy", "*"));
        command.addAll(List.of(words));
        return run(command);
    }

    private static String url(ChildJvm child) throws IOException {
        return child.awaitErr("serving on ").replaceAll(".*(https://[^ ]*).*", "$1");
    }

    @Test
    @Tag("full")
    void certificateOfARunIsTrustedAsItSaysAndByNobodyElse() throws Exception {
        try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p", "0", "--tls", "--loops", "2")) {
            String url = url(child);
            String fingerprint = child.awaitErr("made for this run").replaceAll(".*SHA-256 ", "");
            String file = child.awaitErr("to trust it").replaceAll(".*--cacert ([^ ]*) .*", "$1");

            assertEquals("hello", curl("--cacert", file, url + "file.txt").out());
            assertEquals("hello", curl("--cacert", file, url.replace("127.0.0.1", "localhost") + "file.txt").out());
            assertEquals("hello", curl("-k", url + "file.txt").out());
            assertEquals(60, curl(url + "file.txt").exit(), "curl's code for a certificate that it does not trust");
            assertEquals("sha256 Fingerprint=" + fingerprint, run(
                    List.of("openssl", "x509", "-in", file, "-noout", "-fingerprint", "-sha256")).out().strip());

            child.signal("TERM");
            assertEquals(143, child.end().exit());
            assertFalse(Files.exists(Path.of(file)));
        }
    }

    @Test
    @Tag("full")
    void certificateOfTheUserIsShownAndTheLogTellsOfRequests() throws Exception {
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("cert.pem");
        assertEquals(0, run(List.of("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout",
                key.toString(), "-out", certificate.toString(), "-subj", "/CN=own", "-addext",
                "subjectAltName=IP:127.0.0.1")).exit());
        Path log = directory.resolve("access.log");
        try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p", "0", "--log", log.toString(),
                "--cert", certificate.toString(), "--key", key.toString())) {
            String url = url(child);
            for (String version : List.of("--http1.1", "--http2")) {
                assertEquals("hello", curl(version, "--cacert", certificate.toString(), "-A", "me",
                        url + "file.txt?q=1").out());
            }

            child.signal("INT");
            CommandLine end = child.end();
            assertEquals(130, end.exit());
            assertFalse(end.err().contains("made for this run"), end.err());
        }
        List<String> lines = Files.readAllLines(log);
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().startsWith("127.0.0.1 - - ["), lines.getFirst());
        assertTrue(lines.getFirst().endsWith("\"GET /file.txt?q=1 HTTP/1.1\" 200 5 \"-\" \"me\""), lines.getFirst());
        assertTrue(lines.getLast().endsWith("\"GET /file.txt?q=1 HTTP/2\" 200 5 \"-\" \"me\""), lines.getLast());
    }

    @Test
    @Tag("full")
    void logGoesToTheStandardOutputIfAsked() throws Exception {
        try (ChildJvm child = ChildJvm.start("serve", directory.toString(), "-p", "0", "--tls", "--log", "-")) {
            assertEquals("hello", curl("-k", url(child) + "file.txt").out());

            assertTrue(child.awaitOut("GET /file.txt").contains("\" 200 5 "));
            child.signal("TERM");
            assertEquals(143, child.end().exit());
        }
    }
}
