package dev.heddle.process.internal.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that was encoded before, as part of another one: it is written as it is, and read as a view of the bytes that
 * it came in. So who passes a value on neither looks into it nor copies it.
 *
 * <p>Threads: any; not changed.
 */
public final class Encoded {

    /** One that is to be written. */
    private final @Nullable Output output;

    /** One that comes while it is written, once. */
    private final @Nullable Pieces pieces;

    private final byte[] bytes;
    private final int from;
    private final int to;

    private Encoded(@Nullable Output output, @Nullable Pieces pieces, byte[] bytes, int from, int to) {
        this.output = output;
        this.pieces = pieces;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** What is not changed any more. */
    public static Encoded of(Output output) {
        return new Encoded(output, null, Frame.NOTHING, 0, 0);
    }

    /** What comes in pieces; can be written once. */
    public static Encoded of(Pieces pieces) {
        return new Encoded(null, pieces, Frame.NOTHING, 0, 0);
    }

    /** A part of an array that is not changed. */
    public static Encoded of(byte[] bytes, int from, int to) {
        return new Encoded(null, null, bytes, from, to);
    }

    int size() {
        if (output != null) {
            return output.size();
        }
        return pieces == null ? to - from : pieces.size();
    }

    void writeTo(Output out) {
        if (output != null) {
            out.putAll(output);
        } else if (pieces != null) {
            out.putPieces(pieces);
        } else {
            out.putShared(bytes, from, to - from);
        }
    }

    /**
     * Decodes one that has come.
     *
     * @param functions whether lambdas may be in it
     * @param loader finds classes by name
     * @throws UnreadableException if the bytes are no value
     */
    public @Nullable Object decode(Codec codec, boolean functions, ClassLoader loader) {
        return codec.decode(new Input(bytes, from, to), functions, loader);
    }

    /** A copy of the bytes of one that has come. */
    public byte[] toBytes() {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
