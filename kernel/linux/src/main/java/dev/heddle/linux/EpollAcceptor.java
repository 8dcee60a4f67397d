package dev.heddle.linux;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.engine.AbstractAcceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket of the engines of Linux.
 *
 * <p>It is watched by level: what one turn leaves is told again in the next, so nobody has to ask until the kernel has no
 * more. A batch is as large as the last ones have found.
 *
 * <pre>
 *   ARMED ──told, a task waits──▶ TAKING ──batch is full, or no more──▶ ARMED
 *     └──told, nobody waits──▶ DISARMED ──accept(), and no more──▶ ARMED
 * </pre>
 */
final class EpollAcceptor extends AbstractAcceptor implements Epoll.Handler, EpollResources.Held {

    /** Most connections that come between two looks at the others. */
    private static final int MAX_BATCH = 64;

    /** Full batches in a row after which the next is twice as large: one that finds less costs a call for nothing. */
    private static final int PATIENCE = 4;

    private final EpollResources engine;
    private final int descriptor;

    /** The address of all that is accepted, if there is only one. */
    private final @Nullable SocketAddress only;

    private final EpollResources.Accepting accepted;
    private final Epoll.Registration registration;
    private final WaitSlot accepting = new WaitSlot(this);

    private boolean armed = true;
    private int batch = 1;

    /** How many may still be tried without being told of any. */
    private int left;

    /** Batches in a row that were too small, as far as it is known. */
    private int full;

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
        this.registration = engine.epoll.add(descriptor, Epoll.EPOLLIN, this);
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
        left = batch;
        if (accepting.isAwaited()) {
            accepting.wake();
        } else {
            // By edges, or a socket that another process has shut down would be told of for ever.
            watch(Epoll.EPOLLET);
            armed = false;
        }
    }

    private void watch(int wanted) {
        try {
            engine.epoll.change(registration, wanted);
        } catch (IOException e) {
            throw new IllegalStateException(this + " cannot be watched: " + e.getMessage(), e);
        }
    }

    @Override
    public Transport accept() {
        CancelScope.throwIfCancelled();
        while (true) {
            checkOpen();
            if (left == 0) {
                awaitOne();
            } else {
                left--;
                int peer = engine.sockets.accept(descriptor);
                if (peer >= 0) {
                    if (left == 0) {
                        batchWasFull();
                    }
                    return transport(peer);
                }
                refused(-peer);
            }
        }
    }

    @Override
    public @Nullable Transport acceptNow() {
        checkOpen(); // the number may be another's by now
        int peer = engine.sockets.accept(descriptor);
        return peer >= 0 ? transport(peer) : null;
    }

    private void awaitOne() {
        if (!armed) {
            watch(Epoll.EPOLLIN);
            armed = true;
        }
        accepting.await();
    }

    private void batchWasFull() {
        if (++full == PATIENCE) {
            full = 0;
            batch = Math.min(2 * batch, MAX_BATCH);
        }
    }

    private void refused(int errno) {
        switch (errno) {
            case Errno.EAGAIN -> {
                batch = Math.max(1, batch - left - 1);
                left = 0;
                full = 0;
            }
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
