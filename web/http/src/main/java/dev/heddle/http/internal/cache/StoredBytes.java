package dev.heddle.http.internal.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The bytes of a body, which are never changed: in memory in pieces, read by many, and never given away. */
public sealed class StoredBytes permits FileBytes {

    /** No bytes. */
    public static final StoredBytes NONE = new StoredBytes(List.of());

    private final List<byte[]> pieces;
    private final long length;

    StoredBytes(List<byte[]> pieces) {
        this.pieces = List.copyOf(pieces);
        this.length = pieces.stream().mapToLong(piece -> piece.length).sum();
    }

    /** A copy of these bytes. */
    public static StoredBytes copyOf(byte[] bytes) {
        return bytes.length == 0 ? NONE : new StoredBytes(List.of(bytes.clone()));
    }

    /** These bytes, which nobody changes any more. */
    static StoredBytes of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new StoredBytes(List.of(bytes));
    }

    /** How many there are. */
    public long length() {
        return length;
    }

    /** Begins to read them. */
    public Reader reader() {
        return new PiecesReader();
    }

    /** Whether they stay in a file; then they are of one reply only. */
    public boolean isFiled() {
        return false;
    }

    /** Frees what is open, if nobody has begun to read; does nothing the second time. */
    public void close() {
        // Memory is nobody's to free.
    }

    /**
     * Writes a part of them.
     *
     * @param offset 0 to the length
     * @param count no more than there are behind that
     */
    public void writeTo(OutputStream out, long offset, long count) throws IOException {
        long skipped = offset;
        long left = count;
        for (byte[] piece : pieces) {
            int from = (int) Math.min(skipped, piece.length);
            int taken = (int) Math.min(left, piece.length - from);
            skipped -= from;
            left -= taken;
            if (taken > 0) {
                out.write(piece, from, taken);
            }
        }
    }

    /** A reader from the first byte to the last. Owned by one task. */
    public abstract static class Reader {

        Reader() {}

        /**
         * Takes what comes next.
         *
         * @return how many bytes, or -1 at the end
         */
        public abstract int read(byte[] target, int offset, int count);

        /** Whether all was read. */
        public abstract boolean isAtEnd();

        /** Frees what is open. */
        public void close() {
            // Memory is nobody's to free.
        }
    }

    /** A reader of what is in memory. */
    private final class PiecesReader extends Reader {

        private int piece;
        private int at;

        @Override
        public int read(byte[] target, int offset, int count) {
            if (isAtEnd()) {
                return -1;
            }
            byte[] bytes = pieces.get(piece);
            int taken = Math.min(count, bytes.length - at);
            System.arraycopy(bytes, at, target, offset, taken);
            at += taken;
            if (at == bytes.length) {
                piece++;
                at = 0;
            }
            return taken;
        }

        @Override
        public boolean isAtEnd() {
            return piece == pieces.size();
        }
    }

    @Override
    public String toString() {
        return "StoredBytes[" + length + " bytes in " + pieces.size() + "]";
    }
}
