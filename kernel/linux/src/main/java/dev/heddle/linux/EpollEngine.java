package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.Transport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The engine on epoll(7), edge-triggered: each connection is registered once, when it first waits, with all that can be
 * of interest, and never again.
 *
 * <p>Works on every kernel of the last ten years and in containers, where io_uring is mostly forbidden.
 */
public final class EpollEngine extends LinuxEngine {

    private @Nullable Open open;

    /** What it holds of the system. */
    private record Open(Arena arena, EpollResources resources) {}

    /** Makes an engine that holds nothing of the system yet. */
    public EpollEngine() {}

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    protected void pollSystem(long timeoutNanos) {
        Open opened = opened();
        long rest = takeGather(timeoutNanos);
        if (rest > 0) {
            LockSupport.parkNanos(this, rest);
        }
        opened.resources.epoll.await(timeoutNanos == Long.MAX_VALUE ? timeoutNanos : timeoutNanos - rest);
    }

    @Override
    EpollResources readiness() throws IOException {
        openOnce();
        return opened().resources;
    }

    private Open opened() {
        Open opened = open;
        if (opened == null) {
            throw new ClosedException(this + " is closed");
        }
        return opened;
    }

    @Override
    boolean isOpen() {
        return open != null;
    }

    @Override
    void openNow() throws IOException {
        // Shared, since each task is a thread of its own to the JDK; used by one at a time all the same.
        Arena arena = Arena.ofShared();
        Deque<Runnable> undoing = new ArrayDeque<>(List.of(arena::close));
        try {
            var resources = new EpollResources(arena);
            undoing.push(resources::close);
            var made = new EventFd(resources.sockets.kernel);
            undoing.push(() -> made.close(resources.sockets.kernel));
            resources.epoll.add(made.descriptor(), Epoll.EPOLLIN | Epoll.EPOLLET, events -> {});
            if (needsOpening()) {
                undoing.clear();
                bell = made;
                open = new Open(arena, resources);
                pollerIsOpen();
            }
        } finally {
            undoing.forEach(Runnable::run);
        }
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        CancelScope.throwIfCancelled();
        return EpollTransport.connect(readiness(), remote, null);
    }

    @Override
    public Transport connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
        CancelScope.throwIfCancelled();
        return EpollTransport.connect(readiness(), remote, local);
    }

    @Override
    EpollResources.Accepting accepting() throws IOException {
        EpollResources resources = readiness();
        return (descriptor, remote, ours) -> EpollTransport.accepted(resources, descriptor, remote, ours);
    }

    @Override
    void closeSystem() {
        Open held = open;
        if (held != null) {
            open = null;
            held.resources.close();
            if (bell != null) {
                bell.close(held.resources.sockets.kernel);
            }
            held.arena.close();
        }
    }
}
