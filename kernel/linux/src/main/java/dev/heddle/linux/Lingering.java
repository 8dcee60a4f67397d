package dev.heddle.linux;

import dev.heddle.internal.AsksSystem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections that were closed before their last message was sent. Most are done by the end of the turn; one whose
 * peer does not read is given a time and then reset, or peers that never read would use up the descriptors.
 *
 * <p>Threads: the engine's loop.
 */
@AsksSystem("the kernel lingers in real time")
final class Lingering {

    /**
     * As long as a connection that nobody holds any more may still send: FIN_WAIT's 60 seconds, tcp_fin_timeout in
     * tcp(7).
     */
    private static final long MAX_NANOS = 60_000_000_000L;

    private final List<UringTransport> fresh = new ArrayList<>();

    /** In the order in which their time is up. */
    private final ArrayDeque<Slow> slow = new ArrayDeque<>();

    private record Slow(UringTransport transport, long untilNanos) {}

    void add(UringTransport transport) {
        fresh.add(transport);
    }

    boolean isEmpty() {
        return fresh.isEmpty() && slow.isEmpty();
    }

    /** How long until the next one's time is up. */
    long nanosLeft() {
        Slow next = slow.peek();
        return next == null ? MAX_NANOS : Math.max(0, next.untilNanos - System.nanoTime());
    }

    /** After completions were taken in. */
    void look() {
        for (UringTransport transport : fresh) {
            if (transport.isLingering()) {
                slow.add(new Slow(transport, System.nanoTime() + MAX_NANOS));
            }
        }
        fresh.clear();
        while (!slow.isEmpty()) {
            Slow next = slow.getFirst();
            if (next.transport.isLingering()) {
                if (next.untilNanos - System.nanoTime() > 0) {
                    return;
                }
                next.transport.giveUp();
            }
            slow.removeFirst();
        }
    }
}
