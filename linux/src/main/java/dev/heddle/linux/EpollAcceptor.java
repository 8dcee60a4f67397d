package dev.heddle.linux;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.engine.AbstractAcceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening socket of the engines of Linux. */
final class EpollAcceptor extends AbstractAcceptor implements Epoll.Handler, EpollResources.Held {

    private final EpollResources engine;
    private final int descriptor;

    /** The address of all that is accepted, if there is only one. */
    private final @Nullable SocketAddress only;

    private final EpollResources.Accepting accepted;
    private final Epoll.Registration registration;
    private final EdgeState accepting = new EdgeState(true, "", this);

    private EpollAcceptor(EpollResources engine, int descriptor, EpollResources.Accepting accepted)
            throws IOException {
        super(engine.sockets.localAddress(descriptor));
        this.engine = engine;
        this.accepted = accepted;
        this.descriptor = descriptor;
        SocketAddress local = localAddress();
        if (!(local instanceof UnixDomainSocketAddress)) {
            // What is accepted is born with the listener's options.
            engine.sockets.sendAtOnce(descriptor);
        }
        this.only = local instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress() ? null : local;
        this.registration = engine.epoll.add(descriptor, Epoll.EPOLLIN | Epoll.EPOLLET, this);
    }

    static EpollAcceptor listen(
            EpollResources engine, SocketAddress local, ListenOptions options, EpollResources.Accepting accepted)
            throws IOException {
        int descriptor = engine.sockets.open(SocketAddresses.family(local));
        try {
            engine.sockets.bindAndListen(descriptor, local, options);
            return new EpollAcceptor(engine, descriptor, accepted);
        } catch (IOException | RuntimeException e) {
            engine.sockets.close(descriptor);
            throw e;
        }
    }

    /** Takes a socket over that listens already. */
    static EpollAcceptor adopt(EpollResources engine, int descriptor, EpollResources.Accepting accepted)
            throws IOException {
        engine.sockets.checkListening(descriptor);
        engine.sockets.makeNonBlocking(descriptor);
        engine.sockets.closeOnExec(descriptor);
        return new EpollAcceptor(engine, descriptor, accepted);
    }

    int descriptor() {
        checkOpen();
        return descriptor;
    }

    @Override
    public void happened(int events) {
        accepting.happened();
    }

    @Override
    public Transport accept() {
        CancelScope.throwIfCancelled();
        while (true) {
            checkOpen();
            if (accepting.isWorthTrying()) {
                int peer = engine.sockets.accept(descriptor);
                if (peer >= 0) {
                    return transport(peer);
                }
                refused(-peer);
            } else {
                accepting.await();
            }
        }
    }

    private void refused(int errno) {
        switch (errno) {
            case Errno.EAGAIN -> accepting.exhausted();
            case Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO -> {
                // The peer was gone before its turn came: the next one, accept(2).
            }
            default -> throw new BrokenException(this + " cannot accept: " + Errno.text(errno));
        }
    }

    private Transport transport(int peer) {
        try {
            return accepted.accepted(peer, engine.sockets.lastAddress(), only);
        } catch (IOException e) {
            throw new BrokenException(this + " lost a connection while accepting it: " + e.getMessage(), e);
        }
    }

    @Override
    protected void release() {
        // Another process may have the socket too: then closing alone would not end the watch.
        engine.epoll.remove(registration);
        engine.sockets.close(descriptor);
        accepting.wake();
    }

    @Override
    public void engineCloses() {
        close();
    }
}
