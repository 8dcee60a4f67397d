package dev.heddle.engine;

import dev.heddle.ClosedException;
import java.net.SocketAddress;

/**
 * The skeleton of an acceptor: its address, and whether it is open. An engine adds how connections come.
 *
 * <p>Threads: as {@link Acceptor}.
 */
public abstract class AbstractAcceptor implements Acceptor {

    private final SocketAddress local;
    private boolean closed;

    /**
     * Makes an open acceptor.
     *
     * @param local the address that is really bound
     */
    protected AbstractAcceptor(SocketAddress local) {
        this.local = local;
    }

    /** Frees what it holds, and wakes the task that waits; called once, when it counts as closed already. */
    protected abstract void release();

    @Override
    public final SocketAddress localAddress() {
        return local;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    /**
     * For the begin of an accept, and after each wait.
     *
     * @throws ClosedException if this side has closed it
     */
    protected final void checkOpen() {
        if (closed) {
            throw new ClosedException(this + " is closed");
        }
    }

    /** What a waiting task does, in reports. */
    @Override
    public String toString() {
        return "accepting on " + AbstractTransport.text(local);
    }
}
