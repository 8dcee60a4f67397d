package dev.heddle.http.internal.server;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.engine.Transport;
import dev.heddle.http.internal.codec.TransferLimit;
import dev.heddle.http.internal.http2.Http2Preface;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a connection of HTTP/1 whose peer is timed: each wait for it has a deadline, and what is held of
 * earlier responses leaves before anything is waited for. Most writes never wait, and those set no deadline and look at
 * no clock.
 *
 * <p>A handler may wait at the same time for what the peer is to send and for what it is to take, so each {@link Wait}
 * has a deadline of its own; the nearer one is that of the connection's scope, which cuts off all that goes on in it.
 *
 * <p>For the tasks of the connection; one reads and one writes at a time.
 */
final class TimedStream {

    /** A peer must take so many bytes, or all there are, within what its limit allows for them. */
    private static final int SLICE_BYTES = 64 * 1024;

    /** Far beyond any connection's life, and far from an overflow. */
    private static final Duration MAX_WAIT = Duration.ofDays(1_000);

    private final Loop loop;
    private final Duration grace;
    private final ByteStream stream;
    private final PipelinedOutput held;
    private final Wait sending = new Wait();
    private final Wait taking = new Wait();
    private final Write write = new Write();

    /** The scope that a late peer cuts off; null for none, and then nobody is late. */
    private @Nullable CancelScope scope;

    private boolean lost;

    /**
     * @param bare the stream of the connection; not to be used any more
     */
    TimedStream(ServerLoop loop, ByteStream bare) {
        this.loop = loop.loop();
        this.grace = loop.limits().transferGrace();
        this.stream = new ByteStream(new PatientTransport(bare));
        this.held = new PipelinedOutput(loop, stream);
    }

    /** The stream without deadlines. */
    ByteStream stream() {
        return stream;
    }

    /** Small responses that wait for company. */
    PipelinedOutput held() {
        return held;
    }

    /** Sets the scope that a late peer cuts off; null for none, and then nobody is late. */
    void scope(@Nullable CancelScope connection) {
        scope = connection;
    }

    /** Until the peer is late; -1 if nothing is awaited of it. */
    long nanosLeft() {
        return scope == null ? -1 : scope.remaining().map(Duration::toNanos).orElse(-1L);
    }

    /** Whether the peer was found to be gone, so that a failure of the handler may be no fault of its own. */
    boolean isLost() {
        return lost;
    }

    private HeddleException lost(HeddleException failure) {
        lost = true;
        return failure;
    }

    // ---- reading ----

    /** Whether the peer has sent more than was read, so that nothing has to be waited for. */
    boolean hasMore() {
        return stream.buffered().hasRemaining();
    }

    /** Looks whether the connection is one of HTTP/2, waiting for its first bytes. */
    boolean takePreface(Duration within) {
        try (var _ = sending.begin(within)) {
            return Http2Preface.take(stream);
        }
    }

    /** Waits for bytes; an empty buffer is the end of the stream. */
    ByteBuffer fill(Duration within) {
        flush();
        try (var _ = sending.begin(within)) {
            return stream.fill();
        } catch (BrokenException | ClosedException e) {
            throw lost(e);
        }
    }

    /**
     * Gives bytes of a body that are there, or waits for them, no longer than its limit allows; as {@link
     * #fill(Duration)}.
     */
    ByteBuffer fill(TransferLimit limit) {
        ByteBuffer in = stream.buffered();
        if (in.hasRemaining()) {
            return in;
        }
        flush();
        long start = loop.nanoTime();
        try {
            return fill(limit.allowance(0));
        } finally {
            limit.waited(loop.nanoTime() - start);
        }
    }

    /**
     * Reads bytes of a body past the stream's buffer, in which there are none, waiting no longer than its limit allows;
     * -1 at the end of the stream.
     */
    int read(TransferLimit limit, ByteBuffer target) {
        flush();
        long start = loop.nanoTime();
        try (var _ = sending.begin(limit.allowance(0))) {
            return stream.read(target);
        } catch (BrokenException | ClosedException e) {
            throw lost(e);
        } finally {
            limit.waited(loop.nanoTime() - start);
        }
    }

    /** Gives back a buffer that has been emptied: whoever handles what was in it may wait for long. */
    void giveBack() {
        stream.buffered();
    }

    // ---- writing ----

    /** Sends the responses that wait for company: nothing may be waited for with them in hand. */
    void flush() {
        if (held.isEmpty()) {
            return;
        }
        try (var _ = write.begin(grace)) {
            held.flush();
        } catch (BrokenException | ClosedException e) {
            throw lost(e);
        }
    }

    /** Writes bytes that are few, which the peer must take within the grace time. */
    void write(ByteBuffer source) {
        try (var _ = write.begin(grace)) {
            stream.write(source);
        } catch (BrokenException | ClosedException e) {
            throw lost(e);
        }
    }

