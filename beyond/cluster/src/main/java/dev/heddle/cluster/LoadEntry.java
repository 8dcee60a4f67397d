package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The entry in which the pool of a node tells its load under a lease, for people who look into the cluster; pools know
 * each other's by their answers. It changes only when the load does.
 */
final class LoadEntry {

    /** Where the entries are. */
    static final String DIRECTORY = "load";

    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** So many nodes tell that often; more of them tell the less often, so that the store has no more to do. */
    private static final int NODES = 100;

    private final Lease lease;
    private final Key key;

    /** Makes one, not yet in the store. */
    LoadEntry(Lease lease) {
        this.lease = lease;
        this.key = new Key(DIRECTORY, lease.uniqueName());
    }

    /**
     * Tells until the lease is over.
     *
     * <p>Cancellation: takes the entry away, and does not wait for that.
     *
     * @param nodes how many there are
     */
    void tell(Supplier<NodeLoad> load, IntSupplier nodes) {
        NodeLoad told = load.get();
        lease.groupCommits().commit(List.of(new Op.Create(key, encode(told), Lifetime.EPHEMERAL)));
        try {
            while (Heddle.moveOnAfter(pause(nodes.getAsInt()), () -> lease.over().join()).isEmpty()) {
                NodeLoad now = load.get();
                if (!now.equals(told)) {
                    lease.groupCommits().commit(List.of(new Op.Set(key, encode(now), Op.ANY_VERSION)));
                    told = now;
                }
            }
        } finally {
            var _ = lease.commits().start(List.of(new Op.Delete(key, Op.ANY_VERSION)));
        }
    }

    private static Duration pause(int nodes) {
        return PAUSE.multipliedBy(Math.max(1, nodes / NODES));
    }

    private static Bytes encode(NodeLoad load) {
        return Forms.write(out -> {
            out.writeUTF(load.node());
            out.writeInt(load.bodies());
            out.writeInt(load.workers());
        });
    }

    /** What an entry says; empty if it is none that this version can read. */
    static Optional<NodeLoad> decode(Entry entry) {
        return Forms.read(entry.value(), in -> new NodeLoad(in.readUTF(), in.readInt(), in.readInt()));
    }
}
