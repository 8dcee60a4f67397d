package dev.heddle.http.internal.client.body;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.client.ContentDecoder;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A reply body decoded by a plugged-in {@link ContentDecoder} while it is read, and held to the rules of {@link
 * InflatingBody}: a limit of what comes out, and nothing behind the coded data.
 */
final class DecodedBody extends DecodingBody {

    private final ContentDecoder decoder;
    private final Coded coded = new Coded();
    private @Nullable InputStream decoded;

    DecodedBody(ReplyBody source, ContentDecoder decoder, long limit, Object what) {
        super(source, limit, what);
        this.decoder = decoder;
    }

    @Override
    int decode(byte[] target, int offset, int count) {
        try {
            return decodeNext(target, offset, count);
        } catch (EOFException e) {
            throw truncated();
        } catch (IOException e) {
            throw malformed(e.getMessage() == null ? "damaged data" : e.getMessage(), e);
        }
    }

    private int decodeNext(byte[] target, int offset, int count) throws IOException {
        InputStream stream = decoded;
        if (stream == null) {
            if (!coded.begin()) {
                // Servers send the field with an empty body too, which is no coded data at all.
                return -1;
            }
            stream = decoder.decode(coded);
            decoded = stream;
        }
        int taken = stream.read(target, offset, count);
        if (taken > 0) {
            return taken;
        }
        if (taken == 0) {
            throw malformed("the decoder of " + decoder.coding() + " gives nothing", null);
        }
        if (coded.read() >= 0) {
            throw malformed("bytes after the end", null);
        }
        return -1;
    }

    private BadReplyException malformed(String reason, @Nullable IOException cause) {
        return bad(FieldSyntax.printable(reason), cause);
    }

    @Override
    void free() {
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
