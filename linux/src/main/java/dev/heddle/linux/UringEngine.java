package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Child;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.SystemEngine;
import dev.heddle.engine.Transport;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Descriptors;
import dev.heddle.internal.VirtualThreads;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * The engine on io_uring(7): the bytes of connections are received without being asked for, into buffers that the kernel picks, and
 * what a turn has written is sent by the one call that also waits.
 *
 * <p>Needs Linux 6.1, and that nobody forbids it, as most containers do.
 */
public final class UringEngine extends SystemEngine {

    private @Nullable UringResources resources;
    private volatile @Nullable EventFd bell;

    /** The only thread that may talk to the ring. */
    private @Nullable Thread owner;

    private final Children children = new Children(this);
    private boolean closed;

    /** Makes an engine that holds nothing of the system yet. */
    public UringEngine() {}

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    protected void pollSystem(long timeoutNanos) {
        if (Thread.currentThread() == owner) {
            resources().poll(timeoutNanos);
        } else {
            // The helper of a loop that is a guest: the host's thread takes in what has come.
            resources().awaitElsewhere(timeoutNanos);
        }
    }

    @Override
    protected void wakePoller() {
        EventFd ringing = bell;
        if (ringing != null) {
            ringing.ring();
        }
    }

    /** What is open already. */
    UringResources resources() {
        UringResources opened = resources;
        if (opened == null) {
            throw new ClosedException(this + " is closed");
        }
        return opened;
    }

    private UringResources open() throws IOException {
        if (resources != null) {
            return resources;
        }
        if (closed) {
            throw new ClosedException(this + " is closed");
        }
        try {
            UringResources opened = new UringResources();
            owner = VirtualThreads.currentCarrier();
            bell = opened.bell;
            resources = opened;
            pollerIsOpen();
            return opened;
        } catch (IOException e) {
            throw new IOException("io_uring cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        CancelScope.throwIfCancelled();
        return UringTransport.connect(open(), remote);
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) throws IOException {
        UringResources opened = open();
        return EpollAcceptor.listen(
                opened.readiness,
                local,
                options,
                (descriptor, remote, ours) -> UringTransport.accepted(opened, descriptor, remote, ours));
    }

    @Override
    public Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException {
        if (channel.isBlocking()) {
            throw new IllegalStateException(channel + " is blocking; call configureBlocking(false)");
        }
        return new EpollWatch(open().readiness.epoll, Descriptors.of(channel), channel, listener);
    }

    @Override
    public Watch watch(int descriptor, Watch.Listener listener) throws IOException {
        return new EpollWatch(open().readiness.epoll, descriptor, "descriptor " + descriptor, listener);
    }

    @Override
    public Transport adopt(int descriptor, String name) throws IOException {
        return EpollTransport.adopt(open().readiness, descriptor, name);
    }

    @Override
    public Child spawn(SpawnRequest request) throws IOException {
        return children.canBeStarted() ? children.spawn(request) : super.spawn(request);
    }

    @Override
    public void close() {
        closeDatagrams();
        closed = true;
        children.close();
        UringResources opened = resources;
        if (opened != null) {
            resources = null;
            if (Thread.currentThread() == owner) {
                opened.close();
            } else {
                opened.abandon();
            }
        }
    }
}
