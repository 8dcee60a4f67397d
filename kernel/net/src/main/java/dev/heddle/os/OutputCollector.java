package dev.heddle.os;

import dev.heddle.CancelledException;
import dev.heddle.engine.Transport;
import dev.heddle.internal.BoundedBytes;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.internal.BufferPool;
import dev.heddle.io.internal.TransportRules;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The collector of one output of a subprocess, which is read to its end and kept within a bound. */
final class OutputCollector {

    /** What may lie in a pipe after the writer's end: no user may make one larger by default, pipe(7). */
    private static final int MAX_IN_A_PIPE_BYTES = 1024 * 1024;

    private final ByteStream stream;
    private final String what;
    private final int maxBytes;
    private final boolean keepsTail;
    private byte[] kept = new byte[0];
    private int size;
    private boolean ended;

    OutputCollector(ByteStream stream, String what, SubprocessOptions options) {
        this.stream = stream;
        this.what = what;
        this.maxBytes = options.maxOutputBytes();
        this.keepsTail = options.keepsTail();
    }

    /**
     * Reads to the end. Cut off by a cancel, it still takes what is in the pipe: all that a process which has ended has
     * written.
     *
     * @throws LimitExceededException if it is longer than the bound and the tail is not what is wanted
     */
    void read() {
        try {
            while (!ended) {
                take(stream.fill());
            }
        } catch (CancelledException e) {
            takeWhatIsThere();
            throw e;
        }
    }

    private void take(ByteBuffer bytes) {
        ended = !bytes.hasRemaining();
        if (!ended) {
            int count = bytes.remaining();
            makeRoom(count);
            bytes.get(kept, size, count);
            size += count;
        }
    }

    private void makeRoom(int count) {
        long needed = (long) size + count;
        if (needed > maxBytes && !keepsTail) {
            throw new LimitExceededException(what, maxBytes);
        }
        if (needed > kept.length) {
            dropAllButTail();
            needed = (long) size + count;
            if (needed > kept.length) {
                kept = BoundedBytes.grown(kept, 2 * needed, BoundedBytes.MAX_ARRAY_BYTES);
            }
        }
    }

    /** Only once there is twice as much as will be kept, so that each byte is moved once. */
    private void dropAllButTail() {
        if (keepsTail && size >= 2L * maxBytes) {
            System.arraycopy(kept, size - maxBytes, kept, 0, maxBytes);
            size = maxBytes;
        }
    }

    private void takeWhatIsThere() {
        Transport transport = stream.transport();
        ByteBuffer piece = ByteBuffer.allocate(BufferPool.BUFFER_BYTES);
        for (int taken = 0; taken < MAX_IN_A_PIPE_BYTES && stream.isOpen(); taken += piece.limit()) {
            int count = TransportRules.tryRead(transport, piece.clear());
            if (count <= 0) {
                ended = count < 0;
                return;
            }
            take(piece.flip());
        }
    }

    boolean hasEnded() {
        return ended;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(kept, Math.max(0, size - maxBytes), size);
    }

    @Override
    public String toString() {
        return stream.remoteAddress();
    }
}
