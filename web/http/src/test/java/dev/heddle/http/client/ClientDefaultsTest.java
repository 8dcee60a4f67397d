package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.LimitExceededException;
import dev.heddle.net.Listener;
import dev.heddle.net.Unix;
import dev.heddle.sim.SimTest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says once for all its requests, and a request says differently. */
final class ClientDefaultsTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @TempDir
    private Path temp;

    @SimTest(seeds = 2)
    void everyVerbSendsWhatItIsCalled() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().baseUrl("http://h/").build()) {
            http.get("/").close();
            http.get(URI.create("http://h/uri")).close();
            http.delete("/").close();
            http.options("/").close();
            http.post("/", "").close();
            http.put("/", new byte[0]).close();
            http.patch("/", "").close();
            http.request("PURGE", URI.create("http://h/")).send().close();
            assertEquals(
                    List.of("GET / HT", "GET /uri", "DELETE /", "OPTIONS ", "POST / H", "PUT / HT", "PATCH / ",
                            "PURGE / "),
                    server.requests.stream().map(head -> head.substring(0, 8)).toList());
        }
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                var http = server.client().build()) {
            assertEquals("", http.head("http://h/").text());
            assertTrue(server.requests.getFirst().startsWith("HEAD "));
        }
    }

    @SimTest(seeds = 2)
    void bodyOfAVerbIsSentAsWhatItIs() {
        assertEquals("POST text/plain; charset=utf-8 4", sent(http -> http.post("http://h/", "text")));
        assertEquals("PUT - 7", sent(http -> http.put("http://h/", new byte[7])));
        assertEquals("PATCH - chunked", sent(http -> http.patch("http://h/", new ByteArrayInputStream(new byte[7]))));
        assertThrows(IllegalStateException.class, () -> sent(http -> http.post("http://h/", List.of(1)))); // no codec
        var refused = assertThrows(IllegalArgumentException.class,
                () -> sent(http -> http.put("http://h/", Path.of("a.txt"))));
        assertEquals("a file is sent by request(\"PUT\", url).body(file), not a.txt", refused.getMessage());
    }

    /** The method, the type and the length of a request as its server has got it. */
    private static String sent(Function<HttpClient, Reply> call) {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().build()) {
            call.apply(http).close();
            String head = server.requests.getFirst();
            Function<String, String> field = name -> head.lines().filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2)).findFirst().orElse("-");
            String length = field.apply("Content-Length");
            return head.substring(0, head.indexOf(' ')) + " " + field.apply("Content-Type") + " "
                    + (length.equals("-") ? field.apply("Transfer-Encoding") : length);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "users, https://h:8443/api/users",
            "users?x=a:b, https://h:8443/api/users?x=a:b",
            "/users, https://h:8443/users",
            "../up, https://h:8443/up",
            "?q=1, https://h:8443/api/?q=1",
            "'', https://h:8443/api/",
            "http://other/x, http://other/x",
            "users?next=http://b\u00fccher.example/, https://h:8443/api/users?next=http://b%C3%BCcher.example/",
    })
    void urlWithoutASchemeIsBelowTheBase(String url, String whole) {
        try (var http = HttpClient.builder().baseUrl("https://h:8443/api/").build()) {
            assertEquals(URI.create(whole), http.request("GET", url).url());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil/x", "javascript:alert(1)", "ftp://h/", "a b", "users\r\nX: y", "file:/etc/passwd"})
    void urlThatLeavesTheBaseByATrickIsRefused(String url) {
        try (var http = HttpClient.builder().baseUrl("https://h/api/").build()) {
            assertThrows(IllegalArgumentException.class, () -> http.request("GET", url));
        }
    }

    @SimTest(seeds = 2)
    void defaultFieldsGoWithEveryRequestThatDoesNotSetThem() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().header("X-Team", "blue").header("accept", "text/html").build()) {
            http.get("http://h/").close();
            http.request("GET", "http://h/").header("x-team", "red").send().close();
            assertTrue(server.requests.get(0).contains("\r\nX-Team: blue\r\n"));
            assertTrue(server.requests.get(0).contains("\r\naccept: text/html\r\n"));
            assertFalse(server.requests.get(0).contains("*/*"));
            assertFalse(server.requests.get(1).contains("blue"));
            assertTrue(server.requests.get(1).contains("\r\nx-team: red\r\n"));
        }
    }

    @SimTest(seeds = 2)
    void requestMayTakeBodiesAsTheyCome() {
        try (var server = ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
                var http = server.client().build()) {
            Reply reply = http.request("GET", "http://h/").decodeBodies(false).send();
            assertEquals("abc", new String(reply.bytes(), StandardCharsets.US_ASCII));
            assertFalse(server.requests.getFirst().contains("Accept-Encoding"));
            assertThrows(BadReplyException.class, () -> http.get("http://h/").bytes());
        }
        try (var server = ScriptedServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
                var http = server.client().header("Accept-Encoding", "br").build()) {
            assertEquals(3, http.get("http://h/").bytes().length);
            assertTrue(server.requests.getFirst().contains("\r\nAccept-Encoding: br\r\n"));
        }
    }

    @SimTest(seeds = 2)
    void requestMayHaveLimitsAndTimesOfItsOwn() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client().build()) {
            ClientLimits small = ClientLimits.DEFAULT.withMaxBodyBytes(4);
            assertThrows(
                    LimitExceededException.class,
                    () -> http.request("GET", "http://h/").limits(small).send().bytes());
            assertEquals("hello", http.get("http://h/").text());
        }
        try (var server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                var http = server.client().build()) {
            var times = ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(2));
            var e = assertThrows(
                    DeadlineExceededException.class,
                    () -> http.request("GET", "http://h/").timeouts(times).send());
            assertTrue(e.getMessage().endsWith("after 2 s"), e.getMessage());
        }
    }

    @SimTest(seeds = 3)
    void limitForBytesDoesNotRunWhileAConnectionIsIdle() {
        try (var server = ScriptedServer.answering(HELLO);
                var http = server.client()
                        .timeouts(ClientTimeouts.DEFAULT.withRead(Duration.ofSeconds(2)))
                        .build()) {
            assertEquals("hello", http.get("http://h/").text());
            Heddle.sleep(Duration.ofSeconds(20));
            assertEquals("hello", http.get("http://h/").text());
            assertEquals(1, http.statistics().opened());
        }
    }

    @Test
    void unixSocketServesEveryHost() {
        Heddle.run(() -> {
            Path path = temp.resolve("s");
            try (Listener listener = Unix.listen(path);
                    var http = HttpClient.builder().unixSocket(path).build()) {
                var serving = Heddle.spawn(() -> {
                    try (var stream = listener.accept()) {
                        byte[] head = stream.readUntil("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 1_000);
                        stream.write(HELLO);
                        return new String(head, StandardCharsets.US_ASCII);
                    }
                });
                assertEquals("hello", http.get("http://docker/info").text());
                assertTrue(serving.join().startsWith("GET /info HTTP/1.1\r\nHost: docker\r\n"));
            }
        });
    }

    @Test
    void sharedClientServesScriptsOnLoopAfterLoop() {
        for (int i = 0; i < 2; i++) {
            Heddle.run(() -> {
                try (var server = ScriptedServer.answering(HELLO)) {
                    assertEquals("hello", Http.get(server.url()).text());
                    assertEquals("hello", Http.get(URI.create(server.url())).text());
                    assertEquals(200, Http.delete(server.url()).status());
                    assertEquals(200, Http.options(server.url()).status());
                    assertEquals(200, Http.post(server.url(), "x").status());
                    assertEquals(200, Http.put(server.url(), "x").status());
                    assertEquals(200, Http.patch(server.url(), "x").status());
                    assertEquals(200, Http.request("GET", server.url()).send().expectSuccess().status());
                    assertEquals(8, server.requests.size());
                }
                try (var server = ScriptedServer.answering("HTTP/1.1 204 X\r\n\r\n")) {
                    assertEquals(204, Http.head(server.url()).status());
                }
            });
        }
    }
}
