package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.JsonException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Tcp;
import dev.heddle.sim.SimTest;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The failures of a client have their request and what happened as fields, and both as their message. */
final class FailedRequestTest {

    private static void check(HeddleException failure, FailedRequest request, String detail) {
        assertEquals(Optional.of(request), failure.subject());
        assertEquals(detail, failure.detail());
        assertEquals(request.method() + " " + request.url() + ": " + detail, failure.getMessage());
    }

    @SimTest(seeds = 10)
    void lostConnectionTellsItsRequestWithoutTheQuery() {
        try (ScriptedServer server = ScriptedServer.of(ScriptedServer.Peer::request);
                HttpClient http = server.client().build()) {
            check(assertThrows(BrokenException.class, () -> http.get("http://h/a?key=secret")),
                    new FailedRequest("GET", "http://h/a?..."),
                    "the server closed the connection without an answer");
        }
    }

    @SimTest(seeds = 10)
    void badAnswerAndALateOneTellTheirRequest() {
        try (ScriptedServer server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 101 Switching Protocols\r\n\r\n");
                },
                peer -> {
                    peer.request();
                    Heddle.sleep(Duration.ofMinutes(1));
                });
                HttpClient http = server.client().build()) {
            check(assertThrows(BadReplyException.class, () -> http.request("POST", "http://h/a").send()),
                    new FailedRequest("POST", "http://h/a"),
                    "the server switches protocols unasked");
            check(assertThrows(DeadlineExceededException.class,
                    () -> http.request("GET", "http://h/b").timeout(Duration.ofSeconds(5)).send()),
                    new FailedRequest("GET", "http://h/b"),
                    "no response head after 5 s");
        }
    }

    @SimTest(seeds = 10)
    void failureBehindARedirectTellsTheLastHop() {
        try (ScriptedServer server = ScriptedServer.of(
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 302 Found\r\nLocation: http://other/b\r\nContent-Length: 0\r\n\r\n");
                },
                peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
                });
                HttpClient http = server.client().build()) {
            check(assertThrows(RedirectException.class, () -> http.get("http://h/a")),
                    new FailedRequest("GET", "http://other/b"),
                    "302 with no Location");
        }
    }

    @SimTest(seeds = 10)
    void bodyThatFailsTellsItsRequest() {
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        });
                HttpClient http = server.client().limits(ClientLimits.DEFAULT.withMaxBodyBytes(7)).build()) {
            FailedRequest request = new FailedRequest("GET", "http://h/");
            byte[] room = new byte[20];
            Reply cut = http.get("http://h/");
            check(assertThrows(TruncatedException.class, () -> {
                while (cut.read(room) >= 0) {
                    // Until it ends, which it never does well.
                }
            }),
                    request, "the server closed the connection before the end of a body of 10 bytes");
            check(assertThrows(TruncatedException.class, () -> cut.read(room)),
                    request, "the server closed the connection before the end of a body of 10 bytes");
            Reply closed = http.get("http://h/");
            closed.close();
            check(assertThrows(ClosedException.class, () -> closed.read(room)), request, "the reply is closed");
            check(assertThrows(LimitExceededException.class, () -> http.get("http://h/").bytes()),
                    request, "the response body is longer than 7 bytes");
        }
    }

    /** What a user's code may derive. */
    public static final class OfAUser extends BrokenException {

        private static final long serialVersionUID = 1L;

        public OfAUser(String message) {
            super(message);
        }
    }

    /** All public failures of the modules that a client's calls go through, so that the next one is not forgotten. */
    private static List<Class<?>> kinds() throws Exception {
        List<Class<?>> kinds = new ArrayList<>(List.of(OfAUser.class));
        for (Class<?> part : List.of(HeddleException.class, ByteStream.class, HttpClient.class)) {
            Path root = Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(root)) {
                addKinds(root, kinds);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(root)) {
                    addKinds(jar.getPath("/"), kinds);
                }
            }
        }
        kinds.remove(CancelledException.class); // the caller's own, and nobody's failure
        return kinds;
    }

    private static void addKinds(Path root, List<Class<?>> kinds) throws Exception {
        List<String> names;
        try (Stream<Path> files = Files.walk(root)) {
            names = files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.startsWith("dev") && name.endsWith("Exception.class"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                    .filter(name -> !name.startsWith("dev.heddle.http.internal.server.")) // no client meets these
                    .toList();
        }
        for (String name : names) {
            Class<?> found = Class.forName(name, false, HttpClient.class.getClassLoader());
            if (HeddleException.class.isAssignableFrom(found) && Modifier.isPublic(found.getModifiers())) {
                kinds.add(found);
            }
        }
    }

    /** Makes one by whatever constructor takes values that are known here; null if there is none that others may call. */
    private static @Nullable HeddleException make(Class<?> kind) throws Exception {
        if (kind == GroupException.class) {
            return assertThrows(GroupException.class, () -> Heddle.gather(() -> {
                throw new BrokenException("it failed");
            }));
        }
        for (Constructor<?> constructor : kind.getConstructors()) {
            List<Object> values = new ArrayList<>();
            for (Class<?> type : constructor.getParameterTypes()) {
                values.add(value(type));
            }
            return (HeddleException) constructor.newInstance(values.toArray());
        }
        return kind == ReplyStatusException.class ? new ReplyStatusException("it failed", 404) : null;
    }

    private static Object value(Class<?> type) {
        return Map.<Class<?>, Object>of(
                String.class, "it failed",
                Throwable.class, new IOException("why"),
                IOException.class, new IOException("why"),
                ResolveException.class, new ResolveException("h", "no such name", null),
                JsonException.class, new JsonException("no document", null),
                List.class, List.of(),
                Path.class, Path.of("a"),
                Headers.class, Headers.EMPTY,
                boolean.class, false,
                byte[].class, new byte[0]).getOrDefault(type, type == long.class ? (Object) 404L : (Object) 404);
    }

    @SimTest(seeds = 1)
    void failureOfEachKindTellsItsRequestAndKeepsItsClass() throws Exception {
        HeddleException[] failure = new HeddleException[1];
        int tried = 0;
        try (HttpClient http = HttpClient.builder().connector((host, port) -> {
            throw failure[0];
        }).build()) {
            for (Class<?> kind : kinds()) {
                failure[0] = make(kind);
                if (failure[0] == null) {
                    continue;
                }
                tried++;
                String detail = failure[0].getMessage();
                HeddleException thrown = assertThrows(
                        HeddleException.class, () -> http.get("http://h/a?key=secret"));
                assertSame(kind, thrown.getClass());
                check(thrown, new FailedRequest("GET", "http://h/a?..."), detail);

                failure[0] = make(kind);
                HeddleException ofSocket = assertThrows(
                        HeddleException.class, () -> http.webSocket("ws://h/a?key=secret").connect());
                assertSame(kind, ofSocket.getClass());
                check(ofSocket, new FailedRequest("WebSocket", "http://h/a?..."), detail);
            }
        }
        assertTrue(tried > 20, "only " + tried + " were tried");
    }

    @SuppressWarnings("try") // the client is closed early
    @SimTest(seeds = 10)
    void refusalsTellTheirRequest() {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                HttpClient http = server.client().build()) {
            check(assertThrows(ReplyStatusException.class, () -> http.get("http://h/a").expectSuccess()),
                    new FailedRequest("GET", "http://h/a"),
                    "the server answered 404 \"Not Found\"");
            check(assertThrows(ReplyStatusException.class, () -> http.webSocket("ws://h/a").connect()),
                    new FailedRequest("WebSocket", "http://h/a"),
                    "the server opens no WebSocket here, it answered 404 \"Not Found\"");
            http.close();
            check(assertThrows(ClosedException.class, () -> http.get("http://h/a")),
                    new FailedRequest("GET", "http://h/a"),
                    "the HTTP client is closed");
            check(assertThrows(ClosedException.class, () -> http.webSocket("ws://h/a").connect()),
                    new FailedRequest("WebSocket", "http://h/a"),
                    "the HTTP client is closed");
        }
    }

    @SimTest(seeds = 10)
    void connectThatFailsBehindARedirectTellsTheLastHop() {
        try (ScriptedServer server = ScriptedServer.answering(
                "HTTP/1.1 302 Found\r\nLocation: http://other/b\r\nContent-Length: 0\r\n\r\n");
                HttpClient http = HttpClient.builder()
                        .connector((host, port) -> host.equals("h")
                                ? server.connect(host, port)
                                : Tcp.connect("10.9.9.9", 1))
                        .build()) {
            ConnectFailedException failure = assertThrows(ConnectFailedException.class, () -> http.get("http://h/a"));
            assertEquals(Optional.of(new FailedRequest("GET", "http://other/b")), failure.subject());
        }
    }

    @SimTest(seeds = 10)
    void cancelOfTheCallerHasNoRequest() {
        try (ScriptedServer server = ScriptedServer.of(ScriptedServer.Peer::awaitEnd);
                HttpClient http = server.client().build()) {
            List<Throwable> seen = new ArrayList<>();
            Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                try {
                    http.get("http://h/a");
                } catch (CancelledException e) {
                    seen.add(e);
                    throw e;
                }
            });
            assertEquals(Optional.empty(), ((HeddleException) seen.getFirst()).subject());
        }
    }
}
