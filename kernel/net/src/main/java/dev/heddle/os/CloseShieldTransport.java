package dev.heddle.os;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.io.FilterTransport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transport that belongs to the process: closing this ends only the use of it. */
final class CloseShieldTransport extends FilterTransport {

    private @Nullable CancelScope reading;
    private @Nullable CancelScope writing;
    private boolean open = true;

    CloseShieldTransport(Transport owned) {
        super(owned, ByteBuffer.allocate(0));
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        return super.tryRead(target);
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        try {
            CancelScope.open(scope -> {
                reading = scope;
                super.awaitReadable();
            });
        } finally {
            // A scope knows its loop, which could never be freed while this does.
            reading = null;
        }
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOpen();
        return super.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        try {
            CancelScope.open(scope -> {
                writing = scope;
                super.awaitWritable();
            });
        } finally {
            // A scope knows its loop, which could never be freed while this does.
            writing = null;
        }
        checkOpen();
    }

    @Override
    public void shutdownOutput() {
        close();
    }

    @Override
    public void close() {
        open = false;
        end(reading);
        end(writing);
    }

    /** Whether a task waits in it. */
    boolean isWaitedFor() {
        return reading != null || writing != null;
    }

    private void end(@Nullable CancelScope wait) {
        if (wait != null) {
            wait.cancel(this + " is closed");
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void checkOpen() {
        if (!open) {
            throw new ClosedException(this + " is closed");
        }
    }
}
