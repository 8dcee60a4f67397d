package dev.heddle.http.server;

import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.server.ClosableWriter;
import dev.heddle.http.internal.server.ResponseBody;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The writer of a body of which somebody hears what is written. */
final class CopiedBody implements ClosableWriter {

    private final BodyWriter writer;
    private final long length;
    private final Response.Copy copy;
    private boolean over;

    /** @param length of the body, or {@link ResponseBody#UNKNOWN} */
    CopiedBody(BodyWriter writer, long length, Response.Copy copy) {
        this.writer = writer;
        this.length = length;
        this.copy = Objects.requireNonNull(copy);
    }

    @Override
    public void writeTo(OutputStream out) throws Exception {
        var copied = new CopyingOutput(out, copy);
        writer.writeTo(copied);
        // One that is too short or too long is a failure, and no whole body.
        if (!over && (length == ResponseBody.UNKNOWN || copied.count == length)) {
            over = true;
            copy.finish();
        }
    }

    @Override
    public boolean owns(ResponseBody other) {
        return ClosableWriter.super.owns(other)
                || (other instanceof ResponseBody.Streamed streamed && streamed.writer() == writer)
                || (writer instanceof ClosableWriter held && held.owns(other));
    }

    @Override
    public void release() {
        try {
            if (!over) {
                over = true;
                copy.discard();
            }
        } finally {
            if (writer instanceof ClosableWriter held) {
                held.release();
            }
        }
    }

    /** What is written goes on, and is heard of when it has. */
    private static final class CopyingOutput extends FilterOutputStream {

        private final Response.Copy copy;
        private long count;

        CopyingOutput(OutputStream out, Response.Copy copy) {
            super(out);
            this.copy = copy;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            copy.add(bytes, offset, length);
            count += length;
        }

        @Override
        public void close() {
            // The end is the server's to make.
        }
    }
}
