package dev.heddle.http.internal.codec;

import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of one chunked body with its trailers (RFC 9112, section 7.1).
 *
 * <pre>
 *                ┌──▶ BLANKS ──▶ SEMICOLON ──▶ EXTENSION ──┐
 *   ┌──▶ SIZE ───┴──────────────────────────────────────────┴──▶ SIZE_LF ──▶ DATA ──▶ DATA_CR ──▶ DATA_LF ──┐
 *   │                                                               │ size 0                                │
 *   └───────────────────────────────────────────────────────────────┼───────────────────────────────────────┘
 *                                                                   └──▶ TRAILERS ──▶ DONE
 * </pre>
 *
 * <p>Nothing is forgiven: what one program takes for the end of a body and another does not is the next request to one
 * of them. Extensions mean nothing here; those beyond twice the body are limited, or a peer could send them for ever.
 *
 * <p>The body is of no use after an exception.
 */
public final class ChunkedBody {

    /** A size needs no more; leading zeros count. */
    private static final int MAX_SIZE_DIGITS = 16;

    /** Most extensions in a reply beyond twice the body: they are worth no more. */
    private static final int MAX_REPLY_EXTENSION = 16 * 1024;

    private enum State {
        SIZE,
        BLANKS,
        SEMICOLON,
        EXTENSION,
        QUOTED,
        ESCAPED,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        DONE
    }

    private final HeadLimits limits;
    private final int maxExtension;
    private final HeadParser.Fault fault;
    private State state = State.SIZE;

    /** Of this chunk; of what is left of it while it is read. */
    private long size;

    private int sizeDigits;

    /** Bytes behind the sizes in their lines, as far as they are more than twice the body. */
    private long excess;

    private @Nullable TrailerParser trailers;

    private ChunkedBody(HeadLimits limits, int maxExtension, HeadParser.Fault fault) {
        this.limits = limits;
        this.maxExtension = maxExtension;
        this.fault = fault;
    }

    /** One that a client sends; what is wrong with it gets 400. */
    public static ChunkedBody ofRequest(HeadLimits limits) {
        return new ChunkedBody(limits, limits.maxHeaderBytes(), (_, why) -> new StatusException(400, why));
    }

    /** One that a server sends; what is wrong with it is a {@link BadReplyException}. */
    static ChunkedBody ofReply(HeadLimits limits) {
        return new ChunkedBody(
                limits, Math.min(limits.maxHeaderBytes(), MAX_REPLY_EXTENSION),
                (_, why) -> new BadReplyException(why));
    }

    /**
     * Reads on as far as the bytes and the room go.
     *
     * @param in where the bytes come from; those of the framing and the content are taken, none behind the body
     * @param target where the content goes
     */
    public void read(ByteBuffer in, ByteBuffer target) {
        while (state != State.DONE && in.hasRemaining()) {
            if (state == State.DATA) {
                if (!target.hasRemaining()) {
                    return;
                }
                move(in, target);
            } else if (state == State.TRAILERS) {
                readTrailers(in);
            } else {
                step(in.get());
            }
        }
    }

    private void move(ByteBuffer in, ByteBuffer target) {
        int count = (int) Math.min(size, Math.min(in.remaining(), target.remaining()));
        target.put(target.position(), in, in.position(), count);
        target.position(target.position() + count);
        in.position(in.position() + count);
        size -= count;
        excess = Math.max(0, excess - 2L * count);
        if (size == 0) {
            state = State.DATA_CR;
        }
    }

    private void step(byte b) {
        switch (state) {
            case SIZE -> {
                int digit = Character.digit(b, 16);
                if (digit >= 0) {
                    addDigit(digit);
                } else if (b == '\r' && sizeDigits > 0) {
                    state = State.SIZE_LF;
                } else if (sizeDigits > 0) {
                    readBehindSize(b);
                } else {
                    throw bad("no size");
                }
            }
            case BLANKS -> readBehindSize(b);
            case SEMICOLON -> readExtension(b);
            case EXTENSION -> {
                if (b == '\r') {
                    state = State.SIZE_LF;
                } else {
                    readExtension(b);
                }
            }
            case QUOTED -> readText(b, b == '"' ? State.EXTENSION : b == '\\' ? State.ESCAPED : State.QUOTED);
            case ESCAPED -> readText(b, State.QUOTED);
            case SIZE_LF -> {
                expect(b, '\n');
                state = size == 0 ? State.TRAILERS : State.DATA;
            }
            case DATA_CR -> {
                expect(b, '\r');
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                expect(b, '\n');
                state = State.SIZE;
                sizeDigits = 0;
            }
            case DATA, TRAILERS, DONE -> throw new IllegalStateException(state.toString());
        }
    }

    private void addDigit(int digit) {
        if (++sizeDigits > MAX_SIZE_DIGITS || size > Long.MAX_VALUE >> 4) {
            throw bad("the size is too large");
        }
        size = (size << 4) + digit;
    }

    /** Blanks may stand in front of a semicolon, and nothing else. */
    private void readBehindSize(byte b) {
        if (b != ';' && !FieldSyntax.isBlank(b)) {
            throw bad("a size that is no number");
        }
        state = b == ';' ? State.SEMICOLON : State.BLANKS;
        countExtension();
    }

    /** Any text, but not none; what is quoted has an end in the same line. */
    private void readExtension(byte b) {
        readText(b, b == '"' ? State.QUOTED : State.EXTENSION);
    }

    private void readText(byte b, State next) {
        if (!FieldSyntax.isValueByte(b)) {
            throw bad("a forbidden byte in an extension");
        }
        state = next;
        countExtension();
    }

    private void countExtension() {
        if (++excess > maxExtension) {
            throw bad("more extensions than body");
        }
    }

    private void expect(byte b, char expected) {
        if (b != expected) {
            throw bad("a bad line end");
        }
    }

    private void readTrailers(ByteBuffer in) {
        TrailerParser parser = trailers;
        if (parser == null) {
            int at = in.position();
            if (in.remaining() > 1 && in.get(at) == '\r' && in.get(at + 1) == '\n') {
                in.position(at + 2);
                state = State.DONE;
                return;
            }
            parser = new TrailerParser(limits, fault);
            trailers = parser;
        }
        if (parser.parse(in)) {
            state = State.DONE;
        }
    }

    /** Whether the end of the body, with its trailers, has been read. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /** The fields behind the last chunk, once the body is done; without those that have no place there. */
    public Headers trailers() {
        return trailers == null ? Headers.EMPTY : TrailerFields.allowed(trailers.headers());
    }

    private RuntimeException bad(String what) {
        return fault.of(400, "bad chunked body: " + what);
    }
}
