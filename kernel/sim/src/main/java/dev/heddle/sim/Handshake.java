package dev.heddle.sim;

import dev.heddle.Waiter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect.
 *
 * <pre>
 *  client            server
 *    | -- attempt ----> |   nobody listens: refused; backlog full: no answer, tried again after 1, 2, 4 ... s
 *    | &lt;-- answer ----- |   the connection is in the backlog already
 *  connect returns
 * </pre>
 *
 * <p>A caller that has given up before the answer arrives resets the connection then, as a system does that gets an
 * answer it does not expect.
 */
final class Handshake {

    private enum Outcome {
        NONE, ESTABLISHED, REFUSED, TIMED_OUT, NO_ROUTE
    }

    private final SimContext context;
    private final SimRoute route;
    private final Waiter waiter;
    private final EventQueue.Event givingUp;
    private EventQueue.@Nullable Event retry;
    private Outcome outcome = Outcome.NONE;
    private @Nullable SimConnection connection;
    private boolean answered;
    private boolean over;

    Handshake(SimContext context, SimRoute route) {
        this.context = context;
        this.route = route;
        waiter = new Waiter("connecting to " + route);
        givingUp = context.after(TcpTimes.CONNECT_GIVE_UP_NANOS, () -> end(Outcome.TIMED_OUT));
    }

    /** Waits for the outcome. A call that throws has left no connection. */
    SimConnection run() throws IOException {
        context.trace.network(NetworkEvent.CONNECT, 0, route.remote().getPort());
        try {
            attempt(TcpTimes.CONNECT_RETRY_NANOS);
            waiter.await();
        } finally {
            over = true;
            givingUp.cancel();
            stopRetrying();
        }
        if (connection == null || outcome != Outcome.ESTABLISHED) {
            throw failure();
        }
        return connection;
    }

    private void attempt(long retryNanos) {
        route.forth().send(0, this::arrive);
        retry = context.after(retryNanos, () -> attempt(2 * retryNanos));
    }

    /** The attempt reaches the server, perhaps not for the first time. */
    private void arrive() {
        if (answered || route.isSilent()) {
            return;
        }
        if (!route.exists()) {
            answer(Outcome.NO_ROUTE);
            return;
        }
        SimAcceptor listener = route.listener();
        if (listener == null) {
            context.trace.network(NetworkEvent.REFUSE, 0, route.remote().getPort());
            answer(Outcome.REFUSED);
        } else if (listener.hasRoom()) {
            connection = route.open();
            listener.arrived(connection);
            answer(Outcome.ESTABLISHED);
        }
    }

    private void answer(Outcome told) {
        answered = true;
        stopRetrying();
        route.back().signal(() -> end(told));
    }

    private void stopRetrying() {
        if (retry != null) {
            retry.cancel();
        }
    }

    /** An outcome has reached the client; the first one counts. */
    private void end(Outcome told) {
        if (outcome == Outcome.NONE && !over && waiter.complete()) {
            outcome = told;
        } else if (told == Outcome.ESTABLISHED && connection != null) {
            connection.client.abort();
        }
    }

    /** Made here and not where the outcome was found, so that the stack is the caller's. */
    private IOException failure() {
        return switch (outcome) {
            case REFUSED -> new ConnectException("Connection refused: " + route);
            case NO_ROUTE -> new NoRouteToHostException("No route to host: " + route);
            case TIMED_OUT, NONE, ESTABLISHED -> new ConnectException("Connection timed out: " + route);
        };
    }
}
