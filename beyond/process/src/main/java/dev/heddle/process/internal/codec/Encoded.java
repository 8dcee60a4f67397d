package dev.heddle.process.internal.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value that was encoded before, as part of another one: it is written as it is, behind all else, and decoded by who
 * gets it, once, maybe while it still comes. So who passes a value on neither looks into it nor copies it.
 *
 * <p>Threads: one that is to be written, any; one that comes, that of its decoder.
 */
public final class Encoded {

    /** One that is to be written. */
    private final @Nullable Output output;

    /** One that comes while it is written, once. */
    private final @Nullable Pieces pieces;

    private final byte[] bytes;
    private final int from;
    private final int to;

    /** One that is to be decoded, when what is before it has been. */
    private volatile @Nullable Input come;

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

    /** One of which the size has come. */
    static Encoded awaited(int size) {
        return new Encoded(null, null, Frame.NOTHING, 0, size);
    }

    int size() {
        if (output != null) {
            return output.size();
        }
        return pieces == null ? to - from : pieces.size();
    }

    /**
     * Writes one.
     *
     * @throws IllegalStateException if it has come: it is to be decoded here
     */
    void writeTo(Output out) {
        if (output != null) {
            out.putAll(output);
        } else if (pieces != null) {
            out.putPieces(pieces);
        } else if (bytes.length < to) {
            throw new IllegalStateException("a value that has come is not passed on");
        } else {
            out.putShared(bytes, from, to - from);
        }
    }

    /** What is before it has been decoded: here it comes. */
    void comes(Input in) {
        come = in;
    }

    /**
     * Decodes one that has come, or comes, once.
     *
     * @param functions whether lambdas may be in it
     * @param loader finds classes by name
     * @throws UnreadableException if the bytes are no value, or do not come
     * @throws IllegalStateException the second time
     */
    public @Nullable Object decode(Codec codec, boolean functions, ClassLoader loader) {
        Input in = come;
        if (in == null) {
            throw new IllegalStateException("it has not come, or was decoded before");
        }
        come = null;
        return codec.decode(in, functions, loader);
    }
}
