package dev.heddle.cluster;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.internal.pool.Peer;
import dev.heddle.cluster.internal.pool.Peers;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Supervised;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The members of a cluster that do bodies, and the lease under which this one does. */
final class ClusterPeers implements Peers {

    /** More come seldom; who misses some looks at the whole again. */
    private static final int EVENTS = 1000;

    private static final Duration REJOINING = Duration.ofMillis(10);

    private final Cluster cluster;

    ClusterPeers(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public List<Peer> now() {
        return cluster.members().stream().flatMap(ClusterPeers::peer).toList();
    }

    private static Stream<Peer> peer(Member member) {
        String address = member.labels().getOrDefault(ClusterPool.ADDRESS, "");
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return Stream.of(new Peer(
                    member.name(), member.token().order(), address.substring(0, Math.max(0, colon)), port,
                    member.labels()));
        } catch (NumberFormatException e) {
            return Stream.of();
        }
    }

    @Override
    public boolean believes() {
        return cluster.isJoined();
    }

    @Override
    public void follow(Runnable changed, Runnable fenced) {
        String name = "the fence of the pool";
        Task<Void> fence = Heddle.spawn(name, () -> supervised(name, () -> followLeases(fenced)));
        try {
            supervised("following the nodes of the pool", () -> followMembers(changed));
        } finally {
            fence.cancel("the pool is closed");
        }
    }

    private void followMembers(Runnable changed) {
        while (true) {
            try (Subscription<MemberEvent> events = cluster.memberEvents(EVENTS)) {
                changed.run();
                while (true) {
                    events.receive();
                    changed.run();
                }
            } catch (ClosedException e) {
                Heddle.sleep(REJOINING); // too many at once, or the node has left
            }
        }
    }

    @Override
    public void tellLoad(IntSupplier bodies, int workers) {
        supervised("telling the load of the pool", () -> tellLoads(bodies, workers));
    }

    private void tellLoads(IntSupplier bodies, int workers) {
        String node = cluster.self().name();
        while (true) {
            Lease lease = lease();
            if (lease != null) {
                try {
                    new LoadEntry(lease).tell(
                            () -> new NodeLoad(node, bodies.getAsInt(), workers), () -> cluster.members().size());
                } catch (SessionLostException | StoreUnavailableException | OutcomeUnknownException _) {
                    // The next lease tells it anew.
                }
            }
            Heddle.sleep(REJOINING);
        }
    }

    private static void supervised(String name, Action body) {
        new Supervised(name, Backoff.DEFAULT, Lease::isOfStore).run(body, () -> false);
    }

    private void followLeases(Runnable fenced) {
        Lease last = null;
        while (true) {
            Lease lease = lease();
            if (lease == null || lease == last) {
                Heddle.sleep(REJOINING);
            } else {
                last = lease;
                lease.over().join();
                fenced.run();
            }
        }
    }

    /** Null once the node has left. */
    private @Nullable Lease lease() {
        try {
            return cluster.lease();
        } catch (ClosedException _) {
            return null;
        }
    }
}
