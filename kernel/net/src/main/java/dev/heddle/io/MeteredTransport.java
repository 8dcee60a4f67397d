package dev.heddle.io;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The transport of {@link Streams#metered}. */
final class MeteredTransport extends FilterTransport {

    private final ByteCounter meter;

    MeteredTransport(ByteStream stream, ByteCounter meter) {
        super(stream);
        this.meter = meter;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        int count = super.tryRead(target);
        meter.read(Math.max(count, 0));
        return count;
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        int count = super.tryWrite(source);
        meter.wrote(count);
        return count;
    }

    @Override
    public long trySendFile(FileChannel file, long position, long count) {
        long sent = under().trySendFile(file, position, count);
        meter.wrote(Math.max(sent, 0));
        return sent;
    }
}
