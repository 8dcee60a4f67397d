package dev.heddle.engine;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A watch of {@link NioEngine}: a selection key. */
final class NioWatch implements Watch, NioEngine.NioHandle {

    private final NioEngine engine;
    private final SelectableChannel channel;
    private final Listener listener;
    private final SelectionKey key;
    private boolean closed;

    NioWatch(NioEngine engine, SelectableChannel channel, Listener listener) throws IOException {
        this.engine = engine;
        this.channel = channel;
        this.listener = listener;
        this.key = engine.register(channel, this);
    }

    @Override
    public void want(int interest) throws IOException {
        if (closed) {
            throw new IllegalStateException("the watch over " + channel + " is closed");
        }
        if ((interest & EDGE) != 0) {
            throw new UnsupportedOperationException("the engine nio knows no edges; the engines of Linux do");
        }
        if (!key.isValid()) {
            throw new ClosedChannelException();
        }
        int operations = 0;
        if ((interest & READABLE) != 0) {
            operations |= channel instanceof ServerSocketChannel ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ;
        }
        if ((interest & WRITABLE) != 0) {
            boolean connecting = channel instanceof SocketChannel socket && socket.isConnectionPending();
            operations |= connecting ? SelectionKey.OP_CONNECT : SelectionKey.OP_WRITE;
        }
        key.interestOps(operations);
    }

    @Override
    public void ready(SelectionKey ready) {
        if (closed) {
            return;
        }
        int operations = ready.readyOps();
        int readiness = 0;
        if ((operations & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
            readiness |= READABLE;
        }
        if ((operations & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
            readiness |= WRITABLE;
        }
        if (readiness != 0) {
            listener.ready(readiness);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            key.cancel();
            // Else the channel's descriptor, and with it its port, would stay until the next select.
            engine.freeClosed();
        }
    }

    @Override
    public String toString() {
        return "watch over " + channel;
    }
}
