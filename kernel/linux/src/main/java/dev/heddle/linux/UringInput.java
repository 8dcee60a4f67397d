package dev.heddle.linux;

import dev.heddle.linux.internal.Errno;
import java.nio.ByteBuffer;

/**
 * The reading half of a connection on io_uring. The first read tells the kernel to receive; from then on bytes come by
 * themselves.
 *
 * <pre>
 *   IDLE ──read────────────▶ RECEIVING ──too much unread, or much at once──▶ PAUSING ──ended by the kernel──▶ IDLE
 *    └──read, bulk or no buffer──▶ POLLING ──many small reads──▶ cancelled ──▶ IDLE
 * </pre>
 *
 * <p>The first read of a connection that was accepted is a call of its own too: its request mostly came with it, and what
 * has one request only is then never received into buffers, which would have to be cancelled again.
 *
 * <p>Small messages come in buffers of the kernel's choice, a copy of which costs less than a call. Where they come in
 * bulk, a whole buffer at a time, it is the other way round: then the kernel tells of readiness only, by edges, and
 * each read is a call of its own into the memory of the reader. So are reads when slow connections hold all buffers. A
 * connection whose task reads slowly stops receiving after {@link #MAX_HELD} buffers.
 */
final class UringInput {

    static final int RECEIVE = 0;
    static final int POLL = 1;

    /** Buffers that one connection holds before it stops receiving. */
    static final int MAX_HELD = 16;

    /** Direct reads in a row that were small: not bulk any more. */
    private static final int SMALL_READS = 16;

    private static final int SMALL_BYTES = ProvidedBuffers.BUFFER_BYTES / 4;

    private final UringResources engine;
    private final Descriptor endpoint;
    private final int place;
    private final int descriptor;
    private final EdgeState reading;

    private int first = ProvidedBuffers.NONE;
    private int last = ProvidedBuffers.NONE;
    private int held;
    private boolean receiving;
    private boolean pausing;
    private boolean polling;
    private boolean bulk;
    private int smallReads;

    /** The kernel has said that a read by a call of its own is worth it. */
    private boolean polled;

    /** The end may have come in the same edge as the last bytes: a short read has not emptied the socket. */
    private boolean ending;

    private boolean ended;

    /** Whether the connection is lost, as either half has learnt. */
    private boolean lost;

    private int error;

    /** @param connected whether bytes may have come already */
    UringInput(UringResources engine, Descriptor endpoint, int place, boolean connected) {
        this.engine = engine;
        this.endpoint = endpoint;
        this.place = place;
        this.descriptor = endpoint.descriptor;
        this.reading = new EdgeState(false, "reading from ", endpoint);
        this.polled = connected;
    }

    /** Why the connection is lost, as reading has learnt; 0 if it is not. */
    int error() {
        return error;
    }

