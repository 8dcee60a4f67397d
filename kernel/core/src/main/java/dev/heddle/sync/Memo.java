package dev.heddle.sync;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Heddle.Mapper;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.SpawnsForCaller;
import dev.heddle.Task;
import dev.heddle.internal.Durations;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A memo: a cache that fetches what it does not have, once for all who ask for it meanwhile, and keeps it for a time.
 *
 * <pre>{@code
 * Memo<String, String> pages = Memo.of("pages", MemoOptions.DEFAULT, url -> http.get(url).text());
 * String page = pages.get("/stuff");
 * }</pre>
 *
 * <p>A fetch is a task of the loop of the call that began it, with the scoped values of that call. It belongs to all
 * calls that wait for it: the cancel or deadline of one does not end it for the others. The last one to leave cancels
 * it and sees its end. So a deadline that is meant for each fetch belongs into the function.
 *
 * <p>All calls that share a fetch get its result or its failure. Failures are not kept, unless {@linkplain
 * MemoOptions#withFailureTimeToLive told}. What was asked for longest ago makes room (least recently used).
 *
 * <p>{@code heddle pools} shows it.
 *
 * <p>Threads: tasks of any loop get; any thread forgets and looks at the statistics. Results are shared, so they should
 * be immutable. To test code that uses it, run it in the simulator.
 *
 * @param <K> what is asked for; with {@code equals} and {@code hashCode} of a value
 * @param <V> what is fetched
 */
@SpawnsForCaller
public final class Memo<K, V> {

    private static final PartKind<Memo<?, ?>> KIND = PartKind.<Memo<?, ?>>of("memo", Memo::statistics)
            .titled(Memo::toString);

    private final String name;
    private final MemoOptions options;
    private final Mapper<? super K, ? extends V> fetcher;
    private final ReentrantLock lock = new ReentrantLock();

    // ---- under the lock ----

    private final Map<K, Fetch> fetches = new HashMap<>();

    /** In the order in which they were asked for last. */
    private final LinkedHashMap<K, Kept<V>> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long hits;
    private long shared;
    private long begun;
    private long failed;
    private long evicted;

    private Memo(String name, MemoOptions options, Mapper<? super K, ? extends V> fetcher) {
        this.name = Objects.requireNonNull(name);
        this.options = Objects.requireNonNull(options);
        this.fetcher = Objects.requireNonNull(fetcher);
        Parts.add(KIND, this);
    }

    /**
     * Makes an empty one.
     *
     * @param name shows in reports
     * @param fetcher gives the result of a key, never null; runs in a task of its own
     */
    public static <K, V> Memo<K, V> of(String name, MemoOptions options, Mapper<? super K, ? extends V> fetcher) {
        return new Memo<>(name, options, fetcher);
    }

    /**
     * Gives what is kept for a key, or waits for its fetch, which this call begins if no other has.
     *
     * <p>Cancellation: a cancelled call leaves the fetch to the calls that wait for it too; without any, it has
     * cancelled the fetch and seen its end.
     *
     * @return the result; a failure of the fetch is thrown, a checked one as the cause of a {@link
     *     dev.heddle.TaskFailedException}
     * @throws dev.heddle.TaskCancelledException if somebody cancelled the task of the fetch, or its loop has ended
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalStateException outside of tasks, or if the fetch asks for its own key
     */
    public V get(K key) {
        Objects.requireNonNull(key);
        Loop loop = Heddle.currentTask().loop();
        CancelScope.throwIfCancelled();
        long now = loop.nanoTime();
        Fetch fetch;
        lock.lock();
        try {
            Kept<V> known = known(key, now);
            if (known != null) {
                hits++;
                return known.outcome.get();
            }
            fetch = join(key, loop);
        } finally {
            lock.unlock();
        }
        try {
            return fetch.task.join();
        } finally {
            leave(fetch);
        }
    }

    /** Drops what is kept for a key. A fetch that is under way is left to those who wait for it, and not kept. */
    public void forget(K key) {
        Objects.requireNonNull(key);
        lock.lock();
        try {
            kept.remove(key);
            fetches.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Drops all that is kept, as {@link #forget} does. */
    public void forgetAll() {
        lock.lock();
        try {
            kept.clear();
            fetches.clear();
        } finally {
            lock.unlock();
        }
    }

    /** The statistics at this moment. */
    public MemoStatistics statistics() {
        lock.lock();
        try {
            return new Statistics(kept.size(), fetches.size(), hits, shared, begun, failed, evicted);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "memo " + name;
    }

    // ---- under the lock ----

    /** What is kept for a key and still counts. */
    private @Nullable Kept<V> known(K key, long now) {
        Kept<V> known = kept.get(key);
        // Before its time only by the clock of another simulation.
        if (known != null && (now - known.since < 0 || now - known.until >= 0)) {
            kept.remove(key);
            return null;
        }
        return known;
    }

    private Fetch join(K key, Loop loop) {
        Fetch fetch = fetches.get(key);
        if (fetch != null && !fetch.task.isDone()) {
            shared++;
        } else {
            fetch = new Fetch(key, loop);
            fetches.put(key, fetch);
            begun++;
        }
        fetch.callers++;
        return fetch;
    }

    private void keep(K key, Outcome<V> outcome, Duration time, long now) {
        if (time.isZero()) {
            return;
        }
        kept.put(key, new Kept<>(outcome, now, now + Durations.toNanos(time)));
        if (kept.size() > options.maxSize()) {
            kept.pollFirstEntry();
            evicted++;
        }
    }

    // ---- the end of a fetch, and of a call ----

    private void ended(Fetch fetch, Outcome<V> outcome, Duration time, long now) {
        lock.lock();
        try {
            failed += outcome instanceof Outcome.Failure ? 1 : 0;
            if (fetches.remove(fetch.key, fetch)) {
                keep(fetch.key, outcome, time, now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(Fetch fetch) {
        boolean isLast;
        lock.lock();
        try {
            isLast = --fetch.callers == 0;
            if (isLast) {
                fetches.remove(fetch.key, fetch);
            }
        } finally {
            lock.unlock();
        }
        if (isLast && !fetch.task.isDone()) {
            fetch.task.cancel("nobody waits for it any more");
            Heddle.shield(fetch.task::awaitOutcome);
        }
    }

    /** A fetch that is under way. */
    private final class Fetch {
        private final K key;
        private final Task<V> task;
        private int callers;

        Fetch(K key, Loop loop) {
            this.key = key;
            this.task = loop.spawn("fetch of " + Memo.this, () -> run(loop));
        }

        private V run(Loop loop) throws Exception {
            V value;
            try {
                value = Objects.requireNonNull(fetcher.map(key), () -> "the fetch of " + Memo.this + " gave null");
            } catch (Exception e) {
                if (!isCancelled()) {
                    ended(this, new Outcome.Failure<>(e), options.failureTimeToLive(), loop.nanoTime());
                }
                throw e;
            }
            ended(this, new Outcome.Success<>(value), options.timeToLive(), loop.nanoTime());
            return value;
        }

        /** Then what it throws is its answer to that. */
        private static boolean isCancelled() {
            try {
                CancelScope.throwIfCancelled();
                return false;
            } catch (CancelledException e) {
                return true;
            }
        }
    }

    /**
     * What is kept of a fetch.
     *
     * @param since the time of its end, and the one until which it counts, of {@link Loop#nanoTime}
     */
    private record Kept<V>(Outcome<V> outcome, long since, long until) {}

    /** What the statistics are, at one moment. */
    record Statistics(int size, int fetching, @Counter long hits, @Counter long shared, @Counter long fetches,
            @Counter long failed, @Counter long evicted) implements MemoStatistics {}
}
