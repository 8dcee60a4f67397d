package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A blocking input stream as a transport. One piece at a time passes from the thread that reads it to the task that
 * asked.
 *
 * <pre>
 *   EMPTY ──awaitReadable──▶ WANTED ──the thread has read──▶ FULL, or ENDED for ever
 *     ▲                                                        │
 *     └──────────────────tryRead took the last─────────────────┘
 * </pre>
 */
final class BlockingInput implements Transport {

    private static final int PIECE_BYTES = 64 * 1024;

    private enum State {
        EMPTY,
        WANTED,
        FULL,
        ENDED
    }

    private final InputStream in;
    private final String name;
    private final String reading;
    private @Nullable Thread pump;
    private volatile State state = State.EMPTY;
    private volatile @Nullable Waiter reader;
    private volatile boolean closed;

    // Written by the thread before FULL or ENDED, by the task before WANTED.
    private byte[] piece = new byte[0];
    private int from;
    private int to;
    private @Nullable IOException failure;

    BlockingInput(InputStream in, String name) {
        this.in = in;
        this.name = name;
        this.reading = "reading " + name;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        return switch (state) {
            case EMPTY, WANTED -> 0;
            case FULL -> take(target);
            case ENDED -> {
                if (failure != null) {
                    throw new BrokenException(name + " cannot be read: " + failure.getMessage(), failure);
                }
                yield -1;
            }
        };
    }

    private int take(ByteBuffer target) {
        int count = Math.min(to - from, target.remaining());
        target.put(piece, from, count);
        from += count;
        if (from == to) {
            state = State.EMPTY;
        }
        return count;
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        CancelScope.throwIfCancelled();
        var waiter = new Waiter(reading);
        reader = waiter;
        try {
            if (state == State.EMPTY) {
                want();
            }
            if (state == State.WANTED) {
                waiter.await();
            }
        } finally {
            reader = null;
        }
        checkOpen();
    }

    private void want() {
        state = State.WANTED;
        if (pump == null) {
            piece = new byte[PIECE_BYTES];
            pump = Thread.ofPlatform().daemon().name("heddle-" + name).start(this::pump);
        } else {
            LockSupport.unpark(pump);
        }
    }

    private void pump() {
        while (!closed && state != State.ENDED) {
            if (state == State.WANTED) {
                readPiece();
                wakeReader();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void readPiece() {
        try {
            from = 0;
            to = in.read(piece);
        } catch (IOException e) {
            failure = e;
            to = -1;
        }
        state = to < 0 ? State.ENDED : to == 0 ? State.EMPTY : State.FULL;
    }

    private void wakeReader() {
        Waiter waiting = reader;
        if (waiting != null) {
            waiting.complete();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            in.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        wakeReader();
        LockSupport.unpark(pump);
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throw readOnly();
    }

    @Override
    public void awaitWritable() {
        throw readOnly();
    }

    @Override
    public void shutdownOutput() {
        // There is none.
    }

    private IllegalStateException readOnly() {
        return new IllegalStateException(name + " is for reading only");
    }

    @Override
    public String localAddress() {
        return name;
    }

    @Override
    public String remoteAddress() {
        return name;
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException(name + " is closed");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
