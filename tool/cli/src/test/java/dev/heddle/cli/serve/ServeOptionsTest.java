package dev.heddle.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import dev.heddle.http.Headers;
import dev.heddle.http.client.Reply;
import dev.heddle.http.testing.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the options of {@code heddle serve} change in its answers. */
final class ServeOptionsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.writeString(directory.resolve("index.html"), "<!doctype html>home");
        Files.writeString(directory.resolve("large.txt"), "text ".repeat(10_000));
        Files.writeString(directory.resolve("app.js"), "plain");
        Files.writeString(directory.resolve("app.js.gz"), "packed");
    }

    private ServeArguments options(String... words) {
        return ServeArguments.parse(Stream.concat(Stream.of(directory.toString()), Stream.of(words)).toList(), false);
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> ServeArguments.parse(List.of(words), false)).getMessage();
    }

    private record Answer(int status, Headers headers, String text) {}

    private Answer ask(ServeArguments options, String path, String field, String value) {
        return Heddle.run(CommandLoops.CONFIG.withSignals(false), () -> {
            try (TestClient client = TestClient.of(ServeProgram.server(options, null));
                    Reply reply = client.request("GET", path).decodeBodies(false).header(field, value).send()) {
                return new Answer(reply.status(), reply.headers(), reply.headers().contains("Content-Encoding")
                        ? new String(reply.bytes())
                        : reply.text());
            }
        });
    }

    @Test
    void byDefaultFilesAreSentAsTheyAreAndNothingIsSaidAboutKeepingThem() {
        Answer answer = ask(options(), "/large.txt", "Accept-Encoding", "gzip");

        assertEquals(50_000, answer.text().length());
        assertFalse(answer.headers().contains("Content-Encoding"));
        assertFalse(answer.headers().contains("Cache-Control"));
        assertEquals(404, ask(options(), "/no/page", "Accept", "text/html").status());
    }

    @Test
    void compressMakesTextSmallAndTakesCompressedFiles() {
        Answer made = ask(options("--compress"), "/large.txt", "Accept-Encoding", "gzip");
        Answer found = ask(options("--compress"), "/app.js", "Accept-Encoding", "gzip");

        assertEquals(List.of("gzip"), made.headers().all("Content-Encoding"));
        assertTrue(made.text().length() < 1_000);
        assertEquals("packed", found.text());
        assertEquals("plain", ask(options("--compress"), "/app.js", "Accept-Encoding", "identity").text());
    }

    @Test
    void spaAnswersForPagesThatDoNotExistButNotForFiles() {
        assertEquals("<!doctype html>home", ask(options("--spa"), "/no/page", "Accept", "text/html").text());
        assertEquals(404, ask(options("--spa"), "/no.js", "Accept", "*/*").status());
    }

    @Test
    void cacheSaysHowLongAFileMayBeKept() {
        Answer answer = ask(options("--cache", "60"), "/app.js", "Accept", "*/*");

        assertEquals(List.of("max-age=60"), answer.headers().all("Cache-Control"));
    }

    @Test
    void certificateThatIsMadeNamesThisMachineAndTheHost() throws Exception {
        ServeCertificate made = ServeCertificate.fresh("web.test");

        assertEquals(List.of("localhost", "127.0.0.1", "::1", "web.test"), made.names());
        assertEquals(4, made.identity().certificate().getSubjectAlternativeNames().size());
        assertTrue(made.fingerprint().matches("([0-9A-F]{2}:){31}[0-9A-F]{2}"), made.fingerprint());
        assertFalse(ServeCertificate.fresh("0.0.0.0").names().contains("0.0.0.0"));
    }

    @Test
    void whatCannotBeServedIsOneClearLine() throws Exception {
        Path none = directory.resolve("none.pem");
        Path junk = Files.writeString(directory.resolve("junk.pem"), "junk");
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertEquals("--cert: cannot read " + none + ": no such file", refusal("--cert", none.toString()));
        assertTrue(refusal("--cert", junk.toString()).startsWith("--cert, --key: no private key of a known form"));
        assertEquals("--key needs --cert FILE, the certificate that belongs to it", refusal("--key", junk.toString()));
        assertEquals("--spa needs an index.html in the directory", refusal(empty.toString(), "--spa"));
        assertTrue(refusal("--loops", "0").startsWith("--loops needs a whole number from 1 to "));
        assertTrue(refusal("--cache", "1h").startsWith("--cache needs a whole number from 0 to "));
    }

    @Test
    void logThatCannotBeWrittenIsOneClearLine() {
        CommandLine run = CommandLine.run("serve", directory.toString(), "--log", "/none/access.log");

        assertEquals("heddle serve: --log: cannot write /none/access.log: no such file\nTry: heddle serve --help\n",
                run.err());
        assertEquals(Exit.USAGE, run.exit());
    }

    @Test
    @Timeout(60)
    void namedPipeIsNoLogSinceItMayHaveNoReader() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        CommandLine run = CommandLine.run("serve", directory.toString(), "--log", pipe.toString());

        assertTrue(run.err().contains("--log: cannot write " + pipe + ": a named pipe"), run.err());
        assertEquals(Exit.USAGE, run.exit());
    }
}
