package dev.heddle.sim;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.WaitSlot;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A simulated socket of datagrams. Behaves as on Linux where the contract leaves a choice: what finds no room is
 * dropped at the receiver and waits at the sender, and only a connected socket hears that nobody receives.
 */
final class SimDatagrams implements Datagrams {

    /** The room in each direction unless the options say otherwise. */
    private static final int BUFFER_BYTES = 212_992;

    /** What each datagram takes beside its bytes, so that empty ones are bounded too. */
    private static final int OVERHEAD_BYTES = 768;

    private final SimHost host;
    private final DatagramRoutes routes;
    private final DatagramOptions options;
    private final Queue<Arrived> arrived = new ArrayDeque<>();
    private final Set<InetAddress> groups = new LinkedHashSet<>();
    private InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable InetSocketAddress sender;
    private @Nullable String bounced;
    private final WaitSlot receiving = new WaitSlot("receiving ", this);
    private final WaitSlot sending = new WaitSlot("sending ", this);
    private int arrivedBytes;
    private int leavingBytes;
    private boolean closed;

    SimDatagrams(SimHost host, DatagramRoutes routes, InetSocketAddress local, DatagramOptions options) {
        this.host = host;
        this.routes = routes;
        this.local = local;
        this.options = options;
    }

    private record Arrived(ByteBuffer bytes, InetSocketAddress from) {

        int room() {
            return bytes.remaining() + OVERHEAD_BYTES;
        }
    }

    @Override
    public void connect(InetSocketAddress peer) {
        checkFamily(peer.getAddress());
        remote = peer;
        local = sourceFor(peer.getAddress());
    }

    @Override
    public int tryReceive(ByteBuffer target) {
        checkOpen();
        checkBounced();
        Arrived next = arrived.poll();
        if (next == null) {
            return NOTHING;
        }
        arrivedBytes -= next.room();
        sender = next.from;
        int count = Math.min(next.bytes.remaining(), target.remaining());
        target.put(target.position(), next.bytes, 0, count);
        target.position(target.position() + count);
        return count;
    }

    @Override
    public InetSocketAddress sender() {
        return Objects.requireNonNull(sender, "nothing was received yet");
    }

    @Override
    public void awaitReceivable() {
        CancelScope.throwIfCancelled();
        checkOpen();
        while (!closed && arrived.isEmpty() && bounced == null) {
            receiving.await();
        }
        checkOpen();
    }

    @Override
    public boolean trySend(ByteBuffer source, InetSocketAddress target) {
        checkOpen();
        checkFamily(target.getAddress());
        checkBounced();
        int room = source.remaining() + OVERHEAD_BYTES;
        if (!hasRoom(room)) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip().asReadOnlyBuffer();
        leavingBytes += room;
        routes.send(this, bytes, target, () -> {
            leavingBytes -= room;
            sending.wake();
        });
        source.position(source.limit());
        return true;
    }

    /** One that is larger than the whole room goes when nothing else is in. */
    private boolean hasRoom(int bytes) {
        int most = options.sendBufferBytes() == 0 ? BUFFER_BYTES : options.sendBufferBytes();
        return leavingBytes == 0 || leavingBytes + bytes <= most;
    }

    @Override
    public void awaitSendable() {
        CancelScope.throwIfCancelled();
        checkOpen();
        if (leavingBytes > 0) {
            sending.await();
        }
        checkOpen();
    }

    /** There is one network only, whatever its name. */
    @Override
    public void join(InetAddress group, NetworkInterface on) {
        join(group);
    }

    @Override
    public void join(InetAddress group) {
        checkOpen();
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException(group.getHostAddress() + " is no multicast address");
        }
        checkFamily(group);
        groups.add(group);
    }

    @Override
    public void leave(InetAddress group) {
        groups.remove(group);
    }

    @Override
    public void multicastOn(NetworkInterface on) {
        checkOpen();
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        host.datagramPorts().release(this);
        arrived.clear();
        receiving.wake();
        sending.wake();
    }

    @Override
    public String toString() {
        String text = "datagrams at " + SimAddresses.show(local);
        return remote == null ? text : text + " with " + SimAddresses.show(remote);
    }

    SimHost host() {
        return host;
    }

    DatagramOptions options() {
        return options;
    }

    boolean isConnected() {
        return remote != null;
    }

    boolean isMember(InetAddress group) {
        return groups.contains(group);
    }

    boolean isAny() {
        return local.getAddress().isAnyLocalAddress();
    }

    /** Whether an address of the host is one of this socket's. */
    boolean isAt(InetAddress address) {
        return local.getAddress().equals(address) || (isAny() && speaks(address));
    }

    /** Whether it lets a sender's datagrams in. */
    boolean hears(InetSocketAddress from) {
        return remote == null || remote.equals(from);
    }

    /** What a receiver of one of its datagrams sees as its sender. */
    InetSocketAddress sourceFor(InetAddress target) {
        return isAny() ? new InetSocketAddress(host.sourceFor(target), local.getPort()) : local;
    }

    /** A datagram arrives; says whether there was room for it. Below the tasks. */
    boolean deliver(ByteBuffer bytes, InetSocketAddress from) {
        var next = new Arrived(bytes, from);
        int most = options.receiveBufferBytes() == 0 ? BUFFER_BYTES : options.receiveBufferBytes();
        if (closed || (!arrived.isEmpty() && arrivedBytes + next.room() > most)) {
            return false;
        }
        arrived.add(next);
        arrivedBytes += next.room();
        receiving.wake();
        return true;
    }

    /** The network says that an earlier datagram could not be delivered. Below the tasks. */
    void bounce(String why) {
        if (!closed && remote != null) {
            bounced = why;
            receiving.wake();
        }
    }

    private void checkBounced() {
        String why = bounced;
        if (why != null) {
            bounced = null;
            throw new BrokenException(why);
        }
    }

    /** A wildcard of IPv6 speaks both. */
    private boolean speaks(InetAddress address) {
        boolean four = local.getAddress() instanceof Inet4Address;
        return four ? address instanceof Inet4Address : isAny() || !(address instanceof Inet4Address);
    }

    private void checkFamily(InetAddress address) {
        if (!speaks(address)) {
            throw new IllegalArgumentException(
                    this + " cannot send to " + address.getHostAddress() + ", which is of another family");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException("closed: " + this);
        }
    }
}
