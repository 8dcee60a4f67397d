package dev.heddle.http.internal.websocket;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.http.internal.syntax.Utf8Check;
import java.io.OutputStream;
import java.util.Objects;

/** The output of a message that is written piece by piece: each full buffer, and each flush, is a frame. */
final class FragmentOutput extends OutputStream {

    private static final int FRAME_BYTES = 16 * 1024;

    private final WebSocketOutbound out;
    private final int opcode;
    private final Utf8Check utf8 = new Utf8Check();
    private final byte[] buffer = new byte[FRAME_BYTES];
    private int size;
    private boolean begun;
    private boolean over;

    /** Whether a frame has failed or was cut off: the message can never be whole. */
    private boolean brokenOff;

    FragmentOutput(WebSocketOutbound out, int opcode) {
        this.out = out;
        this.opcode = opcode;
    }

    /** Whether a frame may have left. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public void write(int b) {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (over) {
            throw new ClosedException("the message is over");
        }
        throwIfBrokenOff();
        if (opcode == FrameHead.TEXT && !utf8.accept(source, offset, length)) {
            brokenOff = true;
            throw new IllegalArgumentException("the bytes of a text message are not UTF-8");
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (size == buffer.length) {
                flush();
            }
            int count = Math.min(end - at, buffer.length - size);
            System.arraycopy(source, at, buffer, size, count);
            at += count;
            size += count;
        }
    }

    /** Sends what is there as a frame. */
    @Override
    public void flush() {
        throwIfBrokenOff();
        if (size > 0 && !over) {
            send(false);
        }
    }

    /** Sends the last frame. */
    void finish() {
        throwIfBrokenOff();
        if (!utf8.isComplete()) {
            throw new IllegalArgumentException("the text message ends inside of a character");
        }
        send(true);
        over = true;
    }

    private void send(boolean last) {
        boolean first = !begun;
        begun = true;
        brokenOff = true;
        out.writeFragment(opcode, first, last, buffer, size);
        brokenOff = false;
        size = 0;
    }

    private void throwIfBrokenOff() {
        if (brokenOff) {
            throw new BrokenException("an earlier part of this message was cut off");
        }
    }

    /** Does nothing: the return of the writer ends the message. */
    @Override
    public void close() {}
}
