package dev.heddle.http.internal.websocket;

import dev.heddle.http.internal.codec.SpareCodecs;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressor of messages, one after the other, in one or several pieces (RFC 7692, section 7.2.1). Holds a
 * compressor only inside of a message, or from the first message on if the next ones may refer to it.
 */
public final class MessageDeflater {

    /** What every piece ends with, and the last one leaves out. */
    private static final int TAIL_BYTES = 4;

    /** Zlib repeats the tail if it fills the output to the last byte, so there is always some room behind. */
    private static final int SPARE_ROOM = 16;

    /** An empty block, without its tail. */
    private static final byte[] NOTHING = {0};

    private final int level;
    private final boolean keepsContext;
    private final int window;
    private @Nullable Deflater deflater;

    /** Bytes since the compressor last forgot; counted only for a window smaller than its own. */
    private int since;

    private byte[] out = NOTHING;
    private int size;

    /**
     * @param keepsContext whether a message may refer to those before it
     * @param windowBits how far back it may refer, as a power of two
     */
    public MessageDeflater(int level, boolean keepsContext, int windowBits) {
        this.level = level;
        this.keepsContext = keepsContext;
        this.window = windowBits == DeflateTerms.FULL_WINDOW ? Integer.MAX_VALUE : 1 << windowBits;
    }

    /**
     * Compresses the next piece of a message.
     *
     * @param last whether the message ends with it
     */
    public byte[] deflate(byte[] piece, int from, int count, boolean last) {
        Deflater codec = deflater;
        if (codec == null) {
            codec = SpareCodecs.deflater(level);
            deflater = codec;
            since = 0;
        }
        out = new byte[count / 2 + 4 * SPARE_ROOM];
        size = 0;
        int at = 0;
        do {
            if (since == window) {
                codec.reset();
                since = 0;
            }
            int step = Math.min(count - at, window - since);
            push(codec, piece, from + at, step);
            at += step;
            since += window == Integer.MAX_VALUE ? 0 : step;
        } while (at < count);
        if (last && !keepsContext) {
            free();
        }
        byte[] all = out;
        out = NOTHING;
        if (!last) {
            return Arrays.copyOf(all, size);
        }
        return size <= TAIL_BYTES ? NOTHING.clone() : Arrays.copyOf(all, size - TAIL_BYTES);
    }

    private void push(Deflater codec, byte[] piece, int from, int count) {
        codec.setInput(piece, from, count);
        int before;
        do {
            if (out.length - size < SPARE_ROOM) {
                out = Arrays.copyOf(out, 2 * out.length);
            }
            before = out.length;
            size += codec.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
        } while (size == before);
    }

    /** Forgets the messages so far: the peer has got another one that this has not seen. */
    void forget() {
        if (deflater != null) {
            deflater.reset();
        }
    }

    /** Frees what it holds. */
    void free() {
        Deflater codec = deflater;
        if (codec != null) {
            deflater = null;
            SpareCodecs.give(level, codec);
        }
    }
}
