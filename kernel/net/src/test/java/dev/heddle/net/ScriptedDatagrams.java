package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.Fixtures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A socket of datagrams whose system does as a test says: it has room or not, something to receive or not, or fails.
 */
final class ScriptedDatagrams implements Datagrams {

    static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 7);
    static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 9);

    final List<String> sent = new ArrayList<>();
    final Queue<String> arrived = new ArrayDeque<>();
    final WaitSlot changed = new WaitSlot("what the test says");
    int room;
    int failures;
    private boolean closed;

    @Override
    public void connect(InetSocketAddress remote) {}

    @Override
    public int tryReceive(ByteBuffer target) {
        checkOpen();
        if (failures > 0) {
            failures--;
            throw new BrokenException("the system failed");
        }
        String next = arrived.poll();
        if (next == null) {
            return NOTHING;
        }
        byte[] bytes = Fixtures.bytes(next);
        int count = Math.min(bytes.length, target.remaining());
        target.put(bytes, 0, count);
        return count;
    }

    @Override
    public InetSocketAddress sender() {
        return PEER;
    }

    @Override
    public void awaitReceivable() {
        changed.await();
        checkOpen();
    }

    @Override
    public boolean trySend(ByteBuffer source, InetSocketAddress target) {
        checkOpen();
        if (room == 0) {
            return false;
        }
        room--;
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        sent.add(Fixtures.text(bytes));
        return true;
    }

    @Override
    public void awaitSendable() {
        changed.await();
        checkOpen();
    }

    @Override
    public void join(InetAddress group, NetworkInterface on) {}

    @Override
    public void join(InetAddress group) {}

    @Override
    public void leave(InetAddress group) {}

    @Override
    public void multicastOn(NetworkInterface on) {}

    @Override
    public InetSocketAddress localAddress() {
        return HERE;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        changed.wake();
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("closed");
        }
    }
}
