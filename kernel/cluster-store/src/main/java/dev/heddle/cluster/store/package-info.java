/**
 * The seam between a cluster and the engine that keeps its word: ZooKeeper, etcd, a database, the memory of one JVM,
 * a simulation.
 *
 * <p>Read first: {@link dev.heddle.cluster.store.Store}. Users of a cluster need nothing of this package but the
 * {@link dev.heddle.cluster.store.StoreEngine} that they choose, {@link dev.heddle.cluster.store.Bytes}, and the
 * exceptions. Whoever writes an engine inherits the suite
 * {@code StoreContract} of {@code heddle-conformance}, and keeps these rules, which the simulated store uses to the
 * full:
 *
 * <ol>
 *   <li>A commit is all or nothing. All of its entries have one stamp.
 *   <li>What one session commits takes place in the order of the calls, unless an outcome in between is not
 *       {@link dev.heddle.cluster.store.CommitOutcome.Committed}.
 *   <li>{@link dev.heddle.cluster.store.CommitOutcome.Unknown} may still take place after the answer. The next answer
 *       to a fresh read of the same session settles it: from then on it has taken place, or never will.
 *   <li>{@link dev.heddle.cluster.store.CommitOutcome.NotSent} and {@code SessionLost} never take place.
 *   <li>A {@link dev.heddle.cluster.store.ReadConsistency#LOCAL} read may be old, but a session never sees an older
 *       state than it has seen before, and sees all that it has committed.
 *   <li>The signals of a watch come in the order of stamps, perhaps late. Later ones of an entry may be merged into one
 *       that is still to come, so that after a signal nothing older is missing; any may be replaced by a
 *       {@link dev.heddle.cluster.store.WatchEvent.Gap}. One that comes without a visible change is allowed. After a
 *       signal a local read shows at least what it told of. None is lost without a gap. One of a deletion alone says
 *       so; one into which another was merged does not.
 *   <li>The store takes the ephemeral entries of a session at some moment after it has heard nothing of it for the
 *       timeout, perhaps a little earlier, counted from the last call, perhaps later by another timeout. Who owned them
 *       may learn it arbitrarily later.
 *   <li>Stamps rise, whoever leads. An entry that is created anew begins with version 0 again.
 *   <li>A minority of servers may answer local reads for a while. Then they fall silent.
 * </ol>
 *
 * <p>Threads: everything may be called from any task or thread. Promises are completed, and listeners called, on a
 * thread of the store, one listener after another, in order: they must not wait.
 *
 * <p>Cancellation: who no longer waits for a promise has not taken back the call.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.cluster.store;

import org.jspecify.annotations.NullMarked;
