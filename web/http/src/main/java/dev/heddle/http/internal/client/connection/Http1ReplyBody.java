package dev.heddle.http.internal.client.connection;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import dev.heddle.http.internal.codec.ReplyParser;
import dev.heddle.io.TruncatedException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply over HTTP/1.1, whose connection goes back to the pool with the last byte. Whatever else ends the
 * reading closes the connection.
 */
final class Http1ReplyBody extends StreamedReplyBody implements CancelScope.Body<ByteBuffer> {

    private static final int SCRATCH_BYTES = 4 * 1024;

    /** From here on bytes go to where they are wanted without a stop in the stream's buffer, which has less room. */
    private static final int MANY_BYTES = 32 * 1024;

    private final Http1ClientConnection connection;
    private final long length;

    /** How many of the bytes in the stream's buffer are shown to the reader, who is done with them at the next call. */
    private int lent;

    /** Where the next bytes go, past the stream's buffer; null for into that. */
    private @Nullable ByteBuffer past;

    /**
     * @param upload what of the request is still to be sent; null for nothing
     */
    Http1ReplyBody(
            Http1ClientConnection connection, CallContext call, RequestHop hop, ReplyHead head,
            @Nullable DuplexUpload upload) {
        super(call, hop, head, upload);
        this.connection = connection;
        this.length = connection.parser().length();
        ConnectionPool pool = call.loop().pool();
        watch(() -> pool.dropped(connection));
        takeUpload();
    }

    @Override
    int readOrWait(byte[] target, int offset, int count) {
        endLoan();
        ReplyParser parser = connection.parser();
        int taken = connection.readArrived(target, offset, count);
        while (taken == 0 && !parser.isComplete()) {
            int many = (int) Math.min(count, parser.plain());
            past = many < MANY_BYTES ? null : ByteBuffer.wrap(target, offset, many);
            ByteBuffer bytes = call.deadline().within(Phase.BODY, hop, this);
            if (!bytes.hasRemaining()) {
                return atEndOfInput();
            }
            if (past == null) {
                taken = parser.parseBody(bytes, target, offset, count);
            } else {
                taken = bytes.remaining();
                parser.tookPlain(taken);
                past = null;
            }
        }
        if (parser.isComplete()) {
            ended(parser.trailers(), connection.isReusable());
        }
        return taken == 0 ? -1 : taken;
    }

    /** Few bytes are read instead: behind a copy of the last ones others have the connection at once. */
    @Override
    @Nullable ByteBuffer lendOrWait() {
        endLoan();
        ReplyParser parser = connection.parser();
        if (parser.plain() < MANY_BYTES) {
            return null;
        }
        ByteBuffer bytes = connection.stream().buffered();
        if (!bytes.hasRemaining()) {
            bytes = call.deadline().within(Phase.BODY, hop, this);
        }
        lent = (int) Math.min(parser.plain(), bytes.remaining());
        if (lent == 0) {
            atEndOfInput();
        }
        return bytes.slice(bytes.position(), lent);
    }

    /** The reader is done with the bytes that it was shown. */
    private void endLoan() {
        if (lent > 0) {
            ByteBuffer bytes = connection.stream().buffered();
            bytes.position(bytes.position() + Math.min(lent, bytes.remaining())); // none if it was closed meanwhile
            connection.parser().tookPlain(lent);
            lent = 0;
            connection.giveBack();
        }
    }

    private int atEndOfInput() {
        ReplyParser parser = connection.parser();
        if (!parser.isEndedByClose()) {
            throw new TruncatedException(parser.length() < 0
                    ? "the server closed the connection before the last chunk"
                    : "the server closed the connection before the end of a body of " + parser.length() + " bytes");
        }
        ended(parser.trailers(), false);
        return -1;
    }

    /** The step that may wait; an object of its own would be one more for each reply. */
    @Override
    public ByteBuffer run(CancelScope scope) {
        ByteBuffer target = past;
        if (target == null) {
            return connection.stream().fill();
        }
        int from = target.position();
        var _ = connection.stream().read(target);
        return target.limit(target.position()).position(from);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean hasArrived() {
        if (isReading()) {
            endLoan();
        }
        return !isReading() || connection.parser().isComplete() || connection.stream().buffered().hasRemaining();
    }

    /** Ends a body that has nothing to read. */
    Http1ReplyBody ended() {
        ended(connection.parser().trailers(), connection.isReusable());
        return this;
    }

    @Override
    void release(boolean reusable) {
        call.loop().pool().release(connection, reusable && connection.isReusable());
    }

    @Override
    void cut(String why) {
        connection.spoil();
        connection.stream().abort();
    }

    @Override
    void awaitEndByServer() {
        try {
            // What is no end is no answer to anything either.
            boolean _ = connection.stream().fill().hasRemaining();
        } catch (BrokenException | ClosedException gone) {
            connection.spoil();
        }
    }

    @Override
    public void close() {
        if (isUploading()) {
            closed(false);
        } else if (isReading()) {
            boolean clean = false;
            try {
                clean = skipArrived();
            } catch (RuntimeException e) {
                // The reader has given up on the rest, so its faults are nobody's concern: the connection is closed.
                clean = false;
            } finally {
                closed(clean);
            }
        }
    }

    /** Reads over a rest that is there already, so that the connection can be kept; waits for none. */
    private boolean skipArrived() {
        endLoan();
        byte[] scratch = new byte[SCRATCH_BYTES];
        while (connection.readArrived(scratch, 0, scratch.length) > 0) {
            // Each step takes something from a buffer that nobody fills meanwhile.
        }
        return connection.isReusable();
    }
}
