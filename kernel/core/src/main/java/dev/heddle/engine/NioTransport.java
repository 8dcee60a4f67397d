package dev.heddle.engine;

import dev.heddle.ClosedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A connected socket of {@link NioEngine}. */
final class NioTransport extends AbstractTransport implements NioEngine.NioHandle {

    private final SocketChannel channel;
    private final SelectionKey key;
    private final SocketAddress local;
    private final SocketAddress remote;
    private final NioInterest reading;
    private final NioInterest writing;

    NioTransport(NioEngine engine, SocketChannel channel, SelectionKey key) throws IOException {
        this.channel = channel;
        this.key = key;
        this.local = channel.getLocalAddress();
        this.remote = channel.getRemoteAddress();
        var peer = new Peer(remote);
        this.reading = new NioInterest(engine.backlog, SelectionKey.OP_READ, "reading from ", peer);
        this.writing = new NioInterest(engine.backlog, SelectionKey.OP_WRITE, "writing to ", peer);
        key.attach(this);
    }

    @Override
    public void ready(SelectionKey key) {
        int operations = key.readyOps();
        if ((operations & SelectionKey.OP_READ) != 0) {
            reading.happened(key);
        }
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            writing.happened(key);
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        reading.used();
        try {
            int count = channel.read(target);
            return count < 0 || (count == 0 && isLost()) ? endOfInput() : count;
        } catch (IOException e) {
            throw failed(e, true);
        }
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        if (!isLost()) {
            reading.await(key);
        }
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOutputOpen();
        writing.used();
        try {
            return channel.write(source);
        } catch (IOException e) {
            throw failed(e, !isPeerClosed(e));
        }
    }

    @Override
    public <T> Optional<T> option(SocketOption<T> option) {
        checkOpen();
        try {
            return channel.supportedOptions().contains(option)
                    ? Optional.ofNullable(channel.getOption(option))
                    : Optional.empty();
        } catch (IOException notOfThisKind) {
            return Optional.empty();
        }
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        if (!isOutputLost()) {
            writing.await(key);
        }
        checkOpen();
    }

    @Override
    protected void endOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // A connection that is lost, of which reading tells by itself.
            throw failed(e, false);
        }
    }

    @Override
    protected void release() {
        resetIfUnread();
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way, and close() is the end of this transport's story.
        }
        reading.wake();
        writing.wake();
    }

    /**
     * Closing before unread bytes is a reset: RFC 1122, section 4.2.2.13. The JDK ends the output of a channel in a
     * selector first, and closes it later, so that the peer would read a clean end.
     */
    private void resetIfUnread() {
        try {
            if (remote instanceof InetSocketAddress
                    && channel.socket().getInputStream().available() > 0) {
                resetOnClose();
            }
        } catch (IOException e) {
            // A connection that is lost already.
        }
    }

    @Override
    protected void resetOnClose() {
        try {
            // close(2) with a linger of zero sends a reset and drops what is unsent: tcp(7), SO_LINGER in socket(7).
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | UnsupportedOperationException e) {
            // A connection that is lost already, or a Unix socket: closing is all there is.
        }
    }

    @Override
    public void engineCloses() {
        abort();
    }

    @Override
    public String localAddress() {
        return text(local);
    }

    @Override
    public String remoteAddress() {
        return text(remote);
    }

    private RuntimeException failed(IOException e, boolean bothDirections) {
        if (!isOpen() || e instanceof ClosedChannelException) {
            return new ClosedException(this + " is closed", e);
        }
        return bothDirections ? lost(e) : outputLost(e);
    }

    /**
     * Whether a write has found that the peer took its leave in order: EPIPE, where no other error came before it. In
     * words of another language it is taken for a loss: rather no end than one that was none.
     */
    private static boolean isPeerClosed(IOException e) {
        return "Broken pipe".equals(e.getMessage());
    }

    private record Peer(SocketAddress address) {

        @Override
        public String toString() {
            return text(address);
        }
    }
}
