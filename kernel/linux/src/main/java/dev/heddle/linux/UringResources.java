package dev.heddle.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The resources of an {@link UringEngine} once it is open: all that it holds of the system. Connections move their
 * bytes through the ring; what is seldom, such as listening and watching, waits on an epoll that is itself watched by
 * the ring.
 */
final class UringResources {

    /** Entries of one submission. */
    private static final int RING_ENTRIES = 1024;

    /** How long the end waits for the kernel to let go of memory. */
    private static final long LETTING_GO_NANOS = 10_000_000;

    private static final int MAX_LETTING_GO = 100;

    private static final int BELL = 0;
    private static final int EPOLL = 1;

    final Arena arena;
    final EpollResources readiness;
    final Sockets sockets;
    final EventFd bell;
    final SharedRings ring;
    final Completions operations = new Completions();
    final EventfdWait eventfdWait;
    final ProvidedBuffers buffers;
    final SendBufferPool blocks;
    private final int place;
    private final Lingering lingering = new Lingering();
    private boolean closing;

    UringResources() throws IOException {
        // Shared, since each task is a thread of its own to the JDK; used by one at a time all the same.
        arena = Arena.ofShared();
        Deque<Runnable> undoing = new ArrayDeque<>(List.of(arena::close));
        try {
            readiness = new EpollResources(arena);
            undoing.push(readiness::close);
            sockets = readiness.sockets;
            ring = new SharedRings(arena, sockets.kernel, RING_ENTRIES);
            undoing.push(ring::close);
            eventfdWait = new EventfdWait(arena, sockets.kernel, ring);
            buffers = new ProvidedBuffers(arena, sockets.kernel, ring);
            blocks = new SendBufferPool(arena, sockets.kernel);
            bell = new EventFd(sockets.kernel);
        } catch (IOException e) {
            undoing.forEach(Runnable::run);
            throw e;
        }
        place = operations.add(this::completed);
        watchBell();
        watchEpoll();
    }

    private void completed(int kind, int result, int flags) {
        if (closing) {
            return;
        }
        if (kind == EPOLL) {
            readiness.epoll.await(0);
            watchEpoll();
        } else if ((flags & SharedRings.CQE_MORE) == 0) {
            watchBell();
        }
    }

    /** Each ring of the bell is told, and the bell is never read. */
    private void watchBell() {
        ring.pollEdges(bell.descriptor(), SharedRings.POLLIN, operations.begin(place, BELL));
    }

    /** Asked anew each time, since what is left in an epoll does not make it ready again. */
    private void watchEpoll() {
        ring.poll(readiness.epoll.descriptor(), SharedRings.POLLIN, operations.begin(place, EPOLL));
    }

    void poll(long timeoutNanos, long gatherNanos) {
        eventfdWait.registerIfWanted();
        ring.enter(limited(timeoutNanos), gatherNanos);
        ring.reap(operations);
        if (!lingering.isEmpty()) {
            lingering.look();
        }
    }

    /** Waits in another thread than the ring's own, see {@link EventfdWait}. */
    void awaitElsewhere(long timeoutNanos) {
        eventfdWait.await(limited(timeoutNanos));
    }

    private long limited(long timeoutNanos) {
        return lingering.isEmpty() ? timeoutNanos : Math.min(timeoutNanos, lingering.nanosLeft());
    }

    /** A connection was closed whose last message is not sent yet. */
    void linger(UringTransport transport) {
        lingering.add(transport);
    }

    /** Ends an operation early; it is told of as ended in any case. */
    void cancel(long token) {
        ring.queue(SharedRings.OP_ASYNC_CANCEL, SharedRings.SQE_SKIP_SUCCESS, 0, -1, token, 0, 0, 0,
                Completions.NOBODY);
    }

    /** Aborts what is open, and waits until the kernel has let go of the memory. */
    void close() {
        closing = true;
        // Messages whose turn has not ended yet; those that then still wait for their peers are lost, of which a reset
        // tells them.
        ring.enter(0);
        ring.reap(operations);
        operations.close();
        readiness.close();
        ring.queue(
                SharedRings.OP_ASYNC_CANCEL,
                SharedRings.SQE_SKIP_SUCCESS,
                0,
                -1,
                0,
                0,
                SharedRings.CANCEL_ALL | SharedRings.CANCEL_ANY,
                0,
                Completions.NOBODY);
        for (int i = 0; operations.underWay() > 0 && i < MAX_LETTING_GO; i++) {
            ring.enter(LETTING_GO_NANOS);
            ring.reap(operations);
        }
        // The descriptors of connections that ended only now.
        ring.enter(0);
        closeDescriptors();
        if (operations.underWay() == 0) {
            arena.close();
        }
        // Else the kernel may still use the memory: losing it is the lesser evil.
    }

    /**
     * The end in another thread than the ring's own, which alone could take operations back: the kernel does it some
     * time after the ring is closed, so it keeps the memory.
     */
    void abandon() {
        closing = true;
        ring.abandon();
        operations.abandon();
        readiness.close();
        closeDescriptors();
    }

    private void closeDescriptors() {
        bell.close(sockets.kernel);
        eventfdWait.close();
        ring.close();
    }
}
