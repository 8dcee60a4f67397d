package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The session store in memory, which gives up the session that was not used for longest first. Shared by loops, so a
 * lock guards it; nothing waits inside.
 */
final class MemorySessions implements SessionStore {

    private record Kept(Map<String, String> values, long endNanos) {}

    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final int maxSessions;

    MemorySessions(int maxSessions) {
        Checks.atLeast("maxSessions", maxSessions, 1);
        this.maxSessions = maxSessions;
    }

    @Override
    public Optional<Map<String, String>> load(String token) {
        lock.lock();
        try {
            return Optional.ofNullable(living(token)).map(Kept::values);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String create(String id, Map<String, String> values, Duration idle) {
        lock.lock();
        try {
            makeRoom();
            kept.put(id, new Kept(Map.copyOf(values), now() + idle.toNanos()));
            return id;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> update(String token, Map<String, String> values, Duration idle) {
        lock.lock();
        try {
            if (living(token) == null) {
                return Optional.empty();
            }
            kept.put(token, new Kept(Map.copyOf(values), now() + idle.toNanos()));
            return Optional.of(token);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete(String token) {
        lock.lock();
        try {
            kept.remove(token);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Kept living(String token) {
        Kept session = kept.get(token);
        if (session != null && session.endNanos - now() <= 0) {
            kept.remove(token);
            return null;
        }
        return session;
    }

    /** The first ones are those that were not used for longest, so those that have ended are among them. */
    private void makeRoom() {
        long now = now();
        Iterator<Kept> oldest = kept.values().iterator();
        while (oldest.hasNext()) {
            Kept session = oldest.next();
            if (kept.size() < maxSessions && session.endNanos - now > 0) {
                return;
            }
            oldest.remove();
        }
    }

    private static long now() {
        return Heddle.currentLoop().nanoTime();
    }

    @Override
    public String toString() {
        return "SessionStore[in memory, at most " + maxSessions + "]";
    }
}
