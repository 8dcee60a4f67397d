package dev.heddle.http.idempotency;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The store of outcomes in memory, which gives up the one that was kept first. Shared by loops, so a lock guards it;
 * nothing waits inside.
 */
final class MemoryIdempotencyStore implements IdempotencyStore {

    /** What a key costs beside its outcome. */
    static final int KEY_BYTES = 256;

    private static final int MIN_BYTES = 1_000;

    /** The part that one outcome may take: the eighth. */
    private static final int PART = 8;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Kept(byte[] outcome, long endNanos) {

        long cost() {
            return KEY_BYTES + (long) outcome.length;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final long maxBytes;
    private final Set<String> underWay = new HashSet<>();

    /** The one that was kept first comes first. */
    private final LinkedHashMap<String, Kept> ended = new LinkedHashMap<>();

    private long bytes;

    MemoryIdempotencyStore(long maxBytes) {
        Checks.atLeast("maxBytes", maxBytes, MIN_BYTES);
        this.maxBytes = maxBytes;
    }

    @Override
    public Claim begin(String key, Duration longest) {
        lock.lock();
        try {
            Kept known = living(key);
            if (known != null) {
                return new Claim.Ended(known.outcome);
            }
            if (underWay.contains(key)) {
                return new Claim.UnderWay();
            }
            if (!makeRoom(KEY_BYTES)) {
                throw new StatusException(503, "too many requests are under way", Headers.of("Retry-After", "1"));
            }
            underWay.add(key);
            bytes += KEY_BYTES;
            return new Claim.Granted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void finish(String key, byte[] outcome, Duration timeToLive) {
        lock.lock();
        try {
            take(key);
            var now = new Kept(outcome, now() + timeToLive.toNanos());
            makeRoom(now.cost());
            // Even where all else is under way, for a request that is forgotten would run again.
            ended.put(key, now);
            bytes += now.cost();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(String key) {
        lock.lock();
        try {
            take(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int maxOutcomeBytes() {
        return (int) Math.min(Integer.MAX_VALUE, maxBytes / PART);
    }

    private void take(String key) {
        if (underWay.remove(key)) {
            bytes -= KEY_BYTES;
        }
    }

    private @Nullable Kept living(String key) {
        Kept known = ended.get(key);
        if (known != null && known.endNanos - now() <= 0) {
            ended.remove(key);
            bytes -= known.cost();
            return null;
        }
        return known;
    }

    /** Forgets what has had its time, and what was kept first, until there is room; false if there cannot be. */
    private boolean makeRoom(long wanted) {
        Iterator<Kept> first = ended.values().iterator();
        while (first.hasNext()) {
            Kept next = first.next();
            if (bytes + wanted <= maxBytes && next.endNanos - now() > 0) {
                return true;
            }
            first.remove();
            bytes -= next.cost();
        }
        return bytes + wanted <= maxBytes;
    }

    private static long now() {
        return Heddle.currentLoop().nanoTime();
    }

    @Override
    public String toString() {
        return "IdempotencyStore[in memory, at most " + maxBytes + " bytes]";
    }
}
