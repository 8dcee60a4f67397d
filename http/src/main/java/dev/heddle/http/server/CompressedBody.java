package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.codec.DeflatingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The compressed form of a response body, made while it is sent. Frees that body, and its own encoder however it ends.
 */
final class CompressedBody implements ClosableWriter {

    private static final int PIECE_BYTES = 64 * 1024;

    private final ResponseBody uncompressed;
    private final int level;
    private final boolean gzip;

    CompressedBody(ResponseBody uncompressed, int level, boolean gzip) {
        this.uncompressed = uncompressed;
        this.level = level;
        this.gzip = gzip;
    }

    @Override
    public void writeTo(OutputStream out) throws Exception {
        try (var coded = new DeflatingOutput(out, level, gzip)) {
            switch (uncompressed) {
                case ResponseBody.None.NONE -> {}
                case ResponseBody.Upgraded upgraded -> {}
                case ResponseBody.Bytes(byte[] bytes) -> writeInPieces(bytes, coded);
                case ResponseBody.Streamed(long length, BodyWriter writer) -> writeChecked(length, writer, coded);
                case ResponseBody.FilePart part -> copy(part, coded);
            }
            coded.finish();
        }
    }

    private static void writeInPieces(byte[] bytes, OutputStream out) throws IOException {
        for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
            out.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at));
            Heddle.checkpoint();
        }
    }

    private static void writeChecked(long length, BodyWriter writer, DeflatingOutput out) throws Exception {
        writer.writeTo(out);
        if (length != ResponseBody.UNKNOWN && out.taken() != length) {
            throw new IllegalStateException(
                    "the body has " + out.taken() + " of the " + length + " bytes it was to have");
        }
    }

    private static void copy(ResponseBody.FilePart part, OutputStream out) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long at = part.offset();
        long end = at + part.length();
        while (at < end) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, end - at));
            int count = part.file().read(piece, at);
            if (count < 0) {
                throw new IOException(part.file() + " is shorter than when it was opened");
            }
            out.write(piece.array(), 0, count);
            at += count;
        }
    }

    @Override
    public boolean owns(ResponseBody other) {
        return uncompressed.owns(other) || ClosableWriter.super.owns(other);
    }

    @Override
    public void release() {
        uncompressed.release();
    }
}
