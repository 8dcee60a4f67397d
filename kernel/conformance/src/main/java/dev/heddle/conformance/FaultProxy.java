package dev.heddle.conformance;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import java.util.concurrent.Callable;

/**
 * A proxy that is a bad network between a client and a server: it passes the bytes on, late, slowly, in other pieces,
 * changed, or not at all. For tests of clients and servers of any kind; they need not know of it, nor be written with
 * Heddle.
 *
 * <pre>{@code
 * FaultProxy proxy = new FaultProxy(42, Faults.NONE, Faults.NONE.withResetAfterBytes(1_000));
 * Heddle.group(g -> {
 *     Listener front = Tcp.listen(0);
 *     g.spawn(() -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", server.port())));
 *     assertThrows(BrokenException.class, () -> myClient.fetch("127.0.0.1", front.port()));
 *     front.close();
 * });
 * }</pre>
 *
 * <p>Which bytes are hit is drawn from the seed and the number of the connection, so a failure that depends on bytes
 * comes again with the same seed. When they arrive is also a matter of the loop's clock; over simulated engines all
 * comes again.
 *
 * <p>A half-closed connection is passed on as such, and a reset as a reset, at once. A direction that stalls is over
 * when the other one is; if both stall, the connection hangs until the proxy is stopped: what a client's own deadline
 * is for.
 *
 * <p>Threads: tasks of one loop, that of the streams.
 */
public final class FaultProxy {

    private final long seed;
    private final FaultChoice choice;
    private final FaultCounters counters = new FaultCounters();

    /**
     * A proxy that treats all connections the same way.
     *
     * @param seed what is drawn depends on it
     * @param toServer what happens to the bytes of clients
     * @param toClient what happens to the bytes of servers
     */
    public FaultProxy(long seed, Faults toServer, Faults toClient) {
        this(seed, (connection, direction) -> direction == Direction.TO_SERVER ? toServer : toClient);
    }

    /**
     * A proxy that treats each connection in its own way.
     *
     * @param seed what is drawn depends on it
     * @param choice is asked when a connection comes
     */
    public FaultProxy(long seed, FaultChoice choice) {
        this.seed = seed;
        this.choice = choice;
    }

    /**
     * Serves a listener: each connection of it is connected to a server of its own and relayed, until the listener is
     * closed and the connections have ended. A client whose server cannot be reached is reset.
     *
     * <p>Cancellation: a cancelled call has closed the listener and reset the connections.
     *
     * @param front where clients connect
     * @param dial connects to the server
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void serve(Listener front, Callable<ByteStream> dial) {
        front.serve(ServeOptions.DEFAULT, client -> {
            long number = counters.connections++;
            ByteStream server;
            try {
                server = dial.call();
            } catch (ConnectFailedException e) {
                client.abort();
                return;
            }
            relay(number, client, server);
        });
    }

    /**
     * Stands between two streams until both directions have ended or the connection is lost, and closes both.
     *
     * <p>Cancellation: a cancelled call has aborted both streams.
     *
     * @param client the stream to the client
     * @param server the stream to the server
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void relay(ByteStream client, ByteStream server) {
        relay(counters.connections++, client, server);
    }

    private void relay(long number, ByteStream client, ByteStream server) {
        counters.open++;
        try {
            CancelScope.throwIfCancelled();
            new ProxyRelay(
                    client,
                    server,
                    new Damage(choice.choose(number, Direction.TO_SERVER), seed, number, Direction.TO_SERVER, counters),
                    new Damage(choice.choose(number, Direction.TO_CLIENT), seed, number, Direction.TO_CLIENT, counters))
                    .run();
        } finally {
            counters.open--;
            client.abort();
            server.abort();
        }
    }

    /** What it has done so far. */
    public FaultProxyStatistics statistics() {
        return counters.snapshot();
    }

    @Override
    public String toString() {
        return "FaultProxy[seed " + seed + ", " + counters.open + " connections]";
    }
}
