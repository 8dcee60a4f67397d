package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.Throwables;
import org.jspecify.annotations.Nullable;

/**
 * The accept loop of one acceptor of a {@link ServeRun}.
 *
 * <pre>
 *   resting ◀──accept failed── accepting ──bound reached──▶ full
 *      └────────time is up───────▶ ▲ ◀────a handler ended─────┘
 *
 *   close() from any of them ──▶ ended
 * </pre>
 */
final class AcceptLoop {

    private final ServeRun server;
    private final Acceptor acceptor;
    private final ServeOptions options;
    private final String address;
    private final @Nullable Accepted seen;
    private final WaitSlot changed;

    /** Failures since the last that went well. */
    private int failures;

    private boolean closing;

    /** @param seen where connections can be seen; null for nowhere */
    AcceptLoop(
            ServeRun server, Acceptor acceptor, ServeOptions options, String address, @Nullable Accepted seen) {
        this.server = server;
        this.acceptor = acceptor;
        this.options = options;
        this.address = address;
        this.seen = seen;
        this.changed = new WaitSlot("a free place at " + address);
    }

    String address() {
        return address;
    }

    /** Accepts until this side closes the acceptor: the way a server ends. */
    void run() {
        try {
            while (!closing) {
                if (server.isFull()) {
                    changed.await();
                } else {
                    acceptOne();
                }
            }
        } catch (ClosedException e) {
            // The acceptor is closed.
        } finally {
            // Also when cancelled, or handlers that take their time to end would leave peers connected but unserved.
            acceptor.close();
        }
    }

    private void acceptOne() {
        Transport transport;
        try {
            transport = acceptor.accept();
        } catch (ClosedException | CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            restAfter(e);
            return;
        }
        failures = 0;
        server.start(transport, seen);
    }

    /** If this acceptor is about to be closed, serves those who are connected already: the system would reset them. */
    void takeWaiting(Acceptor which) {
        if (which != acceptor || closing) {
            return;
        }
        try {
            Transport next = server.isFull() ? null : acceptor.acceptNow();
            while (next != null) {
                server.start(next, seen);
                next = server.isFull() ? null : acceptor.acceptNow();
            }
        } catch (ClosedException e) {
            // Its loop was cancelled, or the engine ends: nobody waits any more.
        } catch (BrokenException e) {
            options.report("cannot accept what waits at " + address, e);
        }
    }

    /** The cause is the machine's, such as too few descriptors: it passes, and trying again at once would only spin. */
    private void restAfter(RuntimeException failure) {
        // Not the bare failure: that may look like one of a peer, which is nobody's trouble.
        String what = "cannot accept connections at " + address;
        options.report(what, new HeddleException(what + ": " + Throwables.describe(failure), failure));
        Heddle.moveOnAfter(options.backoff().delay(++failures), () -> {
            while (!closing) {
                changed.await();
            }
        });
    }

    /** A handler has ended: there is a free place. */
    void handlerEnded() {
        changed.wake();
    }

    /** An acceptor is closed; if it is this one's, ends the loop also where it does not wait for the acceptor. */
    void closed(Acceptor which) {
        if (which == acceptor) {
            closing = true;
            changed.wake();
        }
    }
}
