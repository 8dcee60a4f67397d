package dev.heddle.http.internal.websocket;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a WebSocket: messages to frames.
 *
 * <p>Two turns: messages go one after the other, and so do frames. Only control frames come between the frames of one
 * message. A pong never waits behind a message: whoever writes at the moment sends it after its own frame, and only the
 * latest one is kept (RFC 6455, section 5.5.3), so pings cannot pile anything up.
 */
public final class WebSocketOutbound {

    /** Most bytes that are handed to the stream at a time, so that one can see whether the peer takes anything. */
    private static final int SLICE_BYTES = 64 * 1024;

    private final ByteStream stream;
    private final WebSocketOptions options;
    private final Loop loop = Heddle.currentLoop();

    /** Null for a server, whose frames have no mask. */
    private final @Nullable FrameMask masks;

    private final @Nullable MessageDeflater deflater;

    /** Whether compressed frames made for several sockets suit the peer. */
    private final boolean takesShared;

    private final LoopLock messages = new LoopLock("the turn to send a message");
    private final LoopLock frames = new LoopLock("the turn to send a frame");

    /** What is left of a frame that was offered; it has both turns, so that whoever sends it goes on at once. */
    private @Nullable ByteBuffer rest;

    private byte @Nullable [] pong;
    private boolean closeSent;

    /** Whether a message has begun that will never end: only a close may follow. */
    private boolean brokenOff;

    /** Whether a part of a frame has left but not its end: nothing may follow. */
    private boolean torn;

    /** Why nothing can reach the peer any more; null while it may. */
    private @Nullable String lost;

    /** Since when the peer has taken nothing of what is being written, or {@link Long#MIN_VALUE}. */
    private long stuckSinceNanos = Long.MIN_VALUE;

    private long lastMessageNanos = loop.nanoTime();

    public WebSocketOutbound(
            ByteStream stream, WebSocketOptions options, boolean client, @Nullable MessageDeflater deflater,
            boolean takesShared) {
        this.stream = stream;
        this.options = options;
        this.masks = client ? new FrameMask() : null;
        this.deflater = deflater;
        this.takesShared = takesShared;
    }

    /** Whether a close has been sent, so that nothing may follow. */
    boolean isCloseSent() {
        return closeSent;
    }

    /** Whether the connection is known to be lost. */
    boolean isLost() {
        return lost != null;
    }

    /** The connection is lost: so each later send is told, and one that waits. */
    void lose(String why) {
        if (lost == null) {
            lost = why;
        }
    }

    long stuckSinceNanos() {
        return stuckSinceNanos;
    }

    long lastMessageNanos() {
        return lastMessageNanos;
    }

    /** Sends a whole message. A cancelled call has sent nothing, or has broken the stream. */
    public void send(int opcode, byte[] payload) {
        messages.enter();
        try {
            writeMessage(opcode, payload);
            lastMessageNanos = loop.nanoTime();
        } finally {
            messages.leave();
        }
    }

    /** Sends a message that goes to others as well; otherwise as {@link #send}. */
    void send(SharedMessage message) {
        if (masks != null) {
            send(message.opcode(), message.payload());
            return;
        }
        messages.enter();
        try {
            write(frame(message));
            lastMessageNanos = loop.nanoTime();
        } finally {
            messages.leave();
        }
    }

    private ByteBuffer frame(SharedMessage message) {
        boolean compressed = deflater != null && takesShared
                && message.payload().length >= options.minCompressBytes();
        if (compressed && deflater != null) {
            deflater.forget();
        }
        return ByteBuffer.wrap(compressed ? message.deflatedFrame() : message.frame());
    }

    /**
     * Sends as much of a message as goes without a wait. Nobody else sends before {@link #sendRest} has sent the rest.
     *
     * @return false if not even its first byte has left; {@link #send} tells why, if that is a failure
     */
    boolean offer(SharedMessage message) {
        CancelScope.throwIfCancelled();
        boolean canLeave = masks == null && messages.isFree() && frames.isFree()
                && !closeSent && !torn && !brokenOff && lost == null && stream.isOpen();
        if (!canLeave) {
            return false;
        }
        ByteBuffer frame = frame(message);
        try {
            stream.offer(frame);
        } catch (RuntimeException e) {
            lose(String.valueOf(e.getMessage()));
        }
        if (frame.position() == 0) {
            return false;
        }
        lastMessageNanos = loop.nanoTime();
        if (frame.hasRemaining()) {
            messages.enter();
            frames.enter();
            rest = frame;
        }
        return true;
    }

    boolean hasRest() {
        return rest != null;
    }

    void sendRest() {
        ByteBuffer left = rest;
        if (left == null) {
            return;
        }
        rest = null;
        boolean whole = false;
        try {
            put(left);
            whole = true;
            writePong();
        } finally {
            torn |= !whole;
            frames.leave();
            messages.leave();
        }
    }

    /** Sends a message in pieces as it is written; one that fits the buffer goes as a whole. */
    public void stream(int opcode, BodyWriter writer) throws Exception {
        messages.enter();
        var out = new FragmentOutput(this, opcode);
        boolean whole = false;
        try {
            throwIfClosed();
            writer.writeTo(out);
            out.finish();
            lastMessageNanos = loop.nanoTime();
            whole = true;
        } finally {
            if (!whole) {
                brokenOff |= out.hasBegun();
                forget();
            }
            messages.leave();
        }
    }

