package dev.heddle.http.internal.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.ClosedException;
import dev.heddle.http.Headers;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All that has come of a body is given away at once, in however many pieces it came. */
final class Http2InboundTest {

    private final Http2Inbound inbound = new Http2Inbound(1);

    private void comes(String piece) {
        inbound.append(ByteBuffer.wrap(piece.getBytes(ISO_8859_1)));
    }

    private String all() {
        return new String(inbound.takeAll(), ISO_8859_1);
    }

    @Test
    void everythingIsTakenHoweverItCame() {
        String large = "x".repeat(1_000);
        for (List<String> pieces : List.of(
                List.of(large), List.of("a"), List.of("a", "b"), List.of(large, "a"), List.of("a", large, large),
                List.<String>of())) {
            pieces.forEach(this::comes);
            assertEquals(String.join("", pieces), all());
            assertEquals(0, inbound.arrived());
        }
    }

    @Test
    void whatWasReadBeforeIsNotTakenAgain() {
        comes("abcd");
        inbound.take(ByteBuffer.allocate(3));
        assertEquals("d", all());
    }

    @Test
    void whatComesLaterDoesNotChangeWhatWasTaken() {
        comes("x".repeat(300));
        byte[] taken = inbound.takeAll();
        comes("y".repeat(300));
        assertEquals("x".repeat(300), new String(taken, ISO_8859_1));
        assertEquals("y".repeat(300), all());
    }

    @Test
    void lostStreamHasNothingToTake() {
        comes("a");
        inbound.lose("reset");
        assertThrows(ClosedException.class, inbound::takeAll);
    }

    @Test
    void wholeBodyOfAStreamThatIsGoneIsTakenIfItWasToBeKept() {
        inbound.keepWhole();
        comes("a");
        inbound.end(Headers.EMPTY);
        inbound.lose("reset");
        assertEquals("a", all());
    }
}
