package dev.heddle.http.internal.websocket;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.internal.syntax.Utf8Check;
import dev.heddle.internal.BoundedBytes;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a WebSocket: frames to messages.
 *
 * <pre>
 *   no message ──first frame──▶ in a message ──last byte of its last frame──▶ no message
 *        └──────────── close frame ───┴──────────▶ ended
 * </pre>
 *
 * <p>All that has come of a message is kept in fields, and nothing is taken from the stream that is not in them by
 * then. So a cancelled call has lost nothing, and the next one goes on where it stopped. Control frames are handled as
 * they come by, between the frames of a message too.
 */
public final class WebSocketInbound {

    /** The listener of frames from the peer that mean something for the whole socket. */
    public interface Events {

        /** Bytes have come. */
        void heard();

        /** The peer wants these bytes back. */
        void ping(byte[] payload);

        /** These bytes are back, or the peer says unasked that it lives. */
        void pong(byte[] payload);
    }

    /** A whole message grows from this, or from what has come, so that an announced length costs nothing. */
    private static final int FIRST_BYTES = 4 * 1024;

    /** Compressed bytes that are read at a time. */
    private static final int PIECE_BYTES = 4 * 1024;

    /**
     * Inflated bytes after which others have their turn: the stream counts only what came, which may be a thousandth of
     * it.
     */
    private static final int PACE_BYTES = 256 * 1024;

    private static final int MIN_MAX_FRAGMENTS = 1024;
    private static final int BYTES_PER_FRAGMENT = 256;

    private final ByteStream stream;
    private final boolean fromClient;
    private final WebSocketOptions options;
    private final @Nullable MessageInflater inflater;
    private final Events events;
    private final FrameHead head = new FrameHead();
    private final Utf8Check utf8 = new Utf8Check();

    private boolean inMessage;
    private boolean text;
    private boolean compressed;
    private boolean lastFrame;

    /** What is left of the current frame. */
    private long remaining;

    private int mask;
    private long limit;
    private long fragments;

    /** Payload bytes as they came and as they are given. */
    private long wireBytes;

    private long givenBytes;

    /** Inflated bytes since others had their turn. */
    private int unpaced;

    private byte @Nullable [] piece;
    private byte @Nullable [] assembly;
    private int assembled;

    /** What a cancelled receive has left to a reader of the stream. */
    private byte @Nullable [] early;

    private int earlyFrom;

    private boolean ended;
    private int closeCode = CloseCodes.NO_CODE;
    private String closeReason = "";

    public WebSocketInbound(
            ByteStream stream,
            boolean fromClient,
            WebSocketOptions options,
            @Nullable MessageInflater inflater,
            Events events) {
        this.stream = stream;
        this.fromClient = fromClient;
        this.options = options;
        this.inflater = inflater;
        this.events = events;
    }

    /** Whether the peer's close has been read. */
    public boolean isEnded() {
        return ended;
    }

    /** What the peer's close says. */
    public int closeCode() {
        return closeCode;
    }

    public String closeReason() {
        return closeReason;
    }

    /** Whether the current message is text. */
    public boolean isText() {
        return text;
    }

    /**
     * Waits for the next whole message.
     *
     * @return null if the peer closes
     * @throws WebSocketViolation if what comes breaks a rule
     */
    public @Nullable WebSocketMessage receive() {
        byte[] bytes = assembly;
        if (bytes == null) {
            if (!begin(options.maxMessageBytes())) {
                return null;
            }
            bytes = new byte[firstBytes()];
            assembly = bytes;
            assembled = 0;
        }
        while (!isWhole()) {
            if (assembled == bytes.length) {
                // One byte more than allowed, so that the limit is met by reading on.
                bytes = BoundedBytes.grown(bytes, FIRST_BYTES, limit + 1);
                assembly = bytes;
            }
            int count = read(bytes, assembled, bytes.length - assembled);
            if (count < 0) {
                break;
            }
            assembled += count;
        }
        assembly = null;
        if (ended) {
            return null;
        }
        finish();
        if (text) {
            return new WebSocketMessage.Text(new String(bytes, 0, assembled, StandardCharsets.UTF_8));
        }
        return new WebSocketMessage.Binary(assembled == bytes.length ? bytes : Arrays.copyOf(bytes, assembled));
    }

