package dev.heddle.http.gateway;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.internal.sight.PartKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places of an upstream and the bounded line of those who wait for one, of all loops; first come, first served.
 *
 * <pre>
 *   enter ──▶ has a place ──leave──▶ gone
 *     │          ▲
 *     ├──▶ waits ┴── too long, or cancelled ──▶ gone
 *     └──▶ refused: the line is full
 * </pre>
 *
 * <p>Who leaves hands the place to the first in the line, so nobody overtakes. A wait that ends in the moment it is
 * given a place keeps it, or hands it on if it was cancelled.
 */
final class PlaceLine {

    private final int places;
    private final int maxWaiting;
    private final Duration maxWait;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Deque<Promise<Boolean>> line = new ArrayDeque<>();
    private int taken;
    private long refused;

    PlaceLine(int places, int maxWaiting, Duration maxWait) {
        this.places = places;
        this.maxWaiting = maxWaiting;
        this.maxWait = maxWait;
    }

    /** Takes a place if one is free. */
    boolean tryEnter() {
        lock.lock();
        try {
            if (taken >= places) {
                return false;
            }
            taken++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place, waiting for one if there is room in the line. False: none came. */
    boolean enter() {
        Promise<Boolean> given;
        lock.lock();
        try {
            if (tryEnter()) {
                return true;
            }
            if (line.size() >= maxWaiting) {
                refused++;
                return false;
            }
            given = new Promise<>();
            line.addLast(given);
        } finally {
            lock.unlock();
        }
        boolean waited = false;
        try {
            Heddle.moveOnAfter(maxWait, () -> {
                given.awaitOutcome();
            });
            waited = true;
        } finally {
            if (!waited && !leaveLine(given)) {
                leave();
            }
        }
        if (!leaveLine(given)) {
            return true;
        }
        lock.lock();
        try {
            refused++;
        } finally {
            lock.unlock();
        }
        return false;
    }

    /** Whether it still stood there; if not, it has been given a place. */
    private boolean leaveLine(Promise<Boolean> waiting) {
        lock.lock();
        try {
            return line.remove(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place back. Never waits. */
    void leave() {
        Promise<Boolean> next;
        lock.lock();
        try {
            next = line.pollFirst();
            if (next == null) {
                taken--;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.complete(true);
        }
    }

    /** How full it is, 0 to 1. */
    double pressure() {
        lock.lock();
        try {
            return PartKind.fullness(taken, places, line.size(), maxWaiting);
        } finally {
            lock.unlock();
        }
    }

    int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }
}
