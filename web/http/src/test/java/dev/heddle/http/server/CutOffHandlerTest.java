package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handlers that cut themselves off, or fail as if the peer had: what the peer gets, and who comes after. */
final class CutOffHandlerTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LAST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private final List<String> seen = new ArrayList<>();

    @Test
    void readThatItsOwnHandlerCancelsLosesNoEarlierResponse() {
        var server = HttpServer.builder()
                .get("/", r -> Response.text("first"))
                .post("/", r -> {
                    assertTrue(!CancelScope.open(scope -> {
                        scope.cancel("the handler's own");
                        r.read(new byte[1]);
                    }));
                    return Response.text("second " + r.text(10));
                });
        Wire.play(server, (peer, connection) -> {
            peer.write(GET + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
            assertTrue(Wire.response(peer).endsWith("first"));
            peer.write("ok");
            assertTrue(Wire.response(peer).endsWith("second ok"));
        });
    }

    @Test
    void writeThatWasCutOffEndsTheBodyAndLeavesNoDeadlineBehind() {
        var server = HttpServer.builder().get("/", r -> Response.stream("a/b", out -> {
            out.write('a');
            assertTrue(!CancelScope.open(scope -> {
                scope.cancel("the handler's own");
                out.flush();
            }));
            Heddle.sleep(Duration.ofMinutes(5));
            seen.add("awake");
            assertThrows(BrokenException.class, () -> out.write('b'));
            assertThrows(BrokenException.class, out::flush);
        }));
        Wire.play(server, (peer, connection) -> {
            peer.write(GET);
            assertThrows(BrokenException.class, () -> peer.readAll(1_000));
            assertEquals(List.of("awake"), seen);
        });
    }

    @Test
    void cancelThatIsNotItsOwnIsAFailureOfTheHandler() {
        var server = HttpServer.builder().get("/", r -> {
            var kept = new ArrayList<CancelledException>();
            boolean _ = Heddle.moveOnAfter(Duration.ofMillis(1), () -> {
                try {
                    Heddle.sleep(Duration.ofHours(1));
                } catch (CancelledException e) {
                    kept.add(e);
                    throw e;
                }
            });
            throw kept.getFirst();
        });
        assertEquals(500, Wire.status(Wire.ask(server, LAST)));
    }

    @Test
    void writerThatLosesAConnectionOfItsOwnHasNotLostThePeer() {
        for (RuntimeException failure : List.of(new BrokenException("upstream"), new ClosedException("upstream"))) {
            var server = HttpServer.builder().get("/", r -> Response.stream("a/b", out -> {
                out.write('a');
                throw failure;
            }));
            assertEquals(500, Wire.status(Wire.ask(server, LAST)));
        }
    }

    @Test
    void writerMayStillAnswerWithAStatusAndItsHeaders() {
        var server = HttpServer.builder().get("/", r -> Response.stream("a/b", out -> {
            throw new StatusException(429, "too fast", Headers.of("Retry-After", "7"));
        }));
        String answer = Wire.ask(server, LAST);
        assertEquals(429, Wire.status(answer));
        assertTrue(answer.contains("\r\nRetry-After: 7\r\n"), answer);
    }
}
