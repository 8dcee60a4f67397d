package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.PlantedBug;
import dev.heddle.http.gateway.DayLedger.End;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway in bad weather gives right answers, named failures or visibly cut ones, and has nothing left behind it. */
final class GatewayDayTest {

    private static final List<PlantedBug> BUGS = List.of(
            planted("a byte of a long piece of an answer is lost", "gateway/ProxiedReply",
                    "PieceOutput.write(out, piece);",
                    "PieceOutput.write(out, piece.remaining() > 5_000 ? piece.position(1) : piece);"),
            planted("a body ends where it pauses", "gateway/ProxiedReply",
                    "        ByteBuffer piece = read();",
                    "        ByteBuffer piece = isBegun && !reply.hasArrived() ? ByteBuffer.allocate(0) : read();"),
            planted("two bytes of a request's body are swapped", "gateway/ProxiedBody",
                    "                out.write(buffer, 0, count);",
                    "                if (count > 5_000) {\n"
                            + "                    byte first = buffer[0];\n"
                            + "                    buffer[0] = buffer[1];\n"
                            + "                    buffer[1] = first;\n"
                            + "                }\n"
                            + "                out.write(buffer, 0, count);"),
            planted("a request that must not be is sent again", "gateway/ProxiedRequest",
                    " && !body.exists() && HttpMethod.isIdempotent(request.method());", ";"),
            planted("the place of an answer without a body is kept", "gateway/ProxiedReply",
                    "            reply.close();\n            upstream.places.leave();", "            reply.close();"),
            planted("a failure is not counted", "gateway/ProxiedRequest",
                    "upstream.failures.incrementAndGet();", ""),
            planted("a message of a WebSocket is passed on as two", "gateway/ProxiedSocket",
                    "                    to.streamText(message::transferTo);",
                    "                    to.streamText(out -> out.write(message.readNBytes(5_000)));\n"
                            + "                    to.streamText(message::transferTo);"),
            planted("a WebSocket keeps its place", "gateway/ProxiedSocket",
                    "                        upstream.places.leave();\n", ""));

    private final Logger logger = Logger.getLogger("dev.heddle.http");

    /** Hundreds of failures are played, and each is worth a line. */
    @BeforeEach
    void beQuiet() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void beHeardAgain() {
        logger.setLevel(null);
    }

    private static PlantedBug planted(String words, String source, String right, String wrong) {
        return new PlantedBug(words, Path.of("src/main/java"), "dev/heddle/http/" + source + ".java", right, wrong);
    }

    @Tag("full")
    @Test
    void whatADayIsToFindIsFound() throws Exception {
        assertEquals(List.of(), PlantedBug.missed(BUGS, bug -> bug.foundBy(GatewayDay.class, 8)));
    }

    @Test
    void hourOfFaultsGivesRightAnswersOrVisibleFailures() {
        assertEquals("", new GatewayDay().apply(1));
    }

    @Tag("full")
    @Test
    void dayOfFaultsGivesRightAnswersOrVisibleFailures() {
        var day = new GatewayDay();
        assertEquals("", day.apply(24));
        for (End each : End.values()) {
            assertTrue(day.count(each) > day.exchanges() / 200, each + ": " + day.count(each));
        }
        assertTrue(day.talks(End.ANSWERED) > 100 && day.talks(End.CUT) > 10, "talks over WebSockets");
    }
}
