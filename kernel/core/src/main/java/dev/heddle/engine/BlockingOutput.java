package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.internal.AsksSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A blocking output stream as a transport. One piece at a time passes from the task to a thread that writes it.
 *
 * <p>The thread lives while there is something to write and a moment longer.
 */
@AsksSystem("a thread of its own writes")
final class BlockingOutput extends BlockingTransport {

    private static final int PIECE_BYTES = 64 * 1024;

    /** How long the thread waits for more: a row of writes then costs one thread. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * How long {@code System.exit} waits for the last piece; a reader that stopped reading must not keep the process.
     */
    private static final long FINISH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OutputStream out;
    private final boolean keepsProcess;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean streamClosed = new AtomicBoolean();
    private volatile @Nullable Thread pump;
    private volatile boolean full;
    private volatile @Nullable IOException failure;
    private volatile boolean outputShut;

    // Written by the task before full is set, read by the thread until it is cleared.
    private byte[] piece = new byte[0];
    private int length;

    BlockingOutput(OutputStream out, String name, boolean keepsProcess) {
        super("writing", name);
        this.out = out;
        this.keepsProcess = keepsProcess;
        if (keepsProcess) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::finish, "heddle-finish " + name));
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkWritable();
        if (full) {
            return 0;
        }
        if (piece.length == 0) {
            piece = new byte[PIECE_BYTES];
        }
        length = Math.min(source.remaining(), PIECE_BYTES);
        source.get(piece, 0, length);
        full = true;
        if (running.compareAndSet(false, true)) {
            pump = Thread.ofPlatform().daemon(!keepsProcess).name("heddle-" + name).start(this::pump);
        } else {
            LockSupport.unpark(pump);
        }
        return length;
    }

    @Override
    public void awaitWritable() {
        checkWritable();
        awaitIf(() -> full);
        checkWritable();
    }

    private void pump() {
        do {
            while (full) {
                writePiece();
                LockSupport.parkNanos(this, LINGER_NANOS);
            }
            running.set(false);
            // A piece that came since then found this thread still running.
        } while (full && running.compareAndSet(false, true));
    }

    private void finish() {
        long begin = System.nanoTime();
        while (full && System.nanoTime() - begin < FINISH_NANOS) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private void writePiece() {
        try {
            out.write(piece, 0, length);
            out.flush();
        } catch (IOException e) {
            failure = e;
        }
        full = false;
        wake();
        closeStreamAfterTheLastPiece();
    }

    @Override
    public void shutdownOutput() {
        outputShut = true;
        closeStreamAfterTheLastPiece();
    }

    /**
     * Asked for by both sides after each has set its flag, so one of them sees both. That order of reading matters: no
     * piece is taken once the output is shut, while one may have come in between that the thread has just made room
     * for.
     */
    private void closeStreamAfterTheLastPiece() {
        if (outputShut && !full) {
            closeStream();
        }
    }

    private void closeStream() {
        if (streamClosed.compareAndSet(false, true)) {
            try {
                out.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    @Override
    public void close() {
        if (isOpen()) {
            setClosed();
            shutdownOutput();
            wake();
        }
    }

    @Override
    public void abort() {
        if (isOpen()) {
            setClosed();
            outputShut = true;
            closeStream();
            wake();
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throw writeOnly();
    }

    @Override
    public void awaitReadable() {
        throw writeOnly();
    }

    private IllegalStateException writeOnly() {
        return new IllegalStateException(name + " is for writing only");
    }

    private void checkWritable() {
        if (!isOpen() || outputShut) {
            throw new ClosedException(name + " is closed");
        }
        IOException failed = failure;
        if (failed != null) {
            throw new BrokenException(name + " takes no more: " + failed.getMessage(), failed);
        }
    }
}
