package dev.heddle.net;

import dev.heddle.Backoff;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Events;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import dev.heddle.net.internal.HostNames;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The functions that connect and listen over TCP, by the engine of the current loop.
 *
 * <pre>{@code
 * try (ByteStream stream = Tcp.connect("example.org", 80)) {
 *     stream.write("GET / HTTP/1.0\r\n\r\n");
 *     byte[] page = stream.readAll(1_000_000);
 * }
 * }</pre>
 *
 * <p>Threads: tasks only; what is made belongs to the current loop.
 */
public final class Tcp {

    private static final String LOOPBACK = "127.0.0.1";

    private Tcp() {}

    /** Connects with {@link ConnectOptions#DEFAULT}, as {@link #connect(String, int, ConnectOptions)}. */
    public static ByteStream connect(String host, int port) {
        return connect(host, port, ConnectOptions.DEFAULT);
    }

    /**
     * Connects to a host, trying its addresses side by side (RFC 8305, "Happy Eyeballs"): families in turn, each
     * address with a head start over the next, the first that answers wins.
     *
     * <p>Cancellation: a cancelled call leaves no connection.
     *
     * @param host a name or an address in its text form
     * @param port 1 to 65535
     * @param options times and bounds
     * @throws IllegalArgumentException if the host is neither name nor address, or the port is out of range
     * @throws ConnectFailedException if no connection could be made, in time or at all
     * @throws AddressRefusedException if the options refuse all addresses of the host
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static ByteStream connect(String host, int port, ConnectOptions options) {
        AddressText.checkPort(port, 1);
        CancelScope.throwIfCancelled();
        Events heard = Events.heard();
        var attempts = new HappyEyeballs(engine(), host, port, options);
        return StreamSight.watched(new ByteStream(
                heard == null ? attempts.connect() : connectHeard(attempts, host + ":" + port, heard)));
    }

    private static Transport connectHeard(HappyEyeballs attempts, String peer, Events heard) {
        Object begun = heard.begin(Events.Kind.CONNECT);
        Throwable failure = null;
        try {
            return attempts.connect();
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            heard.ended(Events.Kind.CONNECT, begun, () -> peer, failure);
        }
    }

    /**
     * Keeps a connection to a host alive; nothing happens until it is run. Each try has the timeout of {@link
     * ConnectOptions#DEFAULT}.
     *
     * @param host as for {@link #connect(String, int, ConnectOptions)}
     * @param port 1 to 65535
     * @param backoff how long to rest between connections; not zero
     * @throws IllegalArgumentException as {@link #connect(String, int, ConnectOptions)}
     */
    public static Reconnecting reconnecting(String host, int port, Backoff backoff) {
        AddressText.checkPort(port, 1);
        HostNames.read(host); // one that is none stays none
        return new Reconnecting(() -> connect(host, port), backoff);
    }

    /**
     * Sockets for libraries that block, such as database drivers: their connections go by the loop's engine. Only tasks
     * can use them.
     */
    public static LoopSocketFactory socketFactory() {
        return new LoopSocketFactory();
    }

    /** Listens on the loopback address only, as {@link #listen(String, int, ListenOptions)}. */
    public static Listener listen(int port) {
        return listen(LOOPBACK, port);
    }

    /** Listens with {@link ListenOptions#DEFAULT}, as {@link #listen(String, int, ListenOptions)}. */
    public static Listener listen(String host, int port) {
        return listen(host, port, ListenOptions.DEFAULT);
    }

    /**
     * Listens on an address of this machine.
     *
     * @param host an address in its text form, {@code 0.0.0.0} for all of IPv4, {@code ::} for all, or a name, of whose
     *     addresses the first is taken
     * @param port 0 to 65535; 0 picks a free one, see {@link Listener#port}
     * @param options how to listen
     * @throws IllegalArgumentException as {@link #connect(String, int, ConnectOptions)}
     * @throws ListenFailedException if the address cannot be bound
     * @throws ResolveException if the host is a name without an address
     * @throws CancelledException if the enclosing scope is cancelled while the name is looked up
     */
    public static Listener listen(String host, int port, ListenOptions options) {
        AddressText.checkPort(port, 0);
        var address = new InetSocketAddress(Dns.resolve(host).getFirst(), port);
        try {
            return new Listener(engine().listen(address, options));
        } catch (IOException e) {
            throw new ListenFailedException(AddressText.text(address), e);
        } catch (UnsupportedOperationException e) {
            throw new ListenFailedException(
                    AddressText.text(address),
                    new IOException("the engine " + engine().name() + " cannot share a port (" + Throwables.describe(e)
                            + "); listen on one loop", e));
        }
    }

    /**
     * Listens on all loops with {@link ListenOptions#DEFAULT}, as {@link #listenOnAllLoops(String, int,
     * ListenOptions)}.
     */
    public static PerLoopListener listenOnAllLoops(String host, int port) {
        return listenOnAllLoops(host, port, ListenOptions.DEFAULT);
    }

    /**
     * Listens on one port with a listener on each loop of this run.
     *
     * <p>Cancellation: a cancelled call listens nowhere.
     *
     * @param host as for {@link #listen(String, int, ListenOptions)}
     * @param port 0 to 65535; 0 picks a free one, the same on all loops
     * @param options how to listen; the port is shared ({@code SO_REUSEPORT}) whatever they say
     * @throws ListenFailedException if the address cannot be bound on every loop, or the engine cannot share a port
     * @throws ResolveException if the host is a name without an address
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public static PerLoopListener listenOnAllLoops(String host, int port, ListenOptions options) {
        return PerLoopListener.listen(host, port, options);
    }

    private static Engine engine() {
        return Heddle.currentLoop().engine();
    }
}
