package dev.heddle.net;

import static dev.heddle.net.StreamContract.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import org.junit.jupiter.api.Test;

/** Where TLS 1.2 differs from every other transport: the end of one direction is the end of both (RFC 5246, section 7.2.1). */
abstract class Tls12Contract extends TlsContract {

    Tls12Contract() {
        super(TlsVersion.TLS_1_2);
    }

    @Override
    @Test
    public void aHalfCloseKeepsTheOtherDirectionOpen() {
        withStreams((left, right) -> {
            left.write("question");
            left.closeOutput();
            left.closeOutput();

            assertEquals("question", text(right.readAll(100)));
            assertThrows(BrokenException.class, () -> right.write("answer"));
            assertEquals(0, left.readAll(100).length);
        });
    }
}
