/**
 * The seam under TLS: what computes handshakes and codes records, the JDK or another.
 *
 * <p>Read first: {@link dev.heddle.tls.internal.TlsEngine}, one end of one connection; {@link
 * dev.heddle.tls.internal.TlsEngineSource}, which makes them of keys and trust; {@link
 * dev.heddle.tls.internal.TlsEngineProvider}, by which another implementation is found.
 *
 * <p>Threads: an engine is for the tasks of one loop, but that it computes on a worker; all else is for any.
 */
@NullMarked
package dev.heddle.tls.internal;

import org.jspecify.annotations.NullMarked;
