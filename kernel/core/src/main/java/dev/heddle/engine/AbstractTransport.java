package dev.heddle.engine;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The skeleton of a transport: whether it is open, whether its output is, whether the connection is lost, and what its
 * failures say. An engine adds how bytes move and how the connection ends.
 *
 * <pre>
 *   OPEN ──shutdownOutput()──▶ OUTPUT SHUT ──close(), abort()──▶ CLOSED
 *     └────────────close(), abort()──────────────────────────────▶
 *
 *   WHOLE ──outputLost()──▶ OUTPUT LOST: the peer takes no more ──lost()──▶ LOST for both directions
 *     └──────────────────lost()─────────────────────────────────────────────▲
 * </pre>
 *
 * <p>A loss is remembered, as {@link Transport} demands. {@link #checkOutputOpen} throws it for writes; a read that finds
 * neither bytes nor news ends by {@link #endOfInput}, which tells an end from a loss.
 *
 * <p>Threads: as {@link Transport}.
 */
public abstract class AbstractTransport implements Transport {

    private boolean outputShut;
    private boolean closed;

    /** Why nothing can be written any more; null while the connection is whole. */
    private @Nullable Loss loss;

    /** Whether that concerns what is read too. */
    private boolean inputLost;

    private boolean endTold;

    private record Loss(String reason, @Nullable Exception cause) {}

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
     * @throws BrokenException if the output is lost
     */
    protected final void checkOutputOpen() {
        checkOpen();
        if (outputShut) {
            throw new ClosedException("the output of " + this + " is closed");
        }
        if (loss != null) {
            throw told(loss);
        }
    }

    /**
     * For a read to which the system gives no bytes and says that none will come.
     *
     * @return -1, the end; for ever, once it was told
     * @throws BrokenException if it is none, since the connection is lost for both directions
     */
    protected final int endOfInput() {
        if (inputLost && !endTold && loss != null) {
            throw told(loss);
        }
        endTold = true;
        return -1;
    }

    /** Whether the connection is lost for both directions. */
    protected final boolean isLost() {
        return inputLost;
    }

    /** Whether nothing can be written any more. */
    protected final boolean isOutputLost() {
        return loss != null;
    }

    /** What a call throws that learns that the connection is lost, for both directions; remembers it. */
    protected final BrokenException lost(String reason) {
        return remember(new Loss(reason, null), true);
    }

    /** As {@link #lost(String)}, with the system's exception. */
    protected final BrokenException lost(Exception cause) {
        return remember(new Loss(String.valueOf(cause.getMessage()), cause), true);
    }

    /**
     * What a write throws that learns that the peer takes no more, since it has closed behind its last byte; remembers
     * it. What the peer has sent is still read, to its end.
     */
    protected final BrokenException outputLost(String reason) {
        return remember(new Loss(reason, null), false);
    }

    /** As {@link #outputLost(String)}, with the system's exception. */
    protected final BrokenException outputLost(Exception cause) {
        return remember(new Loss(String.valueOf(cause.getMessage()), cause), false);
    }

    private BrokenException remember(Loss news, boolean bothDirections) {
        if (loss == null) {
            loss = news;
        }
        inputLost |= bothDirections;
        return told(news);
    }

    private BrokenException told(Loss told) {
        String what = this + " is lost: " + told.reason;
        return told.cause == null ? new BrokenException(what) : new BrokenException(what, told.cause);
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
