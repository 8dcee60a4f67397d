package dev.heddle.linux;

import dev.heddle.linux.internal.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a connection on io_uring. A small message is copied into a block and sent by the call that ends
 * the turn; what is written behind it in the same turn goes with it. A big one is sent by a call of its own, from where
 * it lies.
 *
 * <pre>
 *   IDLE ──small write──▶ QUEUED ──end of the turn──▶ SENDING ──sent──▶ IDLE
 *                            ◀─small write, appended─┘   │ ▲
 *                                              no room ▼ │ room
 *                                                    STUCK
 * </pre>
 *
 * <p>The kernel never waits for room inside a send, and a wait for room does not wake for what the peer ends. Each poll
 * of io_uring, that inside a send too, also ends for {@code POLLRDHUP}, asked for or not ({@code IO_POLL_UNMASK} in its
 * poll.c): behind a half-close it would come back at once, for ever. So the first poll that ends without room makes way
 * for edges of epoll(7), which adds only errors and hang-ups, for the rest of the connection.
 */
final class UringOutput {

    static final int SEND = 2;
    static final int POLL = 3;

    private static final int MSG_NOSIGNAL = 0x4000;

    /** Where there is no room, the kernel says so. */
    private static final int MSG_DONTWAIT = 0x40;

    private static final int ROOM = SharedRings.POLLOUT | SharedRings.POLLERR | SharedRings.POLLHUP;

    private final UringResources engine;
    private final Descriptor endpoint;
    private final int place;
    private final int descriptor;
    private final EdgeState writing;

    private int block = SendBufferPool.NONE;
    private int from;
    private int to;
    private int entry;
    private boolean sending;
    private boolean polling;

    /** What tells of room where a poll does not. */
    private Epoll.@Nullable Registration edges;

    /** Whether an edge came while a send was under way. */
    private boolean edgeCame;

    private boolean shut;

    /** What is not sent yet is thrown away. */
    private boolean cancelled;

    private int error;

    UringOutput(UringResources engine, Descriptor endpoint, int place, String doing) {
        this.engine = engine;
        this.endpoint = endpoint;
        this.place = place;
        this.descriptor = endpoint.descriptor;
        this.writing = new EdgeState(true, doing, endpoint);
    }

    /** Why the connection is lost, as writing has learnt; 0 if it is not. */
    int error() {
        return error;
    }

    /** Whether there are bytes in a block that are not sent yet. */
    boolean isSending() {
        return block != SendBufferPool.NONE;
    }

    boolean isUnderWay() {
        return sending || polling;
    }

    void nowDoing(String doing) {
        writing.nowDoing(doing);
    }

    /** As that of a transport, but that an error is told by {@link #error}. */
    int tryWrite(ByteBuffer source) {
        if (!source.hasRemaining()) {
            return 0;
        }
        if (isSending()) {
            return appendIfQueued(source);
        }
        if (source.remaining() <= SendBufferPool.BLOCK_BYTES) {
            block = engine.blocks.borrow();
            if (block != SendBufferPool.NONE) {
                from = 0;
                to = engine.blocks.append(block, 0, source);
                send();
                return to;
            }
        }
        return sendDirectly(source);
    }

    private int appendIfQueued(ByteBuffer source) {
        int count = 0;
        if (sending && engine.ring.isQueued(entry)) {
            count = engine.blocks.append(block, to, source);
            to += count;
            engine.ring.lengthen(entry, to - from);
        }
        if (source.hasRemaining()) {
            writing.exhausted();
        }
        return count;
    }

    private void send() {
        sending = true;
        edgeCame = false;
        entry = engine.ring.next();
        engine.ring.queue(
                SharedRings.OP_SEND,
                0,
                0,
                descriptor,
                engine.blocks.address(block) + from,
                to - from,
                MSG_NOSIGNAL | MSG_DONTWAIT,
                0,
                engine.operations.begin(place, SEND));
    }

