package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import dev.heddle.internal.VirtualThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The engine on io_uring(7): the bytes of connections are received without being asked for, into buffers that the
 * kernel picks, and what a turn has written is sent by the one call that also waits.
 *
 * <p>Needs Linux 6.1, and that nobody forbids it, as most containers do.
 */
public final class UringEngine extends LinuxEngine {

    private @Nullable UringResources resources;

    /** The only thread that may talk to the ring. */
    private @Nullable Thread owner;

    /** Makes an engine that holds nothing of the system yet. */
    public UringEngine() {}

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    protected void pollSystem(long timeoutNanos) {
        if (Thread.currentThread() == owner) {
            resources().poll(timeoutNanos, takeGather(timeoutNanos));
        } else {
            // The helper of a loop that is a guest: the host's thread takes in what has come.
            resources().awaitElsewhere(timeoutNanos);
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
        openOnce();
        return resources();
    }

    @Override
    boolean isOpen() {
        return resources != null;
    }

    @Override
    void openNow() throws IOException {
        var opened = new UringResources();
        if (!needsOpening()) {
            opened.close();
            return;
        }
        owner = VirtualThreads.currentCarrier();
        bell = opened.bell;
        resources = opened;
        pollerIsOpen();
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        CancelScope.throwIfCancelled();
        return UringTransport.connect(open(), remote, null);
    }

    @Override
    public Transport connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
        CancelScope.throwIfCancelled();
        return UringTransport.connect(open(), remote, local);
    }

    @Override
    EpollResources.Accepting accepting() throws IOException {
        UringResources opened = open();
        return (descriptor, remote, ours) -> UringTransport.accepted(opened, descriptor, remote, ours);
    }

    @Override
    EpollResources readiness() throws IOException {
        return open().readiness;
    }

    @Override
    void closeSystem() {
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
