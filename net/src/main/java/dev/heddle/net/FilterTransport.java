package dev.heddle.net;

import dev.heddle.engine.Transport;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A transport over another that passes all on; what differs overrides it. Gives out first what the stream that was wrapped had read
 * ahead.
 */
abstract class FilterTransport implements Transport {

    final Transport under;
    private ByteBuffer ahead;

    FilterTransport(ByteStream stream) {
        this(stream.transport(), ByteBuffer.wrap(stream.handOver()));
    }

    FilterTransport(Transport under, ByteBuffer ahead) {
        this.under = under;
        this.ahead = ahead;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        return under.isOpen() && ahead.hasRemaining() ? readAhead(target) : under.tryRead(target);
    }

    private int readAhead(ByteBuffer target) {
        int count = Math.min(target.remaining(), ahead.remaining());
        target.put(ahead.slice(ahead.position(), count));
        ahead.position(ahead.position() + count);
        if (!ahead.hasRemaining()) {
            ahead = ByteBuffer.allocate(0);
        }
        return count;
    }

    @Override
    public void awaitReadable() {
        if (!ahead.hasRemaining()) {
            under.awaitReadable();
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        return under.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        under.awaitWritable();
    }

    @Override
    public <T> Optional<T> option(SocketOption<T> option) {
        return under.option(option);
    }

    @Override
    public void shutdownOutput() {
        under.shutdownOutput();
    }

    @Override
    public void close() {
        under.close();
    }

    @Override
    public void abort() {
        under.abort();
    }

    @Override
    public boolean isOpen() {
        return under.isOpen();
    }

    @Override
    public String localAddress() {
        return under.localAddress();
    }

    @Override
    public String remoteAddress() {
        return under.remoteAddress();
    }

    @Override
    public String toString() {
        return under.toString();
    }
}
