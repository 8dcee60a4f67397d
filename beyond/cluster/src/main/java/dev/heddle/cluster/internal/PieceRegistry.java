package dev.heddle.cluster.internal;

import dev.heddle.cluster.OutcomeUnknownException;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.sync.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The list of what a node uses of a cluster, told to the others under each of its leases, for people who look into
 * the cluster.
 *
 * <p>Threads: any adds, a task of each lease tells.
 */
public final class PieceRegistry {

    /** More are not told: names may be as many as orders. */
    static final int MAX_TOLD = 1_000;

    private final Set<Piece> used = ConcurrentHashMap.newKeySet();
    private final Channel<Boolean> bell = Channel.of(1);

    /** Makes one without pieces. */
    public PieceRegistry() {}

    /** One more, or one that is known. Does not wait. */
    public void add(Piece piece) {
        if (used.size() < MAX_TOLD && used.add(piece)) {
            bell.trySend(true);
        }
    }

    /** Tells of all there are and of those that come, until the lease is over. */
    public void tell(Lease lease) {
        Set<Piece> told = new HashSet<>();
        try {
            while (true) {
                for (Piece piece : used) {
                    if (told.add(piece)) {
                        Key key = new Key(Piece.DIRECTORY, lease.uniqueName());
                        lease.groupCommits().commit(List.of(new Op.Create(key, piece.encode(), Lifetime.EPHEMERAL)));
                    }
                }
                bell.receive();
            }
        } catch (SessionLostException | StoreUnavailableException | OutcomeUnknownException _) {
            // The next lease tells all anew.
        }
    }
}
