package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.ClusterMap.Value;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.StoreLimits;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.idempotency.IdempotencyKeys;
import dev.heddle.http.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An {@link IdempotencyStore} in a {@link ClusterMap}, so that a request which comes to another node, since the first one
 * is gone, is still carried out once. It needs {@code heddle-http}, which {@code heddle-cluster} does not bring.
 *
 * <pre>{@code
 * routes.use(IdempotencyKeys.in(ClusterIdempotency.in(cluster.map("payments", 10_000))));
 * }</pre>
 *
 * <p>A key is an entry of the map, which should have no others. A claim costs a fresh read and a commit, its end another
 * commit. When the map is full, what has ended goes, the oldest first; never what is under way, so 503 if that fills it.
 *
 * <p>A node that dies leaves its claims until {@link IdempotencyKeys#withLongest}; until then its requests get 409. When
 * that is over is written into them, by the wall clock of the node that has claimed: clocks that are apart make it shorter
 * or longer.
 *
 * <p>While the store is silent, or this node apart from the others, a request waits no longer than the patience, and is
 * answered with 503 and {@code Retry-After}, as with {@link ClusterSessions}. A claim without an answer may have been
 * granted, to nobody then.
 *
 * <p>Cancellation: a cancelled call has taken place as a whole or not at all, and it is not told which.
 *
 * <p>Threads: tasks of any loop. To test it, have two nodes of one {@code MemoryStore} serve in the simulator.
 */
public final class ClusterIdempotency implements IdempotencyStore {

    /** Of a full map, which part is given up at once. */
    private static final int GIVEN_UP = 16;

    /** What an entry has beside the outcome. */
    private static final int FRAME_BYTES = 64;

    private final ClusterMap map;
    private final RequestPatience patience;

    private ClusterIdempotency(ClusterMap map, Duration patience) {
        this.map = map;
        this.patience = new RequestPatience("the idempotency keys", map, patience);
    }

    /** A key as it was seen; one that cannot be read is over. */
    private record Kept(String key, long version, long endMillis, boolean ended, Bytes outcome) {

        static Kept of(String key, Value value) {
            return Forms.<Kept>read(value.bytes(), in -> new Kept(
                    key, value.version(), in.readLong(), in.readBoolean(), Forms.readBytes(in)))
                    .orElseGet(() -> new Kept(key, value.version(), 0, true, Bytes.of(new byte[0])));
        }

        static Bytes encode(Duration time, boolean ended, byte[] outcome) {
            return Forms.write(out -> {
                out.writeLong(now() + time.toMillis());
                out.writeBoolean(ended);
                Forms.writeBytes(out, Bytes.of(outcome));
            });
        }

        boolean isOver() {
            return endMillis <= now();
        }
    }

    /** Keys in a map, for which a request waits 5 s at most. */
    public static ClusterIdempotency in(ClusterMap map) {
        return new ClusterIdempotency(map, RequestPatience.USUAL);
    }

    /** With another time after which a request that has no answer from the store fails. */
    public ClusterIdempotency withPatience(Duration patience) {
        return new ClusterIdempotency(map, patience);
    }

    @Override
    public Claim begin(String key, Duration longest) {
        return patience.answered(() -> {
            while (true) {
                Optional<Kept> known = map.get(key).map(value -> Kept.of(key, value));
                if (known.isPresent() && !known.get().isOver()) {
                    return known.get().ended
                            ? new Claim.Ended(known.get().outcome.toArray())
                            : new Claim.UnderWay();
                }
                Bytes mine = Kept.encode(longest, false, new byte[0]);
                if (isTaken(key, known.map(Kept::version).orElse(ClusterMap.ABSENT), mine)) {
                    return new Claim.Granted();
                }
            }
        });
    }

    private boolean isTaken(String key, long version, Bytes mine) {
        try {
            return map.compareAndSet(key, version, mine).isPresent();
        } catch (IllegalStateException full) {
            if (map.statistics().size() < map.statistics().capacity()) {
                throw full;
            }
            makeRoom();
            return false;
        }
    }

    @Override
    public void finish(String key, byte[] outcome, Duration timeToLive) {
        var _ = patience.answered(() -> {
            while (map.putIfRoom(key, Kept.encode(timeToLive, true, outcome)).isEmpty()) {
                makeRoom();
            }
            return true;
        });
    }

    @Override
    public void release(String key) {
        var _ = patience.answered(() -> map.remove(key));
    }

    @Override
    public int maxOutcomeBytes() {
        return StoreLimits.MAX_VALUE - FRAME_BYTES;
    }

    private void makeRoom() {
        List<Kept> ended = new ArrayList<>();
        map.all().forEach((key, value) -> {
            Kept kept = Kept.of(key, value);
            if (kept.ended || kept.isOver()) {
                ended.add(kept);
            }
        });
        if (ended.isEmpty()) {
            throw new StatusException(503, "too many requests are under way", Headers.of("Retry-After", "1"));
        }
        ended.sort(Comparator.comparingLong(Kept::endMillis));
        long over = ended.stream().filter(Kept::isOver).count();
        ended.stream().limit(Math.max(over, map.statistics().capacity() / GIVEN_UP + 1))
                .forEach(kept -> map.remove(kept.key, kept.version));
    }

    private static long now() {
        return Heddle.currentLoop().engine().now().toEpochMilli();
    }

    @Override
    public String toString() {
        return "IdempotencyStore[" + map + "]";
    }
}
