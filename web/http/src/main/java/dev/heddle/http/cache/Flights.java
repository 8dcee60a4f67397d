package dev.heddle.http.cache;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The responses that are being made, each for all who ask for it at the same time; and what was found to be for its own
 * request only, so that nobody waits for it.
 *
 * <p>Threads: any. Nothing waits but {@link Flight#await}.
 */
final class Flights {

    /** How a flight ended. */
    enum End {
        /** There may be a response now. */
        LANDED,
        /** Whoever made it was cancelled, or its peer has gone: the next one who waits makes it. */
        LEFT,
        /** It is not for others, or has failed: each makes his own. */
        ALONE
    }

    /** The keys of which is known that nothing is kept. */
    static final int MAX_PASSED = 1_024;

    /** How long that is believed. */
    static final Duration KEEP_PASSED = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Flight> underWay = new HashMap<>();

    /** Each until when, by the clock of the system. */
    private final LinkedHashMap<String, Long> passed = new LinkedHashMap<>();

    /** One response on its way. */
    final class Flight {

        private final String key;
        private final Promise<End> end = new Promise<>();

        private Flight(String key) {
            this.key = key;
        }

        /** Waits for its end; null if that does not come in time. */
        @Nullable End await(Duration patience) {
            return Heddle.moveOnAfter(patience, end::join).orElse(null);
        }

        /** Ends it, if it has not ended. */
        void end(End how) {
            lock.lock();
            try {
                underWay.remove(key, this);
            } finally {
                lock.unlock();
            }
            end.tryComplete(how);
        }

        /** Ends it, as one whose response is for its own request only. */
        void pass(long nowMillis) {
            lock.lock();
            try {
                passed.putLast(key, nowMillis + KEEP_PASSED.toMillis());
                if (passed.size() > MAX_PASSED) {
                    passed.pollFirstEntry();
                }
            } finally {
                lock.unlock();
            }
            end(End.ALONE);
        }
    }

    /** A flight, and whether it is the caller's to fly. */
    record Seat(Flight flight, boolean leads) {}

    /** Joins the flight for a key, or begins it; null if it is known to be in vain. */
    @Nullable Seat join(String key, long nowMillis) {
        lock.lock();
        try {
            Long until = passed.get(key);
            if (until != null) {
                if (nowMillis < until) {
                    return null;
                }
                passed.remove(key);
            }
            Flight there = underWay.get(key);
            if (there != null) {
                return new Seat(there, false);
            }
            var own = new Flight(key);
            underWay.put(key, own);
            return new Seat(own, true);
        } finally {
            lock.unlock();
        }
    }
}
