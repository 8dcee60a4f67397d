package dev.heddle.cluster;

import static java.util.Objects.requireNonNull;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.ClusterMap.Value;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.SessionStore;
import dev.heddle.http.server.Sessions;
import dev.heddle.internal.Hash;
import dev.heddle.io.LimitExceededException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SessionStore} in a {@link ClusterMap}, so that any node knows the visitors of all, also when they come to
 * it next, or the node that served them is gone. It needs {@code heddle-http}, which {@code heddle-cluster} does not bring.
 *
 * <pre>{@code
 * routes.use(Sessions.in(ClusterSessions.in(cluster.map("sessions", 10_000))));
 * }</pre>
 *
 * <p>A session is an entry of the map, which should have no others: at most 64 KiB, and {@link LimitExceededException}
 * beyond. Its key is a hash of the token, so that who reads the store can take no session over. A look costs a fresh
 * read, a change a commit and three, so some hundred visitors may log in each second, over all nodes.
 *
 * <p>Two requests of one visitor on two nodes at the same time each have their own copy, and the later one to end wins,
 * as on one; a session that one of them has ended does not come to life again.
 *
 * <p>When a session ends is written into it, by the wall clock of the node that has used it last: clocks that are apart
 * make sessions shorter or longer by that. Who makes new ones takes ended ones away, about once in the idle time, and
 * when the map is full those that were not used for longest.
 *
 * <p>While the store is silent, or this node apart from the others, a request that looks at its session waits no
 * longer than the patience. Then it is answered with 503 and {@code Retry-After}, by a {@link StatusException} whose
 * cause tells why; the first in a row is reported to the failure log. A change without an answer may have taken place.
 *
 * <p>Cancellation: a cancelled change has taken place as a whole or not at all, and it is not told which.
 *
 * <p>Threads: tasks of any loop. To test it, have two nodes of one {@code MemoryStore} serve in the simulator.
 */
public final class ClusterSessions implements SessionStore {

    /** Of a full map, which part is to be given up before it is looked through again. */
    private static final int GIVEN_UP = 16;

    private static final Comparator<Kept> SOONEST_END = Comparator.comparingLong(Kept::endMillis);

    private final ClusterMap map;
    private final RequestPatience patience;

    /** What may be taken away, the ended first. */
    private final Deque<Kept> oldest = new ConcurrentLinkedDeque<>();

    /** Completed when somebody has looked what may be taken away; null before the first look. */
    private final AtomicReference<@Nullable Promise<Boolean>> look = new AtomicReference<>();

    /** When the last look began, by the loop's clock. */
    private volatile long lookedNanos;

    private ClusterSessions(ClusterMap map, Duration patience) {
        this.map = map;
        this.patience = new RequestPatience("the sessions", map, patience);
    }

    /** A session as it was seen. */
    private record Kept(String key, long version, long endMillis, Map<String, String> values) {

        private static Optional<Kept> of(String key, Value value) {
            return Forms.read(value.bytes(), in -> {
                long end = in.readLong();
                int size = in.readInt();
                Map<String, String> values = new HashMap<>();
                for (int i = 0; i < size; i++) {
                    values.put(Forms.readBytes(in).utf8(), Forms.readBytes(in).utf8());
                }
                return new Kept(key, value.version(), end, values);
            });
        }

        private static Bytes encode(Map<String, String> values, Duration idle) {
            Bytes bytes = Forms.write(out -> {
                out.writeLong(now() + idle.toMillis());
                out.writeInt(values.size());
                for (Map.Entry<String, String> entry : values.entrySet()) {
                    Forms.writeBytes(out, Bytes.utf8(entry.getKey()));
                    Forms.writeBytes(out, Bytes.utf8(entry.getValue()));
                }
            });
            if (bytes.length() > StoreLimits.MAX_VALUE) {
                throw new LimitExceededException("a session in a cluster", StoreLimits.MAX_VALUE);
            }
            return bytes;
        }

        private Kept withoutValues() {
            return new Kept(key, version, endMillis, Map.of());
        }

        private boolean isOver() {
            return endMillis <= now();
        }
    }

