package dev.heddle.http.internal.client.call;

import dev.heddle.Action;
import dev.heddle.CancelScope;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Loop;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one deadline of a request, from the first wait for a connection to the last byte of the reply, and the shorter
 * limits of its phases.
 *
 * <p>Only waits need a scope: bytes that are there already are read without one. One scope serves all phases before the
 * reply; its deadline is moved where the next phase has a limit of its own. Afterwards each wait for more of the body
 * opens one.
 */
public final class CallDeadline {

    /** What the request is waiting for, with the words that say it did not come. */
    public enum Phase {
        CREDENTIALS("no credentials"),
        TURN("no turn at the host"),
        POOL("no free connection"),
        CONNECT("no connection"),
        PROXY("no way through the proxy"),
        TLS("no TLS session"),
        SEND("the request was not taken"),
        HEAD("no response head"),
        BODY("the response body did not come");

        private final String missing;

        Phase(String missing) {
            this.missing = missing;
        }
    }

    private final ClientTimeouts timeouts;
    private final Loop loop;
    private final long startNanos;
    private final long totalNanos;
    private Phase phase = Phase.POOL;
    private boolean sent;
    private String reason = "";
    private @Nullable CancelScope scope;

    /** Whether the running scope's deadline is that of the whole request, which never moves. */
    private boolean armedForWhole;

    /** The limit that the running scope's deadline stands for. */
    private Duration limit;

    /** @param loop that of the calling task */
    public CallDeadline(ClientTimeouts timeouts, Loop loop) {
        this.timeouts = timeouts;
        this.loop = loop;
        this.startNanos = loop.nanoTime();
        this.limit = timeouts.total();
        this.totalNanos = Durations.toNanos(limit);
    }

    /**
     * Runs a part of the request that may wait, as long as the deadline allows.
     *
     * @param what names the request in the error
     * @throws DeadlineExceededException naming the phase that did not end in time
     */
    public <T> T within(Phase first, Object what, CancelScope.Body<T> body) {
        Optional<T> result = CancelScope.open(inner -> {
            CancelScope outer = scope;
            scope = inner;
            armedForWhole = false;
            try {
                enter(first);
                return body.run(inner);
            } finally {
                scope = outer;
                armedForWhole = false;
            }
        });
        if (result.isEmpty()) {
            throw late(what, phase, limit, reason);
        }
        return result.get();
    }

    private static DeadlineExceededException late(Object what, Phase phase, Duration limit, String reason) {
        return ClientErrors.about(
                what,
                new DeadlineExceededException(
                        phase.missing + " after " + words(limit) + (reason.isEmpty() ? "" : ": " + reason)));
    }

    /** Says what has kept a wait that is over from its end. */
    public void because(String why) {
        reason = why;
    }

    /** Goes on to the next phase, whose own limit starts now. */
    public void enter(Phase next) {
        phase = next;
        sent |= switch (next) {
            case CREDENTIALS, TURN, POOL, CONNECT, PROXY, TLS -> false;
            case SEND, HEAD, BODY -> true;
        };
        Duration own = switch (next) {
            case CREDENTIALS, TURN, POOL, SEND -> timeouts.total();
            case CONNECT, PROXY, TLS -> timeouts.connect();
            case HEAD, BODY -> timeouts.read();
        };
        arm(own);
    }

    /** The body is sent: nothing but the answer is awaited any more. */
    public void bodySent() {
        if (phase == Phase.SEND) {
            enter(Phase.HEAD);
        }
    }

    /**
     * Sends a body in a task of its own, which may go on while the reply is read: as long as the whole request may last.
     *
     * @param what names the request in the error
     * @throws DeadlineExceededException if that was too long
     */
    public void forBody(Object what, Action send) throws Exception {
        boolean inTime = CancelScope.open(own -> {
            own.deadlineAfter(left());
            send.run();
        });
        if (!inTime) {
            throw late(what, Phase.SEND, timeouts.total(), "");
        }
    }

    /** Starts the limit for bytes anew: some came. */
    public void progress() {
        if ((phase == Phase.HEAD || phase == Phase.BODY) && Durations.toNanos(timeouts.read()) < totalNanos) {
            arm(timeouts.read());
        }
    }

    /** What the request waits for, or waited for last. */
    public Phase phase() {
        return phase;
    }

    /** Whether a server may have got something of it, in any try. */
    public boolean wasSent() {
        return sent;
    }

    /** The same for people who look at it. */
    public String phaseName() {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    /** Whether a task of it waits now, or does what may wait. */
    public boolean isWaiting() {
        return scope != null;
    }

    /** How long it may still wait for that; -1 if it does not wait. */
    public long nanosLeft() {
        return scope == null ? -1 : scope.remaining().map(Duration::toNanos).orElse(-1L);
    }

    /** How long the request has been under way. */
    public long nanos() {
        return loop.nanoTime() - startNanos;
    }

    /** The time that is left for the whole request, 0 if it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, startNanos + totalNanos - loop.nanoTime()));
    }

    /** How long a request that asks waits for the go-ahead; half of its time at most, since the body comes behind it. */
    public Duration continueWait() {
        return Durations.shorter(timeouts.continueWait(), left().dividedBy(2));
    }

    private void arm(Duration own) {
        CancelScope current = scope;
        if (current == null) {
            return;
        }
        long ownNanos = Durations.toNanos(own);
        long end = startNanos + totalNanos;
        long now = ownNanos < totalNanos ? loop.nanoTime() : startNanos;
        boolean whole = ownNanos >= end - now;
        limit = whole ? timeouts.total() : own;
        if (!whole || !armedForWhole) {
            armedForWhole = whole;
            current.deadlineAt(whole ? end : now + ownNanos);
        }
    }

    private static String words(Duration duration) {
        return duration.toNanosPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
