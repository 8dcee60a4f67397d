package dev.heddle.http.internal.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** An output that also takes bytes which lie off-heap, as they come from a socket. */
public abstract class PieceOutput extends OutputStream {

    /** What is copied into the heap at once. */
    private static final int STEP_BYTES = 16 * 1024;

    /** Writes all of a piece, which is the caller's again afterwards. */
    public abstract void write(ByteBuffer piece) throws IOException;

    /** Writes all of a piece to any output; through the heap to one that takes no other. */
    public static void write(OutputStream out, ByteBuffer piece) throws IOException {
        if (out instanceof PieceOutput pieces) {
            pieces.write(piece);
        } else if (piece.hasArray()) {
            out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        } else {
            byte[] step = new byte[Math.min(piece.remaining(), STEP_BYTES)];
            while (piece.hasRemaining()) {
                int count = Math.min(piece.remaining(), step.length);
                piece.get(step, 0, count);
                out.write(step, 0, count);
            }
        }
    }
}
