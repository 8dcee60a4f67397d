package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/** A listening socket of {@link NioEngine}. */
final class NioAcceptor extends AbstractAcceptor implements NioEngine.NioHandle {

    private final NioEngine engine;
    private final ServerSocketChannel channel;
    private final SelectionKey key;
    private final NioInterest accepting;

    NioAcceptor(NioEngine engine, ServerSocketChannel channel) throws IOException {
        super(channel.getLocalAddress());
        this.engine = engine;
        this.channel = channel;
        this.accepting = new NioInterest(engine.backlog, SelectionKey.OP_ACCEPT, "", this);
        this.key = engine.register(channel, this);
    }

    @Override
    public void ready(SelectionKey key) {
        accepting.happened(key);
    }

    @Override
    public Transport accept() {
        CancelScope.throwIfCancelled();
        while (true) {
            checkOpen();
            accepting.used();
            SocketChannel accepted = tryAccept();
            if (accepted != null) {
                return transport(accepted);
            }
            accepting.await(key);
        }
    }

    @Override
    public @Nullable Transport acceptNow() {
        checkOpen();
        SocketChannel accepted = tryAccept();
        return accepted == null ? null : transport(accepted);
    }

    private @Nullable SocketChannel tryAccept() {
        try {
            return channel.accept();
        } catch (IOException | InvalidPathException e) {
            // The latter if the path of a Unix socket's peer has characters that the locale does not.
            throw new BrokenException(this + " cannot accept: " + e.getMessage(), e);
        }
    }

    private Transport transport(SocketChannel accepted) {
        try {
            if (!(localAddress() instanceof UnixDomainSocketAddress)) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            NioTransport[] transport = new NioTransport[1];
            SelectionKey key = engine.register(accepted, ready -> {
                if (transport[0] != null) {
                    transport[0].ready(ready);
                }
            });
            transport[0] = new NioTransport(engine, accepted, key);
            return transport[0];
        } catch (IOException e) {
            try {
                accepted.close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw new BrokenException(this + " lost a connection while accepting it: " + e.getMessage(), e);
        }
    }

    @Override
    protected void release() {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
        accepting.wake();
        engine.freeClosed();
    }

    @Override
    public void engineCloses() {
        close();
    }
}