    /** As that of a transport, but that an error is told by {@link #error} when there are no bytes before it. */
    int tryRead(ByteBuffer target) {
        if (first != ProvidedBuffers.NONE) {
            return take(target);
        }
        if (error != 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        if (polled || isAloneWithRest()) {
            return readDirectly(target);
        }
        receive();
        return 0;
    }

    /** Whether the connection is lost, so that nothing comes any more, and what has come is to be asked for. */
    private boolean isAloneWithRest() {
        return lost && !isUnderWay();
    }

    private int take(ByteBuffer target) {
        int before = target.position();
        while (first != ProvidedBuffers.NONE && target.hasRemaining()) {
            if (engine.buffers.moveTo(first, target)) {
                drop();
            }
        }
        if (first == ProvidedBuffers.NONE && !ended && error == 0 && !polled) {
            reading.exhausted();
        }
        return target.position() - before;
    }

    private void drop() {
        int empty = first;
        first = engine.buffers.next(empty);
        held--;
        engine.buffers.release(empty);
    }

    private int readDirectly(ByteBuffer target) {
        int room = Sockets.mostAtOnce(target);
        int count = endpoint.read(target);
        watchSize(count);
        if (count == room || (count > 0 && ending)) {
            return count;
        }
        if (count == 0 && room > 0) {
            ended = true;
            return -1;
        }
        if (count < 0 && !Errno.isTransient(-count)) {
            error = -count;
            return 0;
        }
        if (count < 0 && lost) {
            ended = true;
            return -1;
        }
        polled = false;
        reading.exhausted();
        return Math.max(0, count);
    }

    private void watchSize(int count) {
        smallReads = count > SMALL_BYTES ? 0 : smallReads + 1;
        if (bulk && smallReads >= SMALL_READS) {
            bulk = false;
            cancelPoll();
        }
    }

    /** Waits until {@link #tryRead} has something to say. */
    void await() {
        if (reading.isReady() || isAloneWithRest()) {
            return;
        }
        receive();
        // Receiving may have found it so.
        if (!reading.isReady()) {
            reading.await();
        }
    }

    /** Lets the kernel receive; or tell of readiness, if bytes come in bulk or others hold all buffers. */
    private void receive() {
        if (receiving || polling) {
            return;
        }
        // Reads beside a kernel that receives would take bytes out of their turn.
        polled = false;
        if (!bulk && engine.buffers.hasAny()) {
            receiving = true;
            engine.ring.queue(
                    SharedRings.OP_RECV,
                    SharedRings.SQE_BUFFER_SELECT,
                    SharedRings.RECV_MULTISHOT,
                    descriptor,
                    0,
                    0,
                    0,
                    ProvidedBuffers.GROUP,
                    engine.operations.begin(place, RECEIVE));
        } else {
            poll();
        }
    }

    private void poll() {
        polling = true;
        bulk = true;
        smallReads = 0;
        engine.ring.pollEdges(descriptor, SharedRings.POLLIN | SharedRings.POLLRDHUP,
                engine.operations.begin(place, POLL));
    }

    void completed(int kind, int result, int flags, boolean closed) {
        if (kind == POLL) {
            polled(result, flags, closed);
            return;
        }
        if ((flags & SharedRings.CQE_MORE) == 0) {
            receiving = false;
            pausing = false;
        }
        if ((flags & SharedRings.CQE_BUFFER) != 0) {
            int buffer = flags >>> SharedRings.CQE_BUFFER_SHIFT;
            engine.buffers.filled(buffer, result);
            if (closed || result <= 0) {
                engine.buffers.release(buffer);
            } else {
                hold(buffer);
            }
        }
        if (!closed) {
            received(result);
        }
    }

    private void polled(int result, int flags, boolean closed) {
        if ((flags & SharedRings.CQE_MORE) == 0) {
            polling = false;
        }
        if (closed) {
            return;
        }
        if (result >= 0) {
            polled = true;
            ending |= (result & (SharedRings.POLLRDHUP | SharedRings.POLLHUP | SharedRings.POLLERR)) != 0;
            reading.happened();
        } else {
            // Cancelled, since small messages are better received.
            goOn();
        }
    }

    /** What was under way has ended without news: another takes its place if somebody waits. */
    private void goOn() {
        if (lost) {
            reading.happened();
        } else if (reading.isAwaited()) {
            receive();
        }
    }

    private void hold(int buffer) {
        if (first == ProvidedBuffers.NONE) {
            first = buffer;
        } else {
            engine.buffers.append(last, buffer);
        }
        last = buffer;
        held++;
        if (engine.buffers.isFull(buffer)) {
            bulk = true;
        }
        if (bulk || held >= MAX_HELD) {
            cancelReceive();
        }
    }

    private void received(int result) {
        if (result > 0) {
            reading.happened();
            return;
        }
        switch (-result) {
            case 0 -> {
                ended = true;
                reading.happened();
            }
            case Errno.ENOBUFS -> {
                engine.buffers.grow();
                goOn();
            }
            case Errno.ECANCELED, Errno.EAGAIN, Errno.EINTR -> goOn();
            default -> {
                error = -result;
                reading.happened();
            }
        }
    }

    /**
     * The writing half has learnt that the connection is lost. The kernel gives what has come before, and then no error
     * but an end; that is for the transport to tell.
     */
    void connectionIsLost() {
        if (!lost) {
            lost = true;
            cancelReceive();
            cancelPoll();
        }
    }

    private void cancelPoll() {
        if (polling) {
            engine.cancel(Completions.token(place, POLL));
        }
    }

    private void cancelReceive() {
        if (receiving && !pausing) {
            pausing = true;
            engine.cancel(Completions.token(place, RECEIVE));
        }
    }

    boolean isUnderWay() {
        return receiving || polling;
    }

    /** Drops what is unread and ends what is under way. */
    void close() {
        while (first != ProvidedBuffers.NONE) {
            drop();
        }
        cancelReceive();
        cancelPoll();
        reading.wake();
    }
}
