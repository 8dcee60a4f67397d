package dev.heddle.http.internal.codec;

import dev.heddle.CancelScope;
import dev.heddle.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a peer: for what it is to send, and for what it is to take. A handler may wait for both at the same
 * time, so each has a deadline of its own; the nearer one is that of the connection's scope, which cuts off all that
 * goes on in it.
 *
 * <p>For the tasks of the connection.
 */
public final class PeerDeadline {

    /** The direction in which a peer can be late. */
    public enum Way {
        SENDING,
        TAKING
    }

    /** Far beyond any connection's life, and far from an overflow. */
    private static final Duration LONGEST = Duration.ofDays(1_000);

    private final Loop loop;
    private @Nullable CancelScope scope;
    private boolean sends;
    private boolean takes;
    private long sentByNanos;
    private long takenByNanos;

    public PeerDeadline(Loop loop) {
        this.loop = loop;
    }

    /** The scope to cut off; null for none, and then nobody is late. */
    public void scope(@Nullable CancelScope connection) {
        scope = connection;
    }

    /** The peer is waited for, this long at most. */
    public void arm(Way way, Duration most) {
        Duration within = most.isNegative() ? Duration.ZERO : most.compareTo(LONGEST) < 0 ? most : LONGEST;
        long byNanos = loop.nanoTime() + within.toNanos();
        if (way == Way.SENDING) {
            sends = true;
            sentByNanos = byNanos;
        } else {
            takes = true;
            takenByNanos = byNanos;
        }
        setNearer();
    }

    /** The peer is no longer waited for. */
    public void disarm(Way way) {
        if (way == Way.SENDING) {
            sends = false;
        } else {
            takes = false;
        }
        if (sends || takes) {
            setNearer();
        } else if (scope != null) {
            scope.clearDeadline();
        }
    }

    private void setNearer() {
        if (scope != null) {
            boolean sendingIsFirst = sends && (!takes || sentByNanos - takenByNanos < 0);
            scope.deadlineAt(sendingIsFirst ? sentByNanos : takenByNanos);
        }
    }
}
