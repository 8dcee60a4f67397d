package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The skeleton of a transport: whether it is open, whether its output is, and what its failures say. An engine adds how
 * bytes move and how the connection ends.
 *
 * <pre>
 *   OPEN ──shutdownOutput()──▶ OUTPUT SHUT ──close(), abort()──▶ CLOSED
 *     └────────────close(), abort()──────────────────────────────▶
 * </pre>
 *
 * <p>Threads: as {@link Transport}.
 */
public abstract class AbstractTransport implements Transport {

    private boolean outputShut;
    private boolean closed;

    /** Makes an open transport. */
    protected AbstractTransport() {}

    // ---- what an engine adds ----

    /** Ends the outgoing direction; called once at most, while it is open. */
    protected abstract void endOutput();

    /** Sees to it that the close that follows at once throws away what is not sent, and that the peer sees a reset. */
    protected abstract void resetOnClose();

    /** Frees what it holds, and wakes the tasks that wait; called once, when {@link #isOpen} answers false already. */
    protected abstract void release();

    // ---- the life ----

    @Override
    public final void shutdownOutput() {
        checkOpen();
        if (!outputShut) {
            outputShut = true;
            endOutput();
        }
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    @Override
    public final void abort() {
        if (!closed) {
            resetOnClose();
            close();
        }
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    // ---- what calls say that cannot go on ----

    /**
     * For the begin of a call, and after each wait.
     *
     * @throws ClosedException if this side has closed it
     */
    protected final void checkOpen() {
        if (closed) {
            throw new ClosedException(this + " is closed");
        }
    }

    /**
     * For the begin of a call that writes.
     *
     * @throws ClosedException if this side has closed it or its output
     */
    protected final void checkOutputOpen() {
        checkOpen();
        if (outputShut) {
            throw new ClosedException("the output of " + this + " is closed");
        }
    }

    /** What a call throws when the connection is lost. */
    protected final BrokenException lost(String reason) {
        return new BrokenException(this + " is lost: " + reason);
    }

    /** What a call throws when the connection is lost, with the system's exception. */
    protected final BrokenException lost(Exception cause) {
        return new BrokenException(this + " is lost: " + cause.getMessage(), cause);
    }

    @Override
    public String toString() {
        return "connection " + localAddress() + " to " + remoteAddress();
    }

    /**
     * An address, fit for a log line: {@code 127.0.0.1:80}, {@code unnamed} for an end of a Unix socket without a path,
     * unix(7).
     */
    public static String text(SocketAddress address) {
        String text = address.toString();
        if (text.isEmpty()) {
            return "unnamed";
        }
        return text.startsWith("/") && address instanceof InetSocketAddress ? text.substring(1) : text;
    }
}
