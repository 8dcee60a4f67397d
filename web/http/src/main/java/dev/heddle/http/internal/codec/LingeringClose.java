package dev.heddle.http.internal.codec;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The end of a connection whose peer may be sending: closing with unread bytes would make the system send a reset,
 * which can overtake what was written last (RFC 9112, section 9.6).
 */
public final class LingeringClose {

    /** How long a peer that sends more than is read has to look at what was written: it stands still meanwhile. */
    private static final Duration UNREAD_TIME = Duration.ofMillis(500);

    private LingeringClose() {}

    /**
     * Ends the output, and throws away what comes until the peer has ended too. Who has sent more than is read, as the
     * buffers of the systems hold much, has half a second more. A cancelled call has ended the output.
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
        Heddle.sleep(UNREAD_TIME);
    }
}
