package dev.heddle.http.internal.client.body;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TruncatedException;
import org.jspecify.annotations.Nullable;

/**
 * A reply body that is decoded while it is read. A few bytes can decode to very many, so what comes out has a limit of
 * its own, checked as it grows. The end and every failure close it.
 */
abstract class DecodingBody implements ReplyBody {

    final ReplyBody source;

    /** The request, for errors. */
    final Object what;

    private final long limit;
    private long total;
    private boolean ended;
    private boolean closed;

    /**
     * @param limit most bytes that may come out
     */
    DecodingBody(ReplyBody source, long limit, Object what) {
        this.source = source;
        this.limit = limit;
        this.what = what;
    }

    @Override
    public final RequestHop hop() {
        return source.hop();
    }

    @Override
    public final ReplyHead head() {
        return source.head();
    }

    @Override
    public final @Nullable String coding() {
        return null;
    }

    @Override
    public final int read(byte[] target, int offset, int count) {
        if (ended) {
            return -1;
        }
        if (closed) {
            throw ClientErrors.closed(what);
        }
        int taken = 0;
        try {
            taken = counted(decode(target, offset, count));
            ended = taken < 0;
            return taken;
        } finally {
            if (ended) {
                source.closeInput();
                free();
            } else if (taken <= 0) {
                close();
            }
        }
    }

    private int counted(int taken) {
        total += Math.max(0, taken);
        if (total > limit) {
            throw ClientErrors.about(what, new LimitExceededException("the decoded response body", limit));
        }
        return taken;
    }

    /** Decodes what comes next; -1 at the end, which is only asked for once. */
    abstract int decode(byte[] target, int offset, int count);

    /** Frees what decoding has taken, once; never throws. */
    abstract void free();

    /** Whether anything has come out. */
    final boolean hasBegun() {
        return total > 0;
    }

    final BadReplyException bad(String reason, @Nullable Throwable cause) {
        return ClientErrors.about(what, new BadReplyException("cannot decode the response body: " + reason, cause));
    }

    /** The failure of a body that ends where more of it must come. */
    final TruncatedException truncated() {
        return ClientErrors.about(what, new TruncatedException("the compressed response body ends early"));
    }

    @Override
    public final long length() {
        return -1;
    }

    @Override
    public final boolean hasArrived() {
        return source.hasArrived();
    }

    @Override
    public final Headers trailers() {
        return source.trailers();
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            source.close();
            if (!ended) {
                free();
            }
        }
    }

    @Override
    public final void awaitSent() {
        source.awaitSent();
    }
}
