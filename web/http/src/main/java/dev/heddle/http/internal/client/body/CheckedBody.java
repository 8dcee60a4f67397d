package dev.heddle.http.internal.client.body;

import dev.heddle.http.DigestMismatchException;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.codec.DigestCheck;

/** A reply body that is checked against its digests, in the coding in which it comes, while it is read. */
public final class CheckedBody extends ForwardingBody {

    private final DigestCheck check;
    private long total;

    private CheckedBody(ReplyBody source, DigestCheck check) {
        super(source);
        this.check = check;
    }

    /**
     * The same body, checked if it names digests; at once if it is there.
     *
     * @throws DigestMismatchException if it is not what they say; the body is closed
     */
    public static ReplyBody of(ReplyBody body) {
        if (body.hop().isHead() || body.status() == 204 || body.status() == 304) {
            return body;
        }
        try {
            DigestCheck check = DigestCheck.of(body.headers(), body.status() != 206);
            if (check == null) {
                return body;
            }
            if (body instanceof InMemory memory) {
                check.add(memory.whole(), 0, memory.whole().length);
                check.end(memory.behind());
                return body;
            }
            return new CheckedBody(body, check);
        } catch (DigestCheck.Mismatch e) {
            throw mismatch(body, e);
        }
    }

    private static DigestMismatchException mismatch(ReplyBody body, DigestCheck.Mismatch e) {
        body.close();
        return ClientErrors.about(body.hop(), new DigestMismatchException(e.reason()));
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        int taken = source.read(target, offset, count);
        if (taken > 0) {
            check.add(target, offset, taken);
            total += taken;
        }
        if (taken < 0 || total == length()) {
            try {
                check.end(source.trailers());
            } catch (DigestCheck.Mismatch e) {
                throw mismatch(source, e);
            }
        }
        return taken;
    }

    @Override
    public void close() {
        source.close();
    }

    @Override
    public void closeInput() {
        source.closeInput();
    }
}
