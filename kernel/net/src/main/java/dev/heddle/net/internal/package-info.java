/**
 * What all that takes a host shares: {@link dev.heddle.net.internal.HostNames}, which tells addresses, names and what is
 * neither apart.
 *
 * <p>Threads: any. Cancellation: nothing here waits.
 */
@NullMarked
package dev.heddle.net.internal;

import org.jspecify.annotations.NullMarked;
