package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.FaultServer;
import dev.heddle.cli.TestSite;
import dev.heddle.cli.command.Exit;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of fetch: one line for each URL, retries, limits, and the exit code. */
final class FetchCommandTest {

    private static final byte[] LARGE = new byte[300_000];

    static {
        new Random(3).nextBytes(LARGE);
    }

    @TempDir
    Path directory;

    private final AtomicInteger shaky = new AtomicInteger();
    private final AtomicInteger missing = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private TestSite site;

    @BeforeEach
    void startSite() throws Exception {
        site = new TestSite(HttpServer.builder()
                .get("/", request -> Response.text("home"))
                .get("/page/{n}", request -> Response.text("page " + request.path("n")))
                .get("/large", request -> Response.bytes("application/octet-stream", LARGE))
                .get("/away", request -> Response.redirect(302, "/page/9"))
                .get("/circle", request -> Response.redirect(302, "/circle"))
                .get("/broken", request -> Response.text("no").withStatus(500))
                .get("/missing", request -> {
                    missing.incrementAndGet();
                    return Response.text("none").withStatus(404);
                })
                .get("/shaky", request -> shaky.incrementAndGet() < 3
                        ? Response.text("later").withStatus(503)
                        : Response.text("at last"))
                .get("/busy", request -> {
                    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                    sleep(Duration.ofMillis(5));
                    running.decrementAndGet();
                    return Response.text("done");
                }));
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertLine(String line, String url, String status, String errorPart) {
        assertTrue(line.startsWith("{\"url\":\"" + url + "\",\"status\":" + status + ",\"bytes\":"), line);
        assertTrue(line.contains("\"error\":" + errorPart), line);
    }

    @Test
    void everyUrlHasOneLineInTheOrderOfTheInputWhateverHappensToIt() throws Exception {
        try (FaultServer silent = FaultServer.silent();
                FaultServer reset = new FaultServer(FaultServer.reset());
                FaultServer cut = new FaultServer(
                        FaultServer.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"));
                FaultServer nonsense = new FaultServer(FaultServer.answer("SSH-2.0-OpenSSH\r\n\r\n"));
                FaultServer endless = new FaultServer(socket -> {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes());
                    while (true) {
                        socket.getOutputStream().write("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".getBytes());
                    }
                });
                FaultServer drip = new FaultServer(socket -> {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes());
                    do {
                        socket.getOutputStream().write('x');
                    } while (!FaultServer.leaves(socket, 20));
                })) {
            FaultServer refused = FaultServer.silent();
            refused.close();
            List<String> urls = List.of(
                    site.url("/page/0"), silent.url(), site.url("/missing"), reset.url(), site.url("/broken"),
                    cut.url(), site.url("/away"), nonsense.url(), site.url("/circle"), endless.url(),
                    refused.url(), drip.url(), "http://no-such-host.invalid/", "no url at all", site.url("/page/1"));

            CommandLine run = CommandLine.runWithInput(
                    String.join("\n", urls), "fetch", "-i", "-", "-t", "1s", "--json");

            List<String> lines = run.lines();
            assertEquals(urls.size(), lines.size(), run.out());
            assertLine(lines.get(0), urls.get(0), "200", "null");
            assertLine(lines.get(1), urls.get(1), "null", "\"no response head after 1 s");
            assertLine(lines.get(2), urls.get(2), "404", "null");
            assertLine(lines.get(3), urls.get(3), "null", "\"");
            assertLine(lines.get(4), urls.get(4), "500", "null");
            assertLine(lines.get(5), urls.get(5), "200", "\"");
            assertLine(lines.get(6), urls.get(6), "200", "null");
            assertLine(lines.get(7), urls.get(7), "null", "\"");
            assertLine(lines.get(8), urls.get(8), "null", "\"the redirects lead in a circle");
            assertLine(lines.get(9), urls.get(9), "null", "\"");
            assertLine(lines.get(10), urls.get(10), "null", "\"cannot connect");
            assertLine(lines.get(11), urls.get(11), "200", "\"the response body did not come after 1 s");
            assertLine(lines.get(12), urls.get(12), "null", "\"");
            assertLine(lines.get(13), urls.get(13), "null", "\"invalid URL");
            assertLine(lines.get(14), urls.get(14), "200", "null");
            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.err().startsWith("15 URLs in "), run.err());
            assertTrue(run.err().contains(": 3 ok, 2 with an error status, 10 failed"), run.err());
        }
    }

    @Test
    void runWithoutATroubleExitsWithZeroAndPrintsOnlyResultsOnTheStandardOutput() {
        CommandLine run = CommandLine.run("fetch", site.url("/"), site.url("/away"));

        assertEquals(Exit.FINE, run.exit(), run.err());
        assertEquals(2, run.lines().size());
        assertTrue(run.lines().stream().allMatch(line -> line.startsWith("200  ")), run.out());
        assertTrue(run.err().contains("2 URLs in ") && run.err().contains("latency  p50 "), run.err());
    }

    @Test
    void errorStatusAloneExitsWithOne() {
        assertEquals(Exit.NOT_ALL, CommandLine.run("fetch", site.url("/missing")).exit());
    }

    @Test
    void urlThatIsGivenTwiceIsFetchedTwice() {
        CommandLine run = CommandLine.run("fetch", "--json", site.url("/missing"), site.url("/missing"));

        assertEquals(2, run.lines().size());
        assertEquals(2, missing.get());
    }

    @Test
    void noUrlIsLostOrCountedTwice() {
        List<String> urls = new ArrayList<>(IntStream.range(0, 3_000).mapToObj(i -> site.url("/page/" + i)).toList());
        Collections.shuffle(urls, new Random(5));

        CommandLine run = CommandLine.runWithInput(String.join("\n", urls), "fetch", "--json", "-i", "-");

        assertEquals(Exit.FINE, run.exit(), run.err());
        assertEquals(
                urls, run.lines().stream().map(line -> line.replaceAll("\\{\"url\":\"([^\"]*)\".*", "$1")).toList());
        assertTrue(run.err().startsWith("3,000 URLs in "), run.err());
    }

    @Test
    void emptyListIsFetchedAtOnce() throws IOException {
        Path list = Files.writeString(directory.resolve("list"), "# nothing\n\n");

        CommandLine run = CommandLine.run("fetch", "-i", list.toString());
        assertEquals(Exit.FINE, run.exit());
        assertTrue(run.err().startsWith("0 URLs in "), run.err());
    }

    @Test
    void withoutRetriesTheFirstStatusStands() {
        assertTrue(CommandLine.run("fetch", site.url("/shaky")).out().startsWith("503"));
        assertEquals(1, shaky.get());
    }

    @Test
    void whatMayPassIsTriedAgain() {
        CommandLine run = CommandLine.run("fetch", "--retries", "2", site.url("/shaky"));

        assertEquals(Exit.FINE, run.exit());
        assertTrue(run.out().startsWith("200"), run.out());
        assertEquals(3, shaky.get());
    }

    @Test
    void whatStaysAsItIsIsNotTriedAgain() {
        CommandLine.run("fetch", "--retries", "5", site.url("/missing"));

        assertEquals(1, missing.get());
    }

    @Test
    void brokenConnectionIsTriedAgainAndTheOtherOutcomeCounts() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (FaultServer second = new FaultServer(socket -> {
            if (attempts.incrementAndGet() == 1) {
                FaultServer.answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").happen(socket);
            } else {
                FaultServer.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole").happen(socket);
            }
        })) {
            CommandLine run = CommandLine.run("fetch", "--json", "--retries", "1", second.url());

            assertEquals(Exit.FINE, run.exit(), run.out());
            assertTrue(run.out().contains("\"status\":200,\"bytes\":5,"), run.out());
        }
    }

    @Test
    void retriesStayWithinTheTimeOfTheUrl() {
        CommandLine run = CommandLine.run("fetch", "--retries", "100", "-t", "250ms", site.url("/broken"));

        assertTrue(run.out().startsWith("500"), run.out());
    }

    @Test
    void bodiesAreSavedWholeAndOnlyThoseOfGoodReplies() throws Exception {
        try (FaultServer cut = new FaultServer(
                FaultServer.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"))) {
            CommandLine run = CommandLine.run(
                    "fetch", "--json", "-o", directory.toString(),
                    site.url("/page/7"), site.url("/large"), site.url("/missing"), cut.url(), site.url("/"));

            List<String> files = files();
            assertEquals(3, files.size(), files.toString());
            assertEquals("page 7", Files.readString(directory.resolve(files.get(0))));
            assertArrayEquals(LARGE, Files.readAllBytes(directory.resolve(files.get(1))));
            assertTrue(files.get(1).startsWith("000002-") && files.get(1).endsWith("_large"), files.toString());
            assertTrue(run.lines().get(1).contains("\"file\":\"" + files.get(1) + "\""), run.out());
            assertFalse(run.lines().get(3).contains("\"file\""), run.out());
        }
    }

    @Test
    void bodyThatCannotBeSavedFailsItsUrlAloneAndLeavesNoPart() throws Exception {
        String name = BodyDirectory.name(0, java.net.URI.create(site.url("/page/1")));
        Files.createDirectories(directory.resolve(name).resolve("in the way"));

        CommandLine run = CommandLine.run("fetch", "--json", "-o", directory.toString(), site.url("/page/1"),
                site.url("/page/2"));

        assertLine(run.lines().get(0), site.url("/page/1"), "200", "\"cannot save: ");
        assertLine(run.lines().get(1), site.url("/page/2"), "200", "null");
        assertEquals(List.of(name, BodyDirectory.name(1, java.net.URI.create(site.url("/page/2")))), files());
        assertEquals(Exit.NOT_ALL, run.exit());
    }

    @Test
    void limitsOfConcurrencyHold() {
        List<String> words = new ArrayList<>(List.of("fetch", "-c", "7", "--per-host", "3"));
        for (int i = 0; i < 50; i++) {
            words.add(site.url("/busy"));
        }

        assertEquals(Exit.FINE, CommandLine.run(words.toArray(String[]::new)).exit());
        assertEquals(3, mostRunning.get());
    }

    @Test
    void passwordInAUrlIsNeverPrinted() {
        for (String format : List.of("--json", "--retries=0")) {
            CommandLine run = CommandLine.run("fetch", format, "http://anna:s3cret@127.0.0.1:1/");

            assertEquals(Exit.NOT_ALL, run.exit());
            assertFalse((run.out() + run.err()).contains("s3cret"), run.out() + run.err());
        }
    }

    @Test
    void wrongUsageDoesNothingAndTellsWhatToDo() {
        assertUsage("no URL given", "fetch");
        assertUsage("unknown option --jason; did you mean --json?", "fetch", "--jason", site.url("/"));
        assertUsage("-c needs a whole number", "fetch", "-c", "0", site.url("/"));
        assertUsage("-t needs a duration", "fetch", "-t", "soon", site.url("/"));
        assertUsage("cannot read the list /none/list: no such file", "fetch", "-i", "/none/list");
        assertUsage("-o needs a directory", "fetch", "-o", "", site.url("/"));
    }

    private static void assertUsage(String message, String... words) {
        CommandLine run = CommandLine.run(words);

        assertEquals(Exit.USAGE, run.exit());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("heddle fetch: " + message), run.err());
        assertTrue(run.err().endsWith("\nTry: heddle fetch --help\n"), run.err());
        assertEquals(2, run.err().lines().count(), run.err());
    }
}
