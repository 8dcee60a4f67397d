package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;

/** The assertions on a stream that has ended or is lost: each call, again and again. */
final class StreamEnds {

    private StreamEnds() {}

    /** What arrives at a closed end is answered with a reset, so some writes may pass before one breaks. */
    static void writeUntilBroken(ByteStream stream) {
        assertThrows(BrokenException.class, () -> {
            while (true) {
                stream.write(new byte[1000]);
                Heddle.checkpoint();
            }
        });
    }

    static void assertEachWriteBreaks(ByteStream stream) {
        writeUntilBroken(stream);
        Transport transport = stream.transport();
        for (int i = 0; i < 3; i++) {
            assertThrows(BrokenException.class, () -> stream.write("x"));
            assertThrows(BrokenException.class, () -> transport.tryWrite(ByteBuffer.wrap(new byte[1])));
            transport.awaitWritable();
            Heddle.checkpoint();
        }
    }

    /** Asserts that a rest is to be read, and behind it a loss, however often and by whatever call. */
    static void assertBroken(ByteStream stream, String rest) {
        for (int i = 0; i < 3; i++) {
            assertThrows(BrokenException.class, () -> stream.readAll(1000));
            Heddle.checkpoint();
        }
        assertEquals(rest, text(stream.readExactly(rest.length())));
        for (int i = 0; i < 3; i++) {
            assertThrows(BrokenException.class, () -> stream.read(new byte[1]));
            assertThrows(BrokenException.class, () -> stream.read(new byte[1000]));
            assertThrows(BrokenException.class, () -> stream.readLine(10));
            stream.transport().awaitReadable();
            Heddle.checkpoint();
        }
    }

    /** Asserts that a rest is to be read, and behind it the end, however often. */
    static void assertEnd(ByteStream stream, String rest) {
        assertEquals(rest, text(stream.readAll(1000)));
        for (int i = 0; i < 3; i++) {
            assertEquals(0, stream.readAll(1000).length);
            assertEquals(-1, stream.read(new byte[1000]));
            Heddle.checkpoint();
        }
    }
}
