package dev.heddle.os;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transport that belongs to the process: closing this ends only the use of it. */
final class CloseShieldTransport implements Transport {

    private final Transport owned;
    private @Nullable CancelScope reading;
    private @Nullable CancelScope writing;
    private boolean open = true;

    CloseShieldTransport(Transport owned) {
        this.owned = owned;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        return owned.tryRead(target);
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        try {
            CancelScope.open(scope -> {
                reading = scope;
                owned.awaitReadable();
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
        return owned.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        try {
            CancelScope.open(scope -> {
                writing = scope;
                owned.awaitWritable();
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

    @Override
    public String localAddress() {
        return owned.localAddress();
    }

    @Override
    public String remoteAddress() {
        return owned.remoteAddress();
    }

    private void checkOpen() {
        if (!open) {
            throw new ClosedException(this + " is closed");
        }
    }

    @Override
    public String toString() {
        return owned.toString();
    }
}
