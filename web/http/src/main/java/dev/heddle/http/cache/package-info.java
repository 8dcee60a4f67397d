/**
 * A cache in front of a server's handlers, for all who ask (RFC 9111).
 *
 * <p>Read first: {@link dev.heddle.http.cache.ResponseCache}.
 *
 * <p>Threads: a cache is for any thread; a request is its task's.
 *
 * <p>Cancellation: who waits for another's response leaves at once; one who makes it hands over to the next.
 *
 * <p>Units: bytes, and {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.cache;

import org.jspecify.annotations.NullMarked;
