package dev.heddle.tls;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.internal.sight.Events;
import dev.heddle.sync.Event;
import dev.heddle.tls.internal.TlsEngine;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one stream, done by whichever of its tasks needs it first; the others wait for that one.
 *
 * <pre>
 *   due ──await()──▶ running ──────────▶ done
 *    ▲                 │ └──fails, too long──▶ the transport has failed
 *    └────cancelled────┘
 * </pre>
 *
 * <p>Cancellation: what was said stays said, so the next task that waits goes on from there.
 */
final class TlsHandshake {

    private final TlsTransport transport;
    private final TlsEngine engine;
    private final Duration timeout;
    private @Nullable Event change;
    private boolean begun;
    private boolean running;
    private boolean done;
    private long begunNanos;

    TlsHandshake(TlsTransport transport, TlsEngine engine, Duration timeout) {
        this.transport = transport;
        this.engine = engine;
        this.timeout = timeout;
    }

    boolean isDone() {
        return done;
    }

    /** Waits until it is done. */
    void await() {
        while (!done) {
            transport.throwIfUnusable();
            if (running) {
                awaitChange();
            } else {
                runHeard();
            }
        }
    }

    private void runHeard() {
        Events heard = Events.heard();
        if (heard == null) {
            run();
            return;
        }
        Object begun = heard.begin(Events.Kind.HANDSHAKE);
        Throwable failure = null;
        try {
            run();
            heard.secured(begun, engine.agreement().group());
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            heard.ended(Events.Kind.HANDSHAKE, begun, transport::remoteAddress, failure);
        }
    }

    private void awaitChange() {
        if (change == null) {
            change = Event.named("the TLS handshake with " + transport.remoteAddress());
        }
        change.clear();
        change.await();
    }

    private void run() {
        running = true;
        try {
            begin();
            Duration left = timeout.minusNanos(Heddle.currentLoop().nanoTime() - begunNanos);
            if (!Heddle.moveOnAfter(left, this::steps)) {
                throw transport.fail("the handshake has not ended within " + timeout.toMillis() + " ms", null);
            }
        } catch (SSLException e) {
            throw transport.fail(TlsFailure.describe(e), e);
        } finally {
            running = false;
            if (change != null) {
                change.set();
            }
        }
    }

    private void begin() throws SSLException {
        if (!begun) {
            begun = true;
            begunNanos = Heddle.currentLoop().nanoTime();
            engine.begin();
        }
    }

    private void steps() {
        try {
            // Each step sends, receives or computes what the one before asked for.
            while (step()) {
                // Another task may have closed the stream meanwhile: what its engine needs, nobody can give it any more.
                transport.throwIfUnusable();
            }
            done = true;
            transport.agreed();
        } catch (SSLException e) {
            throw transport.fail(TlsFailure.describe(e), e);
        } catch (BrokenException e) {
            throw transport.fail("the peer broke the connection off during the handshake", e);
        }
    }

    /**
     * Keys cost milliseconds, and checking a chain may ask the network: that is computed on a worker, not on the loop.
     */
    private boolean step() throws SSLException {
        switch (engine.need()) {
            case SEND -> transport.sendHandshake();
            case RECEIVE -> transport.readHandshake();
            case COMPUTE -> Heddle.offload(engine::compute);
            case NOTHING -> {
                return false;
            }
        }
        return true;
    }
}
