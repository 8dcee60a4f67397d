package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The signals of a watch, one after another. A gap stands for all that a test could wait for. */
public final class WatchSignals implements Consumer<WatchEvent> {

    private final Duration patience;
    private final BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();
    private long stamp;

    /**
     * @param patience how long a signal may take before a test fails
     */
    public WatchSignals(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void accept(WatchEvent signal) {
        told.add(signal);
    }

    /** The next one, waiting for it; fails if stamps go back. */
    public WatchEvent next() {
        WatchEvent next = Heddle.timeout(patience, told::take);
        if (next instanceof WatchEvent.Changed changed) {
            assertTrue(changed.stamp() >= stamp, () -> changed + " comes after stamp " + stamp);
            stamp = changed.stamp();
        }
        return next;
    }

    /** Waits until a change of an entry with at least this stamp was told, or a gap. */
    public void await(Key key, long atLeast) {
        await(Set.of(key), atLeast);
    }

    /** Waits until of each entry a change with at least this stamp was told, or a gap. */
    public void await(Set<Key> keys, long atLeast) {
        Set<Key> missing = new HashSet<>(keys);
        while (!missing.isEmpty()) {
            switch (next()) {
                case WatchEvent.Changed(Key key, long changed, boolean _) -> {
                    if (changed >= atLeast) {
                        missing.remove(key);
                    }
                }
                case WatchEvent.Gap _ -> missing.clear();
                case WatchEvent.Closed closed -> throw new AssertionError(closed + " came, and nothing of " + missing);
            }
        }
    }

    /** Fails unless of each entry a change, or a gap, has been told by now. */
    public void assertCame(Set<Key> keys) {
        Set<Key> missing = new HashSet<>(keys);
        for (WatchEvent next = told.poll(); next != null && !missing.isEmpty(); next = told.poll()) {
            if (next instanceof WatchEvent.Changed(Key key, long _, boolean _)) {
                missing.remove(key);
            } else {
                missing.clear();
            }
        }
        assertEquals(Set.of(), missing);
    }

    /** Waits for the last signal, past all others; fails if one comes behind it. */
    public void awaitClosed() {
        while (!(next() instanceof WatchEvent.Closed)) {
            // What was told before.
        }
        assertNone();
    }

    /** Fails if something was told that nobody has taken. */
    public void assertNone() {
        assertEquals(0, told.size(), told::toString);
    }
}
