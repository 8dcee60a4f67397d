package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several requests on one connection: order, ends, and the limits of its life. */
final class KeepAliveTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private final HttpServer.Builder server = HttpServer.builder().get("/{name}", r -> Response.text(r.path("name")));

    @Test
    void http11IsKeptAndHttp10IsNotUnlessAsked() {
        assertEquals(2, Wire.count(Wire.ask(server, GET + LAST)));
        assertEquals(1, Wire.count(Wire.ask(server, "GET /a HTTP/1.0\r\n\r\n" + LAST)));
        String asked = Wire.ask(server, "GET /a HTTP/1.0\r\nConnection: foo, Keep-Alive\r\n\r\n" + LAST);
        assertEquals(2, Wire.count(asked));
        assertTrue(asked.contains("Connection: keep-alive\r\n"), asked);
    }

    @Test
    void closeIsFoundInAnyPlaceOfTheConnectionField() {
        String request = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: y, Close\r\n\r\n";
        assertEquals(1, Wire.count(Wire.ask(server, request + LAST)));
    }

    /** CVE-2023-46137, CVE-2024-41671. */
    @Test
    void pipelinedRequestsAreAnsweredInOrderOneHandlerAtATime() {
        var running = new ArrayList<String>();
        var most = new ArrayList<Integer>();
        var slow = HttpServer.builder().get("/{name}", r -> {
            running.add(r.path("name"));
            most.add(running.size());
            Heddle.sleep(Duration.ofMillis(10 - Integer.parseInt(r.path("name"))));
            running.remove(r.path("name"));
            return Response.text("<" + r.path("name") + ">");
        });
        var requests = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            requests.append(
                    "GET /" + i + " HTTP/1.1\r\nHost: a\r\n" + (i == 9 ? "Connection: close\r\n" : "") + "\r\n");
        }
        String answer = Wire.ask(slow, requests.toString());
        int at = 0;
        for (int i = 0; i < 10; i++) {
            at = answer.indexOf("<" + i + ">", at);
            assertTrue(at > 0, answer);
        }
        assertEquals(List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), most);
    }

    /** CVE-2026-54273. */
    @Test
    void peerThatPipelinesWithoutEndIsHeldBackWhileAHandlerRuns() {
        var release = new ArrayList<Integer>();
        var stuck = HttpServer.builder().get("/{name}", r -> {
            while (release.isEmpty()) {
                Heddle.sleep(Duration.ofMillis(1));
            }
            return Response.text("x");
        });
        Wire.play(stuck, (peer, connection) -> {
            long[] sent = {0};
            byte[] request = Wire.latin1(GET);
            assertTrue(!Heddle.moveOnAfter(Duration.ofSeconds(1), () -> {
                while (sent[0] < 1_000_000) {
                    peer.write(request);
                    sent[0]++;
                }
            }));
            // The pipe of the test holds 64 KiB and the server one buffer of 16 KiB.
            assertTrue(sent[0] * request.length < 100_000, "sent " + sent[0]);
        });
    }

    @Test
    void badRequestAfterAGoodOneGetsItsErrorAndNothingIsParsedAfterwards() {
        String answer = Wire.ask(server, GET + "GET /b HTTP/1.1\r\nHost : b\r\n\r\n" + LAST);
        assertEquals(2, Wire.count(answer));
        assertTrue(answer.startsWith("HTTP/1.1 200") && answer.contains("HTTP/1.1 400"), answer);
        assertFalse(answer.contains("last"), answer);
    }

    @Test
    void lastRequestOfAConnectionAnnouncesTheClose() {
        server.limits(ServerLimits.DEFAULT.withMaxRequests(2).withMaxLifetime(Duration.ofHours(1)));
        String answer = Wire.ask(server, GET + GET + GET);
        assertEquals(2, Wire.count(answer));
        assertEquals(2, answer.split("Connection: close\r\n", -1).length);
    }

    @Test
    void connectionThatIsTooOldAnnouncesTheClose() {
        server.limits(ServerLimits.DEFAULT.withMaxRequests(100).withMaxLifetime(Duration.ofSeconds(30)));
        Wire.play(server, (peer, connection) -> {
            peer.write(GET);
            assertFalse(Wire.response(peer).contains("close"));
            Heddle.sleep(Duration.ofSeconds(31));
            peer.write(GET);
            assertTrue(Wire.response(peer).contains("Connection: close\r\n"));
            assertEnd(peer);
        });
    }

    @Test
    void idleConnectionIsClosedAfterItsTime() {
        server.limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofSeconds(5)));
        Wire.play(server, (peer, connection) -> {
            for (int i = 0; i < 3; i++) {
                peer.write(GET);
                Wire.response(peer);
                Heddle.sleep(Duration.ofSeconds(4));
            }
            long start = Heddle.currentLoop().nanoTime();
            assertEnd(peer);
            assertEquals(1, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
        });
    }

    @Test
    void idleTimeDoesNotRunWhileAHandlerDoes() {
        server.limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofSeconds(5))).get("/long", r -> {
            Heddle.sleep(Duration.ofHours(1));
            return Response.text("done");
        });
        assertEquals("done", Wire.body(Wire.ask(server, "GET /long HTTP/1.0\r\n\r\n")));
    }

    @Test
    void peerThatClosesBetweenRequestsEndsTheTask() {
        Wire.play(server, (peer, connection) -> {
            peer.write(GET);
            Wire.response(peer);
            peer.close();
            connection.join();
        });
    }

    @Test
    void peerThatEndsItsOutputStillGetsItsAnswers() {
        Wire.play(server, (peer, connection) -> {
            peer.write(GET + GET);
            peer.closeOutput();
            assertEquals(2, Wire.count(Wire.text(peer.readAll(10_000))));
        });
    }

    @Test
    void headThatEndsEarlyGets400() {
        Wire.play(server, (peer, connection) -> {
            peer.write("GET /a HTTP/1.1\r\nHo");
            peer.closeOutput();
            assertEquals(400, Wire.status(Wire.text(peer.readAll(10_000))));
        });
    }

    private static void assertEnd(ByteStream peer) {
        assertEquals(-1, peer.read(new byte[1]));
    }

    @Test
    void closeWinsOverAKeepAlive() {
        assertEquals(1, Wire.count(
                Wire.ask(server, "GET /a HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n" + LAST)));
        assertEquals(1, Wire.count(
                Wire.ask(server, "GET /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n" + LAST)));
    }
}
