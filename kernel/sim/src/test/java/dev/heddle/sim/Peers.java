package dev.heddle.sim;

import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

/** Two connected streams between two hosts. */
public record Peers(ByteStream client, ByteStream server) implements AutoCloseable {

    static final int PORT = 80;

    /** Connects "client" to "server" in the current simulation. */
    static Peers connect() throws Exception {
        SimNetwork network = Sim.current().network();
        return connect(network.host("client"), network.host("server"));
    }

    /** Connects two hosts of their own in the current simulation. */
    public static Peers connect(int number) throws Exception {
        SimNetwork network = Sim.current().network();
        return connect(network.host("client" + number), network.host("server" + number));
    }

    static Peers connect(SimHost from, SimHost to) throws Exception {
        try (Listener listener = to.run(() -> Tcp.listen(to.name(), PORT))) {
            Task<ByteStream> accepted = to.spawn(listener::accept);
            ByteStream client = from.run(() -> Tcp.connect(to.name(), PORT));
            try {
                return new Peers(client, accepted.join());
            } catch (TaskCancelledException e) {
                client.abort();
                throw e;
            }
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
