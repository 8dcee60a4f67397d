package dev.heddle.sim;

import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

/** Two connected streams between two hosts. */
record Peers(ByteStream client, ByteStream server) implements AutoCloseable {

    static final int PORT = 80;

    /** Connects "client" to "server" in the current simulation. */
    static Peers connect() throws Exception {
        SimNetwork network = Sim.current().network();
        return connect(network.host("client"), network.host("server"));
    }

    static Peers connect(SimHost from, SimHost to) throws Exception {
        try (Listener listener = to.run(() -> Tcp.listen(to.name(), PORT))) {
            Task<ByteStream> accepted = to.spawn(listener::accept);
            ByteStream client = from.run(() -> Tcp.connect(to.name(), PORT));
            return new Peers(client, accepted.join());
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
