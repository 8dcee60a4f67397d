package dev.heddle.http.internal.middleware;

import dev.heddle.Heddle;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.codec.DeflatingOutput;
import dev.heddle.http.internal.server.ClosableWriter;
import dev.heddle.http.internal.server.ResponseBody;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The compressed form of a response body, made while it is sent. Frees that body, and its own encoder however it ends.
 */
public record CompressedBody(ResponseBody uncompressed, int level, boolean gzip) implements ClosableWriter {

    private static final int PIECE_BYTES = 64 * 1024;

    @Override
    public void writeTo(OutputStream out) throws Exception {
        try (var coded = new DeflatingOutput(out, level, gzip)) {
            switch (uncompressed) {
                case ResponseBody.None.NONE -> {}
                case ResponseBody.Upgraded upgraded -> {}
                case ResponseBody.Bytes(byte[] bytes) -> writeInPieces(bytes, coded);
                case ResponseBody.Streamed(long length, BodyWriter writer) -> writeChecked(length, writer, coded);
                case ResponseBody.FilePart part -> part.file().copyTo(coded, part.offset(), part.length());
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

    @Override
    public boolean owns(ResponseBody other) {
        return uncompressed.owns(other) || ClosableWriter.super.owns(other);
    }

    @Override
    public void release() {
        uncompressed.release();
    }
}
