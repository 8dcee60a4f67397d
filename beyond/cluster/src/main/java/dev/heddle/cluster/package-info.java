/**
 * One program on many machines: members that see each other, and what they share.
 *
 * <p>Read first: {@link dev.heddle.cluster.Cluster}. What the nodes agree on is kept by an existing engine, a
 * {@link dev.heddle.cluster.store.StoreEngine}; with {@link dev.heddle.cluster.Cluster#local} that is the memory of this JVM.
 *
 * <p>Threads: everything may be used from any task of any loop, and from platform threads. What a node does by itself is
 * done by tasks of the loop on which it has joined.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.cluster;

import org.jspecify.annotations.NullMarked;
