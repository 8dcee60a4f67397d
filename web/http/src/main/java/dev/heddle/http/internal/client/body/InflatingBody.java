package dev.heddle.http.internal.client.body;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.http.BadReplyException;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A reply body decoded from gzip (RFC 1952) or deflate (RFC 1950, and the bare RFC 1951 that some servers mean by it)
 * while it is read.
 *
 * <p>A few bytes can decode to very many, so the output has a limit of its own, checked as it grows. Anything after the
 * coded data but another gzip member is an error, and so are a wrong checksum and an early end: what was read so far is
 * then not what the server meant. The native decoder is freed at the end, by a failure and by {@link #close()}.
 */
final class InflatingBody extends DecodingBody {

    private enum Step {
        START,
        DATA,
        BEHIND
    }

    private static final int INPUT_BYTES = 8 * 1024;

    /**
     * Decoded bytes after which others have their turn: the connection counts only what came, which may be a thousandth
     * of it.
     */
    private static final int PACE_BYTES = 256 * 1024;

    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final int METHOD_DEFLATE = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xe0;

    /** Most bytes of the names and extras in one gzip header. */
    private static final int MAX_HEADER_TEXT = 64 * 1024;

    private final boolean gzip;
    private final Inflater inflater;
    private final Checksum checksum;
    private final byte[] input = new byte[INPUT_BYTES];
    private int at;
    private int end;
    private boolean raw;
    private boolean begun;
    private Step step = Step.START;

    /** Decoded bytes since others had their turn. */
    private int unpaced;

    private int headerText;

    private InflatingBody(ReplyBody source, boolean gzip, long limit, Object what) {
        super(source, limit, what);
        this.gzip = gzip;
        this.inflater = new Inflater(true);
        this.checksum = gzip ? new CRC32() : new Adler32();
    }

    /**
     * Decodes a body.
     *
     * @param limit most bytes that may come out
     * @param what names the request in errors
     */
    static InflatingBody of(ReplyBody source, String coding, long limit, Object what) {
        return new InflatingBody(source, !coding.equalsIgnoreCase("deflate"), limit, what);
    }

    @Override
    int decode(byte[] target, int offset, int count) {
        try {
            return decodeNext(target, offset, count);
        } catch (DataFormatException e) {
            throw bad(e.getMessage() == null ? "damaged data" : e.getMessage());
        }
    }

    private int decodeNext(byte[] target, int offset, int count) throws DataFormatException {
        while (true) {
            switch (step) {
                case START -> {
                    if (isAtEnd()) {
                        // Servers send the field with an empty body too, which is no coded data at all.
                        if (begun) {
                            throw truncated();
                        }
                        return -1;
                    }
                    start();
                }
                case DATA -> {
                    giveWay();
                    int taken = inflate(target, offset, count);
                    if (taken > 0) {
                        unpaced += taken;
                        return taken;
                    }
                }
                case BEHIND -> {
                    if (isAtEnd() || isPadding()) {
                        return -1;
                    }
                    startNextMember();
                }
            }
        }
    }

    private void giveWay() {
        if (unpaced > PACE_BYTES) {
            unpaced = 0;
            if (Task.ofThread(Thread.currentThread()).isPresent()) {
                Heddle.checkpoint();
            }
        }
    }

    private void start() {
        begun = true;
        int first = next();
        int second = next();
        if (gzip) {
            gzipHeader(first, second);
        } else {
            boolean zlib = (first & 0x0f) == METHOD_DEFLATE && ((first << 8) | second) % 31 == 0;
            raw = !zlib;
            if (zlib) {
                if ((second & 0x20) != 0) {
                    throw bad("it needs a dictionary");
                }
            } else {
                inflater.setInput(new byte[]{(byte) first, (byte) second});
            }
        }
        step = Step.DATA;
    }

    private void gzipHeader(int first, int second) {
        if (first != GZIP_FIRST || second != GZIP_SECOND || next() != METHOD_DEFLATE) {
            throw bad(hasBegun() ? "bytes after the end" : "no gzip data");
        }
        var headerChecksum = new CRC32();
        headerChecksum.update(GZIP_FIRST);
        headerChecksum.update(GZIP_SECOND);
        headerChecksum.update(METHOD_DEFLATE);
        headerText = 0;
        int flags = next(headerChecksum);
        if ((flags & RESERVED_FLAGS) != 0) {
            throw bad("unknown gzip flags");
        }
        skip(6, headerChecksum);
        if ((flags & FLAG_EXTRA) != 0) {
            skip(next(headerChecksum) | (next(headerChecksum) << 8), headerChecksum);
        }
        if ((flags & FLAG_NAME) != 0) {
            skipText(headerChecksum);
        }
        if ((flags & FLAG_COMMENT) != 0) {
            skipText(headerChecksum);
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            int expected = (int) headerChecksum.getValue() & 0xffff;
            if ((next() | (next() << 8)) != expected) {
                throw bad("wrong header checksum");
            }
        }
    }

    private int inflate(byte[] target, int offset, int count) throws DataFormatException {
        int taken = inflater.inflate(target, offset, count);
        if (taken > 0) {
            checksum.update(target, offset, taken);
            return taken;
        }
        if (inflater.finished()) {
            at -= inflater.getRemaining();
            trailer();
            step = Step.BEHIND;
        } else if (inflater.needsDictionary()) {
            throw bad("it needs a dictionary");
        } else if (inflater.needsInput()) {
            if (isAtEnd()) {
                throw truncated();
            }
            inflater.setInput(input, at, end - at);
            at = end;
        }
        return 0;
    }

    private void trailer() {
        if (gzip) {
            if (little32() != (int) checksum.getValue()) {
                throw bad("wrong checksum");
            }
            if (little32() != (int) inflater.getBytesWritten()) {
                throw bad("wrong length");
            }
        } else if (!raw) {
            int expected = (next() << 24) | (next() << 16) | (next() << 8) | next();
            if (expected != (int) checksum.getValue()) {
                throw bad("wrong checksum");
            }
        }
    }

    /** Whether nothing but zeros is left, which tapes and sectors leave behind, and gunzip passes over. */
    private boolean isPadding() {
        while (gzip && !isAtEnd() && input[at] == 0) {
            at++;
            unpaced++;
            giveWay();
        }
        return isAtEnd();
    }

    /** Only gzip has more than one. */
    private void startNextMember() {
        if (!gzip) {
            throw bad("bytes after the end");
        }
        inflater.reset();
        checksum.reset();
        step = Step.START;
    }

    private int little32() {
        return next() | (next() << 8) | (next() << 16) | (next() << 24);
    }

    private void skip(int count, CRC32 sum) {
        for (int i = 0; i < count; i++) {
            next(sum);
        }
    }

    private void skipText(CRC32 sum) {
        while (next(sum) != 0) {
            if (++headerText > MAX_HEADER_TEXT) {
                throw bad("the gzip header is too long");
            }
        }
    }

    private int next(CRC32 sum) {
        int value = next();
        sum.update(value);
        return value;
    }

    private int next() {
        if (isAtEnd()) {
            throw truncated();
        }
        return input[at++] & 0xff;
    }

    private boolean isAtEnd() {
        return at == end && !refill();
    }

    private boolean refill() {
        int count = source.read(input, 0, input.length);
        at = 0;
        end = Math.max(0, count);
        return count > 0;
    }

    private BadReplyException bad(String reason) {
        return bad(reason, null);
    }

    @Override
    void free() {
        inflater.end();
    }
}
