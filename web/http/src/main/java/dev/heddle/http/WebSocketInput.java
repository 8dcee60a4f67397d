package dev.heddle.http;

import java.io.InputStream;

/**
 * A message that is read while it comes, so that a long one never lies in memory: see {@link WebSocket#receiveStream}.
 *
 * <p>It is of use until the next message is asked for. What is not read by then is thrown away.
 *
 * <p>Errors are those of {@link WebSocket#receive}. Cancellation: a cancelled read has taken nothing. Threads: as the
 * socket's receiving methods. To test code that reads one, give it any other {@code InputStream}.
 */
public abstract class WebSocketInput extends InputStream {

    /** Makes one that nothing was read from. */
    protected WebSocketInput() {}

    /** Whether it is a text, then well-formed UTF-8; else bytes. */
    public abstract boolean isText();

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Reads what is there, waiting while there is nothing.
     *
     * @return how many bytes came, at least 1; 0 only if {@code count} is 0; -1 at the end of the message
     * @throws dev.heddle.BrokenException if the connection is lost, or the peer closes inside of the message
     * @throws dev.heddle.ClosedException if the next message has been asked for, or this side has closed
     */
    @Override
    public abstract int read(byte[] target, int offset, int count);
}
