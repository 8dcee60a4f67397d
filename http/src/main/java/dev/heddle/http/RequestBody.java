package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.net.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request of HTTP/1, read straight from the connection as the handler asks for it.
 *
 * <p>Owns the count of what is still to come. A body of known length is counted here; a chunked one is the parser's.
 */
final class RequestBody implements RequestSource {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerRun run;
    private final ServerConnection connection;
    private final TransferLimit limit;
    private @Nullable RequestParser parser;

    /** Bytes to come of a body of known length. */
    private long remaining;

    private boolean expected;
    private boolean broken;
    private boolean lost;
    private boolean closed;

    RequestBody(ServerRun run, ServerConnection connection, RequestHead head) {
        this.run = run;
        this.connection = connection;
        this.limit = new TransferLimit(run.limits().transferGrace(), run.limits().minRate());
        if (head.bodyLength() == RequestHead.CHUNKED) {
            parser = connection.takeBodyParser();
        } else {
            remaining = head.bodyLength();
        }
        expected = head.expectsContinue() && !isEnded();
    }

    @Override
    public boolean isEnded() {
        return parser == null && remaining == 0;
    }

    @Override
    public int read(ByteBuffer target) {
        if (closed) {
            throw new IllegalStateException("the request is over");
        }
        if (broken) {
            throw new StatusException(400, "the body is broken");
        }
        return take(target);
    }

    private int take(ByteBuffer target) {
        if (isEnded()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (expected) {
            expected = false;
            connection.flush();
            connection.stream().write(CONTINUE);
        }
        int before = target.position();
        try {
            if (parser == null) {
                readSized(target);
            } else {
                readChunked(parser, target);
            }
        } catch (StatusException e) {
            broken = true;
            throw e;
        }
        int count = target.position() - before;
        limit.moved(count);
        return count == 0 ? -1 : count;
    }

    private void readSized(ByteBuffer target) {
        ByteBuffer in = filled();
        int count = (int) Math.min(remaining, Math.min(in.remaining(), target.remaining()));
        target.put(target.position(), in, in.position(), count);
        target.position(target.position() + count);
        in.position(in.position() + count);
        remaining -= count;
    }

    private void readChunked(RequestParser chunks, ByteBuffer target) {
        int before = target.position();
        while (target.position() == before) {
            chunks.parseBody(filled(), target);
            if (chunks.bodyDone()) {
                parser = null;
                run.giveParser(chunks);
                return;
            }
        }
    }

    private ByteBuffer filled() {
        ByteBuffer in;
        try {
            in = connection.fill(limit);
        } catch (BrokenException | ClosedException e) {
            lost = true;
            throw e;
        }
        if (!in.hasRemaining()) {
            throw new StatusException(400, "the body ends early");
        }
        return in;
    }

    @Override
    public boolean isLost() {
        return lost;
    }

    @Override
    public ByteStream connection() {
        return connection.stream();
    }

    @Override
    public void awaitGone() {
        connection.flush();
        ByteStream stream = connection.stream();
        try {
            if (!stream.fill().hasRemaining()) {
                return;
            }
        } catch (BrokenException | ClosedException gone) {
            return;
        }
        new Waiter("the end of " + stream.remoteAddress()).await();
    }

    /** Whether, as far as one can tell without waiting, the rest may be thrown away to reach the next request. */
    boolean canBeSkipped() {
        if (isEnded()) {
            return true;
        }
        if (broken || expected) {
            // A peer that waits for its 100 may or may not send the body now: RFC 9110, section 10.1.1.
            return false;
        }
        return parser == null ? remaining <= run.limits().maxDrainBytes() : chunksAreBuffered();
    }

    /** Throws buffered chunks away; true if that was all of them. */
    private boolean chunksAreBuffered() {
        try {
            ByteBuffer in = connection.stream().buffered();
            ByteBuffer trash = ByteBuffer.allocate(Math.max(1, in.remaining()));
            RequestParser chunks = parser;
            while (chunks != null && in.hasRemaining()) {
                chunks.parseBody(in, trash.clear());
                if (chunks.bodyDone()) {
                    parser = null;
                    run.giveParser(chunks);
                    return true;
                }
            }
        } catch (StatusException e) {
            broken = true;
        }
        return false;
    }

    /** Throws the rest away; false if the connection is of no use after it. */
    boolean skip() {
        ByteBuffer trash = null;
        while (!isEnded()) {
            if (trash == null) {
                trash = ByteBuffer.allocate((int) Math.min(remaining, 16 * 1024));
            }
            try {
                take(trash.clear());
            } catch (StatusException e) {
                return false;
            }
        }
        return true;
    }

    /** Ends the handler's right to read. */
    void close() {
        closed = true;
    }
}
