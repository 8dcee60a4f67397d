package dev.heddle.sim;

import java.net.InetSocketAddress;

/** A simulated connection: two transports, each the peer of the other, and what concerns both. */
final class SimConnection {

    final long id;
    final SimTransport client;
    final SimTransport server;
    private final SimContext context;
    private final SimConnections all;

    SimConnection(SimContext context, SimConnections all, long id, SimLink forth, SimLink back, InetSocketAddress from,
            InetSocketAddress to, ReadRate clientPace, ReadRate serverPace) {
        this.context = context;
        this.all = all;
        this.id = id;
        client = new SimTransport(this, forth, from, to, clientPace);
        server = new SimTransport(this, back, to, from, serverPace);
    }

    SimTransport peerOf(SimTransport end) {
        return end == client ? server : client;
    }

    /** Resets both ends at once, as a middle box does that has forgotten the connection. */
    void cut() {
        trace(NetworkEvent.CUT, 0);
        client.breakOff("connection was cut");
        server.breakOff("connection was cut");
    }

    void trace(NetworkEvent event, long bytes) {
        context.trace.network(event, id, bytes);
    }

    /** One end was closed by its user. */
    void closed(SimTransport end) {
        all.giveBack(end);
        ended();
    }

    /** One end is over. When both are, nothing of the connection is left but what its users hold. */
    void ended() {
        if (client.isOver() && server.isOver()) {
            all.forget(this);
        }
    }
}