    private int firstBytes() {
        if (compressed) {
            return (int) Math.min(FIRST_BYTES, limit + 1);
        }
        return (int) Math.min(remaining, Math.max(FIRST_BYTES, stream.buffered().remaining()));
    }

    /** Whether all of a message that is not compressed has been read. */
    private boolean isWhole() {
        return !compressed && lastFrame && remaining == 0;
    }

    /**
     * Waits for the first frame of the next message, after throwing away what is left of the one before.
     *
     * @param limit the longest message
     * @return false if the peer closes
     */
    public boolean begin(long limit) {
        if (assembly != null) {
            // A receive was cancelled inside of this message: it is still the next one.
            early = assembly;
            earlyFrom = 0;
            assembly = null;
            this.limit = limit;
            return true;
        }
        skip();
        while (!ended) {
            if (!awaitFrame()) {
                continue;
            }
            if (head.opcode == FrameHead.CONTINUATION) {
                throw violation("a continuation of nothing");
            }
            this.limit = limit;
            inMessage = true;
            text = head.opcode == FrameHead.TEXT;
            compressed = head.rsv1;
            fragments = 0;
            wireBytes = 0;
            givenBytes = 0;
            utf8.reset();
            if (compressed) {
                if (inflater == null) {
                    throw violation("a compressed message that was not negotiated");
                }
                inflater.begin();
            }
            enterFrame();
            return true;
        }
        return false;
    }

    /** Reads the current message to its end, for nobody; not even inflated, unless later ones refer to it. */
    private void skip() {
        byte[] trash = inMessage ? new byte[PIECE_BYTES] : null;
        boolean asItCame = compressed && inflater != null && !inflater.keepsContext();
        while (inMessage && !ended && trash != null) {
            if (!asItCame) {
                read(trash, 0, trash.length);
            } else if (raw(trash, 0, trash.length) < 0 && !ended) {
                early = null;
                leave();
            }
        }
    }

    /**
     * Waits for bytes of the current message.
     *
     * @param count at least 1
     * @return how many came, or -1 at its end, or if the peer closes inside of it
     */
    public int read(byte[] target, int from, int count) {
        if (!inMessage) {
            return -1;
        }
        byte[] before = early;
        if (before != null && earlyFrom < assembled) {
            int taken = Math.min(count, assembled - earlyFrom);
            System.arraycopy(before, earlyFrom, target, from, taken);
            earlyFrom += taken;
            return taken;
        }
        early = null;
        int came = compressed ? inflated(target, from, count) : raw(target, from, count);
        if (came < 0) {
            if (!ended) {
                finish();
            }
            return -1;
        }
        givenBytes += came;
        if (givenBytes > limit) {
            throw WebSocketViolation.tooLong("message", limit);
        }
        if (text && !utf8.accept(target, from, came)) {
            throw notUtf8();
        }
        return came;
    }

    private void finish() {
        if (!inMessage) {
            return;
        }
        if (text && !utf8.isComplete()) {
            throw notUtf8();
        }
        leave();
    }

    private void leave() {
        inMessage = false;
        piece = null;
        if (compressed && inflater != null) {
            inflater.end();
        }
    }

    private int inflated(byte[] target, int from, int count) {
        MessageInflater codec = inflater;
        if (codec == null) {
            throw new IllegalStateException("not agreed on");
        }
        if (unpaced > PACE_BYTES) {
            unpaced = 0;
            Heddle.checkpoint();
        }
        while (true) {
            int came = codec.inflate(target, from, count);
            if (came > 0) {
                unpaced += came;
                return came;
            }
            byte[] input = piece;
            if (input == null) {
                input = new byte[PIECE_BYTES];
                piece = input;
            }
            int more = raw(input, 0, input.length);
            if (more > 0) {
                codec.feed(input, more);
            } else if (ended) {
                return -1;
            } else if (!codec.feedTail()) {
                codec.checkEnd();
                return -1;
            }
        }
    }

