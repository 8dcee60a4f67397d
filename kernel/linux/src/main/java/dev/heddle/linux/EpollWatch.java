package dev.heddle.linux;

import dev.heddle.engine.Watch;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;

/** A watch of the engines of Linux. */
final class EpollWatch implements Watch, Epoll.Handler, EpollResources.Held {

    private final Epoll epoll;
    private final Object what;
    private final Listener listener;
    private final Epoll.Registration registration;
    private int interest;
    private boolean closed;

    EpollWatch(Epoll epoll, int descriptor, Object what, Listener listener) throws IOException {
        this.epoll = epoll;
        this.what = what;
        this.listener = listener;
        // An edge, since the kernel tells of errors even if nothing is wanted, and for ever.
        this.registration = epoll.add(descriptor, Epoll.EPOLLET, this);
    }

    @Override
    public void want(int interest) throws IOException {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        if (isChannelGone()) {
            throw new ClosedChannelException();
        }
        int events = (interest & READABLE) != 0 ? Epoll.EPOLLIN | Epoll.EPOLLRDHUP : 0;
        events |= (interest & WRITABLE) != 0 ? Epoll.EPOLLOUT : 0;
        if (events == 0 || (interest & EDGE) != 0) {
            events |= Epoll.EPOLLET;
        }
        this.interest = interest;
        epoll.change(registration, events);
    }

    @Override
    public void happened(int events) {
        int readiness = 0;
        if ((events & (Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0) {
            readiness |= READABLE;
        }
        if ((events & (Epoll.EPOLLOUT | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0) {
            readiness |= WRITABLE;
        }
        readiness &= interest;
        if ((events & (Epoll.EPOLLERR | Epoll.EPOLLHUP)) != 0) {
            readiness |= FAILED;
        }
        if (readiness != 0) {
            listener.ready(readiness);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (isChannelGone()) {
                epoll.forget(registration);
            } else {
                epoll.remove(registration);
            }
        }
    }

    @Override
    public void engineCloses() {
        closed = true;
    }

    /**
     * The kernel has forgotten a channel that was closed before its watch, and its number may be somebody else's by
     * now.
     */
    private boolean isChannelGone() {
        return what instanceof SelectableChannel channel && !channel.isOpen();
    }

    @Override
    public String toString() {
        return "watch over " + what;
    }
}
