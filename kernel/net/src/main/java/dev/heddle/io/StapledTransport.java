package dev.heddle.io;

import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * The transport of {@link Streams#staple}: reads what is under it and writes to another. The two are lost each by
 * itself: that one takes no more says nothing of what the other has still to give, nor of its end.
 */
final class StapledTransport extends FilterTransport {

    private final Transport out;

    StapledTransport(ByteStream in, ByteStream out) {
        super(unused(in, out));
        takePlaceOf(out);
        this.out = out.transport();
        out.handOver();
    }

    /** Before one gives up what it has read ahead, since the other may refuse. */
    private static ByteStream unused(ByteStream in, ByteStream out) {
        in.checkHandOver();
        out.checkHandOver();
        return in;
    }

    /** What is under this one carries one direction only. */
    @Override
    public <T extends Transport> Optional<T> find(Class<T> kind) {
        return kind.isInstance(this) ? Optional.of(kind.cast(this)) : Optional.empty();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        return out.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        out.awaitWritable();
    }

    @Override
    public long trySendFile(FileChannel file, long position, long count) {
        return out.trySendFile(file, position, count);
    }

    @Override
    public void shutdownOutput() {
        out.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            out.close();
        } finally {
            super.close();
        }
    }

    @Override
    public void abort() {
        try {
            out.abort();
        } finally {
            super.abort();
        }
    }

    @Override
    public boolean isOpen() {
        return super.isOpen() || out.isOpen();
    }

    @Override
    public String localAddress() {
        return super.localAddress() + " and " + out.localAddress();
    }

    @Override
    public String remoteAddress() {
        return super.remoteAddress() + " and " + out.remoteAddress();
    }

    @Override
    public String toString() {
        return "in: " + under() + ", out: " + out;
    }
}
