package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.ScriptedServer;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import dev.heddle.sim.SimTest;
import java.time.Duration;
import java.util.Optional;

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
            check(assertThrows(BadReplyException.class, () -> http.post("http://h/a").send()),
                    new FailedRequest("POST", "http://h/a"),
                    "the server switches protocols, which nobody asked it to");
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
}
