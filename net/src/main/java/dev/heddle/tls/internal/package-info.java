/**
 * The seam under TLS: what computes handshakes and codes records, the JDK or another.
 *
 * <p>Read first: {@link dev.heddle.tls.internal.TlsEngine}, one end of one connection; {@link
 * dev.heddle.tls.internal.TlsTerms}, what it offers and demands; {@link dev.heddle.tls.internal.TlsPeer}, whom it is to
 * speak with.
 *
 * <p>Threads: an engine is for the tasks of one loop, but that it computes on a worker; all else is for any.
 */
@NullMarked
package dev.heddle.tls.internal;

import org.jspecify.annotations.NullMarked;
