package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.engine.Transport;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** A connection that a proxy has made for somebody else, and says so in its header: shows the addresses of that one. */
final class ProxiedTransport implements Transport {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport under;
    private final String localAddress;
    private final String remoteAddress;

    /** What came together with the header. */
    private ByteBuffer ahead;

    private ProxiedTransport(Transport under, ProxyHeader header, ByteBuffer ahead) {
        this.under = under;
        this.ahead = ahead;
        this.remoteAddress = header.source() == null ? under.remoteAddress() : header.source();
        this.localAddress = header.destination() == null ? under.localAddress() : header.destination();
    }

    /**
     * Reads the header.
     *
     * <p>Cancellation: a cancelled call may have taken a part of it; the connection is of no more use.
     *
     * @throws BrokenException if it is malformed, or the connection ends before
     */
    static ProxiedTransport open(Transport under) {
        ByteBuffer bytes = ByteBuffer.allocate(ProxyHeader.MAX_BYTES);
        while (true) {
            under.awaitReadable();
            int count = under.tryRead(bytes);
            if (count < 0) {
                throw new BrokenException("the connection ends before its PROXY header does");
            }
            ByteBuffer come = bytes.duplicate().flip();
            ProxyHeader header = ProxyHeader.parse(come);
            if (header != null) {
                return new ProxiedTransport(under, header, come.position(header.length()));
            }
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        if (!ahead.hasRemaining() || !under.isOpen()) {
            return under.tryRead(target);
        }
        int count = Math.min(target.remaining(), ahead.remaining());
        target.put(ahead.slice(ahead.position(), count));
        ahead.position(ahead.position() + count);
        if (!ahead.hasRemaining()) {
            ahead = NOTHING;
        }
        return count;
    }

    @Override
    public void awaitReadable() {
        if (!ahead.hasRemaining() || !under.isOpen()) {
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
    public long trySendFile(FileChannel file, long position, long count) {
        return under.trySendFile(file, position, count);
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
        return localAddress;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String toString() {
        return "connection " + localAddress + " to " + remoteAddress + " by " + under;
    }
}
