package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket of an engine: the small contract under every listener.
 *
 * <p>Threads: tasks of the acceptor's loop, one accepting at a time.
 */
public interface Acceptor extends AutoCloseable {

    /**
     * Waits for the next connection.
     *
     * <p>Cancellation: a cancelled call has taken no connection.
     *
     * @throws ClosedException if the acceptor is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    Transport accept();

    /**
     * A connection that waits to be accepted, without waiting for one; null if there is none. What waits when the
     * acceptor is closed is reset by the system, so a server takes it in before.
     *
     * @throws BrokenException if it cannot be accepted
     * @throws ClosedException if the acceptor is closed
     */
    default @Nullable Transport acceptNow() {
        return null;
    }

    /** The address that is really bound, with its port. */
    SocketAddress localAddress();

    /** Stops listening. A waiting task gets a ClosedException. Accepted connections stay. */
    @Override
    void close();
}
