package dev.heddle.sim;

import dev.heddle.engine.ListenOptions;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ports of one host: who listens where, and which number comes next. */
final class SimPorts {

    private final PortTable<SimAcceptor> listening = new PortTable<>("listening");

    /**
     * Listens.
     *
     * @param address one of the host's, or the wildcard
     * @throws BindException if the port is taken, or 0 is asked for and all dynamic ones are
     */
    SimAcceptor listen(InetAddress address, int port, ListenOptions options, SimConnections connections)
            throws BindException {
        int chosen = port == 0 ? pick() : port;
        var acceptor = new SimAcceptor(new InetSocketAddress(address, chosen), options, this, connections);
        for (SimAcceptor other : listening.at(chosen)) {
            if (acceptor.overlaps(other) && !acceptor.sharesWith(other)) {
                throw new BindException(
                        "Address already in use: " + SimAddresses.show(new InetSocketAddress(address, port)));
            }
        }
        listening.add(chosen, acceptor);
        return acceptor;
    }

    /** Who gets a connection to an address and port: an exact match before a wildcard, one of several by lot. */
    @Nullable SimAcceptor find(InetSocketAddress target, SimRandom random) {
        List<SimAcceptor> there = listening.at(target.getPort());
        List<SimAcceptor> matching = there.stream().filter(each -> each.isAt(target.getAddress())).toList();
        if (matching.isEmpty()) {
            matching = there.stream().filter(SimAcceptor::isAny).toList();
        }
        return matching.isEmpty() ? null : random.oneOf(matching);
    }

    void release(SimAcceptor acceptor) {
        listening.remove(acceptor.port(), acceptor);
    }

    /**
     * The port of an outgoing connection from a chosen address.
     *
     * @throws BindException if somebody listens there, or 0 is asked for and all dynamic ones are taken
     */
    int connecting(InetSocketAddress local) throws BindException {
        if (local.getPort() == 0) {
            return pick();
        }
        for (SimAcceptor other : listening.at(local.getPort())) {
            if (local.getAddress().isAnyLocalAddress() || other.isAny() || other.isAt(local.getAddress())) {
                throw new BindException("Address already in use: " + SimAddresses.show(local));
            }
        }
        return local.getPort();
    }

    /** A port for an outgoing connection. Two connections may share one, as long as their other ends differ. */
    int pick() throws BindException {
        return listening.pick();
    }

    /** All that listen. */
    List<SimAcceptor> listeners() {
        return listening.all();
    }
}
