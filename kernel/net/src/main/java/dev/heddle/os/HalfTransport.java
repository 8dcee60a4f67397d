package dev.heddle.os;

import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import dev.heddle.io.FilterTransport;
import java.nio.ByteBuffer;

/** The transport of one end of a pipe: it only reads, or only writes and its end of output is its close. */
final class HalfTransport extends FilterTransport {

    private final boolean reads;
    private boolean open = true;

    private HalfTransport(Transport end, boolean reads) {
        super(end, ByteBuffer.allocate(0));
        this.reads = reads;
    }

    static ByteStream reading(Transport end) {
        return new ByteStream(new HalfTransport(end, true));
    }

    static ByteStream writing(Transport end) {
        return new ByteStream(new HalfTransport(end, false));
    }

    @Override
    public int tryRead(ByteBuffer target) {
        check(reads, "writing");
        return super.tryRead(target);
    }

    @Override
    public void awaitReadable() {
        check(reads, "writing");
        super.awaitReadable();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        check(!reads, "reading");
        return super.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        check(!reads, "reading");
        super.awaitWritable();
    }

    private void check(boolean right, String only) {
        if (!open) {
            throw new ClosedException(this + " is closed");
        }
        if (!right) {
            throw new IllegalStateException(this + " is for " + only + " only");
        }
    }

    @Override
    public void shutdownOutput() {
        if (!reads) {
            under().close();
        }
    }

    @Override
    public void close() {
        open = false;
        super.close();
    }

    @Override
    public void abort() {
        open = false;
        super.abort();
    }

    @Override
    public boolean isOpen() {
        return open;
    }
}
