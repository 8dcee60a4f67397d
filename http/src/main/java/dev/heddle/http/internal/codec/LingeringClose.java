package dev.heddle.http.internal.codec;

import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;

/**
 * The end of a connection whose peer may be sending: closing with unread bytes would make the system send a reset,
 * which can overtake what was written last (RFC 9112, section 9.6).
 */
public final class LingeringClose {

    private LingeringClose() {}

    /**
     * Ends the output, and throws away what comes until the peer has ended too.
     *
     * @param maxBytes about how much more is read
     */
    public static void run(ByteStream stream, long maxBytes) {
        stream.closeOutput();
        long left = maxBytes;
        while (left >= 0) {
            ByteBuffer in = stream.fill();
            if (!in.hasRemaining()) {
                return;
            }
            left -= in.remaining();
            in.position(in.limit());
        }
    }
}
