package dev.heddle.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The writing half of a connection on io_uring. A small message is copied into a block and sent by the call that ends
 * the turn; what is written behind it in the same turn goes with it. A big one is sent by a call of its own, from where
 * it lies.
 *
 * <pre>
 *   IDLE ──small write──▶ QUEUED ──end of the turn──▶ SENDING ──sent──▶ IDLE
 *                            ◀─small write, appended─┘
 * </pre>
 */
final class UringOutput {

    static final int SEND = 2;
    static final int POLL = 3;

    private static final int MSG_NOSIGNAL = 0x4000;

    /** The kernel goes on until all is sent. */
    private static final int MSG_WAITALL = 0x100;

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

    boolean isSending() {
        return sending;
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
        if (sending) {
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
        if (engine.ring.isQueued(entry)) {
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
        entry = engine.ring.next();
        engine.ring.queue(
                Ring.OP_SEND,
                0,
                0,
                descriptor,
                engine.blocks.address(block) + from,
                to - from,
                MSG_NOSIGNAL | MSG_WAITALL,
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
        if (sending) {
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
        if (!sending && !polling && !writing.isReady()) {
            polling = true;
            engine.ring.poll(descriptor, Ring.POLLOUT, engine.operations.begin(place, POLL));
        }
        if (!writing.isReady()) {
            writing.await();
        }
    }

    void completed(int kind, int result, boolean closed) {
        if (kind == POLL) {
            polling = false;
        } else {
            sent(result, closed);
        }
        writing.happened();
    }

    private void sent(int result, boolean closed) {
        from += Math.max(0, result);
        if (result > 0 && from < to && !cancelled) {
            send();
            return;
        }
        sending = false;
        engine.blocks.release(block);
        block = SendBufferPool.NONE;
        if (result < 0 && error == 0) {
            error = -result;
        }
        if (shut && error == 0 && !closed) {
            error = endOutput();
        }
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
        return sending ? 0 : endOutput();
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
        if (sending) {
            // A send of which a part has gone is told of as that part, not as cancelled.
            cancelled = true;
            engine.cancel(Completions.token(place, SEND));
        }
    }

    void cancelPoll() {
        if (polling) {
            engine.cancel(Completions.token(place, POLL));
        }
    }
}
