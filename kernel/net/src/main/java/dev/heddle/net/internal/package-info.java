/**
 * What all that takes a host shares: {@link dev.heddle.net.internal.HostNames}, which tells addresses, names and what is
 * neither apart. And {@link dev.heddle.net.internal.HttpsRecords}, by which the client of HTTP asks what no user can.
 *
 * <p>Threads: any. Cancellation: nothing here waits but a question about an HTTPS record, which leaves at once.
 */
@NullMarked
package dev.heddle.net.internal;

import org.jspecify.annotations.NullMarked;
