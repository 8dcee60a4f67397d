package dev.heddle.http.internal.websocket;

import dev.heddle.http.WebSocketInput;
import java.util.Objects;

/** The message that a socket receives as a stream. */
final class MessageInput extends WebSocketInput {

    private final RealWebSocket socket;
    private final boolean text;
    private boolean over;

    MessageInput(RealWebSocket socket, boolean text) {
        this.socket = socket;
        this.text = text;
    }

    @Override
    public boolean isText() {
        return text;
    }

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
