package dev.heddle.quic;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.FailureHandler;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.TaskGroup;
import dev.heddle.quic.internal.Conversation;
import dev.heddle.quic.internal.Endpoint;

/**
 * A server's end of QUIC: a socket of datagrams that takes connections. {@link Quic#listen} opens it.
 *
 * <p>Threads: tasks of one loop; one accepts or serves at a time.
 *
 * <p>Cancellation: a cancelled accept has taken nothing.
 */
public final class QuicListener implements AutoCloseable {

    private final Endpoint endpoint;

    QuicListener(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Waits for the next connection; its handshake is done.
     *
     * @throws ClosedException if the listener is closed, before or while waiting
     * @throws BusyException if another task accepts or serves
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public QuicConnection accept() {
        CancelScope.throwIfCancelled();
        return new QuicConnection(endpoint.accept());
    }

    /**
     * Serves connections, each in a task of its own, until the listener is closed; then waits for the handlers that still
     * run. A handler that throws ends its connection; unless the peer was gone, the loop's {@link FailureHandler} hears of
     * it.
     *
     * <p>Cancellation: a cancelled call has closed the listener, and has cancelled and awaited the handlers.
     *
     * @throws ClosedException if the listener is closed already
     * @throws BusyException if another task accepts or serves
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void serve(QuicHandler handler) {
        if (!endpoint.isOpen()) {
            throw new ClosedException(this + " is closed");
        }
        Heddle.group(group -> acceptAll(group, handler));
    }

    private void acceptAll(TaskGroup group, QuicHandler handler) {
        try {
            while (true) {
                Conversation next = endpoint.accept();
                group.spawn("connection " + next.remoteAddress(), () -> handle(next, handler));
            }
        } catch (ClosedException e) {
            // This side closed the listener: the way a server ends.
        } finally {
            close();
        }
    }

    private static void handle(Conversation conversation, QuicHandler handler) {
        var connection = new QuicConnection(conversation);
        boolean whole = false;
        try {
            handler.handle(connection);
            whole = true;
        } catch (Throwable e) {
            CancelScope.throwIfCancelled();
            if (!GroupException.leaves(e).stream().allMatch(QuicListener::isPeersEnd)) {
                Heddle.currentLoop().config().failureHandler().failed("the handler of " + conversation, e);
            }
        } finally {
            if (whole) {
                connection.close();
            } else {
                connection.abort(0, "");
            }
        }
    }

    private static boolean isPeersEnd(Throwable failure) {
        return failure instanceof BrokenException || failure instanceof ClosedException;
    }

    /** What it has done so far. */
    public QuicListenerStatistics statistics() {
        return endpoint.statistics();
    }

    /** The port that is really bound, 1 to 65535. */
    public int port() {
        return endpoint.localAddress().getPort();
    }

    /** Whether {@link #close} was not called. */
    public boolean isOpen() {
        return endpoint.isOpen();
    }

    /** Takes no more connections; those that stand go on. Never waits; does nothing the second time. */
    @Override
    public void close() {
        endpoint.close();
    }

    @Override
    public String toString() {
        return "QuicListener[" + endpoint.localAddress() + (isOpen() ? "]" : ", closed]");
    }
}
