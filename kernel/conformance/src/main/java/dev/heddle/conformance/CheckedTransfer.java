package dev.heddle.conformance;

import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A transfer of bytes that ends with their checksum, CRC-32C (RFC 3720, appendix B.4), of any length and without being
 * held in memory.
 */
final class CheckedTransfer {

    private static final int SUM_BYTES = 4;
    private static final int CHUNK_BYTES = 64 * 1024;

    /** Chunks begin at a different place of the noise each, so that one that is lost or comes twice is seen. */
    private static final byte[] NOISE = Fixtures.noise(CHUNK_BYTES + 8191, 20);

    private CheckedTransfer() {}

    /**
     * Sends so many bytes and their sum.
     *
     * @param seed what the bytes depend on
     */
    static void send(ByteStream stream, long count, long seed) {
        var sum = new CRC32C();
        long chunk = seed & 0xFFFF_FFFFL;
        for (long left = count; left > 0; chunk++) {
            int length = (int) Math.min(left, CHUNK_BYTES);
            int start = (int) (chunk % (NOISE.length - CHUNK_BYTES));
            sum.update(NOISE, start, length);
            stream.write(NOISE, start, length);
            left -= length;
        }
        stream.write(ByteBuffer.allocate(SUM_BYTES).putInt((int) sum.getValue()).flip());
    }

    /**
     * Receives so many bytes and their sum.
     *
     * @return whether the sum is right
     * @throws EndOfStreamException if the stream ends before
     */
    static boolean receive(ByteStream stream, long count) {
        var sum = new CRC32C();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long left = count; left > 0;) {
            int came = stream.read(chunk, 0, (int) Math.min(left, chunk.length));
            if (came < 0) {
                throw new EndOfStreamException("the stream ended " + left + " bytes too early", new byte[0]);
            }
            sum.update(chunk, 0, came);
            left -= came;
        }
        return ByteBuffer.wrap(stream.readExactly(SUM_BYTES)).getInt() == (int) sum.getValue();
    }
}