    private void writeMessage(int opcode, byte[] payload) {
        if (deflater != null && payload.length >= options.minCompressBytes()) {
            throwIfClosed();
            byte[] deflated = deflater.deflate(payload, 0, payload.length, true);
            boolean sent = false;
            try {
                writeFrame(FrameHead.FIN | FrameHead.RSV1 | opcode, deflated);
                sent = true;
            } finally {
                if (!sent) {
                    forget();
                }
            }
        } else {
            writeFrame(FrameHead.FIN | opcode, payload);
        }
    }

    /** Writes the next frame of a message that goes in pieces; for whoever has the turn of messages. */
    void writeFragment(int opcode, boolean first, boolean last, byte[] bytes, int count) {
        if (first && last) {
            writeMessage(opcode, Arrays.copyOf(bytes, count));
            return;
        }
        throwIfClosed();
        int bits = (first ? opcode : FrameHead.CONTINUATION) | (last ? FrameHead.FIN : 0);
        if (deflater == null) {
            writeFrame(bits, Arrays.copyOf(bytes, count));
        } else {
            writeFrame(bits | (first ? FrameHead.RSV1 : 0), deflater.deflate(bytes, 0, count, last));
        }
    }

    public void ping(byte[] payload) {
        writeFrame(FrameHead.FIN | FrameHead.PING, payload);
    }

    /** Answers a ping: at once, or by whoever writes at the moment. */
    void pong(byte[] payload) {
        pong = payload;
        if (frames.isFree() && !closeSent) {
            frames.enter();
            try {
                writePong();
            } finally {
                frames.leave();
            }
        }
    }

    /**
     * Sends a close after the frame under way, even inside of a message; the second time only waits until the first has
     * left.
     */
    void close(byte[] payload) {
        boolean first = !closeSent;
        closeSent = true;
        frames.enter();
        try {
            if (first) {
                put(frame(FrameHead.FIN | FrameHead.CLOSE, payload));
            }
        } finally {
            frames.leave();
        }
    }

    private void writeFrame(int bits, byte[] payload) {
        if (masks == null && payload.length > SLICE_BYTES) {
            // Too long to be worth a copy.
            byte[] head = new byte[FrameHead.MAX_BYTES];
            int size = FrameHead.write(head, bits, payload.length, false, 0);
            write(ByteBuffer.wrap(head, 0, size), ByteBuffer.wrap(payload));
        } else {
            write(frame(bits, payload));
        }
    }

    private ByteBuffer frame(int bits, byte[] payload) {
        byte[] frame = new byte[FrameHead.MAX_BYTES + payload.length];
        int mask = masks == null ? 0 : masks.next();
        int size = FrameHead.write(frame, bits, payload.length, masks != null, mask);
        System.arraycopy(payload, 0, frame, size, payload.length);
        FrameMask.apply(frame, size, payload.length, mask);
        return ByteBuffer.wrap(frame, 0, size + payload.length);
    }

    private void write(ByteBuffer... parts) {
        frames.enter();
        try {
            throwIfClosed();
            put(parts);
            writePong();
        } finally {
            frames.leave();
        }
    }

    private void writePong() {
        byte[] payload = pong;
        while (payload != null && !closeSent) {
            put(frame(FrameHead.FIN | FrameHead.PONG, payload));
            pong = pong == payload ? null : pong;
            payload = pong;
        }
    }

    /** Hands a whole frame to the stream, in slices: so that one sees whether the peer takes anything. */
    private void put(ByteBuffer... parts) {
        if (torn) {
            throw new BrokenException("an earlier frame to " + stream.remoteAddress() + " was cut off");
        }
        boolean begun = false;
        try {
            for (ByteBuffer part : parts) {
                int end = part.limit();
                while (part.position() < end) {
                    stuckSinceNanos = loop.nanoTime();
                    part.limit(Math.min(end, part.position() + SLICE_BYTES));
                    int before = part.position();
                    try {
                        hand(part);
                    } finally {
                        begun |= part.position() > before;
                        part.limit(end);
                    }
                }
            }
            begun = false;
        } finally {
            torn = begun;
            stuckSinceNanos = Long.MIN_VALUE;
        }
    }

    private void hand(ByteBuffer part) {
        try {
            stream.write(part);
        } catch (BrokenException e) {
            lose(String.valueOf(e.getMessage()));
            throw e;
        } catch (ClosedException e) {
            // Maybe by a reader of this side that has met a loss.
            throw lost == null ? e : new BrokenException(lost, e);
        }
    }

    private void throwIfClosed() {
        CancelScope.throwIfCancelled();
        if (lost != null && !closeSent) {
            throw new BrokenException(lost);
        }
        if (closeSent || !stream.isOpen()) {
            throw new ClosedException("the WebSocket to " + stream.remoteAddress() + " is closed");
        }
        if (brokenOff) {
            throw new BrokenException("an earlier message to " + stream.remoteAddress() + " was broken off; close it");
        }
    }

    /** The peer has not got the last message, so no later one may refer to it. */
    private void forget() {
        if (deflater != null) {
            deflater.free();
        }
    }

    /** Frees what it holds. */
    void free() {
        pong = null;
        forget();
    }
}
