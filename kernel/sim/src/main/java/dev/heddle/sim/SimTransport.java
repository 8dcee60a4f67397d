package dev.heddle.sim;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.engine.AbstractTransport;
import dev.heddle.engine.WaitSlot;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated connection. Behaves as TCP does on Linux where the contract leaves a choice: bytes that
 * arrived before a reset are still readable, closing with unread bytes resets the peer after what was written, and
 * bytes that arrive at a closed end are answered with a reset.
 */
final class SimTransport extends AbstractTransport {

    private final SimConnection connection;
    private final SimLink link;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final SendSide sending = new SendSide();
    private final ReceiveSide receiving = new ReceiveSide();
    private final ReadRate pace;
    private final WaitSlot reader = new WaitSlot("reading ", this);
    private final WaitSlot writer = new WaitSlot("writing ", this);
    private boolean aborted;
    private @Nullable String broken;

    SimTransport(SimConnection connection, SimLink link, InetSocketAddress local, InetSocketAddress remote,
            ReadRate pace) {
        this.connection = connection;
        this.link = link;
        this.local = local;
        this.remote = remote;
        this.pace = pace;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        int count = receiving.read(target, pace.room());
        if (count > 0) {
            connection.trace(NetworkEvent.READ, count);
            pace.pauseAfter(count, this::wakeReader);
            long position = receiving.readPosition();
            link.signal(() -> connection.peerOf(this).acknowledged(position));
            return count;
        }
        if (receiving.hasBytes()) {
            return 0;
        }
        if (receiving.isFinished()) {
            return -1;
        }
        checkWhole();
        return 0;
    }

    @Override
    public void awaitReadable() {
        CancelScope.throwIfCancelled();
        checkOpen();
        while (isOpen() && !isReadable()) {
            reader.await();
        }
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkWritable();
        int count = sending.send(source, link.options(), this::transmit);
        if (count > 0) {
            connection.trace(NetworkEvent.SEND, count);
        }
        return count;
    }

    @Override
    public void awaitWritable() {
        CancelScope.throwIfCancelled();
        checkOpen();
        while (!isOver() && !sending.isEnded() && sending.room(link.options()) == 0) {
            writer.await();
        }
        checkOpen();
    }

    @Override
    protected void endOutput() {
        if (broken == null) {
            connection.trace(NetworkEvent.FINISH, 0);
            transmit(sending.end(Segment.End.FINISH));
            // A writer that waits for room has nothing to wait for any more.
            writer.wake();
        }
    }

    @Override
    protected void release() {
        boolean unread = receiving.hasBytes();
        if (broken == null && !aborted && (unread || !sending.isEnded())) {
            connection.trace(unread ? NetworkEvent.RESET : NetworkEvent.FINISH, 0);
            transmit(sending.end(unread ? Segment.End.RESET : Segment.End.FINISH));
        }
        receiving.discard();
        reader.wake();
        writer.wake();
        connection.closed(this);
    }

    @Override
    protected void resetOnClose() {
        aborted = true;
        if (broken == null) {
            reset();
        }
    }

    @Override
    public String localAddress() {
        return SimAddresses.show(local);
    }

    @Override
    public String remoteAddress() {
        return SimAddresses.show(remote);
    }

    @Override
    public String toString() {
        return localAddress() + " -> " + remoteAddress();
    }

    /** Lets only so many more bytes in, and then cuts the connection. */
    void cutAfterReceiving(long bytes) {
        receiving.limitTo(bytes);
        if (receiving.isAtLimit()) {
            connection.cut();
        }
    }

    /** Makes this end a slow consumer. */
    void readAtMost(long bytesPerSecond) {
        pace.limitTo(bytesPerSecond);
    }

    /** The connection is lost for this end. Below the tasks. */
    void breakOff(String reason) {
        if (broken == null && isOpen()) {
            broken = reason;
            reader.wake();
            writer.wake();
            connection.ended();
        }
    }

    /** Whether nothing can happen at this end any more. */
    boolean isOver() {
        return !isOpen() || broken != null;
    }

    private void transmit(Segment segment) {
        link.send(segment.length(), new Packet() {
            @Override
            public void arrive() {
                connection.peerOf(SimTransport.this).arrived(segment);
            }

            @Override
            public void timeOut() {
                connection.trace(NetworkEvent.TIME_OUT, segment.length());
                breakOff("connection timed out");
            }
        });
    }

    private void arrived(Segment segment) {
        if (!isOpen()) {
            if (receiving.isNews(segment)) {
                reset();
            }
            return;
        }
        if (broken != null) {
            return;
        }
        long bytes = receiving.accept(segment);
        connection.trace(NetworkEvent.DELIVER, bytes);
        if (receiving.isAtLimit()) {
            connection.cut();
        } else if (receiving.isReset()) {
            breakOff("connection reset by peer");
        } else {
            wakeReader();
        }
    }

    private void wakeReader() {
        if (isReadable()) {
            reader.wake();
        }
    }

    private void acknowledged(long position) {
        sending.acknowledge(position);
        writer.wake();
    }

    private void reset() {
        connection.trace(NetworkEvent.RESET, 0);
        link.signal(() -> connection.peerOf(this).breakOff("connection reset by peer"));
    }

    private boolean isReadable() {
        return receiving.hasBytes() ? pace.room() > 0 : receiving.isFinished() || broken != null;
    }

    private void checkWhole() {
        if (broken != null) {
            throw new BrokenException(broken + ": " + this);
        }
    }

    private void checkWritable() {
        checkOutputOpen();
        checkWhole();
    }
}
