package dev.heddle.http.internal.codec;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The check of a request line's bytes before the parser sees them (RFC 9112, section 3).
 *
 * <p>The parser takes runs of spaces between the parts and any byte above a space in a target; the grammar has single
 * spaces and visible ASCII only. What two servers read apart is what request smuggling is made of, so this refuses all
 * but the grammar, and counts bytes so that a limit falls on the same byte however the line is cut into reads.
 */
final class JettyStartLine {

    /** Longest method; the registered ones have at most 17 characters. */
    static final int MAX_METHOD = 32;

    /** The form of the versions that are spoken here; the last digit may also be a zero. */
    private static final String VERSION = "HTTP/1.1";

    /** What another version of HTTP has in common with it; a line with anything else there is not in three parts. */
    private static final int NAME_LENGTH = "HTTP/".length();

    private static final byte[] USUAL_END = "HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        BEFORE,
        BEFORE_LF,
        METHOD,
        TARGET,
        VERSION,
        VERSION_LF,
        DONE
    }

    private final int maxBytes;
    private State state = State.BEFORE;

    /** Bytes of the line so far, without its line end but with an empty line before it. */
    private int bytes;

    /** Bytes of the part that {@code state} names. */
    private int part;

    JettyStartLine(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether the line is complete, so that what follows are header fields. */
    boolean done() {
        return state == State.DONE;
    }

    /**
     * Checks the unread bytes up to the end of the line or of the buffer; its position stays.
     *
     * @return how many of the bytes belong to the line and its end
     * @throws StatusException if the line is wrong or too long
     */
    int check(ByteBuffer in) {
        int start = in.position();
        int limit = in.limit();
        int at = start;
        while (at < limit && state != State.DONE) {
            int next = passed(in, at, limit);
            if (next == at) {
                step(in.get(at));
                next++;
            }
            at = next;
        }
        return at - start;
    }

    /** Passes over bytes that need no look of their own, most of a line: inside a part, or all of the usual end. */
    private int passed(ByteBuffer in, int from, int limit) {
        int end = (int) Math.min(limit, (long) from + maxBytes - bytes);
        int at = from;
        switch (state) {
            case METHOD -> {
                end = Math.min(end, from + MAX_METHOD - part);
                while (at < end && FieldSyntax.isTokenChar(in.get(at))) {
                    at++;
                }
            }
            case TARGET -> {
                while (at < end && in.get(at) > ' ' && in.get(at) != 0x7f) {
                    at++;
                }
            }
            case VERSION -> {
                if (part == 0 && end - from >= VERSION.length() && isUsualEnd(in, from, limit)) {
                    bytes += VERSION.length();
                    enter(State.DONE);
                    return from + USUAL_END.length;
                }
            }
            case BEFORE, BEFORE_LF, VERSION_LF, DONE -> {}
        }
        bytes += at - from;
        part += at - from;
        return at;
    }

    private static boolean isUsualEnd(ByteBuffer in, int from, int limit) {
        if (limit - from < USUAL_END.length) {
            return false;
        }
        for (int i = 0; i < USUAL_END.length; i++) {
            if (in.get(from + i) != USUAL_END[i]) {
                return false;
            }
        }
        return true;
    }

    private void step(byte b) {
        if (b != '\r' && b != '\n' && ++bytes > maxBytes) {
            throw new StatusException(state == State.METHOD ? 501 : 414, "request line is longer than " + maxBytes);
        }
        part++;
        switch (state) {
            case BEFORE -> {
                if (b == '\r' && bytes == 0) {
                    // One empty line before a request is allowed: section 2.2.
                    bytes = 2;
                    enter(State.BEFORE_LF);
                } else if (FieldSyntax.isTokenChar(b)) {
                    enter(State.METHOD);
                    part = 1;
                } else {
                    throw bad("method");
                }
            }
            case BEFORE_LF -> {
                if (b != '\n') {
                    throw bad("line end");
                }
                enter(State.BEFORE);
            }
            case METHOD -> {
                if (b == ' ') {
                    enter(State.TARGET);
                } else if (!FieldSyntax.isTokenChar(b)) {
                    throw bad("method");
                } else if (part > MAX_METHOD) {
                    throw new StatusException(501, "method is longer than " + MAX_METHOD);
                }
            }
            case TARGET -> {
                if (b == ' ' && part > 1) {
                    enter(State.VERSION);
                } else if (b <= ' ' || b == 0x7f) {
                    throw bad("target");
                }
            }
            case VERSION -> {
                if (part <= NAME_LENGTH) {
                    if (b != VERSION.charAt(part - 1)) {
                        throw bad("version");
                    }
                } else if (part <= VERSION.length()) {
                    boolean minor = part == VERSION.length();
                    if (minor ? b != '0' && b != '1' : b != VERSION.charAt(part - 1)) {
                        throw new StatusException(505, "not HTTP/1.0 or HTTP/1.1");
                    }
                } else if (b == '\r') {
                    enter(State.VERSION_LF);
                } else {
                    throw bad("version");
                }
            }
            case VERSION_LF -> {
                if (b != '\n') {
                    throw bad("line end");
                }
                enter(State.DONE);
            }
            case DONE -> throw new IllegalStateException("line is complete");
        }
    }

    private void enter(State next) {
        state = next;
        part = 0;
    }

    private static StatusException bad(String part) {
        return new StatusException(400, "bad " + part + " in request line");
    }
}
