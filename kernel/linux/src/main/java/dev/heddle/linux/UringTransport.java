package dev.heddle.linux;

import dev.heddle.BrokenException;
import dev.heddle.engine.AbstractTransport;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket of {@link UringEngine}: its two directions, and its end.
 *
 * <pre>
 *   OPEN ──close(), nothing being sent──▶ CLOSED ──all operations ended──▶ place given back
 *     └────close(), a message being sent──▶ LINGERING ──sent, failed, or too slow──▶ CLOSED
 * </pre>
 *
 * <p>The descriptor is closed by the ring as well, behind what was queued before.
 */
final class UringTransport extends AbstractTransport implements Completions.Owner {

    private final UringResources engine;
    private final int descriptor;
    private final Descriptor endpoint;
    private final int place;
    private final UringInput in;
    private final UringOutput out;
    private boolean descriptorClosed;

    private UringTransport(
            UringResources engine,
            int descriptor,
            SocketAddress remote,
            @Nullable SocketAddress local,
            boolean connected) {
        this.engine = engine;
        this.descriptor = descriptor;
        this.endpoint = Descriptor.socket(engine.sockets, descriptor, remote, local);
        this.place = engine.operations.add(this);
        this.in = new UringInput(engine, endpoint, place, connected);
        this.out = new UringOutput(engine, endpoint, place, connected ? "writing to " : "connecting to ");
    }

    static UringTransport accepted(
            UringResources engine, int descriptor, SocketAddress remote, @Nullable SocketAddress local) {
        return new UringTransport(engine, descriptor, remote, local, true);
    }

    /** @param local where from; null leaves that to the system */
    static UringTransport connect(UringResources engine, SocketAddress remote, @Nullable InetSocketAddress local)
            throws IOException {
        int descriptor = engine.sockets.open(SocketAddresses.family(remote));
        var transport = new UringTransport(engine, descriptor, remote, null, false);
        try {
            if (local != null) {
                engine.sockets.bind(descriptor, local);
            }
            transport.connect(remote);
            return transport;
        } catch (Throwable e) {
            transport.close();
            throw e;
        }
    }

    private void connect(SocketAddress remote) throws IOException {
        if (!engine.sockets.connect(descriptor, remote)) {
            out.await();
            checkOpen();
            int error = engine.sockets.takeError(descriptor);
            if (error != 0) {
                throw Errno.exception(error);
            }
        }
        endpoint.connected();
        out.nowDoing("writing to ");
    }

    int descriptor() {
        checkOpen();
        return descriptor;
    }

    @Override
    public void completed(int kind, int result, int flags) {
        boolean closed = !isOpen();
        if (kind == UringInput.RECEIVE || kind == UringInput.POLL) {
            in.completed(kind, result, flags, closed);
        } else {
            out.completed(kind, result, closed);
        }
        if (closed) {
            settle();
        } else {
            learn();
        }
    }

    /** The kernel tells an error once, whichever direction asks first: the other one hears of it here. */
    private void learn() {
        if (in.error() != 0) {
            BrokenException _ = lost(Errno.text(in.error()));
            out.wakeForError();
        }
        if (out.error() != 0) {
            BrokenException _ = outputFailed(out.error());
        }
        if (isLost()) {
            in.connectionIsLost();
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        int count = in.tryRead(target);
        if (count == 0 && in.error() != 0) {
            learn();
            return endOfInput();
        }
        return count < 0 ? endOfInput() : count;
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        in.await();
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOutputOpen();
        int count = out.tryWrite(source);
        throwIfFailed();
        return count;
    }

    @Override
    public long trySendFile(FileChannel file, long position, long count) {
        checkOutputOpen();
        long sent = out.trySendFile(file, position, count);
        throwIfFailed();
        return sent;
    }

    private void throwIfFailed() {
        if (out.error() != 0) {
            learn();
            checkOutputOpen();
        }
    }

    @Override
    public <T> Optional<T> option(SocketOption<T> option) {
        checkOpen();
        return endpoint.option(option);
    }

    @Override
    public void awaitWritable() {
        checkOpen();
        if (!isOutputLost()) {
            out.await();
        }
        checkOpen();
    }

    @Override
    protected void endOutput() {
        int error = out.shut();
        if (error != 0) {
            throw outputFailed(error);
        }
    }

    @Override
    protected void release() {
        endpoint.forget();
        in.close();
        settle();
        if (isLingering()) {
            engine.linger(this);
        }
        out.nudge();
    }

    /** Whether it is closed, but for a message that is being sent. */
    boolean isLingering() {
        return !isOpen() && !descriptorClosed;
    }

    /** The peer does not read: the message is lost. */
    void giveUp() {
        engine.sockets.resetOnClose(descriptor);
        out.cancel();
        if (!isOpen()) {
            settle();
        }
    }

    @Override
    protected void resetOnClose() {
        giveUp();
    }

    /** Closes the descriptor when all is sent, and gives the place back when nothing is under way. */
    private void settle() {
        if (!descriptorClosed && !out.isSending()) {
            closeDescriptor();
        }
        if (descriptorClosed && !in.isUnderWay() && !out.isUnderWay()) {
            engine.operations.remove(place);
        }
    }

    private void closeDescriptor() {
        descriptorClosed = true;
        out.endWaits();
        engine.ring.queue(
                SharedRings.OP_CLOSE, SharedRings.SQE_SKIP_SUCCESS, 0, descriptor, 0, 0, 0, 0, Completions.NOBODY);
    }

    @Override
    public void engineCloses() {
        if (isLingering()) {
            giveUp();
        } else {
            abort();
        }
    }

    @Override
    public void engineIsAbandoned() {
        abort();
        if (!descriptorClosed) {
            engine.sockets.resetOnClose(descriptor);
            closeDescriptor();
        }
    }

    @Override
    public String localAddress() {
        return endpoint.local();
    }

    @Override
    public String remoteAddress() {
        return endpoint.toString();
    }

    private BrokenException outputFailed(int error) {
        String reason = Errno.text(error);
        return Errno.isOfOutput(error) ? outputLost(reason) : lost(reason);
    }
}