    private int sendDirectly(ByteBuffer source) {
        int offered = Sockets.mostAtOnce(source);
        int count = endpoint.write(source);
        if (count < 0 && !Errno.isTransient(-count)) {
            error = -count;
            return 0;
        }
        if (count < offered) {
            writing.exhausted();
        }
        return Math.max(0, count);
    }

    /** As that of a transport, but that an error is told by {@link #error}. */
    long trySendFile(FileChannel file, long position, long count) {
        if (isSending()) {
            writing.exhausted();
            return 0;
        }
        int sent = FileSending.send(endpoint, file, position, count);
        if (sent == FileSending.NO_SUCH_WAY) {
            return -1;
        }
        if (sent == -Errno.EAGAIN) {
            writing.exhausted();
        } else if (sent < 0 && sent != -Errno.EINTR) {
            error = -sent;
        }
        return Math.max(0, sent);
    }

    /** Waits until {@link #tryWrite} can take bytes or fails. */
    void await() {
        if (!writing.isReady()) {
            if (!isSending()) {
                watchRoom();
            }
            writing.await();
        }
    }

    private void watchRoom() {
        if (!polling && edges == null) {
            polling = true;
            engine.ring.poll(descriptor, SharedRings.POLLOUT, engine.operations.begin(place, POLL));
        }
    }

    private void watchEdges() {
        Epoll epoll = engine.readiness.epoll;
        Epoll.Registration registration = epoll.hold(descriptor, events -> roomCame());
        try {
            epoll.watch(registration, Epoll.EPOLLOUT | Epoll.EPOLLET);
            edges = registration;
        } catch (IOException e) {
            epoll.forget(registration);
            fail(Errno.ENOMEM);
        }
    }

    void completed(int kind, int result, boolean closed) {
        if (kind == POLL) {
            polled(result);
        } else {
            sent(result, closed);
        }
    }

    private void polled(int result) {
        polling = false;
        if (result >= 0 && (result & ROOM) == 0) {
            watchEdges();
        } else {
            roomCame();
        }
    }

    private void roomCame() {
        if (sending) {
            edgeCame = true;
        } else if (isSending()) {
            send();
        } else {
            writing.happened();
        }
    }

    private void sent(int result, boolean closed) {
        sending = false;
        from += Math.max(0, result);
        if (result < 0 && !Errno.isTransient(-result)) {
            fail(-result);
        } else if (from == to || cancelled) {
            release();
        } else if (edgeCame) {
            send();
        } else {
            watchRoom();
        }
        if (shut && !isSending() && error == 0 && !closed) {
            error = endOutput();
        }
    }

    private void fail(int errno) {
        if (error == 0) {
            error = errno;
        }
        release();
    }

    /** The block is free again, unless the kernel still sends from it. */
    private void release() {
        if (isSending() && !sending) {
            engine.blocks.release(block);
            block = SendBufferPool.NONE;
        }
        writing.happened();
    }

    /**
     * Ends the direction behind what was written.
     *
     * @return the error, 0 for none
     */
    int shut() {
        if (shut) {
            return 0;
        }
        shut = true;
        return isSending() ? 0 : endOutput();
    }

    private int endOutput() {
        try {
            endpoint.shutdownOutput();
            return 0;
        } catch (IOException e) {
            return Errno.EPIPE;
        }
    }

    /** The reading half has learnt that the connection is lost: a writer that waits looks whether that concerns it. */
    void wakeForError() {
        writing.wake();
    }

    void nudge() {
        writing.wake();
    }

    /** Takes back what is not sent yet. */
    void cancel() {
        cancelled = true;
        release();
    }

    /** The descriptor is about to be closed. */
    void endWaits() {
        if (polling) {
            engine.cancel(Completions.token(place, POLL));
        }
        if (edges != null) {
            engine.readiness.epoll.forget(edges);
            edges = null;
        }
    }
}
