/**
 * TLS by the system's OpenSSL 3 ({@code libssl.so.3} and {@code libcrypto.so.3}) over the FFM API.
 *
 * <p>Read first: {@link dev.heddle.tls.openssl.OpensslEngine}, one end of a connection; {@link
 * dev.heddle.tls.openssl.OpensslContext}, what connections share; {@link dev.heddle.tls.openssl.NativeFunction}, the
 * door to the libraries.
 *
 * <p>Owners of native memory: an {@code SSL}, with its two BIOs, is a {@link dev.heddle.tls.openssl.NativeSsl}'s, which
 * its engine frees; an {@code SSL_CTX} its {@link dev.heddle.tls.openssl.OpensslContext}'s, which goes with the options
 * that it was made of; an {@code SSL_SESSION} of a client the {@link dev.heddle.tls.openssl.ClientSessions}'. Certificates
 * and keys are handed over to an {@code SSL_CTX} or freed in the method that made them.
 *
 * <p>Threads: an engine is for one at a time; the rest for any. Errors of the library are a queue of each thread, so
 * whoever calls takes them out before anything else can run there.
 *
 * <p><strong>Experimental:</strong> may change in any release.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.tls.openssl;

import org.jspecify.annotations.NullMarked;
