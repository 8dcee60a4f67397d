package dev.heddle.http.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and counts: what is at the limit passes, one more does not, however the bytes are cut. */
final class ServerLimitsTest {

    private static final String TAIL = " HTTP/1.1";

    private static HttpServer.Builder server(ServerLimits limits) {
        return HttpServer.builder()
                .limits(limits)
                .get("/{path...}", r -> Response.text("ok"))
                .post("/read", r -> Response.text("" + r.bytes(1 << 20).length))
                .post("/ignore", r -> Response.text("ok"));
    }

    private static int statusOf(ServerLimits limits, String request, boolean byByte) {
        String answer = byByte ? Wire.askByByte(server(limits), request) : Wire.ask(server(limits), request);
        return Wire.status(answer);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestLineOneByteOverTheLimitGets414HoweverItIsCut(boolean byByte) {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxStartLine(64);
        String fields = "\r\nHost: a\r\nConnection: close\r\n\r\n";
        String atLimit = "GET /" + "x".repeat(64 - 5 - TAIL.length()) + TAIL;
        assertEquals(200, statusOf(limits, atLimit + fields, byByte));
        String over = "GET /x" + "x".repeat(64 - 5 - TAIL.length()) + TAIL;
        assertEquals(414, statusOf(limits, over + fields, byByte));
    }

    @Test
    void targetOfTenThousandSegmentsOfOneByteGets414() {
        assertEquals(414, statusOf(ServerLimits.DEFAULT, "GET /" + "x".repeat(10_000), true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void headerSectionOneByteOverTheLimitGets431HoweverItIsCut(boolean byByte) {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxHeaderBytes(100).withMaxHeaderCount(10);
        String fixed = "Host: a\r\nConnection: close\r\nX: \r\n\r\n";
        String start = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
        assertEquals(200, statusOf(limits, start + "x".repeat(100 - fixed.length()) + "\r\n\r\n", byByte));
        assertEquals(431, statusOf(limits, start + "x".repeat(101 - fixed.length()) + "\r\n\r\n", byByte));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestLineAndAHeaderSectionAtTheirLimitsPassTogether(boolean byByte) {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxStartLine(64).withMaxHeaderBytes(100).withMaxHeaderCount(10);
        String line = "GET /" + "x".repeat(64 - 5 - TAIL.length()) + TAIL;
        String fixed = "Host: a\r\nConnection: close\r\nX: \r\n\r\n";
        String fields = fixed.replace("X: ", "X: " + "x".repeat(100 - fixed.length()));
        assertEquals(200, statusOf(limits, line + "\r\n" + fields, byByte));
        assertEquals(200, statusOf(limits, "\r\n" + line.replaceFirst("xx", "") + "\r\n" + fields, byByte));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneFieldOverTheLimitGets431HoweverItIsCut(boolean byByte) {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxHeaderBytes(1000).withMaxHeaderCount(5);
        String start = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        assertEquals(200, statusOf(limits, start + "X: y\r\n".repeat(3) + "\r\n", byByte));
        assertEquals(431, statusOf(limits, start + "X: y\r\n".repeat(4) + "\r\n", byByte));
    }

    @Test
    void endlessHeaderIsCutOffAtTheLimitAndNotGathered() {
        String answer = Wire.ask(server(ServerLimits.DEFAULT), "GET / HTTP/1.1\r\nHost: a\r\nX: ", "x".repeat(1 << 20));
        assertEquals(431, Wire.status(answer));
    }

    @Test
    void manyEmptyLinesBeforeARequestAreRefused() {
        assertEquals(200, statusOf(ServerLimits.DEFAULT, "\r\nGET /a HTTP/1.0\r\n\r\n", false));
        assertEquals(400, statusOf(ServerLimits.DEFAULT, "\r\n\r\nGET /a HTTP/1.0\r\n\r\n", false));
        assertEquals(400, statusOf(ServerLimits.DEFAULT, "\nGET /a HTTP/1.0\r\n\r\n", false));
    }

    @Test
    void bodyWithALengthOverTheLimitGets413BeforeItIsSent() {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxBodyBytes(10);
        String head = "POST /read HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
        String answer = Wire.ask(server(limits), head + "11\r\n\r\n");
        assertEquals(413, Wire.status(answer));
        assertTrue(answer.contains("Connection: close"), answer);
    }

    @Test
    void chunkedBodyOverTheLimitGets413WhileItIsRead() {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxBodyBytes(10);
        String head = "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertEquals(200, statusOf(limits, head + "a\r\n0123456789\r\n0\r\n\r\nGET /a HTTP/1.0\r\n\r\n", false));
        assertEquals(413, statusOf(limits, head + "b\r\n0123456789a\r\n0\r\n\r\n", false));
        assertEquals(413, statusOf(limits, head + "1\r\nx\r\n".repeat(11) + "0\r\n\r\n", false));
    }

    @Test
    void chunkExtensionsAndTrailersShareTheHeaderLimit() {
        String head = "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        String endless = "1;a=" + "x".repeat(100_000) + "\r\nx\r\n0\r\n\r\n";
        assertEquals(400, statusOf(ServerLimits.DEFAULT, head + endless, false));
        String manySmall = "1;a=bcdefgh\r\nx\r\n".repeat(10_000) + "0\r\n\r\n";
        assertEquals(400, statusOf(ServerLimits.DEFAULT, head + manySmall, false));
        String trailers = "0\r\n" + "T: x\r\n".repeat(20_000) + "\r\n";
        assertEquals(400, statusOf(ServerLimits.DEFAULT, head + trailers, false));
    }

    @Test
    void bodyThatNobodyReadIsThrownAwayUpToTheLimit() {
        ServerLimits limits = ServerLimits.DEFAULT.withMaxDrainBytes(10);
        String next = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        String head = "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: ";
        assertEquals(2, Wire.count(Wire.ask(server(limits), head + "10\r\n\r\n0123456789" + next)));
        String over = Wire.ask(server(limits), head + "11\r\n\r\n0123456789a" + next);
        assertEquals(1, Wire.count(over));
        assertTrue(over.contains("Connection: close"), over);
    }

    @Test
    void peerThatFloodsAfterTheCloseIsLeftBeforeTheLingerTimeIsOver() {
        Wire.play(server(ServerLimits.DEFAULT.withMaxDrainBytes(1_000)), (peer, connection) -> {
            long start = Heddle.currentLoop().nanoTime();
            peer.write("BAD\r\n\r\n" + "x".repeat(5_000));
            connection.join();
            assertEquals(0, Duration.ofNanos(Heddle.currentLoop().nanoTime() - start).toSeconds());
        });
    }

    @Test
    void peerThatSendsMoreThanIsReadMayGoOnUntilItLooksForTheAnswer() {
        Wire.play(server(ServerLimits.DEFAULT.withMaxDrainBytes(1_000)), (peer, _) -> {
            peer.write("BAD\r\n\r\n" + "x".repeat(5_000));
            Heddle.sleep(Duration.ofMillis(100));
            peer.write("more");
            assertTrue(new String(peer.readAll(10_000), US_ASCII).startsWith("HTTP/1.1 400 "));
        });
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        ServerLimits ok = ServerLimits.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> ok.withMaxStartLine(0));
        assertThrows(IllegalArgumentException.class, () -> ok.withMaxHeaderBytes(0).withMaxHeaderCount(1));
        assertThrows(IllegalArgumentException.class, () -> ok.withMaxHeaderBytes(100).withMaxHeaderCount(0));
        assertThrows(IllegalArgumentException.class, () -> ok.withMaxBodyBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> ok.withIdleTime(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> ok.withMinRate(0).withTransferGrace(Duration.ofSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ok.withHeadTime(Duration.ofSeconds(2)).withMaxHeadTime(Duration.ofSeconds(1)).withHeadRate(1));
        assertThrows(IllegalArgumentException.class, () -> ok.withStopGrace(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> ok.withMaxConnections(0));
    }
}
