package dev.heddle.http.internal.server;

import dev.heddle.http.BodyWriter;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The writer of a body with something to do when its response is over, whether or not the writer was run. */
public final class EndedWriter implements ClosableWriter {

    private final BodyWriter writer;

    /** The request it was made or given for; null if it was made for none. */
    private final @Nullable Object request;

    private final Consumer<Optional<Throwable>> whole;

    /** Null once it has been done. */
    private @Nullable Consumer<Optional<Throwable>> onEnd;

    /** What the writer has failed with. */
    private @Nullable Throwable failure;

    public EndedWriter(BodyWriter writer, @Nullable Object request, Consumer<Optional<Throwable>> onEnd) {
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
        try {
            writer.writeTo(out);
        } catch (Throwable e) {
            failure = e;
            throw e;
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
        Consumer<Optional<Throwable>> now = onEnd;
        onEnd = null;
        try {
            if (writer instanceof ClosableWriter held) {
                held.release();
            }
        } finally {
            if (now != null) {
                now.accept(Optional.ofNullable(failure));
            }
        }
    }
}
