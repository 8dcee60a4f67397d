package dev.heddle.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * One direction between two parties of a simulated store: messages arrive in order, each once, while the host that they
 * go to runs, until the line is closed. A message is what the receiver does with it. Below the tasks.
 */
final class StoreLine {

    private final SimContext context;
    private final Stalls stalls;
    private final SimLink link;
    private final SimHost to;
    private final Runnable timedOut;

    /** Messages that have arrived and must wait, for others before them or for their host. */
    private final Map<Long, Runnable> early = new HashMap<>();

    private long sent;
    private long taken;
    private boolean closed;
    private boolean waiting;

    /** Nothing is taken before. */
    private long pausedUntilNanos;

    /** @param timedOut is run if the link was down for so long that a system gives up */
    StoreLine(SimNetwork network, SimHost from, SimHost to, Runnable timedOut) {
        context = network.context();
        stalls = network.stalls();
        link = network.links().between(from, to);
        this.to = to;
        this.timedOut = timedOut;
    }

    void send(int bytes, Runnable message) {
        if (closed) {
            return;
        }
        long number = sent++;
        link.send(bytes, new Packet() {
            @Override
            public void arrive() {
                if (!closed && number >= taken) {
                    early.put(number, message);
                    take();
                }
            }

            @Override
            public void timeOut() {
                if (!closed) {
                    timedOut.run();
                }
            }
        });
    }

    /** Lets what has not been taken yet wait for a time. */
    void pause(long nanos) {
        pausedUntilNanos = Math.max(pausedUntilNanos, context.clock.elapsedNanos() + nanos);
    }

    /** What is on the way never arrives. */
    void close() {
        closed = true;
        early.clear();
    }

    boolean isClosed() {
        return closed;
    }

    private void take() {
        while (!closed && !waiting) {
            long until = Math.max(stalls.until(to), pausedUntilNanos);
            if (until > context.clock.elapsedNanos()) {
                waiting = true;
                context.events.add(until, () -> {
                    waiting = false;
                    take();
                });
                return;
            }
            Runnable next = early.remove(taken);
            if (next == null) {
                return;
            }
            taken++;
            next.run();
        }
    }
}
