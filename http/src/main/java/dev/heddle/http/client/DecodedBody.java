package dev.heddle.http.client;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.io.LimitExceededException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A reply body decoded by a plugged-in {@link ContentDecoder} while it is read, and held to the rules of {@link
 * InflatingBody}: a limit of what comes out, and nothing behind the coded data.
 */
final class DecodedBody implements ReplyBody {

    private final ReplyBody source;
    private final ContentDecoder decoder;
    private final long limit;
    private final Object what;
    private final Coded coded = new Coded();
    private @Nullable InputStream decoded;
    private long total;
    private boolean ended;
    private boolean closed;

    DecodedBody(ReplyBody source, ContentDecoder decoder, long limit, Object what) {
        this.source = source;
        this.decoder = decoder;
        this.limit = limit;
        this.what = what;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        if (ended) {
            return -1;
        }
        if (closed) {
            throw ClientErrors.closed(what);
        }
        boolean alive = false;
        try {
            int taken = decode(target, offset, count);
            alive = taken > 0;
            return taken;
        } catch (IOException e) {
            throw bad(e.getMessage() == null ? "damaged data" : e.getMessage(), e);
        } finally {
            if (!alive) {
                close();
            }
        }
    }

    private int decode(byte[] target, int offset, int count) throws IOException {
        InputStream stream = decoded;
        if (stream == null) {
            if (!coded.begin()) {
                // Servers send the field with an empty body too, which is no coded data at all.
                ended = true;
                return -1;
            }
            stream = decoder.decode(coded);
            decoded = stream;
        }
        int taken = stream.read(target, offset, count);
        if (taken > 0) {
            total += taken;
            if (total > limit) {
                throw ClientErrors.about(what, new LimitExceededException("the decoded response body", limit));
            }
            return taken;
        }
        if (taken == 0) {
            throw bad("the decoder of " + decoder.coding() + " gives nothing", null);
        }
        if (coded.read() >= 0) {
            throw bad("bytes after the end", null);
        }
        ended = true;
        return -1;
    }

    private BadReplyException bad(String reason, @Nullable IOException cause) {
        return ClientErrors.about(what,
                new BadReplyException("cannot decode the response body: " + FieldSyntax.printable(reason),
                        cause));
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public Headers trailers() {
        return source.trailers();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        source.close();
        if (decoded != null) {
            try {
                decoded.close();
            } catch (IOException | RuntimeException e) {
                // Nobody wants the rest any more, so its faults are nobody's concern.
                decoded = null;
            }
        }
    }

    /** The body as it comes. Closing it changes nothing: the body does that itself. */
    private final class Coded extends InputStream {

        private final byte[] one = new byte[1];
        private boolean peeked;

        /** Whether there is a first byte, which is still to be read then. */
        boolean begin() {
            peeked = source.read(one, 0, 1) > 0;
            return peeked;
        }

        @Override
        public int read() {
            if (peeked) {
                peeked = false;
                return one[0] & 0xff;
            }
            return source.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            if (count == 0) {
                return 0;
            }
            if (peeked) {
                target[offset] = (byte) read();
                return 1;
            }
            return source.read(target, offset, count);
        }
    }
}
