package dev.heddle.io;

import dev.heddle.CancelScope;
import dev.heddle.engine.AbstractTransport;
import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;

/** One end of an in-memory pair: the reference for the contract of {@link Transport}. */
final class MemoryTransport extends AbstractTransport {

    private final String local;
    private final String remote;
    private final MemoryPipe in;
    private final MemoryPipe out;

    MemoryTransport(String local, String remote, MemoryPipe in, MemoryPipe out) {
        this.local = local;
        this.remote = remote;
        this.in = in;
        this.out = out;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        return in.read(target);
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        CancelScope.throwIfCancelled();
        in.awaitReadable();
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOutputOpen();
        return out.write(source);
    }

    @Override
    public void awaitWritable() {
        checkOutputOpen();
        CancelScope.throwIfCancelled();
        out.awaitWritable();
        checkOutputOpen();
    }

    @Override
    protected void endOutput() {
        out.end();
    }

    @Override
    protected void resetOnClose() {
        out.reset();
        in.reset();
    }

    @Override
    protected void release() {
        out.end();
        in.closeReader();
    }

    @Override
    public String localAddress() {
        return local;
    }

    @Override
    public String remoteAddress() {
        return remote;
    }

    @Override
    public String toString() {
        return local;
    }
}
