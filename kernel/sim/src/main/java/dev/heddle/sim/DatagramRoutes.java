package dev.heddle.sim;

import dev.heddle.BrokenException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes of datagrams: to one socket, to the members of a group, or to all, each over the link to its host. */
final class DatagramRoutes {

    /** The broadcast addresses: of every network, of the hosts that got their address here, and of the loopback. */
    private static final InetAddress EVERYBODY = InetAddress.ofLiteral("255.255.255.255");

    private static final InetAddress OUR_NETWORK = InetAddress.ofLiteral("10.255.255.255");
    private static final InetAddress OWN_LOOPBACK = InetAddress.ofLiteral("127.255.255.255");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final SimContext context;
    private final SimLinks links;
    private final Supplier<List<SimHost>> hosts;
    private final Function<InetAddress, @Nullable SimHost> owners;

    /**
     * @param hosts all hosts
     * @param owners the host of an address, or null; an address that never answers has none
     */
    DatagramRoutes(
            SimContext context, SimLinks links, Supplier<List<SimHost>> hosts,
            Function<InetAddress, @Nullable SimHost> owners) {
        this.context = context;
        this.links = links;
        this.hosts = hosts;
        this.owners = owners;
    }

    /**
     * Sends a datagram on its way.
     *
     * @param left runs when its last byte has left the machine
     */
    void send(SimDatagrams socket, ByteBuffer bytes, InetSocketAddress target, Runnable left) {
        InetAddress to = target.getAddress();
        boolean broadcast = to.equals(EVERYBODY) || to.equals(OUR_NETWORK) || to.equals(OWN_LOOPBACK);
        if (broadcast && !socket.options().broadcast()) {
            left.run();
            throw new BrokenException(
                    socket + " cannot send to " + SimAddresses.show(target) + ": the options do not allow broadcast");
        }
        context.trace.network(NetworkEvent.DATAGRAM, target.getPort(), bytes.remaining());
        if (broadcast) {
            sendToAll(socket, bytes, target, left);
        } else if (to.isMulticastAddress()) {
            sendToGroup(socket, bytes, target, left);
        } else {
            sendToOne(socket, bytes, target, left);
        }
    }

    private void sendToAll(SimDatagrams socket, ByteBuffer bytes, InetSocketAddress target, Runnable left) {
        boolean own = target.getAddress().equals(OWN_LOOPBACK);
        InetSocketAddress from = own
                ? new InetSocketAddress(LOOPBACK, socket.localAddress().getPort())
                : socket.sourceFor(target.getAddress());
        Runnable last = lastOf(left, own ? 1 : hosts.get().size());
        for (SimHost host : own ? List.of(socket.host()) : hosts.get()) {
            over(socket, host, bytes, last, () -> {
                for (SimDatagrams each : host.datagramPorts().open(target.getPort(), from)) {
                    deliver(each, bytes, from);
                }
            });
        }
    }

    private void sendToGroup(SimDatagrams socket, ByteBuffer bytes, InetSocketAddress target, Runnable left) {
        InetSocketAddress from = socket.sourceFor(target.getAddress());
        List<SimHost> reached = hosts.get().stream()
                .filter(
                        host -> host == socket.host()
                                ? socket.options().multicastLoopback()
                                : socket.options().multicastHops() > 0)
                .toList();
        if (reached.isEmpty()) {
            left.run();
            return;
        }
        Runnable last = lastOf(left, reached.size());
        for (SimHost host : reached) {
            over(socket, host, bytes, last, () -> {
                for (SimDatagrams each : host.datagramPorts().members(target.getAddress(), target.getPort(), from)) {
                    deliver(each, bytes, from);
                }
            });
        }
    }

    private void sendToOne(SimDatagrams socket, ByteBuffer bytes, InetSocketAddress target, Runnable left) {
        InetSocketAddress from = socket.sourceFor(target.getAddress());
        SimHost host = target.getAddress().isLoopbackAddress() ? socket.host() : owners.apply(target.getAddress());
        if (host == null) {
            left.run();
            context.trace.network(NetworkEvent.DROP, target.getPort(), bytes.remaining());
            return;
        }
        over(socket, host, bytes, left, () -> {
            SimDatagrams receiver = host.datagramPorts().find(target, from, context.random);
            if (receiver != null) {
                deliver(receiver, bytes, from);
            } else {
                context.trace.network(NetworkEvent.REFUSE, 0, target.getPort());
                links.between(host, socket.host()).sendOnce(0, () -> socket.bounce("nobody receives at "
                        + SimAddresses.show(target) + ": a datagram came back as undeliverable (port unreachable)"));
            }
        });
    }

    private void over(SimDatagrams socket, SimHost host, ByteBuffer bytes, Runnable left, Packet packet) {
        long nanos = links.between(socket.host(), host).sendOnce(bytes.remaining(), packet);
        if (nanos == 0) {
            left.run();
        } else {
            context.after(nanos, left);
        }
    }

    private static Runnable lastOf(Runnable all, int count) {
        int[] missing = {count};
        return () -> {
            if (--missing[0] == 0) {
                all.run();
            }
        };
    }

    private void deliver(SimDatagrams receiver, ByteBuffer bytes, InetSocketAddress from) {
        boolean kept = receiver.deliver(bytes, from);
        NetworkEvent event = kept ? NetworkEvent.DELIVER : NetworkEvent.DROP;
        context.trace.network(event, receiver.localAddress().getPort(), bytes.remaining());
    }
}