    /** Payload bytes without their mask; -1 at the end of the message or of all. */
    private int raw(byte[] target, int from, int count) {
        while (remaining == 0) {
            if (lastFrame || ended) {
                return -1;
            }
            if (awaitFrame()) {
                if (head.opcode != FrameHead.CONTINUATION) {
                    throw violation("a new message inside of another one");
                }
                if (head.rsv1) {
                    throw violation("a reserved bit");
                }
                enterFrame();
            }
        }
        int came = stream.read(target, from, (int) Math.min(remaining, count));
        if (came < 0) {
            throw lost();
        }
        events.heard();
        mask = FrameMask.apply(target, from, came, mask);
        remaining -= came;
        wireBytes += came;
        return came;
    }

    /** Begins the frame whose head has been read; judges its length before a byte of it is read. */
    private void enterFrame() {
        if (head.length > options.maxFrameBytes()) {
            throw WebSocketViolation.tooLong("frame", options.maxFrameBytes());
        }
        // Compressed data may be a little longer than what it stands for.
        long most = compressed ? limit + limit / 8 + BYTES_PER_FRAGMENT : limit;
        if (wireBytes + head.length > most) {
            throw WebSocketViolation.tooLong("message", limit);
        }
        if (++fragments > Math.max(MIN_MAX_FRAGMENTS, limit / BYTES_PER_FRAGMENT)) {
            throw WebSocketViolation.of(CloseCodes.TOO_BIG, "a message of too many fragments");
        }
        lastFrame = head.fin;
        remaining = head.length;
        mask = head.mask;
    }

    /** Waits for the next frame; handles it if it is a control frame, and is false then. */
    private boolean awaitFrame() {
        ByteBuffer in = fill(2);
        int at = in.position();
        int size = FrameHead.sizeOf(in.get(at), in.get(at + 1), fromClient);
        boolean control = (in.get(at) & 0xf) >= FrameHead.CLOSE;
        int needed = control ? size + (in.get(at + 1) & 0x7f) : size;
        if (in.remaining() < needed) {
            in = fill(needed);
        }
        head.read(in);
        if (!control) {
            return true;
        }
        byte[] payload = new byte[(int) head.length];
        in.get(payload);
        FrameMask.apply(payload, 0, payload.length, head.mask);
        switch (head.opcode) {
            case FrameHead.PING -> events.ping(payload);
            case FrameHead.PONG -> events.pong(payload);
            default -> close(payload);
        }
        return false;
    }

    /** RFC 6455, section 5.5.1. */
    private void close(byte[] payload) {
        if (payload.length == 1) {
            throw violation("a close with half a code");
        }
        if (payload.length > 1) {
            int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
            if (!CloseCodes.isValid(code)) {
                throw violation("the close code " + code);
            }
            utf8.reset();
            if (!utf8.accept(payload, 2, payload.length - 2) || !utf8.isComplete()) {
                throw notUtf8();
            }
            closeCode = code;
            closeReason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
        ended = true;
    }

    private ByteBuffer fill(int count) {
        ByteBuffer in = stream.buffered();
        while (in.remaining() < count) {
            int before = in.remaining();
            in = stream.fill(before + 1);
            if (in.remaining() == before) {
                throw lost();
            }
            events.heard();
        }
        return in;
    }

    /** Frees what it holds. */
    public void free() {
        assembly = null;
        early = null;
        piece = null;
        if (inflater != null) {
            inflater.free();
        }
    }

    private BrokenException lost() {
        return new BrokenException(stream.remoteAddress() + " ended the connection without a close");
    }

    private static WebSocketViolation notUtf8() {
        return WebSocketViolation.of(CloseCodes.NOT_UTF8, "text that is not UTF-8");
    }

    private static WebSocketViolation violation(String what) {
        return WebSocketViolation.of(CloseCodes.PROTOCOL_ERROR, what);
    }
}
