package dev.heddle.http.internal.form;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.BodySource;
import dev.heddle.internal.BoundedBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a multipart body that have come and are not yet taken, with the search for the delimiter, the boundary
 * with the line end and dashes in front of it (RFC 2046, section 5.1.1).
 *
 * <p>A delimiter has the only CR and LF at its begin, so the search goes over each byte a few times at most.
 */
public final class MultipartWindow {

    private static final int FIRST_BYTES = 16 * 1024;

    /** The result of comparing the bytes at some place with the delimiter. */
    public enum Match {
        NONE,
        /** As far as they have come. */
        BEGINS,
        WHOLE
    }

    private final BodySource source;
    private final byte[] delimiter;
    private final long maxTotalBytes;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int start;
    private int end;

    /** Up to here there is no delimiter. */
    private int clean;

    private long received;

    public MultipartWindow(BodySource source, String boundary, long maxTotalBytes) {
        this.source = source;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.maxTotalBytes = maxTotalBytes;
    }

    /** How many bytes there are. */
    public int size() {
        return end - start;
    }

    /** A byte, counted from the first one there is. */
    public byte at(int index) {
        return bytes[start + index];
    }

    /** Latin-1 text of the first bytes. */
    public String text(int length) {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    /** Takes bytes away. */
    public void skip(int count) {
        start += count;
        clean = Math.max(clean, start);
    }

    public int delimiterLength() {
        return delimiter.length;
    }

    /**
     * Waits for more bytes; those there are keep their order.
     *
     * <p>Cancellation: a cancelled call has changed nothing.
     *
     * @return whether there are more
     * @throws StatusException 413 beyond the limit; otherwise as reading the body
     */
    public boolean fill() {
        if (start == end) {
            start = 0;
            end = 0;
            clean = 0;
        } else if (end == bytes.length) {
            makeRoom();
        }
        int count = source.read(bytes, end, bytes.length - end);
        if (count < 0) {
            return false;
        }
        end += count;
        received += count;
        if (received > maxTotalBytes) {
            throw new StatusException(413, "the multipart body is longer than " + maxTotalBytes + " bytes");
        }
        return true;
    }

    private void makeRoom() {
        if (start == 0) {
            bytes = BoundedBytes.grown(bytes, 0, BoundedBytes.MAX_ARRAY_BYTES);
            return;
        }
        System.arraycopy(bytes, start, bytes, 0, end - start);
        end -= start;
        clean -= start;
        start = 0;
    }

    /**
     * Compares with the delimiter.
     *
     * @param index where the bytes begin
     * @param skipped how much of the delimiter's begin is not asked for
     */
    public Match matchAt(int index, int skipped) {
        int from = start + index;
        int count = Math.min(delimiter.length - skipped, end - from);
        if (!Arrays.equals(bytes, from, from + count, delimiter, skipped, skipped + count)) {
            return Match.NONE;
        }
        return count == delimiter.length - skipped ? Match.WHOLE : Match.BEGINS;
    }

    /**
     * How many bytes come before the next delimiter, or before what may be the begin of one.
     *
     * @throws StatusException 400 at a delimiter without its CR, which is data for some readers and none for others
     */
    public int cleanBytes() {
        while (clean < end && !mayBeDelimiter()) {
            clean++;
        }
        return clean - start;
    }

    private boolean mayBeDelimiter() {
        byte b = bytes[clean];
        if (b == '\r') {
            return matchAt(clean - start, 0) != Match.NONE;
        }
        if (b != '\n') {
            return false;
        }
        Match bare = matchAt(clean - start, 1);
        if (bare == Match.WHOLE) {
            throw new StatusException(400, "a boundary of the body follows a bare line feed");
        }
        return bare == Match.BEGINS;
    }

    /** Moves bytes out. */
    public void take(byte[] target, int offset, int count) {
        System.arraycopy(bytes, start, target, offset, count);
        skip(count);
    }
}
