package dev.heddle.http.internal.proxy;

import dev.heddle.BrokenException;
import dev.heddle.io.ByteStream;
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
     * @param behind what comes behind the header; not to be used any more
     */
    private ProxiedTransport(ByteStream behind, ProxyHeader header) {
        super(behind);
        this.remoteAddress = header.source() == null ? behind.remoteAddress() : header.source();
        this.localAddress = header.destination() == null ? behind.localAddress() : header.destination();
    }

    /**
     * Reads the header, and takes the stream's place.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @throws BrokenException if it is malformed, or the connection ends before
     */
    public static ProxiedTransport open(ByteStream stream) {
        int come = 0;
        while (true) {
            ByteBuffer bytes = stream.fill(come + 1);
            if (bytes.remaining() == come) {
                throw new BrokenException("the connection ends before its PROXY header does");
            }
            come = bytes.remaining();
            ProxyHeader header = ProxyHeader.parse(bytes);
            if (header != null) {
                bytes.position(bytes.position() + header.length());
                return new ProxiedTransport(stream, header);
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
