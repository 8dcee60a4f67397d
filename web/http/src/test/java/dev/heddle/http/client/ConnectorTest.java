package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.sim.SimTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that users make. */
final class ConnectorTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @SimTest(seeds = 10)
    void serverCanBeReachedThroughMemoryAndItsConnectionIsKeptByHostAndPort() {
        HttpServer server = HttpServer.builder().any("/", request -> Response.text("hello")).build();
        List<String> asked = new ArrayList<>();
        List<ByteStream> made = new ArrayList<>();
        Connector inMemory = (host, port) -> {
            asked.add(host + ":" + port);
            MemoryStreams.Pair pair = MemoryStreams.pair();
            Heddle.currentLoop().spawn(() -> server.serve(pair.right()));
            made.add(pair.left());
            return pair.left();
        };
        try (HttpClient http = HttpClient.builder().connector(inMemory).build()) {
            assertEquals("hello", http.get("http://a/").text());
            assertEquals("hello", http.get("http://a:80/?again").text());
            assertEquals("hello", http.get("http://a:8080/").text());
            assertEquals("hello", http.get("http://[::1]/").text());
            assertEquals(List.of("a:80", "a:8080", "::1:80"), asked);
            assertEquals(3, http.statistics().connections());
            assertTrue(made.getFirst().isOpen());
        }
        for (ByteStream stream : made) {
            assertFalse(stream.isOpen(), "the stream is the client's to close");
        }
    }

    @SimTest(seeds = 10)
    void timeToConnectReachesIntoTheConnector() {
        List<String> ends = new ArrayList<>();
        ClientTimeouts timeouts = ClientTimeouts.DEFAULT.withConnect(SECOND);
        try (HttpClient http = HttpClient.builder().timeouts(timeouts).connector(neverConnecting(ends)).build()) {
            DeadlineExceededException late = assertThrows(DeadlineExceededException.class, () -> http.get("http://a/"));
            assertEquals("GET http://a/: no connection after 1 s", late.getMessage());
            assertEquals(List.of("cancelled"), ends);
            assertEquals(0, http.statistics().connections());
        }
    }

    @SimTest(seeds = 10)
    void cancelReachesIntoTheConnectorAndLeavesNoPlace() {
        List<String> ends = new ArrayList<>();
        ClientLimits one = ClientLimits.DEFAULT.withMaxConnections(1);
        try (HttpClient http = HttpClient.builder().limits(one).connector(neverConnecting(ends)).build()) {
            Task<Reply> asking = Heddle.spawn(() -> http.get("http://a/"));
            Heddle.sleep(SECOND);
            assertEquals(1, http.statistics().connections());
            asking.cancel();
            asking.awaitOutcome();
            assertEquals(List.of("cancelled"), ends);
            assertEquals(0, http.statistics().connections());
        }
    }

    private static Connector neverConnecting(List<String> ends) {
        return (host, port) -> {
            try {
                Heddle.sleep(Duration.ofDays(1));
            } catch (CancelledException e) {
                ends.add("cancelled");
                throw e;
            }
            throw new AssertionError("slept for a day");
        };
    }

    @SimTest(seeds = 10)
    void whatAConnectorThrowsComesOutAsItIsAndFreesItsPlace() {
        var refused = new IllegalStateException("not today");
        ClientLimits one = ClientLimits.DEFAULT.withMaxConnections(1);
        try (HttpClient http = HttpClient.builder().limits(one).connector((host, port) -> {
            throw refused;
        }).build()) {
            for (int i = 0; i < 3; i++) {
                assertSame(refused, assertThrows(IllegalStateException.class, () -> http.get("http://a/")));
                assertEquals(0, http.statistics().connections());
            }
        }
    }

    @SimTest(seeds = 10)
    void connectorIsAskedForTheProxyAndNotForTheServer() {
        try (ScriptedServer proxy = ScriptedServer.answering(HELLO);
                HttpClient http = proxy.client().proxy(Proxy.http("proxy.example", 3128)).build()) {
            assertEquals("hello", http.get("http://a.example/").text());
            assertEquals(List.of("proxy.example:3128"), proxy.connects);
            assertTrue(proxy.requests.getFirst().startsWith("GET http://a.example/ HTTP/1.1"));
        }
    }

    @Test
    void lastOfConnectorAndUnixSocketCounts() {
        HttpClient.Builder unix = HttpClient.builder().connector((host, port) -> {
            throw new AssertionError();
        }).unixSocket(Path.of("socket")).proxy(Proxy.http("proxy.example", 3128));
        assertThrows(IllegalStateException.class, unix::build, "a client of a Unix socket has no proxies");
        unix.connector((host, port) -> {
            throw new AssertionError();
        }).build().close();
    }
}
