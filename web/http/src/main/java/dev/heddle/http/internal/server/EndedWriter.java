package dev.heddle.http.internal.server;

import dev.heddle.http.BodyWriter;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The writer of a body with something to do when its response is over, whether or not the writer was run. */
public final class EndedWriter implements ClosableWriter {

    private final BodyWriter writer;

    /** The request it was made or given for; null if it was made for none. */
    private final @Nullable Object request;

    private final Runnable whole;

    /** Null once it has been done. */
    private @Nullable Runnable onEnd;

    public EndedWriter(BodyWriter writer, @Nullable Object request, Runnable onEnd) {
        this.writer = writer;
        this.request = request;
        this.whole = onEnd;
        this.onEnd = onEnd;
    }

    public boolean isFor(Object other) {
        return request == other;
    }

    /** This writer for another request, where it ends anew. */
    public EndedWriter forRequest(Object other) {
        return new EndedWriter(writer instanceof EndedWriter inner ? inner.forRequest(other) : writer, other, whole);
    }

    @Override
    public void writeTo(OutputStream out) throws Exception {
        writer.writeTo(out);
    }

    @Override
    public boolean owns(ResponseBody other) {
        return ClosableWriter.super.owns(other)
                || (other instanceof ResponseBody.Streamed streamed && streamed.writer() == writer)
                || (writer instanceof ClosableWriter held && held.owns(other));
    }

    @Override
    public void release() {
        Runnable now = onEnd;
        onEnd = null;
        try {
            if (writer instanceof ClosableWriter held) {
                held.release();
            }
        } finally {
            if (now != null) {
                now.run();
            }
        }
    }
}