    /** Sessions in a map, for which a request waits 5 s at most. */
    public static ClusterSessions in(ClusterMap map) {
        return new ClusterSessions(map, RequestPatience.USUAL);
    }

    /** With another time after which a request that has no answer from the store fails. */
    public ClusterSessions withPatience(Duration patience) {
        return new ClusterSessions(map, patience);
    }

    @Override
    public Optional<Map<String, String>> load(String token) {
        String key = key(token);
        return patience.answered(() -> living(key)).map(Kept::values);
    }

    /**
     * {@inheritDoc}
     *
     * @throws LimitExceededException if they take more than 64 KiB; see {@link Sessions#withMaxBytes}
     */
    @Override
    public String create(String id, Map<String, String> values, Duration idle) {
        Bytes bytes = Kept.encode(values, idle);
        String key = key(id);
        return patience.answered(() -> {
            while (map.putIfRoom(key, bytes).isEmpty()) {
                makeRoom();
            }
            if (look.get() == null || Heddle.currentLoop().nanoTime() - lookedNanos > idle.toNanos()) {
                var _ = lookAround();
            }
            return id;
        });
    }

    /**
     * {@inheritDoc}
     *
     * @throws LimitExceededException if they take more than 64 KiB; see {@link Sessions#withMaxBytes}
     */
    @Override
    public Optional<String> update(String token, Map<String, String> values, Duration idle) {
        Bytes bytes = Kept.encode(values, idle);
        String key = key(token);
        return patience.answered(() -> {
            while (true) {
                Optional<Kept> now = living(key);
                if (now.isEmpty() || map.compareAndSet(key, now.get().version, bytes).isPresent()) {
                    return now.map(_ -> token);
                }
            }
        });
    }

    @Override
    public void delete(String token) {
        var _ = patience.answered(() -> map.remove(key(token)));
    }

    @Override
    public String toString() {
        return "SessionStore[" + map + "]";
    }

    private Optional<Kept> living(String key) {
        return map.get(key).flatMap(value -> Kept.of(key, value)).filter(session -> !session.isOver());
    }

    // ---- room ----

    /** Takes one away, or looks which. */
    private void makeRoom() {
        Kept next = oldest.poll();
        if (next == null) {
            lookAround().join();
        } else {
            map.remove(next.key, next.version);
        }
    }

    /** Looks what may be taken away, and takes away what has ended, once at a time on this node; does not wait. */
    private Promise<Boolean> lookAround() {
        Promise<Boolean> mine = new Promise<>();
        Promise<Boolean> now = requireNonNull(look.updateAndGet(old -> old == null || old.isDone() ? mine : old));
        if (now == mine) {
            lookedNanos = Heddle.currentLoop().nanoTime();
            map.serve("looking for ended sessions in " + map, () -> lookAround(mine));
        }
        return now;
    }

    private void lookAround(Promise<Boolean> done) {
        try {
            List<Kept> all = new ArrayList<>();
            map.all().forEach((key, value) -> Kept.of(key, value).ifPresent(kept -> all.add(kept.withoutValues())));
            all.sort(SOONEST_END);
            long over = all.stream().filter(Kept::isOver).count();
            oldest.clear();
            all.stream().limit(Math.max(over, map.statistics().capacity() / GIVEN_UP + 1)).forEach(oldest::add);
            done.tryComplete(true);
            takeEndedAway();
        } catch (CancelledException e) {
            done.tryFail(new ClosedException("the node has left the cluster"));
            throw e;
        } catch (StoreUnavailableException | SessionLostException | OutcomeUnknownException | ClosedException e) {
            done.tryFail(e); // The next one to come looks again.
        } catch (RuntimeException | Error e) {
            done.tryFail(e);
            throw e; // told, and it looks again
        }
    }

    private void takeEndedAway() {
        for (Kept next = oldest.poll(); next != null; next = oldest.poll()) {
            if (!next.isOver()) {
                oldest.addFirst(next);
                return;
            }
            map.remove(next.key, next.version);
        }
    }

    /** What stands for a token in the store: nothing that could be shown as a token. */
    private static String key(String token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Hash.sha256(token));
    }

    private static long now() {
        return Heddle.currentLoop().engine().now().toEpochMilli();
    }
}