    /** Writes bytes as slowly as a limit allows. */
    void write(TransferLimit limit, ByteBuffer... sources) {
        long bytes = 0;
        for (ByteBuffer source : sources) {
            bytes += source.remaining();
        }
        try (var _ = write.begin(limit, bytes)) {
            stream.write(sources);
        } catch (BrokenException | ClosedException e) {
            throw lost(e);
        }
    }

    /**
     * Has the kernel send a part of a file, as {@link ByteStream#sendFile(FileChannel, long, long)}, as slowly as a
     * limit allows.
     */
    long sendFile(TransferLimit limit, FileChannel file, long position, long count) {
        try (var _ = write.begin(limit, count)) {
            return stream.sendFile(file, position, count);
        }
    }

    // ---- deadlines ----

    /** One wait for the peer, from its begin to its close, with when the peer is late. */
    private final class Wait implements AutoCloseable {

        private boolean open;
        private long byNanos;

        Wait begin(Duration max) {
            Duration within = max.isNegative() ? Duration.ZERO : max.compareTo(MAX_WAIT) < 0 ? max : MAX_WAIT;
            byNanos = loop.nanoTime() + within.toNanos();
            open = true;
            setNearerDeadline();
            return this;
        }

        boolean isBefore(Wait other) {
            return open && (!other.open || byNanos - other.byNanos < 0);
        }

        @Override
        public void close() {
            open = false;
            setNearerDeadline();
        }
    }

    private void setNearerDeadline() {
        if (scope == null) {
            return;
        }
        if (sending.open || taking.open) {
            scope.deadlineAt(sending.isBefore(taking) ? sending.byNanos : taking.byNanos);
        } else {
            scope.clearDeadline();
        }
    }

    /**
     * One write, from its begin to its close, with what it may still wait; writes that nobody begins may wait as long
     * as they like.
     */
    private static final class Write implements AutoCloseable {

        /** What it may wait in all if it has no {@link #limit}; null where none is under way. */
        private @Nullable Duration max;

        private @Nullable TransferLimit limit;

        private long waitedNanos;

        /** Of a write with a limit: all bytes, and those that have left. */
        private long bytes;

        private long moved;

        Write begin(Duration within) {
            max = within;
            waitedNanos = 0;
            return this;
        }

        Write begin(TransferLimit within, long count) {
            limit = within;
            bytes = count;
            moved = 0;
            return this;
        }

        /** How long the next wait may last; null for as long as it takes. */
        @Nullable Duration left() {
            if (limit != null) {
                long slice = Math.min(SLICE_BYTES - moved % SLICE_BYTES, bytes - moved);
                return limit.allowance(slice);
            }
            return max == null ? null : max.minusNanos(waitedNanos);
        }

        /**
         * @param count what the system has taken
         * @param taken what the peer has taken of it
         */
        void moved(long count, long taken) {
            if (limit != null) {
                limit.moved(count + taken);
                moved += count;
            }
        }

        void waited(long nanos) {
            waitedNanos += nanos;
            if (limit != null) {
                limit.waited(nanos);
            }
        }

        @Override
        public void close() {
            max = null;
            limit = null;
        }
    }

    /** The transport below, which begins a timed wait where a write really has to wait. */
    private final class PatientTransport extends FilterTransport {

        PatientTransport(ByteStream bare) {
            super(bare);
        }

        @Override
        public int tryWrite(ByteBuffer source) {
            int count = under().tryWrite(source);
            write.moved(count, 0);
            return count;
        }

        @Override
        public long trySendFile(FileChannel file, long position, long count) {
            long sent = under().trySendFile(file, position, count);
            write.moved(Math.max(0, sent), 0);
            return sent;
        }

        @Override
        public void awaitWritable() {
            Duration left = write.left();
            if (left == null || scope == null) {
                under().awaitWritable();
                return;
            }
            for (; left != null; left = write.left()) {
                // Nobody asks the system about a wait that is over soon.
                Duration first = left.dividedBy(2);
                if (isWritableWithin(first)) {
                    return;
                }
                long before = acknowledged();
                if (isWritableWithin(left.minus(first))) {
                    return;
                }
                // The system may have much that a slow peer takes, and no room for more until a third of that is gone.
                long taken = acknowledged() - before;
                if (taken <= 0) {
                    break;
                }
                write.moved(0, taken);
            }
            try (var _ = taking.begin(Duration.ZERO)) {
                under().awaitWritable();
            }
        }

        private boolean isWritableWithin(Duration time) {
            long start = loop.nanoTime();
            try {
                return Heddle.moveOnAfter(time, () -> under().awaitWritable());
            } finally {
                write.waited(loop.nanoTime() - start);
            }
        }

        private long acknowledged() {
            return under().option(Transport.BYTES_ACKNOWLEDGED).orElse(0L);
        }
    }
}
