package dev.heddle.http.server;

import dev.heddle.Loop;
import dev.heddle.http.internal.codec.PeerDeadline.Way;
import dev.heddle.http.internal.codec.PeerDeadline;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a connection of HTTP/1, which gives the peer a time to take what is written. The clock is looked at
 * only where the writer has to wait.
 *
 * <p>Between {@link #begin} and {@link #end} one write is under way, with its limit; other writes are none of its business.
 */
final class PatientTransport extends FilterTransport {

    /** A peer must take so many bytes, or all there are, within what its limit allows for them. */
    private static final int SLICE_BYTES = 64 * 1024;

    private final Loop loop;
    private final PeerDeadline deadline;

    /** What the write under way may wait in all if it has no {@link #limit}; null where none is under way. */
    private @Nullable Duration most;

    private @Nullable TransferLimit limit;

    private long waitedNanos;

    /** Of the write under way and its limit: all bytes, and those that have left. */
    private long bytes;

    private long moved;

    PatientTransport(ByteStream bare, Loop loop, PeerDeadline deadline) {
        super(bare);
        this.loop = loop;
        this.deadline = deadline;
    }

    /** A write begins that may wait so long in all. */
    void begin(Duration within) {
        most = within;
        waitedNanos = 0;
    }

    /** A write of so many bytes begins. */
    void begin(TransferLimit within, long count) {
        limit = within;
        bytes = count;
        moved = 0;
    }

    /** The write is over. */
    void end() {
        most = null;
        limit = null;
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        int count = under().tryWrite(source);
        moved(count);
        return count;
    }

    @Override
    public long trySendFile(FileChannel file, long position, long count) {
        long sent = under().trySendFile(file, position, count);
        moved(Math.max(0, sent));
        return sent;
    }

    private void moved(long count) {
        if (limit != null) {
            limit.moved(count);
            moved += count;
        }
    }

    @Override
    public void awaitWritable() {
        Duration left = left();
        if (left == null) {
            under().awaitWritable();
            return;
        }
        deadline.arm(Way.TAKING, left);
        long start = loop.nanoTime();
        try {
            under().awaitWritable();
        } finally {
            waited(loop.nanoTime() - start);
            deadline.disarm(Way.TAKING);
        }
    }

    /** How long this wait may last; null for as long as it takes. */
    private @Nullable Duration left() {
        if (limit != null) {
            long slice = Math.min(SLICE_BYTES - moved % SLICE_BYTES, bytes - moved);
            return limit.allowance(slice);
        }
        return most == null ? null : most.minusNanos(waitedNanos);
    }

    private void waited(long nanos) {
        waitedNanos += nanos;
        if (limit != null) {
            limit.waited(nanos);
        }
    }
}
