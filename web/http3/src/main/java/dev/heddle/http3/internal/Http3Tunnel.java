package dev.heddle.http3.internal;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.engine.AbstractTransport;
import dev.heddle.http.internal.codec.BufferStack;
import dev.heddle.quic.internal.QuicStream;
import java.nio.ByteBuffer;

/**
 * A stream of HTTP/3 that carries another protocol in both directions (RFC 9220), as a transport: its bytes are DATA
 * frames, its end is that of the stream, its loss is a reset with H3_REQUEST_CANCELLED.
 *
 * <p>A frame is announced as long as there is room for, so that an end finds none half sent. Only where there is room for
 * a few bytes it may be: who ends the output there has broken its own protocol off, and the stream is reset.
 */
final class Http3Tunnel extends AbstractTransport {

    /** The most bytes of a frame, and how many it has at least where there is less room. */
    private static final int MAX_FRAME_BYTES = 64 * 1024;

    private static final int MIN_FRAME_BYTES = 64;

    private final Http3Stream frames;
    private final QuicStream stream;
    private final BufferStack buffers;
    private final Runnable onOver;

    /** What is left to send of a frame's type and length, and how many bytes of it then. */
    private final ByteBuffer head = ByteBuffer.allocate(Http3Stream.FRAME_HEAD).limit(0);

    private int left;

    /**
     * Takes a stream over, behind the heads of its request and its answer.
     *
     * @param onOver run once, when it is closed; must not wait
     */
    Http3Tunnel(Http3Stream frames, BufferStack buffers, Runnable onOver) {
        this.frames = frames;
        this.stream = frames.transport();
        this.buffers = buffers;
        this.onOver = onOver;
    }

    // ---- reading ----

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        try {
            int count = frames.tryRead(target);
            return count < 0 ? endOfInput() : count;
        } catch (Http3Fault fault) {
            frames.answer(fault);
            throw lost(fault.text());
        } catch (ClosedException gone) {
            throw lost(gone);
        }
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        try {
            if (!frames.isReady()) {
                stream.awaitReadable();
            }
        } catch (Http3Fault | ClosedException e) {
            // Who reads hears of it.
        }
        checkOpen();
    }

    /** What the stream says of its peer and of the network, or that this side has given it up with its connection. */
    private BrokenException lost(ClosedException gone) {
        return gone.getCause() instanceof BrokenException told ? told : lost(String.valueOf(gone.getMessage()));
    }

    // ---- writing ----

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOutputOpen();
        int begin = source.position();
        try {
            if (source.hasRemaining() && (left > 0 || begin(source.remaining()))) {
                if (head.hasRemaining()) {
                    sendHead(source);
                }
                if (!head.hasRemaining() && left > 0 && source.hasRemaining()) {
                    sendRest(source);
                }
            }
        } catch (ClosedException gone) {
            throw lost(gone);
        }
        return source.position() - begin;
    }

    /** Begins a frame, if there is room for anything; a stream that takes no more says so when it is written. */
    private boolean begin(int bytes) {
        long room = stream.capacity();
        left = (int) Math.min(Math.min(bytes, MAX_FRAME_BYTES), Math.max(room - head.capacity(), MIN_FRAME_BYTES));
        if (room == 0) {
            left = 0;
            return false;
        }
        head.clear().put((byte) Http3Stream.DATA);
        VariableLength.write(head, left);
        head.flip();
        return true;
    }

    /** Sends the head of a frame, and in the same step as many of its bytes as fit in a buffer. */
    private void sendHead(ByteBuffer source) {
        ByteBuffer out = buffers.take(head.remaining());
        try {
            int before = head.remaining();
            out.put(head.duplicate());
            int joined = Math.min(Math.min(left, source.remaining()), out.remaining());
            out.put(source.slice(source.position(), joined)).flip();
            int taken = stream.tryWrite(out);
            int ofHead = Math.min(taken, before);
            head.position(head.position() + ofHead);
            source.position(source.position() + taken - ofHead);
            left -= taken - ofHead;
        } finally {
            buffers.give(out);
        }
    }

    private void sendRest(ByteBuffer source) {
        int limit = source.limit();
        source.limit(Math.min(limit, source.position() + left));
        try {
            left -= stream.tryWrite(source);
        } finally {
            source.limit(limit);
        }
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        try {
            stream.awaitWritable();
        } catch (ClosedException e) {
            // Who writes hears of it.
        }
        checkOpen();
    }

    // ---- the end ----

    @Override
    protected void endOutput() {
        if (left > 0) {
            resetOnClose();
        } else {
            frames.endNow();
        }
    }

    @Override
    protected void resetOnClose() {
        stream.abort(Http3Error.REQUEST_CANCELLED.code());
    }

    @Override
    protected void release() {
        endOutput();
        frames.close(Http3Error.REQUEST_CANCELLED);
        onOver.run();
    }

    @Override
    public String localAddress() {
        return stream.localAddress();
    }

    @Override
    public String remoteAddress() {
        return stream.remoteAddress();
    }

    @Override
    public String toString() {
        return "the tunnel on " + stream;
    }
}
