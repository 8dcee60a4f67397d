/**
 * TLS over any stream, by the JDK's engine: clients, servers, certificates and whom to trust.
 *
 * <p>Read first: {@link dev.heddle.tls.Tls}, the door; {@link dev.heddle.tls.ClientTls} and {@link
 * dev.heddle.tls.ServerTls}, the settings.
 *
 * <p>Threads: settings are immutable and for all threads; streams are those of {@link dev.heddle.io}.
 *
 * <p>Cancellation: a call that is cancelled during the handshake has closed the connection.
 *
 * <p>Units: times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.tls;

import org.jspecify.annotations.NullMarked;
