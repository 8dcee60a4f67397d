package dev.heddle.io;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;

/** One end of an in-memory pair: the reference for the contract of {@link Transport}. */
final class MemoryTransport implements Transport {

    private final String local;
    private final String remote;
    private final MemoryPipe in;
    private final MemoryPipe out;
    private boolean open = true;
    private boolean outputOpen = true;

    MemoryTransport(String local, String remote, MemoryPipe in, MemoryPipe out) {
        this.local = local;
        this.remote = remote;
        this.in = in;
        this.out = out;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throwIfClosed();
        return in.read(target);
    }

    @Override
    public void awaitReadable() {
        throwIfClosed();
        CancelScope.throwIfCancelled();
        in.awaitReadable();
        throwIfClosed();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throwIfOutputClosed();
        return out.write(source);
    }

    @Override
    public void awaitWritable() {
        throwIfOutputClosed();
        CancelScope.throwIfCancelled();
        out.awaitWritable();
        throwIfOutputClosed();
    }

    @Override
    public void shutdownOutput() {
        outputOpen = false;
        out.end();
    }

    @Override
    public void close() {
        open = false;
        shutdownOutput();
        in.closeReader();
    }

    @Override
    public void abort() {
        if (!open) {
            // What was written before closing still goes to the peer.
            return;
        }
        open = false;
        outputOpen = false;
        out.reset();
        in.reset();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String localAddress() {
        return local;
    }

    @Override
    public String remoteAddress() {
        return remote;
    }

    private void throwIfClosed() {
        if (!open) {
            throw new ClosedException(local + " is closed");
        }
    }

    private void throwIfOutputClosed() {
        throwIfClosed();
        if (!outputOpen) {
            throw new ClosedException("the output of " + local + " is closed");
        }
    }

    @Override
    public String toString() {
        return local;
    }
}
