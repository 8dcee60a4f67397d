package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.SystemEngine;
import dev.heddle.engine.Transport;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Descriptors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * The engine on epoll(7), edge-triggered: each descriptor is registered once with all that can be of interest, and never again.
 *
 * <p>Works on every kernel of the last ten years and in containers, where io_uring is mostly forbidden.
 */
public final class EpollEngine extends SystemEngine {

    private volatile @Nullable EpollResources resources;
    private boolean closed;

    /** Makes an engine that holds nothing of the system yet. */
    public EpollEngine() {}

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    protected void pollSystem(long timeoutNanos) {
        open().epoll.await(timeoutNanos);
    }

    @Override
    protected void wakePoller() {
        EpollResources open = resources;
        if (open != null) {
            open.bell.ring();
        }
    }

    private EpollResources open() {
        EpollResources open = resources;
        if (open != null) {
            return open;
        }
        if (closed) {
            throw new ClosedException(this + " is closed");
        }
        try {
            open = new EpollResources();
        } catch (IOException e) {
            throw new UncheckedIOException("epoll cannot be opened: " + e.getMessage(), e);
        }
        resources = open;
        pollerIsOpen();
        return open;
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        CancelScope.throwIfCancelled();
        return EpollTransport.connect(open(), remote);
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        return EpollAcceptor.listen(open(), local, options);
    }

    @Override
    public Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException {
        if (channel.isBlocking()) {
            throw new IllegalStateException(channel + " is blocking; call configureBlocking(false)");
        }
        return new EpollWatch(open().epoll, Descriptors.of(channel), channel, listener);
    }

    @Override
    public Watch watch(int descriptor, Watch.Listener listener) throws IOException {
        return new EpollWatch(open().epoll, descriptor, "descriptor " + descriptor, listener);
    }

    @Override
    public Transport adopt(int descriptor, String name) throws IOException {
        return EpollTransport.adopt(open(), descriptor, name);
    }

    @Override
    public void close() {
        closed = true;
        EpollResources open = resources;
        if (open != null) {
            resources = null;
            open.close();
        }
    }
}
