package dev.heddle.http.internal.websocket;

import dev.heddle.http.internal.codec.SpareCodecs;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The decompressor of messages, one after the other (RFC 7692, section 7.2.2). Holds a decompressor only inside of a
 * message, or from the first message on if the peer's next ones may refer to it.
 */
public final class MessageInflater {

    /** What the last piece of a message leaves out. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /**
     * Blocks without a byte. Between blocks they change nothing. Inside of one they do not stay unseen: the longest that
     * can swallow of them in silence are the 320 code lengths of 7 bits that a block of codes begins with.
     */
    private static final byte[] EMPTY_BLOCKS = emptyBlocks(64);

    private final boolean keepsContext;
    private @Nullable Inflater inflater;
    private boolean tailGiven;
    private byte[] input = TAIL;
    private int inputEnd;

    public MessageInflater(boolean keepsContext) {
        this.keepsContext = keepsContext;
    }

    private static byte[] emptyBlocks(int count) {
        var blocks = new byte[count * 5];
        for (int i = 0; i < blocks.length; i += 5) {
            System.arraycopy(TAIL, 0, blocks, i + 1, TAIL.length);
        }
        return blocks;
    }

    /** Whether the peer's next messages may refer to those before. */
    boolean keepsContext() {
        return keepsContext;
    }

    /** Begins a message. */
    void begin() {
        tailGiven = false;
        if (inflater == null) {
            inflater = SpareCodecs.inflater();
        }
    }

    /** Gives it more of the message. The array is used until all of it is inflated. */
    void feed(byte[] piece, int count) {
        input = piece;
        inputEnd = count;
        codec().setInput(piece, 0, count);
    }

    /** Tells it that the message has no more bytes; false if it knows. */
    boolean feedTail() {
        if (tailGiven) {
            return false;
        }
        tailGiven = true;
        feed(TAIL, TAIL.length);
        return true;
    }

    /**
     * Takes decompressed bytes.
     *
     * @return how many; 0 if it needs more to go on
     */
    int inflate(byte[] target, int from, int count) {
        Inflater codec = codec();
        try {
            while (true) {
                int taken = codec.inflate(target, from, count);
                if (taken > 0) {
                    return taken;
                }
                if (!codec.finished()) {
                    if (!codec.needsInput()) {
                        throw bad();
                    }
                    return 0;
                }
                // A final block inside of a message is allowed, and more may follow it: section 7.2.3.4.
                int left = codec.getRemaining();
                codec.reset();
                if (left == 0) {
                    return 0;
                }
                feed(rest(left), left);
            }
        } catch (DataFormatException e) {
            throw bad();
        }
    }

    /** What is left of the input of a codec that has finished. */
    private byte[] rest(int left) {
        return Arrays.copyOfRange(input, inputEnd - left, inputEnd);
    }

    private Inflater codec() {
        Inflater codec = inflater;
        if (codec == null) {
            throw new IllegalStateException("no message has begun");
        }
        return codec;
    }

    /**
     * Refuses a message that ends inside of a block, when all of it is inflated: its block would go on with the bytes
     * of the next message, and somebody between who inflates each by itself would have seen other messages.
     */
    void checkEnd() {
        if (!keepsContext) {
            return;
        }
        Inflater codec = codec();
        try {
            codec.setInput(EMPTY_BLOCKS);
            if (codec.inflate(new byte[1]) != 0 || codec.finished() || !codec.needsInput()) {
                throw bad();
            }
        } catch (DataFormatException e) {
            throw bad();
        }
    }

    /** Ends a message. */
    void end() {
        if (!keepsContext) {
            free();
        }
    }

    /** Frees what it holds. */
    void free() {
        Inflater codec = inflater;
        if (codec != null) {
            inflater = null;
            input = TAIL;
            SpareCodecs.give(codec);
        }
    }

    private static WebSocketViolation bad() {
        return WebSocketViolation.of(CloseCodes.NOT_UTF8, "a message that cannot be inflated");
    }
}
