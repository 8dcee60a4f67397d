package dev.heddle.sim;

import dev.heddle.engine.ListenOptions;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ports of one host: who listens where, and which number comes next. */
final class SimPorts {

    /** The first of the ports that are picked by the system (RFC 6335, section 6). */
    static final int FIRST_DYNAMIC = 49_152;

    static final int LAST = 65_535;

    private final Map<Integer, List<SimAcceptor>> listening = new LinkedHashMap<>();
    private int nextDynamic = FIRST_DYNAMIC;

    /**
     * Listens.
     *
     * @param address one of the host's, or the wildcard
     * @throws BindException if the port is taken, or 0 is asked for and all dynamic ones are
     */
    SimAcceptor listen(InetAddress address, int port, ListenOptions options, Connections connections)
            throws BindException {
        int chosen = port == 0 ? pick() : port;
        var acceptor = new SimAcceptor(new InetSocketAddress(address, chosen), options, this, connections);
        List<SimAcceptor> there = listening.computeIfAbsent(chosen, unseen -> new ArrayList<>());
        for (SimAcceptor other : there) {
            if (acceptor.overlaps(other) && !acceptor.sharesWith(other)) {
                throw new BindException(
                        "Address already in use: " + SimAddresses.show(new InetSocketAddress(address, port)));
            }
        }
        there.add(acceptor);
        return acceptor;
    }

    /** Who gets a connection to an address and port: an exact match before a wildcard, one of several by lot. */
    @Nullable SimAcceptor find(InetSocketAddress target, SimRandom random) {
        List<SimAcceptor> there = listening.getOrDefault(target.getPort(), List.of());
        List<SimAcceptor> matching = there.stream().filter(each -> each.isAt(target.getAddress())).toList();
        if (matching.isEmpty()) {
            matching = there.stream().filter(SimAcceptor::isAny).toList();
        }
        return matching.isEmpty() ? null : random.oneOf(matching);
    }

    void release(SimAcceptor acceptor) {
        List<SimAcceptor> there = listening.getOrDefault(acceptor.port(), new ArrayList<>());
        there.remove(acceptor);
        if (there.isEmpty()) {
            listening.remove(acceptor.port());
        }
    }

    /** A port for an outgoing connection. Two connections may share one, as long as their other ends differ. */
    int pick() throws BindException {
        for (int tried = FIRST_DYNAMIC; tried <= LAST; tried++) {
            int port = nextDynamic;
            nextDynamic = port == LAST ? FIRST_DYNAMIC : port + 1;
            if (!listening.containsKey(port)) {
                return port;
            }
        }
        throw new BindException("Cannot assign requested address: all dynamic ports are listening");
    }

    /** All that listen. */
    List<SimAcceptor> listeners() {
        return listening.values().stream().flatMap(List::stream).toList();
    }
}
