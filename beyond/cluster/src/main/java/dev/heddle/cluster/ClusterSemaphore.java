package dev.heddle.cluster;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.cluster.internal.Grant;
import dev.heddle.cluster.internal.Line;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.internal.Node;
import dev.heddle.internal.Checks;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Permits;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A {@link BoundedSemaphore} over all nodes of a cluster, whose permits a node loses when its lease is over.
 *
 * <pre>{@code
 * ClusterSemaphore licences = cluster.semaphore("licences", 3);
 * licences.run(() -> compute());
 * }</pre>
 *
 * <p>As there, who acquires need not be who releases, so a task that ends keeps its permit; but both are tasks or
 * threads of one node, and the permits of a node that leaves or dies are given to others. A permit that is lost while
 * its holder goes on may be in use twice for a while: what must never happen is for the resource to refuse, see {@link
 * ClusterMutex}.
 *
 * <p>Nodes get permits in the order in which they have begun to wait; on each, its tasks do. Where
 * nodes say another number of permits, as while a new version of a program is deployed, each counts by its own: so many
 * are used as the largest number of those in use allows, and each node tells once in its log. There is one object of a name on each node.
 *
 * <p>Threads: any task of any loop, and platform threads. To test code that uses it, run it in the simulator.
 *
 * <p>Cancellation: a cancelled call has no permit; its place in the store is taken back in the background.
 */
public final class ClusterSemaphore implements Permits {

    private static final PartKind<ClusterSemaphore> KIND = PartKind.<ClusterSemaphore, ClusterSemaphoreStatistics>of(
            "cluster semaphore", ClusterSemaphore::statistics,
            (part, figures) -> PartKind.share(figures.line(), figures.permits()))
            .titled(semaphore -> semaphore.name)
            .detailed(semaphore -> semaphore.line.detail());

    private final String name;
    private final int permits;
    private final Line line;

    ClusterSemaphore(Node node, String name, int permits) {
        Checks.atLeast("permits", permits, 1);
        this.name = "cluster semaphore " + name;
        this.permits = permits;
        this.line = new Line(this, node, this.name, "semaphores/" + Names.encode(name), permits, null);
        Parts.add(KIND, this);
    }

    /**
     * Takes a permit, waiting while there is none. While the node is apart from the others it waits for that, too.
     *
     * <p>Cancellation: a cancelled call has no permit.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws ClosedException if the node has left the cluster, before or while waiting
     */
    @Override
    public void acquire() {
        line.acquire(null);
    }

    /**
     * Takes a permit, waiting while there is none, but not longer than told; otherwise as {@link #acquire}.
     *
     * <p>Cancellation: a cancelled call has no permit.
     *
     * @param limit zero or less only tries, as {@link #tryAcquire} does
     * @return whether the caller has a permit
     */
    @Override
    public boolean acquireWithin(Duration limit) {
        return line.acquire(Objects.requireNonNull(limit)) != null;
    }

    /**
     * Takes a permit if there is one. Other than elsewhere this waits, for two answers of the store, but for no
     * release; false at once while the node is apart.
     *
     * <p>Cancellation: a cancelled call has no permit.
     *
     * @return whether there was one
     */
    @Override
    public boolean tryAcquire() {
        return line.acquire(Duration.ZERO) != null;
    }

    /**
     * Gives a permit of this node up: one that the caller has acquired, else the oldest. Does not wait.
     *
     * @throws LockLostException if it was lost meanwhile
     * @throws IllegalStateException if this node has none
     */
    @Override
    public void release() {
        Grant grant = any();
        while (!line.release(grant)) {
            grant = any();
        }
        grant.requireHeld();
    }

    /**
     * Runs a body that has a permit, and gives the body's result. The body is cancelled when the permit is lost.
     *
     * <p>Cancellation: as {@link #acquire} until it is acquired, then as the body; it is released in any case.
     *
     * @return the result; a failure of the body is thrown, a checked one as the cause of a {@link
     *     dev.heddle.TaskFailedException}
     * @throws LockLostException if it was lost before the body had ended, also if the body has not noticed
     */
    @Override
    public <T> T run(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        Grant grant = Objects.requireNonNull(line.acquire(null));
        try {
            return grant.call(body);
        } finally {
            line.release(grant);
        }
    }

    public ClusterSemaphoreStatistics statistics() {
        int held = (int) line.grants().stream().filter(Grant::isHeld).count();
        return new Statistics(permits, held, line.waiting(), line.lengthSeen());
    }

    @Override
    public String toString() {
        return name + " of " + permits;
    }

    private Grant any() {
        List<Grant> grants = line.grants();
        return line.grantOf(Thread.currentThread())
                .or(() -> grants.stream().filter(Grant::isHeld).findFirst())
                .or(() -> grants.stream().findFirst())
                .orElseThrow(() -> new IllegalStateException(
                        name + " was released more often than acquired by this node"));
    }

    /** What the statistics are, at one moment. */
    record Statistics(int permits, int held, int waiting, int line) implements ClusterSemaphoreStatistics {}
}
