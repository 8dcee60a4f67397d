/**
 * A cluster's store on Apache ZooKeeper: an ensemble that is there, or one whose servers live in the nodes' own JVMs.
 *
 * <p>Read first: {@link dev.heddle.cluster.zookeeper.ZooKeeperStore} for an ensemble that others run,
 * {@link dev.heddle.cluster.zookeeper.EmbeddedZooKeeper} for one that the nodes are.
 *
 * <p>It is for the class path only, Heddle's own jars included: two of ZooKeeper's jars share packages, so that Java takes
 * them for no modules.
 *
 * <p>Threads: a session has two threads of ZooKeeper's and a virtual one of its own. Promises are completed, and
 * listeners are called, on ZooKeeper's thread for events, one after another.
 *
 * <p>Cancellation: who no longer waits for an answer has not taken back the call.
 *
 * <p>ZooKeeper writes its log by SLF4J. If the application brings no provider for that, nothing is written; what goes
 * wrong is told by exceptions and states.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.cluster.zookeeper;

import org.jspecify.annotations.NullMarked;
