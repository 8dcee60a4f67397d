package dev.heddle.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.FaultServer;
import dev.heddle.cli.TestSite;
import dev.heddle.cli.command.Exit;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle fetch -C}: what is there is not fetched again, and what comes out is never a mixture. */
final class FetchResumeTest {

    private static final byte[] BODY = new byte[500_000];
    private static final byte[] OTHER = new byte[500_000];
    private static final int THERE = 200_000;
    private static final String TAG = "\"v1\"";

    static {
        new Random(5).nextBytes(BODY);
        new Random(6).nextBytes(OTHER);
    }

    @TempDir
    Path directory;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private volatile Function<Request, Response> answer = request -> Response.text("unset");
    private TestSite site;
    private Path saved;

    @BeforeEach
    void startSite() throws Exception {
        site = new TestSite(HttpServer.builder().get("/f", request -> {
            asked.add(request.headers().all("Range") + " " + request.headers().all("If-Range"));
            return answer.apply(request);
        }));
        saved = directory.resolve(BodyDirectory.name(0, URI.create(site.url("/f"))));
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    private Path beside(String ending) {
        return directory.resolve("." + saved.getFileName() + ending);
    }

    private void leave(byte[] bytes, String url, String validator) throws IOException {
        Files.write(beside(".part"), bytes);
        Files.writeString(beside(".note"), url + "\n" + validator + "\n");
    }

    private void leaveBegun() throws IOException {
        leave(Arrays.copyOf(BODY, THERE), site.url("/f"), TAG);
    }

    private CommandLine fetch(String... more) {
        return CommandLine.run(Stream.concat(
                Stream.of("fetch", "-C", "-o", directory.toString(), "--json", site.url("/f")),
                Stream.of(more)).toArray(String[]::new));
    }

    private void assertWhole(CommandLine run, byte[] body) throws IOException {
        assertEquals(Exit.FINE, run.exit(), run.out() + run.err());
        assertArrayEquals(body, Files.readAllBytes(saved));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(saved), files.toList());
        }
    }

    private static Response whole(byte[] body) {
        return Response.bytes("application/octet-stream", body).withHeader("ETag", TAG);
    }

    private static Response part(int from, String range) {
        return Response.bytes("application/octet-stream", Arrays.copyOfRange(BODY, from, BODY.length))
                .withStatus(206)
                .withHeader("ETag", TAG)
                .withHeader("Content-Range", range);
    }

    @Test
    void restIsAskedForAndAppended() throws Exception {
        leaveBegun();
        answer = request -> part(THERE, "bytes 200000-499999/500000");
        CommandLine run = fetch();

        assertWhole(run, BODY);
        assertEquals(List.of("[bytes=200000-] [" + TAG + "]"), List.copyOf(asked));
        assertTrue(run.out().contains("\"status\":206,\"bytes\":300000,"), run.out());
    }

    @Test
    void serverThatSendsEverythingIsTakenFromTheFirstByte() throws Exception {
        leaveBegun();
        answer = request -> whole(OTHER);

        assertWhole(fetch(), OTHER);
        assertEquals(1, asked.size());
    }

    @Test
    void partThatDoesNotFitIsNotTakenButAllOfTheBody() throws Exception {
        for (String range : List.of("bytes 100000-399999/500000", "bytes 200000-499998/500000", "lines 1-2/3", "",
                "bytes 200000-499999/*", "bytes 200000-99999999999999999999/1")) {
            Files.deleteIfExists(saved);
            asked.clear();
            leaveBegun();
            answer = request -> request.headers().contains("Range") ? part(THERE, range) : whole(OTHER);

            assertWhole(fetch(), OTHER);
            assertEquals(2, asked.size(), range);
        }
    }

    @Test
    void partOfAnotherVersionIsNotTakenThoughTheServerIgnoresTheCondition() throws Exception {
        for (String tag : List.of("\"v2\"", "W/" + TAG)) {
            Files.deleteIfExists(saved);
            leaveBegun();
            answer = request -> request.headers().contains("Range")
                    ? part(THERE, "bytes 200000-499999/500000").withHeader("ETag", tag)
                    : whole(OTHER);

            assertWhole(fetch(), OTHER);
        }
    }

    @Test
    void partThatIsNotAsLongAsItSaysIsAFailureThatLeavesNothing() throws Exception {
        leaveBegun();
        answer = request -> part(THERE + 1, "bytes 200000-499999/500000");
        CommandLine run = fetch();

        assertEquals(Exit.NOT_ALL, run.exit());
        assertTrue(run.out().contains("the server sent a part of 299999 bytes and called it 300000"), run.out());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void rangeBehindTheEndMeansThatTheFileIsAnother() throws Exception {
        leaveBegun();
        answer = request -> request.headers().contains("Range")
                ? Response.text("").withStatus(416).withHeader("Content-Range", "bytes */1000")
                : whole(OTHER);

        assertWhole(fetch(), OTHER);
    }

    @Test
    void bodyThatBreaksOffIsKept() throws Exception {
        try (FaultServer cutting = new FaultServer(socket -> {
            socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nETag: " + TAG + "\r\nContent-Length: 500000\r\n\r\n")
                    .getBytes());
            socket.getOutputStream().write(BODY, 0, THERE);
        })) {
            CommandLine run = CommandLine.run("fetch", "-C", "-o", directory.toString(), cutting.url());
            assertEquals(Exit.NOT_ALL, run.exit());
            Path part = directory.resolve("." + BodyDirectory.name(0, URI.create(cutting.url())) + ".part");
            byte[] kept = Files.readAllBytes(part);
            assertTrue(kept.length > THERE / 2 && kept.length <= THERE, "" + kept.length);
            assertArrayEquals(Arrays.copyOf(BODY, kept.length), kept);
        }
    }

    @Test
    void retryOfTheSameRunGoesOnToo() throws Exception {
        answer = request -> request.headers().contains("Range")
                ? rest(request)
                : Response.stream("application/octet-stream", out -> {
                    out.write(BODY, 0, THERE);
                    out.flush();
                    throw new IOException("cable pulled");
                }).withHeader("ETag", TAG);

        assertWhole(fetch("--retries", "1"), BODY);
        assertEquals(2, asked.size());
    }

    /** What comes of a break depends on the system's buffers, so the rest begins where the client says. */
    private static Response rest(Request request) {
        String range = request.headers().get("Range").orElseThrow();
        int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        return part(from, "bytes " + from + "-499999/500000");
    }

    @Test
    void serverWithoutNamesForVersionsLeavesNothingOfAnEarlierRun() throws Exception {
        leaveBegun();
        answer = request -> Response.bytes("application/octet-stream", OTHER);

        assertWhole(fetch(), OTHER);
    }

    @Test
    void dateNamesAVersionIfItIsOld() throws Exception {
        answer = request -> request.headers().contains("Range")
                ? rest(request)
                : Response.stream("application/octet-stream", out -> {
                    out.write(BODY, 0, THERE);
                    out.flush();
                    throw new IOException("cable pulled");
                }).withHeader("Last-Modified", "Fri, 20 Nov 2020 09:00:00 GMT");

        assertWhole(fetch("--retries", "1"), BODY);
        assertTrue(asked.stream().anyMatch(fields -> fields.endsWith("-] [Fri, 20 Nov 2020 09:00:00 GMT]")),
                "" + asked);
    }

    @Test
    void errorOfTheServerLeavesWhatIsThere() throws Exception {
        leaveBegun();
        answer = request -> Response.text("later").withStatus(503);

        assertEquals(Exit.NOT_ALL, fetch().exit());
        assertEquals(THERE, Files.size(beside(".part")));

        answer = request -> part(THERE, "bytes 200000-499999/500000");
        assertWhole(fetch(), BODY);
    }

    @Test
    void bodyOfAnotherUrlOrWithoutANoteIsNoBeginning() throws Exception {
        answer = request -> whole(BODY);
        leave(OTHER, site.url("/another"), TAG);
        assertWhole(fetch(), BODY);

        Files.delete(saved);
        Files.write(beside(".part"), OTHER);
        assertWhole(fetch(), BODY);
        assertEquals(List.of("[] []", "[] []"), List.copyOf(asked));
    }

    @Test
    void whatIsWholeIsNotAskedForAgain() throws Exception {
        Files.write(saved, BODY);
        CommandLine run = fetch();

        assertWhole(run, BODY);
        assertTrue(asked.isEmpty());
        assertTrue(run.out().contains("\"status\":null,\"bytes\":0,\"millis\":"), run.out());
    }

    @Test
    void withoutANameForTheVersionNothingIsKept() throws Exception {
        String[] heads = {"", "ETag: W/\"weak\"\r\n",
                "Date: Fri, 20 Nov 2026 10:00:00 GMT\r\nLast-Modified: Fri, 20 Nov 2026 09:59:59 GMT\r\n"};
        for (String head : heads) {
            try (FaultServer cutting = new FaultServer(socket -> {
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\n" + head + "Content-Length: 500000\r\n\r\n")
                        .getBytes());
                socket.getOutputStream().write(BODY, 0, THERE);
            })) {
                assertEquals(Exit.NOT_ALL,
                        CommandLine.run("fetch", "-C", "-o", directory.toString(), cutting.url()).exit());
                try (Stream<Path> files = Files.list(directory)) {
                    assertEquals(List.of(), files.toList());
                }
            }
        }
    }

    @Test
    void linkInThePlaceOfThePartIsNotFollowed() throws Exception {
        Path elsewhere = Files.write(directory.resolve("elsewhere"), Arrays.copyOf(BODY, THERE));
        Files.createSymbolicLink(beside(".part"), elsewhere);
        Files.writeString(beside(".note"), site.url("/f") + "\n" + TAG + "\n");
        answer = request -> whole(BODY);

        assertEquals(Exit.FINE, fetch().exit());
        assertArrayEquals(BODY, Files.readAllBytes(saved));
        assertFalse(Files.isSymbolicLink(saved));
        assertEquals(THERE, Files.size(elsewhere));
    }

    @Test
    void realServerOfFilesIsGoneOnWith() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        Path target = Files.createDirectory(directory.resolve("target"));
        Files.write(served.resolve("f"), BODY);
        try (TestSite files = new TestSite(HttpServer.builder().files("/", served))) {
            String url = files.url("/f");
            String name = BodyDirectory.name(0, URI.create(url));
            String tag = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers().firstValue("ETag").orElseThrow();
            Files.write(target.resolve("." + name + ".part"), Arrays.copyOf(BODY, THERE));
            Files.writeString(target.resolve("." + name + ".note"), url + "\n" + tag + "\n");

            CommandLine run = CommandLine.run("fetch", "-C", "-o", target.toString(), "--json", url);
            assertEquals(Exit.FINE, run.exit(), run.out());
            assertTrue(run.out().contains("\"status\":206,\"bytes\":300000,"), run.out());
            assertArrayEquals(BODY, Files.readAllBytes(target.resolve(name)));
        }
    }

    @Test
    void onlyFilesThatAreFetchedCanBeGoneOnWith() {
        for (String[] words : new String[][]{{"fetch", "-C", "http://h/"},
                {"fetch", "-C", "-o", directory.toString(), "-d", "x", "http://h/"}}) {
            CommandLine run = CommandLine.run(words);
            assertEquals(Exit.USAGE, run.exit());
            assertTrue(run.err().startsWith("heddle fetch: -C goes on with files of -o DIR, fetched by GET\n"),
                    run.err());
        }
    }
}
