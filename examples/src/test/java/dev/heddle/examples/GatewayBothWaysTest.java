package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.RouteOptions;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long bodies, early answers and streams of messages through the gateway of twenty lines, with the peers people have.
 */
@Tag("night")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class GatewayBothWaysTest extends GatewayPeers {

    private static final String NODE = "/usr/bin/node";

    /** What it may have in memory behind a long body more than behind a short one. */
    private static final long MAX_GROWN_MEGABYTES = 24;

    /** A server that sends back what comes, on a port that it prints. */
    private static final String ECHO = """
            const [,, version] = process.argv;
            const server = version === 'http2'
                ? require('http2').createServer().on('stream', (stream) => { stream.respond(); stream.pipe(stream); })
                : require('http').createServer((request, response) => {
                    response.writeHead(200);
                    response.flushHeaders();
                    request.pipe(response);
                });
            server.listen(0, '127.0.0.1', () => console.log(server.address().port));
            """;

    /** A client that says the next word when the one before has come back. */
    private static final String TALK = """
            const [,, version, url] = process.argv;
            const words = 500;
            let heard = 0;
            function talk(upward, downward) {
                downward.on('data', (piece) => {
                    if (piece.toString() !== 'word ' + heard) { throw new Error('heard ' + piece); }
                    heard++;
                    if (heard < words) { upward.write('word ' + heard); } else { upward.end(); }
                });
                downward.on('end', () => { console.log('heard ' + heard); process.exit(0); });
            }
            if (version === 'http2') {
                const stream = require('http2').connect(url).request({':method': 'POST', ':path': '/talk'});
                talk(stream, stream);
                stream.write('word 0');
            } else {
                const request = require('http').request(url + '/talk', {method: 'POST'});
                request.on('response', (response) => talk(request, response));
                request.write('word 0');
            }
            """;

    /** A client of HTTP/2 that puts zeros until it is told that they are not wanted. */
    private static final String PUT = """
            const [,, url, bytes] = process.argv;
            const place = new URL(url);
            const session = require('http2').connect(place.origin);
            const stream = session.request({':method': 'PUT', ':path': place.pathname, 'content-length': bytes});
            const piece = Buffer.alloc(65536);
            let sent = 0;
            let answer = 'no answer';
            function more() {
                while (sent < bytes) {
                    const count = Math.min(piece.length, bytes - sent);
                    sent += count;
                    if (!stream.write(piece.subarray(0, count))) {
                        stream.once('drain', more);
                        return;
                    }
                }
                stream.end();
            }
            stream.on('response', (head) => { answer = head[':status']; });
            stream.on('error', (e) => console.log(e.message));
            stream.on('data', () => {});
            stream.on('close', () => { console.log(answer + ' ' + stream.rstCode + ' ' + sent); session.close(); });
            more();
            """;

    @BeforeEach
    void scripts() throws Exception {
        Files.writeString(directory.resolve("echo.js"), ECHO);
        Files.writeString(directory.resolve("talk.js"), TALK);
        Files.writeString(directory.resolve("put.js"), PUT);
    }

    private static String count(Request request) {
        byte[] piece = new byte[64 * 1024];
        long count = 0;
        for (int n = request.read(piece); n >= 0; n = request.read(piece)) {
            count += n;
        }
        return count + " bytes";
    }

    private Path sparse(long bytes) throws Exception {
        Path file = directory.resolve("sparse-" + bytes);
        try (var made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
        return file;
    }

    private String put(Gateway gateway, String path, long bytes, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(CURL, "-sS", "-T", sparse(bytes).toString(),
                "-w", "\n%{http_code} %{size_upload}", gateway.url(path)));
        command.addAll(List.of(more));
        return output(command).strip();
    }

    private String putByHttp2(Gateway gateway, String path, long bytes) throws Exception {
        return output(List.of(NODE, directory.resolve("put.js").toString(), gateway.url(path), "" + bytes)).strip();
    }

    @ParameterizedTest
    @CsvSource({
            "http1, --http1.1, 1024",
            "http2, --http1.1, 256",
            "http1, --http2-prior-knowledge, 256",
            "http2, --http2-prior-knowledge, 256"})
    void longBodyGoesUpWhileTheMemoryStaysFlat(String behind, String before, long megabytes) throws Exception {
        installed(CURL);
        long all = megabytes << 20;
        long some = 16L << 20;
        var options = RouteOptions.DEFAULT.withMaxBodyBytes(all);
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .put("/count", options, request -> Response.text(count(request)))
                    .start("127.0.0.1", 0)) {
                Gateway gateway = Heddle.offload(() -> gateway(behind, server.port()));
                assertEquals(some + " bytes\n200 " + some, Heddle.offload(() -> put(gateway, "/count", some, before)));
                long first = gateway.peakMegabytes();
                assertEquals(all + " bytes\n200 " + all, Heddle.offload(() -> put(gateway, "/count", all, before)));
                long grown = gateway.peakMegabytes() - first;
                assertTrue(grown <= MAX_GROWN_MEGABYTES, first + " MB and " + grown + " more");
            }
        });
    }

    @Test
    void bodyThatNginxAnswersAtOnceGoesOnAsLongAsItIsTaken() throws Exception {
        installed(NGINX, NODE);
        long bytes = 64L << 20;
        int port = freePort();
        nginx(port, false);
        assertEquals("204 0 " + bytes, putByHttp2(gateway("http1", port), "/sink", bytes));
        int otherPort = freePort();
        nginx(otherPort, true);
        // By HTTP/2 it says at once that it wants no more.
        String said = putByHttp2(gateway("http2", otherPort), "/sink", bytes);
        assertTrue(said.startsWith("204 0 ") && Long.parseLong(said.substring(6)) < bytes / 4, said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http1", "http2"})
    void refusalOfNginxComesLongBeforeTheBodyIsThrough(String behind) throws Exception {
        installed(NGINX, CURL, NODE);
        long bytes = 1L << 30;
        int port = freePort();
        nginx(port, behind.equals("http2"));
        Gateway gateway = gateway(behind, port);
        for (String expect : List.of("Expect: 100-continue", "Expect:")) {
            String said = put(gateway, "/small/file", bytes, "--http1.1", "-H", expect);
            assertTrue(said.contains("413 Request Entity Too Large"), said);
            String[] numbers = said.substring(said.lastIndexOf('\n') + 1).split(" ", 2);
            assertEquals("413", numbers[0]);
            assertTrue(Long.parseLong(numbers[1]) < bytes / 4, said);
        }
        String said = putByHttp2(gateway, "/small/file", bytes);
        assertTrue(said.startsWith("413 0 ") && Long.parseLong(said.substring(6)) < bytes / 4, said);
    }

    @ParameterizedTest
    @CsvSource({"http1,http1", "http1,http2", "http2,http1", "http2,http2"})
    void nodeTalksWithNodeWordByWord(String before, String behind) throws Exception {
        installed(NODE);
        Process echo = begin(List.of(NODE, directory.resolve("echo.js").toString(), behind));
        Gateway gateway = gateway(behind, Integer.parseInt(echo.inputReader().readLine()));
        String said = output(List.of(NODE, directory.resolve("talk.js").toString(), before, gateway.url("")));
        assertEquals("heard 500", said.strip());
    }

    @Test
    void h2loadSendsBodiesThatComeBack() throws Exception {
        installed(H2LOAD, NODE);
        Process echo = begin(List.of(NODE, directory.resolve("echo.js").toString(), "http2"));
        Gateway gateway = gateway("http2", Integer.parseInt(echo.inputReader().readLine()));
        Path body = Files.write(directory.resolve("body"), new byte[20_000]);
        String said = output(List.of(H2LOAD, "-n", "3000", "-c", "10", "-m", "10", "-d", body.toString(),
                gateway.url("/echo")));
        assertTrue(said.contains("3000 succeeded, 0 failed, 0 errored, 0 timeout"), said);
        assertTrue(said.contains("status codes: 3000 2xx"), said);
        assertTrue(said.contains("(60000000) data"), said);
    }
}
