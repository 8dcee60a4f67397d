package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** The operations of the seam as those of ZooKeeper, and its answers as ours. */
final class NodeOps {

    /** A version that no node has. */
    private static final int NO_VERSION = Integer.MIN_VALUE;

    private NodeOps() {}

    static List<org.apache.zookeeper.Op> of(List<Op> ops, NodePaths paths, List<ACL> access) {
        List<org.apache.zookeeper.Op> result = new ArrayList<>(ops.size());
        for (Op op : ops) {
            String path = paths.of(op.key());
            result.add(switch (op) {
                case Op.Create(_, Bytes value, Lifetime life) ->
                    org.apache.zookeeper.Op.create(path, value.toArray(), access, modeOf(life));
                case Op.Set(_, Bytes value, long ifVersion) ->
                    org.apache.zookeeper.Op.setData(path, value.toArray(), version(ifVersion));
                case Op.Delete(_, long ifVersion) -> org.apache.zookeeper.Op.delete(path, version(ifVersion));
                case Op.Check(_, long ifVersion) -> org.apache.zookeeper.Op.check(path, version(ifVersion));
            });
        }
        return result;
    }

    private static CreateMode modeOf(Lifetime life) {
        return switch (life) {
            case DURABLE -> CreateMode.PERSISTENT;
            case EPHEMERAL -> CreateMode.EPHEMERAL;
        };
    }

    private static int version(long version) {
        boolean possible = version == Op.ANY_VERSION || (version >= 0 && version <= Integer.MAX_VALUE);
        return possible ? (int) version : NO_VERSION;
    }

    /** The first operation that could not be done: those before it have no error, those after it another one. */
    static int refusedIndex(List<OpResult> results) {
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof OpResult.ErrorResult failed && failed.getErr() != Code.OK.intValue()) {
                return i;
            }
        }
        // The error was one of the whole, which these are not: the first will do.
        return 0;
    }

    static CommitOutcome refused(int index, Code error) {
        return new CommitOutcome.Refused(index, switch (error) {
            case NODEEXISTS -> Refusal.EXISTS;
            case NONODE -> Refusal.ABSENT;
            case BADVERSION -> Refusal.VERSION;
            default -> throw new IllegalArgumentException("no refusal: " + error);
        });
    }

    static Entry entry(Key key, byte[] value, Stat stat) {
        return new Entry(
                key,
                Bytes.of(Objects.requireNonNullElse(value, new byte[0])),
                stat.getVersion(),
                stat.getCzxid(),
                stat.getMzxid(),
                stat.getEphemeralOwner());
    }
}
