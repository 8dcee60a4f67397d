package dev.heddle.sim;

import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.WatchEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One entry of the log of a simulated store, from its proposal on. */
final class StoreCommand {

    enum Kind {
        OPEN,
        COMMIT,
        END,
        WIPE
    }

    final Kind kind;
    final long session;
    final String cluster;
    final List<Op> ops;
    final int bytes;

    /** The call that it comes from; null if it comes from the store itself. */
    final @Nullable StoreCall call;

    /** Who is answered when it has been applied; null for nobody. */
    @Nullable ServedClient origin;

    /** What has become of it; null until it has taken place. */
    @Nullable CommitOutcome outcome;

    /** The place in the log behind it, once it has taken place. */
    long place;

    /** What it has changed. */
    List<WatchEvent.Changed> changed = List.of();

    final Set<StoreServer> acknowledged = new HashSet<>();
    final List<Runnable> afterwards = new ArrayList<>();

    StoreCommand(Kind kind, long session, String cluster, List<Op> ops, @Nullable StoreCall call,
            @Nullable ServedClient origin) {
        this.kind = kind;
        this.session = session;
        this.cluster = cluster;
        this.ops = ops;
        this.call = call;
        this.origin = origin;
        bytes = StoreServer.SMALL + sizeOf(ops);
    }

    static int sizeOf(List<Op> ops) {
        int bytes = 0;
        for (Op op : ops) {
            bytes += StoreServer.SMALL + switch (op) {
                case Op.Create create -> create.value().length();
                case Op.Set set -> set.value().length();
                case Op.Delete _,Op.Check _ -> 0;
            };
        }
        return bytes;
    }
}
