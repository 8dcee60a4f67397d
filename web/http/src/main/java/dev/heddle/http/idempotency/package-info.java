/**
 * Requests that are carried out once, however often they come (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * <p>Read first: {@link dev.heddle.http.idempotency.IdempotencyKeys}, {@link
 * dev.heddle.http.idempotency.IdempotencyStore}.
 *
 * <p>Threads: tasks of all loops that serve.
 *
 * <p>Cancellation: a handler that is cancelled leaves its key to whoever sends it next.
 *
 * <p>Units: bytes, and {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.idempotency;

import org.jspecify.annotations.NullMarked;
