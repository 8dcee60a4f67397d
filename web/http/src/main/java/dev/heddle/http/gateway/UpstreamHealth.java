package dev.heddle.http.gateway;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The health of one upstream, as its checks have said. Any thread.
 *
 * <pre>
 *   UNKNOWN ──the first check──▶ HEALTHY ◀──some in a row that say the contrary──▶ UNHEALTHY
 *      ▲                            │                                                  │
 *      └──── nobody checks more ────┴──────────────────────────────────────────────────┘
 * </pre>
 */
final class UpstreamHealth {

    enum State {
        /** Nobody has checked. It gets requests, or no gateway could begin. */
        UNKNOWN,
        HEALTHY,
        UNHEALTHY
    }

    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    // Written under the lock.
    private volatile State state = State.UNKNOWN;
    private int contrary;

    State state() {
        return state;
    }

    /** How many checks have ended, ever. */
    long checks() {
        return checks.get();
    }

    /** How many of them have failed. */
    long failures() {
        return failures.get();
    }

    /** A check has ended. True: that has changed what is known. */
    boolean checked(boolean good, ActiveHealthCheck by) {
        checks.incrementAndGet();
        failures.addAndGet(good ? 0 : 1);
        lock.lock();
        try {
            State said = good ? State.HEALTHY : State.UNHEALTHY;
            contrary = said == state ? 0 : contrary + 1;
            int enough = state == State.UNKNOWN ? 1 : good ? by.healthyAfter() : by.unhealthyAfter();
            if (contrary < enough) {
                return false;
            }
            state = said;
            contrary = 0;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody checks any more, so what was known is soon old. */
    void forget() {
        lock.lock();
        try {
            state = State.UNKNOWN;
            contrary = 0;
        } finally {
            lock.unlock();
        }
    }
}
