package dev.heddle.io;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Checks;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.io.internal.CoopBudget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The reading half of a stream: one reader at a time, and the ways to cut the bytes into pieces. The contracts are
 * those of {@link ByteStream}.
 */
final class Inbound {

    /** Targets below this are served from the buffer, so that byte-wise reading does not cost a system call each. */
    private static final int SMALL_TARGET_BYTES = 256;

    private final Transport transport;
    private final CoopBudget pace;
    private final ReadBuffer bytes;
    private boolean busy;

    Inbound(Transport transport, CoopBudget pace) {
        this.transport = transport;
        this.pace = pace;
        this.bytes = new ReadBuffer(transport);
    }

    int read(ByteBuffer target) {
        if (!target.hasRemaining()) {
            return 0;
        }
        begin();
        try {
            if (bytes.size() == 0) {
                if (target.remaining() >= SMALL_TARGET_BYTES) {
                    return bytes.readInto(target, pace);
                }
                if (!bytes.more(BufferPool.BUFFER_BYTES, pace)) {
                    return -1;
                }
            }
            return bytes.moveTo(target);
        } finally {
            busy = false;
        }
    }

    byte[] readExactly(int count) {
        Checks.notNegative("count", count);
        if (count == 0) {
            return new byte[0];
        }
        begin();
        try {
            while (bytes.size() < count) {
                if (!bytes.more(count, pace)) {
                    throw ended("after " + bytes.size() + " of " + count + " bytes");
                }
            }
            return bytes.take(count);
        } finally {
            busy = false;
        }
    }

    Optional<String> readLine(int maxBytes) {
        return readLineBytes(maxBytes).map(line -> new String(line, StandardCharsets.UTF_8));
    }

    Optional<byte[]> readLineBytes(int maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        begin();
        try {
            int seen = 0;
            while (true) {
                for (; seen < bytes.size(); seen++) {
                    if (bytes.at(seen) == '\n') {
                        return Optional.of(takeLine(seen, maxBytes));
                    }
                }
                if (lineIsTooLong(maxBytes)) {
                    throw new LimitExceededException("a line", maxBytes);
                }
                if (!bytes.more(clamp(maxBytes + 2L), pace)) {
                    if (bytes.size() == 0) {
                        return Optional.empty();
                    }
                    throw ended("in the middle of a line");
                }
            }
        } finally {
            busy = false;
        }
    }

    private byte[] takeLine(int lineFeedAt, int maxBytes) {
        boolean carriageReturn = lineFeedAt > 0 && bytes.at(lineFeedAt - 1) == '\r';
        int length = carriageReturn ? lineFeedAt - 1 : lineFeedAt;
        if (length > maxBytes) {
            throw new LimitExceededException("a line", maxBytes);
        }
        return Arrays.copyOf(bytes.take(lineFeedAt + 1), length);
    }

    /**
     * Whether no line feed could make the bytes so far a line that fits; a carriage return may still be part of the
     * end.
     */
    private boolean lineIsTooLong(int maxBytes) {
        long beyond = (long) bytes.size() - maxBytes;
        return beyond > 1 || (beyond == 1 && bytes.at(maxBytes) != '\r');
    }

    byte[] readUntil(byte[] delimiter, int maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("the delimiter is empty");
        }
        begin();
        try {
            int from = 0;
            while (true) {
                int at = indexOf(delimiter, from);
                if (at >= 0 && at + delimiter.length <= maxBytes) {
                    return bytes.take(at + delimiter.length);
                }
                if (at >= 0 || bytes.size() >= maxBytes) {
                    throw new LimitExceededException("the data up to the delimiter", maxBytes);
                }
                from = Math.max(0, bytes.size() - delimiter.length + 1);
                if (!bytes.more(maxBytes, pace)) {
                    throw ended("before the delimiter");
                }
            }
        } finally {
            busy = false;
        }
    }

    private int indexOf(byte[] delimiter, int from) {
        for (int start = from; start <= bytes.size() - delimiter.length; start++) {
            int matched = 0;
            while (matched < delimiter.length && bytes.at(start + matched) == delimiter[matched]) {
                matched++;
            }
            if (matched == delimiter.length) {
                return start;
            }
        }
        return -1;
    }

    byte[] readAll(int maxBytes) {
        Checks.notNegative("maxBytes", maxBytes);
        begin();
        try {
            do {
                if (bytes.size() > maxBytes) {
                    throw new LimitExceededException("the rest of the stream", maxBytes);
                }
            } while (bytes.more(clamp(maxBytes + 1L), pace));
            return bytes.take(bytes.size());
        } finally {
            busy = false;
        }
    }

    ByteBuffer fill(int atLeast) {
        Checks.atLeast("atLeast", atLeast, 1);
        begin();
        try {
            while (bytes.size() < atLeast) {
                if (!bytes.more(atLeast, pace)) {
                    break;
                }
            }
            return bytes.lend();
        } finally {
            busy = false;
        }
    }

    ByteBuffer buffered() {
        checkIdle();
        bytes.endLoan();
        return bytes.lend();
    }

    /** How many bytes have come. */
    long bytesRead() {
        return bytes.read();
    }

    /** How many bytes are buffered. Changes nothing, also while a task reads or looks at what it was lent. */
    int unread() {
        return bytes.size();
    }

    /** Gives up all that is buffered, for a stream that takes this one's place. */
    byte[] handOver() {
        checkIdle();
        bytes.endLoan();
        return bytes.take(bytes.size());
    }

    void checkIdle() {
        if (busy) {
            throw busyException();
        }
    }

    /** Wakes nobody: the transport does that. */
    void close() {
        bytes.drop();
    }

    private void begin() {
        if (busy) {
            CancelScope.throwIfCancelled();
            throw busyException();
        }
        busy = true;
        try {
            pace.enter();
            bytes.endLoan();
        } catch (Throwable e) {
            busy = false;
            throw e;
        }
    }

    private BusyException busyException() {
        return new BusyException("another task is reading from " + transport.remoteAddress());
    }

    private EndOfStreamException ended(String where) {
        return new EndOfStreamException(
                transport.remoteAddress() + " ended the stream " + where, bytes.take(bytes.size()));
    }

    private static int clamp(long bytes) {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
