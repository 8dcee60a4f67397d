package dev.heddle.sim;

import dev.heddle.engine.DatagramOptions;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The UDP ports of one host: which sockets are bound to each. */
final class DatagramPorts {

    private final PortTable<SimDatagrams> bound = new PortTable<>("bound");

    /**
     * Binds a socket.
     *
     * @param local an address of the host, or the wildcard; port 0 for any
     * @throws BindException if the port is taken, or 0 is asked for and all dynamic ones are
     */
    SimDatagrams bind(SimHost host, DatagramRoutes routes, InetSocketAddress local, DatagramOptions options)
            throws BindException {
        int port = local.getPort() == 0 ? bound.pick() : local.getPort();
        var address = new InetSocketAddress(local.getAddress(), port);
        var socket = new SimDatagrams(host, routes, address, options);
        for (SimDatagrams other : bound.at(port)) {
            if (overlap(socket, other) && !share(options, other.options())) {
                throw new BindException("Address already in use: " + SimAddresses.show(address));
            }
        }
        bound.add(port, socket);
        return socket;
    }

    private static boolean overlap(SimDatagrams one, SimDatagrams other) {
        return one.isAt(other.localAddress().getAddress()) || other.isAt(one.localAddress().getAddress());
    }

    private static boolean share(DatagramOptions one, DatagramOptions other) {
        return (one.reusePort() && other.reusePort()) || (one.reuseAddress() && other.reuseAddress());
    }

    /**
     * Who gets a datagram for one: a connected socket before one for all, an address before the wildcard, one of
     * several by lot.
     */
    @Nullable SimDatagrams find(InetSocketAddress target, InetSocketAddress from, SimRandom random) {
        List<SimDatagrams> best = new ArrayList<>();
        int bestRank = 0;
        for (SimDatagrams each : bound.at(target.getPort())) {
            if (each.isAt(target.getAddress()) && each.hears(from)) {
                int rank = (each.isConnected() ? 4 : 2) + (each.isAny() ? 0 : 1);
                if (rank > bestRank) {
                    best.clear();
                    bestRank = rank;
                }
                if (rank == bestRank) {
                    best.add(each);
                }
            }
        }
        return best.isEmpty() ? null : best.size() == 1 ? best.getFirst() : random.oneOf(best);
    }

    /** Who gets a datagram for all members of a group. */
    List<SimDatagrams> members(InetAddress group, int port, InetSocketAddress from) {
        return bound.at(port).stream().filter(each -> each.isMember(group) && each.hears(from)).toList();
    }

    /** Who gets a datagram for all. */
    List<SimDatagrams> open(int port, InetSocketAddress from) {
        return bound.at(port).stream().filter(each -> each.isAny() && each.hears(from)).toList();
    }

    void release(SimDatagrams socket) {
        bound.remove(socket.localAddress().getPort(), socket);
    }

    /** All that are bound. */
    List<SimDatagrams> sockets() {
        return bound.all();
    }
}
