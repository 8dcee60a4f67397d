package dev.heddle.os;

import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;

/** The transport of one end of a pipe: it only reads, or only writes and its end of output is its close. */
final class HalfTransport implements Transport {

    private final Transport end;
    private final boolean reads;
    private boolean open = true;

    private HalfTransport(Transport end, boolean reads) {
        this.end = end;
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
        return end.tryRead(target);
    }

    @Override
    public void awaitReadable() {
        check(reads, "writing");
        end.awaitReadable();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        check(!reads, "reading");
        return end.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        check(!reads, "reading");
        end.awaitWritable();
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
            end.close();
        }
    }

    @Override
    public void close() {
        open = false;
        end.close();
    }

    @Override
    public void abort() {
        open = false;
        end.abort();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String localAddress() {
        return end.localAddress();
    }

    @Override
    public String remoteAddress() {
        return end.remoteAddress();
    }

    @Override
    public String toString() {
        return end.toString();
    }
}
