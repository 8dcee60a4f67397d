package dev.heddle.http.internal.proxy;

import dev.heddle.BrokenException;
import dev.heddle.engine.Transport;
import dev.heddle.io.FilterTransport;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The transport of a connection that a proxy has made for somebody else, and says so in its header: shows the addresses
 * of that one.
 */
public final class ProxiedTransport extends FilterTransport {

    private final String localAddress;
    private final String remoteAddress;

    /**
     * @param ahead what came together with the header
     */
    private ProxiedTransport(Transport under, ProxyHeader header, ByteBuffer ahead) {
        super(under, ahead);
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
    public static ProxiedTransport open(Transport under) {
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
    public long trySendFile(FileChannel file, long position, long count) {
        return under().trySendFile(file, position, count);
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
        return "connection " + localAddress + " to " + remoteAddress + " by " + under();
    }
}
