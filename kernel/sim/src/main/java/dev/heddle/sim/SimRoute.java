package dev.heddle.sim;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The route of one attempt to connect: its target, and the fate that the fault plan has for it. */
final class SimRoute {

    /** What has been decided for an attempt before it is made. */
    enum Fate {
        /** It is answered by whoever is there. */
        NORMAL,
        /** It is refused, whoever is there. */
        REFUSED,
        /** It is never answered. */
        SILENT,
        /** There is no way to the address. */
        NO_ROUTE
    }

    private final SimContext context;
    private final SimLinks links;
    private final SimConnections connections;
    private final SimHost from;
    private final SimHost to;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Fate fate;

    SimRoute(
            SimContext context,
            SimLinks links,
            SimConnections connections,
            SimHost from,
            SimHost to,
            InetSocketAddress local,
            InetSocketAddress remote,
            Fate fate) {
        this.context = context;
        this.links = links;
        this.connections = connections;
        this.from = from;
        this.to = to;
        this.local = local;
        this.remote = remote;
        this.fate = fate;
    }

    SimLink forth() {
        return links.between(from, to);
    }

    SimLink back() {
        return links.between(to, from);
    }

    InetSocketAddress remote() {
        return remote;
    }

    boolean exists() {
        return fate != Fate.NO_ROUTE;
    }

    boolean isSilent() {
        return fate == Fate.SILENT;
    }

    /** Who listens there now. */
    @Nullable SimAcceptor listener() {
        return fate == Fate.REFUSED ? null : to.ports().find(remote, context.random);
    }

    SimConnection open() {
        return connections.open(from, local, to, remote);
    }

    /** The remote address, fit for a message. */
    @Override
    public String toString() {
        return SimAddresses.show(remote);
    }
}
