package dev.heddle.cluster;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.Grant;
import dev.heddle.cluster.internal.Line;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.util.Objects;
import java.util.Optional;

/**
 * A role that one task of one node has at a time, over all nodes of a cluster: the {@link ClusterMutex} of those who
 * campaign rather than work.
 *
 * <pre>{@code
 * ClusterLeader billing = cluster.leader("billing");
 * while (true) {
 *     try {
 *         billing.lead(token -> sendBills(token));
 *     } catch (LockLostException lost) {
 *         log(lost);                                  // campaigns again, as the last in line
 *     }
 * }
 * }</pre>
 *
 * <pre>
 *   lead ──▶ CAMPAIGNS ── first in line ──▶ LEADS ── the body ends ──▶ gives it to the next
 *                                             └─ the node's lease is over ──▶ the body is cancelled
 * </pre>
 *
 * <p>A leader that was paused may believe in itself for a while after another has been elected; what it changes must
 * refuse it by its {@link Token}, which is higher for each leader than for those before.
 *
 * <p>Threads: any task of any loop, and platform threads, whose cancel is an interrupt. To test code that uses it, run it in
 * the simulator.
 *
 * <p>Cancellation: a cancelled call neither leads nor campaigns.
 */
public final class ClusterLeader {

    private static final PartKind<ClusterLeader> KIND = PartKind.<ClusterLeader>of(
            "cluster leader", ClusterLeader::statistics)
            .titled(leader -> leader.name)
            .detailed(leader -> leader.line.detail());

    private final String name;
    private final Line line;

    ClusterLeader(Node node, String name) {
        this.name = "cluster leader " + name;
        this.line = new Line(this, node, this.name, "leaders/" + Names.encode(name), 1, null);
        Parts.add(KIND, this);
    }

    /** What a leader does. */
    @FunctionalInterface
    public interface Body {

        /**
         * Leads. A checked exception comes out wrapped once, in a {@link dev.heddle.TaskFailedException}.
         *
         * @param token for the resources that this leader changes
         */
        void lead(Token token) throws Exception;
    }

    /**
     * Waits until the caller leads, runs the body meanwhile, and gives the role up when it ends.
     *
     * <p>Cancellation: as a lock's until it leads, then as the body; the role is given up in any case.
     *
     * @throws LockLostException if the role was lost before the body had ended, which is cancelled for that
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster, before or while waiting
     */
    public void lead(Body body) {
        Objects.requireNonNull(body);
        Grant grant = Objects.requireNonNull(line.acquire(null));
        try {
            grant.call(() -> {
                body.lead(grant.token());
                return Boolean.TRUE;
            });
        } finally {
            line.release(grant);
        }
    }

    /** Whether a task or thread of this node leads, and the node's lease is not over. */
    public boolean isLeader() {
        return line.grants().stream().anyMatch(Grant::isHeld);
    }

    /**
     * The name of the node that leads now; empty if none does. Asks the store, and waits for its answer.
     *
     * @throws StoreUnavailableException if the store does not answer
     * @throws SessionLostException if this node's lease ends meanwhile
     * @throws ClosedException if the node has left the cluster
     */
    public Optional<String> current() {
        return line.askHolders().stream().findFirst();
    }

    public ClusterLeaderStatistics statistics() {
        return new Statistics(isLeader(), line.waiting(), line.lengthSeen());
    }

    @Override
    public String toString() {
        return name;
    }

    /** What the statistics are, at one moment. */
    record Statistics(boolean leads, int campaigning, int line) implements ClusterLeaderStatistics {}
}
