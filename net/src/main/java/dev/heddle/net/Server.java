package dev.heddle.net;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.Waiter;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Listener#serve}: the accept loop, the group that owns the handlers, and the count that bounds them.
 *
 * <pre>
 *   resting ◀──accept failed── accepting ──bound reached──▶ full
 *      └────────time is up───────▶ ▲ ◀────a handler ended─────┘
 *
 *   close() from any of them: closing, the handlers end or are cancelled after the grace ──▶ ended
 * </pre>
 */
final class Server {

    private final Acceptor acceptor;
    private final ServeOptions options;
    private final StreamHandler handler;
    private final String address;
    private final Signal changed;
    private final List<Waiter> stoppers = new ArrayList<>();
    private @Nullable TaskGroup group;
    private Duration rest;
    private int active;
    private boolean closing;
    private boolean ended;

    Server(Acceptor acceptor, ServeOptions options, StreamHandler handler, String address) {
        this.acceptor = acceptor;
        this.options = options;
        this.handler = handler;
        this.address = address;
        this.changed = new Signal("a free place at " + address);
        this.rest = options.leastBackOff();
    }

    /** Serves until it is closed and the handlers have ended. */
    void run() {
        try {
            Heddle.group(g -> {
                group = g;
                acceptUntilClosed(g);
            });
        } finally {
            ended = true;
            stoppers.forEach(Waiter::complete);
        }
    }

    private void acceptUntilClosed(TaskGroup g) {
        try {
            while (!closing) {
                if (active >= options.maxConnections()) {
                    changed.await();
                } else {
                    acceptOne(g);
                }
            }
        } catch (ClosedException e) {
            // This side closed the acceptor: the way a server ends.
        } finally {
            // Also when cancelled, or handlers that take their time to end would leave peers connected but unserved.
            acceptor.close();
        }
    }

    private void acceptOne(TaskGroup g) {
        Transport transport;
        try {
            transport = acceptor.accept();
        } catch (ClosedException | CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            restAfter(e);
            return;
        }
        rest = options.leastBackOff();
        start(g, transport);
    }

    /** The cause is the machine's, such as too few descriptors: it passes, and trying again at once would only spin. */
    private void restAfter(RuntimeException failure) {
        // Not the bare failure: that may look like one of a peer, which is nobody's trouble.
        String what = "cannot accept connections at " + address;
        report(what, new HeddleException(what + ": " + Failures.describe(failure), failure));
        Heddle.moveOnAfter(rest, () -> {
            while (!closing) {
                changed.await();
            }
        });
        Duration most = options.mostBackOff();
        rest = rest.compareTo(most.dividedBy(2)) < 0 ? rest.multipliedBy(2) : most;
    }

    private void start(TaskGroup g, Transport transport) {
        active++;
        try {
            g.spawn("connection " + transport.remoteAddress(), () -> handle(new ByteStream(transport)));
        } catch (Throwable e) {
            active--;
            transport.abort();
            throw e;
        }
    }

    private void handle(ByteStream stream) {
        try {
            handler.handle(stream);
            stream.close();
        } catch (Throwable e) {
            stream.abort();
            if (e instanceof CancelledException || e instanceof InterruptedException) {
                // A stray cancel that is not this task's own is a failure like any other.
                CancelScope.throwIfCancelled();
            }
            report("the handler of the connection from " + stream.remoteAddress() + " failed", e);
        } finally {
            active--;
            changed.raise();
        }
    }

    private void report(String what, Throwable failure) {
        try {
            options.onFailure().failed(what, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            ServeOptions.log(what, e);
        }
    }

    /** The acceptor is closed: ends the accept loop also where it does not wait for the acceptor. */
    void close() {
        closing = true;
        changed.raise();
    }

    /**
     * Waits until all handlers have ended, and cancels them after the grace.
     *
     * @return whether none had to be cancelled
     */
    boolean awaitEnd(Duration grace) {
        Waiter end = new Waiter("the end of the server " + address);
        stoppers.add(end);
        try {
            Heddle.moveOnAfter(grace, () -> awaitUnlessEnded(end));
            if (ended) {
                return true;
            }
            if (group != null) {
                group.cancel("the server " + address + " stops");
            }
            end.reset();
            awaitUnlessEnded(end);
            return false;
        } finally {
            stoppers.remove(end);
        }
    }

    private void awaitUnlessEnded(Waiter end) {
        if (!ended) {
            end.await();
        }
    }
}
