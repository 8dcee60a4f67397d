package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket over a channel of Java NIO that waits by the engine's {@link Watch}: for every engine over a real
 * system.
 */
final class ChannelDatagrams implements Datagrams {

    /** The system does not cut. */
    private static final int CUTS_NOTHING = -1;

    private final @Nullable DatagramRuns runs;
    private final DatagramChannel channel;
    private final WatchWaits waits;
    private final Consumer<Datagrams> onClose;
    private final List<MembershipKey> memberships = new ArrayList<>();
    private InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable InetSocketAddress sender;
    private @Nullable InetAddress receiver;

    /** Into datagrams of how many bytes the system cuts what is longer; 0 before it was asked to. */
    private int cutBytes;

    /** Whether the system was asked to put together what is received, and whether it does. */
    private boolean mergeAsked;

    private boolean merges;
    private boolean closed;

    private ChannelDatagrams(SystemEngine engine, DatagramChannel channel, Consumer<Datagrams> onClose)
            throws IOException {
        this.runs = engine.datagramRuns();
        this.channel = channel;
        this.onClose = onClose;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        channel.configureBlocking(false);
        this.waits = new WatchWaits(listener -> engine.watch(channel, listener), this);
    }

    /** Opens one for an engine, which hears of its end. */
    static ChannelDatagrams open(
            SystemEngine engine, InetSocketAddress local, DatagramOptions options, Consumer<Datagrams> onClose)
            throws IOException {
        // The family matters: a group can be joined by a socket of its own family only.
        DatagramChannel channel = DatagramChannel.open(
                local.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            set(channel, options);
            channel.bind(local);
            return new ChannelDatagrams(engine, channel, onClose);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static void set(DatagramChannel channel, DatagramOptions options) throws IOException {
        if (options.sendBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
        }
        if (options.receiveBufferBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
        }
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, options.reuseAddress());
        if (options.reusePort()) {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        channel.setOption(StandardSocketOptions.SO_BROADCAST, options.broadcast());
        channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, options.multicastHops());
        channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, options.multicastLoopback());
    }

    @Override
    public void connect(InetSocketAddress peer) throws IOException {
        try {
            channel.connect(peer);
        } catch (UnsupportedAddressTypeException e) {
            throw new SocketException("the address is of another family: " + peer, e);
        }
        remote = peer;
        // Now it is known over which of the machine's addresses the way goes.
        local = (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    public int tryReceive(ByteBuffer target) {
        checkOpen();
        if (merges) {
            throw new IllegalStateException(this + " receives runs of datagrams, and nothing else");
        }
        waits.readTried();
        int before = target.position();
        try {
            var from = (InetSocketAddress) channel.receive(target);
            if (from == null) {
                return NOTHING;
            }
            sender = from;
            return target.position() - before;
        } catch (IOException e) {
            throw failed("receive", e);
        }
    }

    @Override
    public int tryReceiveEach(ByteBuffer target) {
        checkOpen();
        if (!mergeAsked) {
            mergeAsked = true;
            merges = runs != null && runs.merge(channel);
        }
        if (runs == null || !merges) {
            return tryReceive(target);
        }
        waits.readTried();
        try {
            int bytes = runs.receive(channel, target);
            if (bytes != NOTHING) {
                sender = runs.sender();
                receiver = runs.receiver();
            }
            return bytes;
        } catch (IOException e) {
            throw failed("receive", e);
        }
    }

    @Override
    public InetSocketAddress sender() {
        if (sender == null) {
            throw new IllegalStateException(this + " has received nothing yet");
        }
        return sender;
    }

    @Override
    public @Nullable InetAddress receiver() {
        return receiver;
    }

    @Override
    public void awaitReceivable() {
        checkOpen();
        waits.awaitReadable();
        checkOpen();
    }

    @Override
    public boolean trySend(ByteBuffer source, InetSocketAddress target) {
        return trySend(source, target, null);
    }

    @Override
    public boolean trySend(ByteBuffer source, InetSocketAddress target, @Nullable InetAddress from) {
        checkOpen();
        waits.writeTried();
        boolean empty = !source.hasRemaining();
        try {
            // The JDK says 0 for an empty datagram that is sent and for no room; an empty one is lost then, as any may
            // be.
            int sent = from == null ? channel.send(source, target) : runs(from).send(channel, source, target, from);
            return sent > 0 || empty;
        } catch (IOException e) {
            throw failed("send to " + AbstractTransport.text(target), e);
        } catch (UnsupportedAddressTypeException e) {
            throw new IllegalArgumentException(this + " cannot send to " + target + ", which is of another family", e);
        }
    }

    @Override
    public boolean trySendEach(ByteBuffer source, int bytes, InetSocketAddress target, @Nullable InetAddress from) {
        if (runs != null && source.remaining() > bytes && cuts(runs, bytes)) {
            try {
                return trySend(source, target, from);
            } catch (BrokenException e) {
                if (e.getCause() instanceof PortUnreachableException) {
                    throw e;
                }
                // The way there takes no datagrams so long, or a device on it cannot do it: from now on each goes by itself.
                runs.cut(channel, 0);
                cutBytes = 0;
                boolean sent = Datagrams.super.trySendEach(source, bytes, target, from); // where this fails, it was something else
                cutBytes = CUTS_NOTHING;
                return sent;
            }
        }
        return Datagrams.super.trySendEach(source, bytes, target, from);
    }

    private DatagramRuns runs(InetAddress from) {
        if (runs == null) {
            throw new UnsupportedOperationException(this + " has told no receiver, so not " + from);
        }
        return runs;
    }

    private boolean cuts(DatagramRuns runs, int bytes) {
        if (cutBytes != bytes && cutBytes != CUTS_NOTHING) {
            cutBytes = runs.cut(channel, bytes) ? bytes : CUTS_NOTHING;
        }
        return cutBytes == bytes;
    }

    @Override
    public void awaitSendable() {
        checkOpen();
        waits.awaitWritable();
        checkOpen();
    }

    @Override
    public void join(InetAddress group, NetworkInterface on) throws IOException {
        checkOpen();
        MembershipKey membership = channel.join(group, on);
        if (!memberships.contains(membership)) {
            memberships.add(membership);
        }
    }

    @Override
    public void join(InetAddress group) throws IOException {
        join(group, MulticastNetworks.best(group));
    }

    @Override
    public void leave(InetAddress group) {
        memberships.removeIf(membership -> {
            boolean leaves = membership.group().equals(group);
            if (leaves) {
                membership.drop();
            }
            return leaves;
        });
    }

    @Override
    public void multicastOn(NetworkInterface on) throws IOException {
        checkOpen();
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
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
        waits.close();
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
        onClose.accept(this);
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException(this + " is closed");
        }
    }

    private RuntimeException failed(String what, IOException e) {
        if (closed || e instanceof ClosedChannelException) {
            return new ClosedException(this + " is closed", e);
        }
        if (e instanceof PortUnreachableException && remote != null) {
            return new BrokenException("nobody receives at " + AbstractTransport.text(remote)
                    + ": a datagram came back as undeliverable (port unreachable)", e);
        }
        return new BrokenException(this + " cannot " + what + ": " + e.getMessage(), e);
    }

    @Override
    public String toString() {
        String text = "datagrams at " + AbstractTransport.text(local);
        return remote == null ? text : text + " with " + AbstractTransport.text(remote);
    }
}
