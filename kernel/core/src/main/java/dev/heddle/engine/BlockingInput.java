package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
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
final class BlockingInput extends BlockingTransport {

    private static final int PIECE_BYTES = 64 * 1024;

    private enum State {
        EMPTY,
        WANTED,
        FULL,
        ENDED
    }

    private final InputStream in;
    private @Nullable Thread pump;
    private volatile State state = State.EMPTY;

    // Written by the thread before FULL or ENDED, by the task before WANTED.
    private byte[] piece = new byte[0];
    private int from;
    private int to;
    private @Nullable IOException failure;

    BlockingInput(InputStream in, String name) {
        super("reading", name);
        this.in = in;
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
        awaitIf(() -> {
            if (state == State.EMPTY) {
                want();
            }
            return state == State.WANTED;
        });
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
        while (isOpen() && state != State.ENDED) {
            if (state == State.WANTED) {
                readPiece();
                wake();
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

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        setClosed();
        try {
            in.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        wake();
        LockSupport.unpark(pump);
    }

    @Override
    public void abort() {
        close();
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

    private void checkOpen() {
        if (!isOpen()) {
            throw new ClosedException(name + " is closed");
        }
    }
}
