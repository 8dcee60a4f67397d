package dev.heddle.http;

import java.io.InputStream;
import java.util.Objects;

/**
 * A message that is read while it comes, so that a long one never lies in memory: see {@link WebSocket#receiveStream}.
 *
 * <p>It is of use until the next message is asked for. What is not read by then is thrown away.
 *
 * <p>Errors are those of {@link WebSocket#receive}. Cancellation: a cancelled read has taken nothing. Threads: as the socket's
 * receiving methods. To test code that reads one, give it any other {@code InputStream}.
 */
public final class WebSocketInput extends InputStream {

    private final WebSocket socket;
    private final boolean text;
    private boolean over;

    WebSocketInput(WebSocket socket, boolean text) {
        this.socket = socket;
        this.text = text;
    }

    /** Whether it is a text, then well-formed UTF-8; else bytes. */
    public boolean isText() {
        return text;
    }

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
    public int read(byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, target.length);
        if (over || count == 0) {
            return over ? -1 : 0;
        }
        int came = socket.readStream(this, target, offset, count);
        over = came < 0;
        return came;
    }
}
