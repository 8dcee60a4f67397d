/**
 * A cluster's store on etcd, by its gateway for JSON over HTTP.
 *
 * <p>Read first: {@link dev.heddle.cluster.etcd.EtcdStore}; there is nothing else to read. Behind it stand the session
 * with its lease, the gateway with its servers and their errors, a transaction and a watch.
 *
 * <p>Threads: a session works on the loop that has opened it; its calls come from anywhere. Cancellation: as
 * {@link dev.heddle.cluster.store} says. Units: bytes; leases have whole seconds.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.cluster.etcd;

import org.jspecify.annotations.NullMarked;
