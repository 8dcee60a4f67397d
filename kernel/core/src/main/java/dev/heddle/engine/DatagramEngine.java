package dev.heddle.engine;

import java.io.IOException;
import java.net.InetSocketAddress;

/** An engine that has sockets of datagrams. */
public interface DatagramEngine extends Engine {

    /**
     * The same engine, known to have datagrams.
     *
     * @throws UnsupportedOperationException if it has none
     */
    static DatagramEngine of(Engine engine) {
        if (engine instanceof DatagramEngine able) {
            return able;
        }
        throw new UnsupportedOperationException("the engine " + engine.name() + " has no datagrams");
    }

    /**
     * Opens a socket of datagrams.
     *
     * @param local the address, resolved; port 0 picks a free one
     * @param options how to open it
     * @throws IOException if the address cannot be bound
     */
    Datagrams datagrams(InetSocketAddress local, DatagramOptions options) throws IOException;
}
